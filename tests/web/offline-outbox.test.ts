// Saving on the phone: what "On this phone" promises, and what happens when the phone breaks the promise.

import { deleteDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { ENTRY_BYTES_LIMIT, type Entry } from "../../web/src/generated/shapes.ts";
import { sha256Hex, toText } from "../../web/src/lib/bytes.ts";
import { keyOf, received } from "../../web/src/offline/item.ts";
import type { Saved } from "../../web/src/offline/outbox.ts";
import * as phone from "./phone.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

function saved(changes: Partial<Entry> = {}): Promise<Saved> {
  return app.outbox.save(phone.saving(changes));
}

/** What is kept of an entry, as the server would read it. */
async function keptText({ item }: Saved): Promise<string> {
  const parcel = await app.items.findParcel(keyOf(item));
  return toText(await phone.opened(parcel?.bytes ?? new Uint8Array(), "entry", item.id));
}

describe("a saved entry", () => {
  test("is on the phone sealed, and the server reads the very bytes of its digest, padded", async () => {
    const entry = phone.anEntry({ words: "Dywedodd “na” 💊" });
    const { item } = await app.outbox.save({ ...phone.saving(), entry });
    const text = await keptText({ item } as Saved);
    expect(new TextEncoder().encode(text).length % 256).toBe(0);
    expect(await sha256Hex(new TextEncoder().encode(text.trimEnd()))).toBe(item.sha256);
    expect(JSON.parse(text)).toEqual({ ...entry, photos: [], blind: expect.any(String) });
  });

  test("opens under its own id alone", async () => {
    const { item } = await saved();
    const bytes = (await app.items.findParcel(keyOf(item)))?.bytes ?? new Uint8Array();
    await expect(phone.opened(bytes, "entry", phone.anEntry().id)).rejects.toThrow();
    await expect(phone.opened(bytes, "photo", item.id)).rejects.toThrow();
  });

  test("leaves nothing readable in the database: neither whom it is about nor what was written", async () => {
    const { item } = await saved({ words: "CANARY by the back door", resident: "12121212-1212-4212-8212-121212121212" });
    const rows = JSON.stringify([await app.items.listItems(), await app.items.findParcel(keyOf(item))], bytesAsText);
    expect(["CANARY", "12121212", "Gwilym", "under"].filter((word) => rows.includes(word))).toEqual([]);
    expect(Object.keys(item).sort()).toEqual([
      "attempts", "author", "epoch", "hidden", "id", "lastTriedAt", "problem", "receipt", "savedAt", "sha256", "size", "state", "version",
    ]);
  });

  test("has a digest that says nothing: the same words twice have two", async () => {
    const entry = phone.anEntry();
    const [one, other] = [await saved({ ...entry }), await saved({ ...entry, id: phone.anEntry().id })];
    expect(one.said.entry.blind).not.toBe(other.said.entry.blind);
  });

  test("is shown to its author with all that was filled in", async () => {
    const { item, said } = await saved();
    expect(await app.outbox.list()).toEqual([{ item, said }]);
    expect(said).toMatchObject({ label: phone.LABEL, fields: [["happening", "under-influence"]] });
  });

  test("is written with strict durability, with its photos, in one transaction that takes its draft away", async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, "transaction");
    await app.outbox.save(phone.saving({}, [await phone.aPhoto()]));
    const writes = transaction.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writes.map(([stores, , options]) => [stores, options])).toEqual([
      [["outbox", "parcels", "unfinished", "photos", "photo_bytes"], { durability: "strict" }],
    ]);
  });

  test("brings its photos sealed, each bound to its own id, and claims them", async () => {
    const photos = [await phone.aPhoto(), await phone.aPhoto()];
    const { said } = await app.outbox.save(phone.saving({}, photos));
    expect(said.entry.photos).toEqual(photos.map(({ claim }) => claim));
    for (const { claim, bytes } of photos) {
      const kept = await app.photos.findPhotoBytes(claim.id);
      expect(await phone.opened(kept?.bytes ?? new Uint8Array(), "photo", claim.id)).toEqual(bytes);
    }
  });

  test("survives the app being closed, and is read once its author has unlocked", async () => {
    const { item, said } = await saved();
    app = await phone.start();
    expect([await app.outbox.list(), await app.outbox.othersUnsentCount()]).toEqual([[], 1]);
    await phone.unlock(app);
    expect(await app.outbox.list()).toEqual([{ item, said }]);
  });

  test("F12: is one entry, however often the button is tapped", async () => {
    const entry = phone.anEntry();
    const taps = Array.from({ length: 10 }, (_, tap) => ({ ...entry, recorded_at: `2026-11-20T01:41:0${tap}+00:00` }));
    const saves = await Promise.all(taps.map((tapped) => app.outbox.save({ ...phone.saving(), entry: tapped })));
    expect(new Set(saves.map(({ item }) => item.sha256)).size).toBe(1);
    expect(await phone.unsentCount(app)).toBe(1);
  });

  test("F12: is one entry too when the second tap finds the app started anew", async () => {
    const entry = phone.anEntry();
    const first = await saved(entry);
    app = await phone.crash();
    expect((await saved(entry)).item).toEqual(first.item);
  });

  test("with other content under the same id is the next version, and going back to the first is one more", async () => {
    const entry = phone.anEntry();
    const versions = [];
    for (const words of ["first", "second", "first"]) {
      versions.push((await saved({ ...entry, words })).item.version);
    }
    expect(versions).toEqual([1, 2, 3]);
    expect((await app.outbox.list()).map(({ item }) => item.version)).toEqual([3, 2, 1]);
  });

  test("keeps whole characters only, so that the server can read it", async () => {
    const { item } = await saved({ words: "half \ud83d of a pair" });
    expect(JSON.parse(await keptText({ item } as Saved)).words).toBe("half \ufffd of a pair");
  });

  test("is told to whoever listens", async () => {
    const heard = vi.fn();
    const stop = app.outbox.onChange(heard);
    await saved();
    await vi.advanceTimersByTimeAsync(200);
    stop();
    await saved();
    await vi.advanceTimersByTimeAsync(200);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("what was saved and not tried", () => {
  test("can be taken back, and its draft is there in its place", async () => {
    const { item } = await saved();
    const draft = await aDraft(item.id);
    expect(await app.outbox.takeBack(keyOf(item), draft)).toBe(true);
    expect([await app.items.listItems(), await app.items.findParcel(keyOf(item))]).toEqual([[], null]);
    expect(await unfinished(item.id)).toEqual(draft);
    expect((await saved({ ...phone.anEntry(), id: item.id })).item.version).toBe(1);
    expect(await unfinished(item.id)).toBeUndefined();
  });

  test("stays once it may be on its way", async () => {
    const { item } = await saved();
    await app.items.changeItems([keyOf(item)], (found) => ({ ...found, attempts: 1 }));
    expect(await app.outbox.takeBack(keyOf(item), await aDraft(item.id))).toBe(false);
    expect([(await app.items.listItems()).length, await unfinished(item.id)]).toEqual([1, undefined]);
  });
});

test("F36: a saved form leaves no unfinished one behind, and a key that comes late does not bring it back", async () => {
  const entry = phone.anEntry();
  const drafts = await import("../../web/src/offline/rows/drafts.ts");
  const draft = await aDraft(entry.id);
  await drafts.putUnfinished(draft);
  await saved(entry);
  expect(await unfinished(entry.id)).toBeUndefined();
  expect(await drafts.putUnfinished(draft)).toBe(false);
  app = await phone.crash();
  expect(await unfinished(entry.id)).toBeUndefined();
});

test("F36: a form that is saved once more as it is leaves no unfinished one behind either", async () => {
  const entry = phone.anEntry();
  const drafts = await import("../../web/src/offline/rows/drafts.ts");
  const { item } = await saved(entry);
  await drafts.putUnfinished({ ...(await aDraft(entry.id)), over: [item.sha256] });
  expect((await saved(entry)).item.sha256).toBe(item.sha256);
  expect(await unfinished(entry.id)).toBeUndefined();
});

test("what says the same as an entry that the phone has lost the bytes of is saved anew", async () => {
  const entry = phone.anEntry();
  const { item } = await saved(entry);
  await app.database.write(["parcels"], ({ store }) => store.delete([item.id, item.sha256]));
  const { item: again } = await saved(entry);
  expect([again.version, await app.items.findParcel(keyOf(again))]).toEqual([2, expect.anything()]);
});

describe("several people on one phone", () => {
  test("see their own entries only, and how many of others wait", async () => {
    await saved();
    await phone.unlock(app, phone.BEN);
    await saved({ author: phone.BEN });
    for (const person of [phone.ASHA, phone.BEN]) {
      await phone.unlock(app, person);
      expect([(await app.outbox.list()).map(({ item }) => item.author), await app.outbox.othersUnsentCount()]).toEqual([[person], 1]);
    }
  });

  test("an entry whose author has signed out since is listed without what it says", async () => {
    const { item } = await saved();
    await phone.unlockAnew(app);
    expect(await app.outbox.list()).toEqual([{ item, said: null }]);
    expect(await app.outbox.unsentEntriesOf("anybody")).toEqual([]);
  });
});

test("what is too long is refused, and a sentence says so", async () => {
  await expect(saved({ words: "x".repeat(ENTRY_BYTES_LIMIT) })).rejects.toThrow(/too long/);
  expect(await phone.unsentCount(app)).toBe(0);
});

test("the storage never forgets what has not been sent, whatever it is asked, and makes way for a newer version", async () => {
  const { item } = await saved();
  await app.items.forgetSent([keyOf(item)]);
  await app.items.forgetBytes([keyOf(item)]);
  await app.items.changeSent([keyOf(item)], (found) => received(found, phone.stored(item).receipt as never, ""));
  expect([await phone.unsentCount(app), await app.items.findParcel(keyOf(item))]).toEqual([1, expect.anything()]);
  await deleteDB("ap-log"); // Waits for ever when a connection does not make way.
});

async function aDraft(id: string) {
  const hidden = await app.vault.hide({});
  return { author: phone.ASHA, id, keptAt: phone.SERVER_TIME, over: [], hidden };
}

function unfinished(id: string) {
  return app.database.using((database) => database.get("unfinished", [phone.ASHA, id]));
}

/** Bytes as a disk scan sees them. */
function bytesAsText(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
}
