// The unfinished form on the phone: one for each author, gone with the save, and a store that older phones get as well.

import { deleteDB, openDB } from "idb";
import { beforeEach, expect, test } from "vitest";

import type { Draft } from "../../web/src/offline/drafts.ts";
import * as phone from "./phone.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

function aDraft(changes: Partial<Draft> = {}): Draft {
  const fields = [["happening", "under-influence"], ["words", "By the back door"]] as const;
  return { id: "entry", author: phone.ASHA, openedAt: phone.SERVER_TIME, resident: "gwilym", fields, ...changes };
}

test("what was filled in survives the app being closed, and only its author is given it", async () => {
  await app.database.putDraft(aDraft());
  app = await phone.start();
  expect(await app.database.findDraft(phone.ASHA)).toEqual(aDraft());
  expect(await app.database.findDraft(phone.BEN)).toBeNull();
});

test("each author has one: the newest", async () => {
  await app.database.putDraft(aDraft());
  await app.database.putDraft(aDraft({ resident: "lewis" }));
  await app.database.putDraft(aDraft({ id: "another", author: phone.BEN }));
  expect((await app.database.findDraft(phone.ASHA))?.resident).toBe("lewis");
  await app.database.deleteDraft(phone.ASHA);
  expect(await app.database.findDraft(phone.ASHA)).toBeNull();
  expect((await app.database.findDraft(phone.BEN))?.id).toBe("another");
});

test("it goes with the save, and a late key cannot bring it back", async () => {
  const entry = phone.anEntry();
  await app.database.putDraft(aDraft({ id: entry.id }));
  await app.outbox.save(entry, phone.LABEL);
  expect(await app.database.findDraft(phone.ASHA)).toBeNull();
  await app.database.putDraft(aDraft({ id: entry.id }));
  expect(await app.database.findDraft(phone.ASHA)).toBeNull();
});

test("it stays when another entry is saved", async () => {
  await app.database.putDraft(aDraft());
  await app.outbox.save(phone.anEntry(), phone.LABEL);
  expect(await app.database.findDraft(phone.ASHA)).toEqual(aDraft());
});

test("a phone with the version before keeps every item and its bytes through the upgrade", async () => {
  const item = await app.outbox.save(phone.anEntry(), phone.LABEL);
  const bytes = await app.database.findBytes([item.id, item.sha256]);
  await app.database.close();
  await asTheVersionBefore(item, bytes);
  app = await phone.start();
  await app.database.putDraft(aDraft());
  expect(await app.database.listItems()).toEqual([item]);
  expect(await app.database.findBytes([item.id, item.sha256])).toEqual(bytes);
  expect(await app.database.findFact("device")).toBe("this phone");
});

async function asTheVersionBefore(item: { id: string; sha256: string }, bytes: unknown): Promise<void> {
  await deleteDB("ap-log");
  const old = await openDB("ap-log", 1, {
    upgrade: (database) => {
      database.createObjectStore("outbox", { keyPath: ["id", "sha256"] });
      database.createObjectStore("parcels", { keyPath: ["id", "sha256"] });
      database.createObjectStore("facts");
    },
  });
  await old.put("outbox", item);
  await old.put("parcels", { id: item.id, sha256: item.sha256, bytes });
  await old.put("facts", "this phone", "device");
  old.close();
}
