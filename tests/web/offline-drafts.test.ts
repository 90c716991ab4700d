// Unfinished forms on the phone: each its own, hidden from everybody but its author, and gone with the save.

import { deleteDB, openDB } from "idb";
import { beforeEach, expect, test, vi } from "vitest";

import type { Draft } from "../../web/src/offline/drafts.ts";
import type { OutboxItem } from "../../web/src/offline/item.ts";
import { ASHA, BEN, SERVER_TIME } from "./phone.ts";

const CANARY = "By the back door";
const AES = { name: "AES-GCM", length: 256 } as const;
const DATABASE = "ap-log";

type App = Awaited<ReturnType<typeof start>>;

const keys = new Map<string, CryptoKey>();
let app: App;

async function start() {
  vi.resetModules();
  return {
    database: await import("../../web/src/offline/database.ts"),
    drafts: await import("../../web/src/offline/drafts.ts"),
    items: await import("../../web/src/offline/rows/items.ts"),
    keyring: await import("../../web/src/offline/keyring.ts"),
    rows: await import("../../web/src/offline/rows/drafts.ts"),
  };
}

/** Their vault is opened, with the same key as the last time. */
async function unlock(person: string, { isNewKey = false } = {}): Promise<void> {
  const key = isNewKey ? undefined : keys.get(person);
  keys.set(person, key ?? (await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"])));
  app.keyring.hold({ person, credential: null, key: keys.get(person) as CryptoKey, isKept: true });
}

/** Node does not pass a key from one channel to another, as browsers do. */
class AloneChannel {
  onmessage = null;
  postMessage(): void {}
}

beforeEach(async () => {
  vi.stubGlobal("BroadcastChannel", AloneChannel);
  await app?.database.close();
  await deleteDB(DATABASE);
  app = await start();
  await unlock(ASHA);
});

function aDraft(changes: Partial<Draft> = {}): Draft {
  const fields = [["happening", "under-influence"], ["words", CANARY]] as const;
  const begun = { id: "entry", author: ASHA, openedAt: SERVER_TIME, over: [] };
  const caret = { name: "words", start: 3, end: 3 };
  return { ...begun, resident: "gwilym", residentName: "7 Gwilym Tudor", fields, caret, ...changes };
}

/** A version of the entry as the outbox keeps it. */
async function save(id: string, sha256: string): Promise<void> {
  const known = { id, sha256, size: 1, author: ASHA, version: 1, savedAt: SERVER_TIME, state: "waiting" as const };
  const untried = { attempts: 0, lastTriedAt: null, problem: null, receipt: null, epoch: "", hidden: null };
  await app.items.addItem({ ...known, ...untried } satisfies OutboxItem, { id, sha256, bytes: new Uint8Array(1) }, []);
}

async function keptIds(): Promise<string[]> {
  return (await app.drafts.listDrafts()).map((draft) => draft.id);
}

test("what was filled in survives the app being killed, caret and all", async () => {
  await app.drafts.keepDraft(aDraft());
  app = await start();
  await unlock(ASHA);
  expect(await app.drafts.findDraft("entry")).toMatchObject(aDraft());
});

test("F37: each entry has its own draft, whoever it is about", async () => {
  for (const resident of ["gwilym", "lewis", "owain"]) {
    await app.drafts.keepDraft(aDraft({ id: `about ${resident}`, resident }));
  }
  await app.drafts.keepDraft(aDraft({ id: "about lewis", resident: "lewis", residentName: "8 Lewis Pryce" }));
  expect((await app.drafts.findDraft("about lewis"))?.residentName).toBe("8 Lewis Pryce");
  expect((await app.drafts.findDraft("about owain"))?.resident).toBe("owain");
  expect((await keptIds()).sort()).toEqual(["about gwilym", "about lewis", "about owain"]);
});

test("nobody else is given it, and nobody at all while the phone is locked", async () => {
  await app.drafts.keepDraft(aDraft());
  await unlock(BEN);
  expect([await app.drafts.findDraft("entry"), await keptIds()]).toEqual([null, []]);
  await app.keyring.drop();
  expect([await app.drafts.findDraft("entry"), await keptIds()]).toEqual([null, []]);
});

test("nothing of what was written can be read in the database", async () => {
  await app.drafts.keepDraft(aDraft());
  const [row] = await app.rows.listUnfinished(ASHA);
  expect(row?.hidden.bytes.length).toBeGreaterThan(CANARY.length);
  expect(new TextDecoder("latin1").decode(row?.hidden.bytes)).not.toContain(CANARY);
  expect(JSON.stringify({ ...row, hidden: null })).not.toMatch(/gwilym|door/i);
});

test("one that was hidden under a key that is gone is passed over", async () => {
  await app.drafts.keepDraft(aDraft());
  await unlock(ASHA, { isNewKey: true });
  await app.drafts.keepDraft(aDraft({ id: "later" }));
  expect(await keptIds()).toEqual(["later"]);
});

test("F36: it goes with the save, and a late key cannot bring it back", async () => {
  await app.drafts.keepDraft(aDraft());
  await save("entry", "first");
  expect(await keptIds()).toEqual([]);
  expect(await app.drafts.keepDraft(aDraft())).toBe(false);
  expect(await keptIds()).toEqual([]);
});

test("F36: a change of a saved entry is kept, until it is saved as the next version", async () => {
  await save("entry", "first");
  const change = aDraft({ over: await app.drafts.versionsOf("entry") });
  expect(await app.drafts.keepDraft(change)).toBe(true);
  await save("entry", "second");
  expect(await app.drafts.keepDraft(change)).toBe(false);
  expect(await keptIds()).toEqual([]);
});

test("it stays when another entry is saved, or another draft thrown away", async () => {
  await app.drafts.keepDraft(aDraft());
  await app.drafts.keepDraft(aDraft({ id: "mistake" }));
  await save("another", "first");
  await app.drafts.throwAway({ author: ASHA, id: "mistake" });
  expect(await keptIds()).toEqual(["entry"]);
});

test("one that an older version kept for all to read is hidden once its author unlocks", async () => {
  const { id, author, openedAt, resident, fields } = aDraft();
  await app.database.using((database) => database.put("drafts", { id, author, openedAt, resident, fields }));
  await unlock(BEN);
  await app.drafts.hideOldDraft();
  expect(await app.rows.findOldDraft(ASHA)).not.toBeNull();
  await unlock(ASHA);
  await app.drafts.hideOldDraft();
  expect(await app.rows.findOldDraft(ASHA)).toBeNull();
  expect(await app.drafts.findDraft("entry")).toMatchObject({ resident: "gwilym", fields, over: [] });
});

test("an upgrade keeps what the versions before have left", async () => {
  await app.database.close();
  await deleteDB(DATABASE);
  const old = await openDB(DATABASE, 2, {
    upgrade: (database) => {
      database.createObjectStore("outbox", { keyPath: ["id", "sha256"] });
      database.createObjectStore("parcels", { keyPath: ["id", "sha256"] });
      database.createObjectStore("facts");
      database.createObjectStore("drafts", { keyPath: "author" });
    },
  });
  await old.put("drafts", { id: "entry", author: ASHA, openedAt: SERVER_TIME, resident: "gwilym", fields: [] });
  old.close();
  await app.drafts.hideOldDraft();
  expect(await keptIds()).toEqual(["entry"]);
});

test("F3: it is not kept under the vault of whoever has unlocked meanwhile, nor in place of what was kept before", async () => {
  await app.drafts.keepDraft(aDraft());
  await unlock(BEN);
  await expect(app.drafts.keepDraft(aDraft({ resident: "lewis" }))).rejects.toThrow(/locked/);
  await unlock(ASHA);
  expect(await app.drafts.findDraft("entry")).toMatchObject(aDraft());
});

test("one that waits for its turn is hidden already when the page goes and takes the key along", async () => {
  let itsTurn = (): void => undefined;
  const before = new Promise<void>((resolve) => {
    itsTurn = resolve;
  });
  const keeping = app.drafts.keepDraft(aDraft(), before);
  app.keyring.handOver();
  itsTurn();
  expect(await keeping).toBe(true);
  await unlock(ASHA);
  expect(await keptIds()).toEqual(["entry"]);
});

test("one that another page has hidden and written on since is left as it is there", async () => {
  const { id, author, openedAt, resident, fields } = aDraft();
  await app.database.using((database) => database.put("drafts", { id, author, openedAt, resident, fields }));
  const late = await app.drafts.hiddenDraft(aDraft());
  await app.drafts.hideOldDraft();
  await app.drafts.keepDraft(aDraft({ resident: "lewis" }));
  await app.rows.replaceOldDraft(late);
  expect((await app.drafts.findDraft("entry"))?.resident).toBe("lewis");
});

test("F13: only one window writes a draft, and the next one is told when it lets go", async () => {
  const { claim } = await import("../../web/src/offline/claim.ts");
  const [first, second] = [claim("entry"), claim("entry")];
  expect([await first.isOurs(), await second.isOurs()]).toEqual([true, false]);
  expect(await claim("another").isOurs()).toBe(true);
  first.release();
  await second.isFree;
  expect(await second.isOurs()).toBe(true);
});

test("F13: a window that stopped waiting does not take it", async () => {
  const { claim } = await import("../../web/src/offline/claim.ts");
  const [first, second, third] = [claim("draft"), claim("draft"), claim("draft")];
  await first.isOurs();
  second.release();
  first.release();
  expect(await third.isOurs()).toBe(true);
});

test("what is taken back before anybody tried to send it is a draft again, and no entry any more", async () => {
  await save("entry", "first");
  expect(await app.items.replaceUntried(["entry", "first"], await app.drafts.hiddenDraft(aDraft()), [])).toBe(true);
  expect(await app.items.listItems()).toEqual([]);
  expect(await app.drafts.findDraft("entry")).toMatchObject(aDraft());
  await save("entry", "second");
  expect(await keptIds()).toEqual([]);
});

test("what may be on its way is not taken back, and leaves no draft", async () => {
  await save("entry", "first");
  await app.items.changeItems([["entry", "first"]], (item) => ({ ...item, attempts: 1 }));
  expect(await app.items.replaceUntried(["entry", "first"], await app.drafts.hiddenDraft(aDraft()), [])).toBe(false);
  expect((await app.items.listItems()).map((item) => item.id)).toEqual(["entry"]);
  expect(await keptIds()).toEqual([]);
});
