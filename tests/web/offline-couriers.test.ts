// Whose session carries what: anybody's, and the author stays inside. Versions of one entry go in the order of saving.

import { beforeEach, describe, expect, test } from "vitest";

import type { Entry, Push } from "../../web/src/generated/shapes.ts";
import type { OutboxItem } from "../../web/src/offline/item.ts";
import * as phone from "./phone.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

async function saved(changes: Partial<Entry> = {}): Promise<OutboxItem> {
  return (await app.outbox.save(phone.saving(changes))).item;
}

async function states(): Promise<string[]> {
  return (await app.items.listItems()).sort((one, other) => one.version - other.version).map(({ state }) => state);
}

async function entriesIn(pushes: readonly Push[]): Promise<Entry[]> {
  const texts = await Promise.all(pushes.flatMap(({ entries }) => entries).map(phone.textOf));
  return texts.map((text) => JSON.parse(text) as Entry);
}

describe("whose session it is", () => {
  test("F24: nobody's any more; ten entries wait, and after one sign-in they go as what they are: their author's", async () => {
    for (let made = 0; made < 10; made += 1) {
      await saved();
    }
    phone.serve(() => phone.problem(401, "not-signed-in"));
    expect(await app.drain.drainNow()).toBe("sign-in");
    expect(app.drain.status()).toEqual({ state: "sign-in", nextTryAt: null, sending: null });
    expect(new Set(await states())).toEqual(new Set(["waiting"]));
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect((await entriesIn(pushes)).map(({ author }) => author)).toEqual(Array(10).fill(phone.ASHA));
  });

  test("somebody else's: entries of everybody on the phone go, each still in its author's name", async () => {
    await saved();
    await phone.unlock(app, phone.BEN);
    await saved({ author: phone.BEN });
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect((await entriesIn(pushes)).map(({ author }) => author).sort()).toEqual([phone.ASHA, phone.BEN].sort());
  });

  test("no vault has to be open for it: the app was started anew and nobody has unlocked", async () => {
    await saved();
    app = await phone.start();
    phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(await states()).toEqual(["sent"]);
  });

  test("that of somebody who may bring no entries: they wait with the reason, and need nobody but another session", async () => {
    const [item] = [await saved(), await saved()];
    phone.serve(() => phone.problem(403, "not-allowed"));
    expect(await app.drain.drainNow()).toBe("sign-in");
    expect(await app.items.findItem([item.id, item.sha256])).toMatchObject({ state: "waiting", problem: { code: "not-allowed" } });
    const pushes = phone.serve(phone.storing());
    await app.drain.drainNow();
    expect([pushes.length, await states()]).toEqual([1, ["sent", "sent"]]); // Nobody's entry was to blame: they go together.
  });

  test("one that somebody has ended without signal: that is paid first, and nothing goes before", async () => {
    await saved();
    await app.facts.keepFact("sign-out-owed", true);
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(pushes).toHaveLength(0);
    await app.facts.forgetFact("sign-out-owed");
    expect(await app.drain.drainNow()).toBe("idle");
  });

  test("a held entry is sent: the server has it, and a manager has to look at it", async () => {
    const item = await saved();
    const receipt = { ...phone.stored(item).receipt, held: true, sequence: 0 } as never;
    phone.serve(() => phone.answering([{ id: item.id, result: "stored", receipt }]));
    expect(await app.drain.drainNow()).toBe("idle");
    expect((await app.outbox.list())[0]?.item).toMatchObject({ state: "sent", receipt: { held: true } });
  });
});

describe("two versions of one entry", () => {
  test("F14: the second waits until the first is there, and both arrive as what they are", async () => {
    const { entry } = phone.saving();
    await saved({ ...entry, words: "first" });
    await saved({ ...entry, words: "second" });
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes.map(({ entries }) => entries.length)).toEqual([1, 1]);
    expect((await entriesIn(pushes)).map(({ words }) => words)).toEqual(["first", "second"]);
  });

  test("F14: the second does not overtake a first that the server cannot take now, however often that is tried", async () => {
    const { entry } = phone.saving();
    const first = await saved({ ...entry, words: "first" });
    await saved({ ...entry, words: "second" });
    const pushes = phone.serve(phone.storing({ [first.id]: phone.refusedAs(first.id, "failed", 500) }));
    for (let runs = 0; runs < 3; runs += 1) {
      await app.drain.drainNow();
    }
    expect(new Set((await entriesIn(pushes)).map(({ words }) => words))).toEqual(new Set(["first"]));
  });

  test("F14: the second goes when the first needs a person", async () => {
    const { entry } = phone.saving();
    const first = await saved({ ...entry, words: "first" });
    await saved({ ...entry, words: "second" });
    phone.serve((push) =>
      phone.answering(push.entries.map((one) => (one.sha256 === first.sha256 ? phone.refusedAs(one.id, "invalid", 422) : phone.stored(one)))),
    );
    expect(await app.drain.drainNow()).toBe("idle");
    expect(await states()).toEqual(["replaced", "sent"]);
    const pushes = phone.serve(phone.storing());
    await app.outbox.retry(first.id, first.sha256);
    await app.drain.drainNow();
    expect([pushes, await phone.unsentCount(app)]).toEqual([[], 0]); // What was meant last stays what counts.
  });

  test("F14: a refused first is not sent again once the second may be there, whose answer was lost", async () => {
    const { entry } = phone.saving();
    const first = await saved({ ...entry, words: "first" });
    const second = await saved({ ...entry, words: "second" });
    phone.serve((push) =>
      push.entries.some(({ sha256 }) => sha256 === first.sha256)
        ? phone.answering([phone.refusedAs(first.id, "invalid", 422)])
        : Promise.reject(new TypeError("The answer was lost")),
    );
    await app.drain.drainNow();
    await app.outbox.retry(first.id, first.sha256);
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes.flatMap(({ entries }) => entries).map(({ sha256 }) => sha256)).toEqual([second.sha256]);
    expect(await states()).toEqual(["replaced", "sent"]);
  });

  test("F15: there, back and there again: three versions go, and the last one is what was meant last", async () => {
    const { entry } = phone.saving();
    for (const words of ["high", "low", "high"]) {
      await saved({ ...entry, words });
    }
    const pushes = phone.serve(phone.storing());
    await app.drain.drainNow();
    expect((await entriesIn(pushes)).map(({ words }) => words)).toEqual(["high", "low", "high"]);
  });

  test("keep their order when the phone's clock was put back between them, and hold up no other entry", async () => {
    const { entry } = phone.saving();
    const other = phone.anEntry();
    const keys = [await saved({ ...entry, words: "first" }), await saved({ ...entry, words: "second" })];
    await saved(other);
    await app.items.changeItems([[keys[1]?.id ?? "", keys[1]?.sha256 ?? ""]], (item) => ({ ...item, savedAt: "2020-01-01T00:00:00+00:00" }));
    const pushes = phone.serve(phone.storing());
    await app.drain.drainNow();
    const words = (await entriesIn(pushes)).map((sent) => (sent.id === other.id ? "other" : sent.words));
    expect(words.at(-1)).toBe("second");
    expect(words.slice(0, 2).sort()).toEqual(["first", "other"]);
  });
});
