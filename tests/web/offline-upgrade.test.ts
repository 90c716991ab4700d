// A phone with an older version of the database: every item in every state comes through, whatever happens on the way.

import { openDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { anOlderItem, killUpgrade, type OlderRow, openOlder, putOlder, STATES } from "./older-phone.ts";
import * as phone from "./phone.ts";

const OF_EACH = 50;

/** What nobody may read on a phone whose owner has a vault. */
const CANARY = { entry: { words: "CANARY" }, row: { residentName: "CANARY Tudor", words: "CANARY" } };

let app: phone.App;
let old: OlderRow[];

beforeEach(async () => {
  app = await phone.newPhone();
});

/** The phone as version 1 or 2 of its database had it, with `count` items of each state. */
async function asVersion(version: 1 | 2, count: number, author = phone.ASHA): Promise<OlderRow[]> {
  const states = STATES.flatMap((state) => Array.from({ length: count }, () => state));
  const items = await Promise.all(states.map((state) => anOlderItem(author, state, CANARY)));
  const database = await openOlder(app, version);
  await putOlder(database, items);
  await database.put("facts", "this phone", "device");
  database.close();
  return items.map(({ row }) => row);
}

async function kept() {
  const items = await app.items.listItems();
  const parcels = await Promise.all(items.map(({ id, sha256 }) => app.items.findParcel([id, sha256])));
  return { states: items.map(({ id, state }) => `${id} ${state}`).sort(), bytes: parcels.filter((parcel) => parcel !== null).length };
}

function whole(items: readonly OlderRow[]) {
  return {
    states: items.map(({ id, state }) => `${id} ${state}`).sort(),
    bytes: items.filter(({ state }) => state !== "sent").length,
  };
}

describe("F9: the upgrade", () => {
  test.each([1, 2] as const)("from version %i keeps every item in every state, and its bytes", async (version) => {
    old = await asVersion(version, OF_EACH);
    app = await phone.start();
    expect(await kept()).toEqual(whole(old));
    expect(await app.facts.findFact("device")).toBe("this phone");
  });

  test.each([1, 60, 199, 200, 349])("killed at its %ith row leaves the older version whole, and is done the next time", async (nth) => {
    old = await asVersion(2, OF_EACH);
    await killUpgrade(await phone.start(), nth - 1);
    app = await phone.start();
    expect(await kept()).toEqual(whole(old));
    expect((await app.items.findParcel([old[0]?.id ?? "", old[0]?.sha256 ?? ""]))?.isPlain).toBe(true);
  });

  test("waits for a second tab that has the older version open, says so after five seconds, and is done once it is closed", async () => {
    old = await asVersion(2, OF_EACH);
    const tab = await openDB("ap-log", 2);
    app = await phone.start();
    const stuck = expect(app.items.listItems()).rejects.toThrow(/Close other AP Log windows/);
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(5_000);
    await stuck;
    expect(await tab.count("outbox")).toBe(old.length);
    tab.close();
    expect(await kept()).toEqual(whole(old));
  });

  test("F34: sends nothing again that was sent: of 1,000 items none", async () => {
    old = await asVersion(2, 0);
    const database = await openDB("ap-log", 2);
    await putOlder(database, await Promise.all(Array.from({ length: 1000 }, () => anOlderItem(phone.ASHA, "sent"))));
    database.close();
    app = await phone.start();
    await phone.unlock(app);
    await app.older.hideOlder();
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    await app.receipts.noteServer({ restore_epoch: "another" });
    await app.drain.drainNow();
    expect([pushes.length, (await app.items.listItems()).length]).toEqual([0, 1000]);
  }, 20_000);
});

describe("what an older version kept in the clear", () => {
  test("goes as it is when nobody has unlocked the phone yet", async () => {
    old = await asVersion(2, 1);
    app = await phone.start();
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    const entries = pushes.flatMap((push) => push.entries);
    expect(entries.map(({ body, sealed }) => [JSON.parse(String(body)).words, sealed])).toEqual([["CANARY", undefined], ["CANARY", undefined]]);
  });

  test("is hidden and sealed once its author has unlocked, and then goes sealed", async () => {
    old = await asVersion(2, 1);
    app = await phone.start();
    await phone.unlock(app);
    await app.older.hideOlder();
    expect(await readableRows()).not.toContain("CANARY");
    const listed = await app.outbox.list();
    expect(listed.map(({ said }) => said?.label.residentName)).toEqual(Array(4).fill("CANARY Tudor"));
    expect(listed.filter(({ said }) => said?.entry?.words === "CANARY")).toHaveLength(3);
    const pushes = phone.serve(phone.storing());
    await app.drain.drainNow();
    const texts = await Promise.all(pushes.flatMap((push) => push.entries).map(phone.textOf));
    expect([pushes[0]?.entries[0]?.body, texts.map((text) => JSON.parse(text).words)]).toEqual([undefined, ["CANARY", "CANARY"]]);
  });

  test("and was sent before anybody unlocked is sealed too: it stays here until a backup has it", async () => {
    old = await asVersion(2, 1);
    app = await phone.start();
    phone.serve(phone.storing());
    await app.drain.drainNow();
    await phone.unlock(app);
    await app.older.hideOlder();
    expect(await readableRows()).not.toContain("CANARY");
    expect((await kept()).bytes).toBe(3);
  });

  test("of a form is hidden with the rest", async () => {
    await asVersion(2, 0);
    const fields = [["words", "CANARY"]] as const;
    const draft = { id: "unfinished", author: phone.ASHA, openedAt: phone.SERVER_TIME, resident: "CANARY", fields };
    app = await phone.start();
    await app.database.write(["drafts"], ({ store }) => store.put(draft));
    await phone.unlock(app);
    await app.older.hideOlder();
    const rows = await app.database.using((database) => Promise.all([database.getAll("drafts"), database.getAllKeys("unfinished")]));
    expect(rows).toEqual([[], [[phone.ASHA, "unfinished"]]]);
  });

  test("of somebody else is sealed too, and keeps its label until they unlock", async () => {
    old = await asVersion(2, 1, phone.BEN);
    app = await phone.start();
    await phone.unlock(app);
    await app.older.hideOlder();
    const items = await app.items.listItems();
    expect(items.map(({ readable }) => readable?.residentName)).toEqual(Array(4).fill("CANARY Tudor"));
    const parcels = await Promise.all(items.map(({ id, sha256 }) => app.items.findParcel([id, sha256])));
    expect(parcels.filter((parcel) => parcel?.isPlain === true)).toEqual([]);
    await phone.unlock(app, phone.BEN);
    await app.older.hideOlder();
    expect(await readableRows()).not.toContain("CANARY");
  });

  test("can be hidden twice, or be cut off in between, without losing anything", async () => {
    old = await asVersion(2, 5);
    app = await phone.start();
    await phone.unlock(app);
    let writes = 0;
    const put = IDBObjectStore.prototype.put;
    const cut = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, row, key) {
      writes += 1;
      if (writes > 7) {
        throw new DOMException("The page is gone", "UnknownError");
      }
      return put.call(this, row, key);
    });
    await app.older.hideOlder().catch(() => null);
    cut.mockRestore();
    await Promise.all([app.older.hideOlder(), app.older.hideOlder()]);
    expect(await kept()).toEqual(whole(old));
    phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
  });
});

async function readableRows(): Promise<string> {
  const items = await app.items.listItems();
  const parcels = await Promise.all(items.map(({ id, sha256 }) => app.items.findParcel([id, sha256])));
  return JSON.stringify([items, parcels], (_, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value,
  );
}
