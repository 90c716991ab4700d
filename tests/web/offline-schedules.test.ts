// Random schedules of saving, sending, lost answers, nonsense, crashes and other people: nothing lost, nothing doubled.

import { beforeEach, expect, test, vi } from "vitest";

import type { Push } from "../../web/src/generated/shapes.ts";
import * as phone from "./phone.ts";

const STEPS = 60;

/** A server that keeps every entry once by id and hash, whether or not its answer arrives. */
class Server {
  readonly held = new Map<string, string>();
  doubled = 0;

  store(push: Push): Response {
    for (const { id, sha256, body } of push.entries) {
      this.doubled += this.held.has(id) && this.held.get(id) !== body ? 1 : 0;
      this.held.set(id, body);
      expect(JSON.parse(body)).toMatchObject({ id });
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    return phone.json({ results: push.entries.map(phone.stored), server_time: phone.SERVER_TIME });
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])("schedule %i", async (seed) => {
  const random = randomFrom(seed);
  const server = new Server();
  const saved = new Set<string>();
  const faults = [
    (push: Push) => server.store(push),
    (push: Push) => (server.store(push), Promise.reject(new TypeError("The answer was lost"))),
    () => Promise.reject(new TypeError("No signal")),
    () => phone.page(),
    () => phone.problem(503, "unavailable"),
    () => phone.problem(401, "not-signed-in"),
    () => phone.problem(500, "failed"),
  ];
  const acts = [
    async () => saved.add((await app.outbox.save(phone.anEntry(), phone.LABEL)).id),
    async () => saved.add((await app.outbox.save(phone.anEntry(), phone.LABEL)).id),
    () => app.drain.drainNow(),
    () => app.drain.drainNow(),
    async () => {
      void app.drain.drainNow();
      app = await phone.crash();
    },
    async () => {
      await phone.signIn(app, random() < 0.5 ? phone.BEN : phone.ASHA);
      await app.drain.drainNow();
      await phone.signIn(app);
    },
  ];
  for (let step = 0; step < STEPS; step += 1) {
    phone.serve(pick(faults, random));
    await pick(acts, random)();
    expect(await sentButNotHeld(server)).toEqual([]);
  }
  phone.serve((push) => server.store(push));
  await vi.waitUntil(async () => (await app.drain.drainNow()) === "idle" && (await app.outbox.unsentCount()) === 0);
  expect(new Set(server.held.keys())).toEqual(saved);
  expect([server.doubled, (await app.outbox.list()).length]).toEqual([0, saved.size]);
});

async function sentButNotHeld(server: Server): Promise<string[]> {
  const sent = (await app.outbox.list()).filter((item) => item.state === "sent");
  return sent.filter((item) => !server.held.has(item.id)).map((item) => item.id);
}

function pick<Thing>(things: readonly Thing[], random: () => number): Thing {
  return things[Math.floor(random() * things.length)] as Thing;
}
