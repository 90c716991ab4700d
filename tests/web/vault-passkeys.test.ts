// Several passkeys of one person on one phone: a phone's own and a security key. What one of them hid that is not finished
// waits for it, until another has it in hand.

import { beforeEach, expect, test } from "vitest";

import { aPasskey, ASHA, everything, newPhone, type Tab } from "./vault-phone.ts";

const OWN = aPasskey("the-phones-own");
const KEY = aPasskey("a-security-key");
const THIRD = aPasskey("a-third");
const PASSING = aPasskey("one-without-prf", { prf: false });

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
});

async function begins(id: string): Promise<void> {
  const about = { resident: "gwilym", residentName: "12 Gwilym Tudor" };
  const draft = { id, author: ASHA, openedAt: "2026-11-20T01:40:00+00:00", ...about, fields: [], caret: null, over: [] };
  await tab.drafts.keepDraft(draft);
}

async function drafts(): Promise<string[]> {
  return (await tab.drafts.listDrafts()).map(({ id }) => id).sort();
}

/** Sign in or unlock with this one, the phone being locked before. */
async function comesWith(passkey: ReturnType<typeof aPasskey>): Promise<void> {
  await tab.vault.lock();
  await tab.doors.comeIn(ASHA, passkey);
}

test("what is unfinished on a locked phone waits for the passkey it was begun with", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(KEY);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 1]);
  await begins("with the key");
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([["with the key"], 1]);

  await tab.vault.lock();
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([["with my own"], 1]);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(KEY)).toBe(true);
  expect(await drafts()).toEqual(["with the key"]);
});

test("used one after the other without a lock, both have all of it in hand, and the last one keeps it", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(KEY);
  await begins("with the key");
  await tab.doors.approach(OWN);
  await tab.doors.comeIn(ASHA, OWN);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([["with my own", "with the key"], 0]);
  await tab.vault.lock();
  expect([await tab.doors.unlockWith(KEY), await tab.doors.unlockWith(OWN)]).toEqual([false, true]);
  expect(await drafts()).toEqual(["with my own", "with the key"]);
});

test("an earlier passkey opens nothing any more once nothing of it is unfinished", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(KEY);
  await begins("with the key");
  await tab.vault.lock();
  await tab.doors.unlockWith(OWN);
  await tab.drafts.throwAway({ author: ASHA, id: "with my own" });
  await tab.vault.lock();
  await tab.doors.unlockWith(KEY);
  await tab.vault.lock();
  expect([await tab.doors.unlockWith(OWN), await tab.doors.unlockWith(KEY)]).toEqual([false, true]);
});

test("three passkeys, each with something unfinished, lose none of it", async () => {
  const passkeys = [OWN, KEY, THIRD];
  for (const passkey of passkeys) {
    await comesWith(passkey);
    await begins(`with ${passkey.credential}`);
  }
  for (const passkey of [...passkeys, ...passkeys.reverse()]) {
    await tab.vault.lock();
    expect(await tab.doors.unlockWith(passkey)).toBe(true);
    expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[`with ${passkey.credential}`], 2]);
  }
});

test("what is in memory alone moves in, and what an earlier passkey hid still waits", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(PASSING);
  await begins("in memory");
  await tab.doors.approach(KEY);
  await tab.doors.comeIn(ASHA, KEY);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([["in memory"], 1]);
  await tab.vault.lock();
  await tab.doors.unlockWith(OWN);
  expect(await drafts()).toEqual(["with my own"]);
});

test("a sign-out destroys the keys of all of them", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(KEY);
  await begins("with the key");
  await tab.vault.forget(ASHA);
  expect([await tab.doors.unlockWith(OWN), await tab.doors.unlockWith(KEY)]).toEqual([false, false]);
  expect(await everything(tab)).not.toContain("with my own");
});

test("a passkey of the same id with another secret opens nothing, and makes a vault of its own", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith({ ...OWN, secret: new Uint8Array(32).fill(7) });
  expect(await tab.vault.opened()).toEqual({ person: ASHA, isKept: true });
  expect(await drafts()).toEqual([]);
});
