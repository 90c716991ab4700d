// A phone whose storage fails while an entry is saved: full, dying, hanging, lying. Nothing is called saved that is not.

import { openDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { keyOf } from "../../web/src/offline/item.ts";
import * as phone from "./phone.ts";

/** The fake's own way of failing a transaction as a full disk does. */
interface Aborting {
  _abort(name: string): void;
}

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

function storeFails(failure: (store: IDBObjectStore) => boolean, name: string) {
  const add = IDBObjectStore.prototype.add;
  return vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, value) {
    if (failure(this)) {
      throw new DOMException("It failed", name);
    }
    return add.call(this, value);
  });
}

describe("F30: a phone that is full", () => {
  test("refuses an entry without photos and says so; the same entry can be saved once there is room", async () => {
    const saving = phone.saving();
    const full = storeFails(() => true, "QuotaExceededError");
    await expect(app.outbox.save(saving)).rejects.toThrow(/Not saved. This phone is full/);
    expect(await app.items.listItems()).toEqual([]);
    full.mockRestore();
    expect((await app.outbox.save(saving)).item.version).toBe(1);
  });

  test("keeps the text without the photos, and says that it has not kept them", async () => {
    const photo = await phone.aPhoto();
    const full = storeFails((store) => store.name === "photos", "QuotaExceededError");
    const saved = await app.outbox.save(phone.saving({}, [photo]));
    expect([saved.arePhotosKept, saved.said.entry.photos]).toEqual([false, []]);
    expect(await app.items.findParcel(keyOf(saved.item))).not.toBeNull();
    full.mockRestore();
    const whole = await app.outbox.save({ ...phone.saving({}, [photo]), entry: saved.said.entry });
    expect([whole.item.version, whole.arePhotosKept, whole.said.entry.photos]).toEqual([2, true, [photo.claim]]);
  });

  test("is found full at the very end of the transaction too, and then nothing of it is there", async () => {
    const saving = phone.saving();
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, row) {
      const request = put.call(this, row);
      request.addEventListener("success", () => (this.transaction as unknown as Aborting)._abort("QuotaExceededError"));
      return request;
    });
    await expect(app.outbox.save(saving)).rejects.toThrow(/This phone is full/);
    vi.restoreAllMocks();
    expect(await app.items.listItems()).toEqual([]);
  });
});

describe("F29: a storage that dies while an entry is saved", () => {
  test("is opened again once, and the entry is saved", async () => {
    await app.outbox.save(phone.saving());
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
      throw new DOMException("The database connection is closing.", "InvalidStateError");
    });
    await app.outbox.save(phone.saving());
    expect(await phone.unsentCount(app)).toBe(2);
  });

  test.each([
    ["AbortError"],
    ["UnknownError"],
  ])("in the middle of the transaction as well (%s): nothing of the first try is left", async (name) => {
    let tries = 0;
    storeFails((store) => store.name === "outbox" && (tries += 1) === 1, name);
    const { item } = await app.outbox.save(phone.saving());
    expect((await app.items.listItems()).map(({ id }) => id)).toEqual([item.id]);
    expect(tries).toBe(2);
  });

  test("again and again leaves the entry unsaved, and says so", async () => {
    storeFails(() => true, "AbortError");
    await expect(app.outbox.save(phone.saving())).rejects.toThrow(/Not saved. This phone did not keep the entry/);
  });
});

describe("F31: a database that never opens", () => {
  test("is given up after five seconds, and the entry is not saved", async () => {
    await app.database.close();
    vi.spyOn(indexedDB, "open").mockImplementation(() => new (IDBOpenDBRequest as unknown as new () => IDBOpenDBRequest)());
    const saving = expect(app.outbox.save(phone.saving())).rejects.toThrow(/Not saved. This phone's storage does not answer/);
    await vi.waitUntil(() => vi.getTimerCount() > 0); // Vitest waits by moving the timers on.
    await vi.advanceTimersByTimeAsync(5_000);
    await saving;
    vi.restoreAllMocks();
    expect((await app.outbox.save(phone.saving())).item.state).toBe("waiting");
  });
});

describe("a storage that another page holds and does not let go of", () => {
  test("is given up after ten seconds; what was not saved is not saved later either, and can be saved again", async () => {
    const saving = phone.saving();
    const other = await openDB("ap-log");
    const held = other.transaction(["outbox", "unfinished"], "readwrite");
    let isHeld = true;
    const hold = async () => {
      while (isHeld) {
        await held.objectStore("outbox").count();
      }
    };
    const holding = hold();
    const refused = expect(app.outbox.save(saving)).rejects.toThrow(/Not saved. This phone's storage does not answer/);
    for (let seconds = 0; seconds < 20; seconds += 1) {
      await held.objectStore("outbox").count(); // The rest of the phone goes on meanwhile.
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await refused;
    isHeld = false;
    await holding;
    other.close();
    expect(await app.items.listItems()).toEqual([]);
    expect((await app.outbox.save(saving)).item.version).toBe(1);
  });
});

describe("an entry is read back, and is not called saved", () => {
  test.each([
    ["is not there", () => undefined],
    ["is there with other bytes", (row: { bytes: Uint8Array }) => ({ ...row, bytes: row.bytes.map((byte) => byte ^ 1) })],
    ["is there with fewer bytes", (row: { bytes: Uint8Array }) => ({ ...row, bytes: row.bytes.slice(1) })],
  ])("when what is read back %s; the next save keeps it anew", async (_, spoil) => {
    const saving = phone.saving();
    const put = IDBObjectStore.prototype.put;
    const lying = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, row) {
      const spoilt = this.name === "parcels" ? spoil(row as { bytes: Uint8Array<ArrayBuffer> }) : row;
      return spoilt === undefined ? (this.count() as never) : put.call(this, spoilt);
    });
    await expect(app.outbox.save(saving)).rejects.toThrow(/did not keep the entry/);
    lying.mockRestore();
    expect(await app.items.listItems()).toEqual([]);
    expect((await app.outbox.save(saving)).item.version).toBe(1);
  });

  test("when one of its photos was not kept as it was given", async () => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, row) {
      const isPhoto = this.name === "photo_bytes";
      return put.call(this, isPhoto ? { ...(row as object), bytes: new Uint8Array(3) } : row);
    });
    const saving = phone.saving({}, [await phone.aPhoto()]);
    await expect(app.outbox.save(saving)).rejects.toThrow(/did not keep the entry/);
    expect([await app.items.listItems(), await app.photos.listPhotos()]).toEqual([[], []]);
    vi.restoreAllMocks();
    expect((await app.outbox.save(saving)).arePhotosKept).toBe(true);
  });
});

describe("an entry does not go in anybody else's name", () => {
  test.each([
    ["another person has unlocked the phone", () => phone.unlock(app, phone.BEN), /not open in your name/],
    ["it has locked itself", () => app.vault.lock(), /not open in your name/],
    ["its author has signed out", () => app.vault.forget(phone.ASHA), /not open in your name/],
  ])("when %s", async (_, happens, words) => {
    await happens();
    await expect(app.outbox.save(phone.saving())).rejects.toThrow(words);
    expect(await app.items.listItems()).toEqual([]);
  });

  test("when somebody else unlocks the phone while it is being sealed: it is never hidden in their vault", async () => {
    const isSaved = app.outbox.save(phone.saving()).then(() => true, () => false);
    await phone.unlock(app, phone.BEN);
    const hidden = (await app.items.listItems()).map((item) => item.hidden?.person);
    expect(hidden).toEqual((await isSaved) ? [phone.ASHA] : []);
  });

  test("when the vault is locked while it is being sealed: it is saved whole, or not at all", async () => {
    const isSaved = app.outbox.save(phone.saving()).then(() => true, () => false);
    await app.vault.lock();
    expect((await app.items.listItems()).length).toBe((await isSaved) ? 1 : 0);
  });
});

test("an entry is not kept in the clear where no key of the server is known", async () => {
  const hidden = await app.vault.hide({ fetchedAt: Date.now(), reference: { ...(await phone.referenceOf(phone.ASHA)), sealing: [] } });
  const { keepHiddenFact } = await import("../../web/src/offline/rows/vaults.ts");
  await keepHiddenFact({ ...hidden, name: "reference" });
  app = await phone.start();
  app.keyring.hold(await phone.vaultOf(phone.ASHA));
  await expect(app.outbox.save(phone.saving())).rejects.toThrow(/has not been given the key/);
  expect(await app.items.listItems()).toEqual([]);
});
