// Saving on the phone: what "On this phone" promises, and what happens when the phone breaks the promise.

import { deleteDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { ENTRY_BYTES_LIMIT } from "../../web/src/generated/shapes.ts";
import { sha256Hex } from "../../web/src/lib/bytes.ts";
import { type OutboxItem, received } from "../../web/src/offline/item.ts";
import { anEntry, type App, ASHA, BEN, LABEL, newPhone, signIn, start, stored } from "./phone.ts";

let app: App;

beforeEach(async () => {
  app = await newPhone();
});

describe("a saved entry", () => {
  test("is on the phone with the digest of its very bytes", async () => {
    const entry = anEntry({ words: "Dywedodd “na” 💊" });
    const item = await app.outbox.save(entry, LABEL);
    const bytes = (await app.database.findBytes([item.id, item.sha256])) ?? new Uint8Array();
    expect(await sha256Hex(bytes)).toBe(item.sha256);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(entry);
    expect(await app.outbox.list()).toEqual([item]);
  });

  test("is written with strict durability", async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, "transaction");
    await app.outbox.save(anEntry(), LABEL);
    const writes = transaction.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writes.map(([stores, , options]) => [stores, options])).toEqual([
      [["outbox", "parcels", "drafts"], { durability: "strict" }],
    ]);
  });

  test("survives the app being closed", async () => {
    const item = await app.outbox.save(anEntry(), LABEL);
    app = await start();
    expect(await app.outbox.list()).toEqual([item]);
  });

  test("is one entry, however often the button is tapped", async () => {
    const entry = anEntry();
    const items = await Promise.all(Array.from({ length: 10 }, () => app.outbox.save({ ...entry, words: newWords() }, LABEL)));
    expect(new Set(items.map((item) => item.sha256)).size).toBe(1);
    expect(await app.outbox.unsentCount()).toBe(1);
  });

  test("keeps whole characters only, so that the server can read it", async () => {
    const item = await app.outbox.save(anEntry({ words: "half \ud83d of a pair" }), LABEL);
    expect(item.state).toBe("waiting");
    const [entry] = await app.outbox.unsentEntriesOf(item.residentId);
    expect(entry?.words).toBe("half \ufffd of a pair");
  });

  test("is told to whoever listens", async () => {
    const heard = vi.fn();
    const stop = app.outbox.onChange(heard);
    await app.outbox.save(anEntry(), LABEL);
    stop();
    await app.outbox.save(anEntry(), LABEL);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("an entry that cannot be kept is never said to be on the phone", () => {
  test("because other bytes were read back", async () => {
    const entry = anEntry();
    const get = IDBObjectStore.prototype.get;
    vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (this: IDBObjectStore, key) {
      return get.call(this, this.name === "parcels" ? ["no", "such"] : (key as IDBValidKey));
    });
    await expect(app.outbox.save(entry, LABEL)).rejects.toThrow(app.outbox.NotSaved);
  });

  test("because the phone is full, and it says so", async () => {
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await expect(app.outbox.save(anEntry(), LABEL)).rejects.toThrow(/phone is full/);
  });

  test.each([
    ["another person is signed in", () => signIn(app, BEN)],
    ["somebody has gone through a door since, and nobody knows who", () => app.reference.doubt()],
    ["its author has signed out", () => app.reference.clear()],
  ])("because %s, and it does not go in anybody's name", async (_, happens) => {
    await happens();
    await expect(app.outbox.save(anEntry(), LABEL)).rejects.toThrow(/Not saved.*Sign in once with signal/);
    expect(await app.database.listItems()).toEqual([]);
  });

  test("because its words are too long", async () => {
    await expect(app.outbox.save(anEntry({ words: "x".repeat(ENTRY_BYTES_LIMIT) }), LABEL)).rejects.toThrow(/too long/);
    expect(await app.outbox.unsentCount()).toBe(0);
  });

  test("because the storage never answers, and it gives up after five seconds", async () => {
    app = await start();
    vi.spyOn(indexedDB, "open").mockImplementation(() => new (IDBOpenDBRequest as unknown as new () => IDBOpenDBRequest)());
    const saving = expect(app.outbox.save(anEntry(), LABEL)).rejects.toThrow(/storage does not answer/);
    await vi.waitUntil(() => vi.getTimerCount() > 0); // Vitest waits by moving the timers on.
    await vi.advanceTimersByTimeAsync(5_000);
    await saving;
  });

  test("and the same entry can be saved afterwards", async () => {
    const entry = anEntry();
    const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await expect(app.outbox.save(entry, LABEL)).rejects.toThrow(app.outbox.NotSaved);
    full.mockRestore();
    expect((await app.outbox.save(entry, LABEL)).id).toBe(entry.id);
  });
});

describe("the storage", () => {
  test("is opened again when the browser has closed it behind the app's back", async () => {
    await app.outbox.save(anEntry(), LABEL);
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
      throw new DOMException("The database connection is closing.", "InvalidStateError");
    });
    await app.outbox.save(anEntry(), LABEL);
    expect(await app.outbox.unsentCount()).toBe(2);
  });

  test("counts an entry as saved when another tab was so quick that the server has it already", async () => {
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, item: OutboxItem) {
      this.transaction.addEventListener("complete", () => void sendElsewhere(item));
      return this.put(item);
    });
    expect(await app.outbox.save(anEntry(), LABEL)).toMatchObject({ author: ASHA });
    expect((await app.outbox.list())[0]?.state).toBe("sent");
  });

  test("never forgets what has not been sent, whatever it is asked", async () => {
    const item = await app.outbox.save(anEntry(), LABEL);
    await app.database.forgetSent([[item.id, item.sha256]]);
    expect(await app.outbox.unsentCount()).toBe(1);
  });

  test("lets a newer version in another tab upgrade it", async () => {
    await app.outbox.save(anEntry(), LABEL);
    await deleteDB("ap-log"); // Waits for ever when a connection does not make way.
    expect(await app.outbox.unsentCount()).toBe(0);
  });
});

describe("several people on one phone", () => {
  test("see their own entries only, and how many of others wait", async () => {
    await app.outbox.save(anEntry(), LABEL);
    await signIn(app, BEN);
    await app.outbox.save(anEntry({ author: BEN }), LABEL);
    await signIn(app, ASHA);
    expect([(await app.outbox.list()).map((item) => item.author), await app.outbox.othersUnsentCount()]).toEqual([[ASHA], 1]);
    await signIn(app, BEN);
    expect([(await app.outbox.list()).map((item) => item.author), await app.outbox.othersUnsentCount()]).toEqual([[BEN], 1]);
  });
});

function newWords(): string {
  return String(Math.random());
}

function sendElsewhere(item: OutboxItem): Promise<void> {
  return app.database.changeItems([[item.id, item.sha256]], (found) => received(found, stored(item).receipt as never));
}
