// Random schedules of saving, changing, undoing, sending, lost, cut, repeated and reordered answers, nonsense, crashes,
// locks, sign-outs, other people, backups and restores: nothing lost, nothing doubled, nothing in another's name, nothing
// stuck. A schedule that fails is its seed.

import { expect, test, vi } from "vitest";

import type { Entry } from "../../web/src/generated/shapes.ts";
import { isUnsent, nameOf } from "../../web/src/offline/item.ts";
import type { Saved } from "../../web/src/offline/outbox.ts";
import * as phone from "./phone.ts";
import { FAULTS, Server } from "./server.ts";

const STEPS = 60;
const SEEDS = Array.from({ length: 24 }, (_, seed) => seed + 1);

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** One phone, its people, and what they saved: the versions of each entry in their order. */
class World {
  readonly server = new Server();
  readonly saved = new Map<string, Saved[]>();
  person = phone.ASHA;
  #app: phone.App;

  constructor(app: phone.App, readonly random: () => number) {
    this.#app = app;
  }

  get app(): phone.App {
    return this.#app;
  }

  pick<Thing>(things: readonly Thing[]): Thing {
    return things[Math.floor(this.random() * things.length)] as Thing;
  }

  /** Every request of this step meets the same fate, or each its own. */
  connect(faults = FAULTS): void {
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => this.pick(faults)(() => this.server.answer(path, init)));
  }

  async save(changes: Partial<Entry> = {}): Promise<void> {
    const photos = this.random() < 0.3 ? [await phone.aPhoto(500)] : [];
    const { entry, ...saving } = phone.saving({ author: this.person, words: String(this.random()), ...changes }, photos);
    const saved = await this.#app.outbox.save({ ...saving, entry });
    this.saved.set(entry.id, [...(this.saved.get(entry.id) ?? []), saved]);
  }

  /** Somebody changes what they saved before. */
  async change(): Promise<void> {
    const mine = [...this.saved.values()].filter(([first]) => first?.item.author === this.person);
    const last = mine.length === 0 ? undefined : this.pick(mine).at(-1);
    await (last === undefined ? this.save() : this.save({ ...last.said.entry, words: String(this.random()) }));
  }

  /** "Undo": what nobody has tried to send is a draft again. */
  async undo(): Promise<void> {
    const last = [...this.saved.values()].map((versions) => versions.at(-1)).find((one) => one?.item.author === this.person);
    if (last === undefined) {
      return;
    }
    const { id, sha256, author } = last.item;
    const draft = { id, author, keptAt: phone.SERVER_TIME, over: [], hidden: await this.#app.vault.hide({}) };
    if (await this.#app.outbox.takeBack([id, sha256], draft)) {
      this.saved.set(id, (this.saved.get(id) ?? []).slice(0, -1));
    }
  }

  async crash(): Promise<void> {
    void this.#app.drain.drainNow();
    await this.#become(await phone.crash());
  }

  /** The app is closed in the middle of a save: it is there whole, or not at all. */
  async crashWhileSaving(): Promise<void> {
    const saving = phone.saving({ author: this.person });
    const isSaved = this.#app.outbox.save(saving).catch(() => null);
    await this.#become(await phone.crash());
    const saved = await isSaved;
    if (saved !== null) {
      this.saved.set(saving.entry.id, [saved]);
    }
  }

  async comes(person: string): Promise<void> {
    this.person = person;
    await phone.unlock(this.#app, person);
  }

  /** Their key is destroyed, and the server may hear of it later. */
  async signOut(): Promise<void> {
    await this.#app.vault.forget(this.person);
    this.server.isSignedOut = true;
    await phone.unlockAnew(this.#app, this.person);
  }

  async restart(): Promise<void> {
    await this.#become(await phone.crash());
  }

  /** Everything works again, and whoever has to do something does it. */
  async heal(): Promise<void> {
    this.server.isSignedOut = false;
    this.connect([FAULTS[0] as (typeof FAULTS)[0]]);
    await this.#app.receipts.noteServer(this.server.about()); // The phone's report tells it.
    for (let tries = 0; tries < 10; tries += 1) {
      for (const { id, sha256 } of await this.#app.items.listItems()) {
        await this.#app.outbox.retry(id, sha256);
      }
      const { retryPhoto } = await import("../../web/src/offline/photos.ts");
      for (const { id } of await this.#app.photos.listPhotos()) {
        await retryPhoto(id);
      }
      const state = await this.#app.drain.drainNow();
      if (state === "idle" && (await this.unsent()) === 0) {
        return;
      }
    }
  }

  async unsent(): Promise<number> {
    const photos = (await this.#app.photos.listPhotos()).filter(({ state }) => state !== "sent");
    return (await this.#app.items.listItems()).filter(isUnsent).length + photos.length;
  }

  async #become(app: phone.App): Promise<void> {
    this.#app = app;
    await phone.unlock(app, this.person);
  }
}

const ACTS: readonly ((world: World) => Promise<unknown>)[] = [
  (world) => world.save(),
  (world) => world.save(),
  (world) => world.change(),
  (world) => world.undo(),
  (world) => world.app.drain.drainNow(),
  (world) => world.app.drain.drainNow(),
  (world) => world.app.drain.drainNow(),
  (world) => Promise.all([world.save(), world.app.drain.drainNow(), world.app.drain.drainNow()]),
  (world) => world.crash(),
  (world) => world.crashWhileSaving(),
  (world) => world.comes(phone.BEN),
  (world) => world.comes(phone.ASHA),
  (world) => world.app.vault.lock().then(() => world.comes(world.person)),
  (world) => world.signOut(),
  async (world) => (world.server.isSignedOut = false),
  async (world) => world.server.backUp(),
  async (world) => world.server.restore(),
  (world) => world.restart(),
];

test.each(SEEDS)("schedule %i", { timeout: 30_000 }, async (seed) => {
  const world = new World(await phone.newPhone(), randomFrom(seed));
  for (let step = 0; step < STEPS; step += 1) {
    world.connect();
    await world.pick(ACTS)(world);
    await world.app.items.listItems();
  }
  await world.heal();
  expect(await world.unsent()).toBe(0);
  await expectAllThere(world);
});

/**
 * Each version of each entry once, in its order, in its author's name; and each of its photos whole. One that was refused,
 * and changed by its author since, may be missing: the later one is there.
 */
async function expectAllThere({ app, server, saved }: World): Promise<void> {
  const items = await app.items.listItems();
  const replaced = new Set(items.filter(({ state }) => state === "replaced").map(nameOf));
  const wanted = [...saved.values()].flat().filter(({ item }) => !replaced.has(nameOf(item)) || server.find(item));
  expect(new Set(server.held.map(nameOf)).size).toBe(server.held.length);
  expect(new Set(server.held.map(nameOf))).toEqual(new Set(wanted.map(({ item }) => nameOf(item))));
  expect(server.contradicted).toBe(0);
  for (const { item, said } of wanted) {
    expect(server.find(item)?.entry).toEqual(said.entry);
    expect(server.find(item)?.entry.author).toBe(item.author);
    expect((said.entry.photos ?? []).filter(({ id }) => server.photos.get(id)?.receivedAt == null)).toEqual([]);
  }
  for (const id of saved.keys()) {
    const arrived = server.held.filter((held) => held.id === id).map(nameOf);
    expect(arrived).toEqual([...new Set(wanted.filter(({ item }) => item.id === id).map(({ item }) => nameOf(item)))]);
  }
}
