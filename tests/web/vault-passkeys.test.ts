// Several passkeys of one person on one phone: a phone's own and a security key. What one of them hid waits for it,
// until another has it in hand too. None is ever locked out by the use of another.

import { beforeEach, expect, test, vi } from "vitest";

import * as phone from "./phone.ts";
import { aPasskey, ASHA, everything, newPhone, newTab, type Tab } from "./vault-phone.ts";

const OWN = aPasskey("the-phones-own");
const KEY = aPasskey("a-security-key");
const THIRD = aPasskey("a-third");
const PASSING = aPasskey("one-without-prf", { prf: false });

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
});

function aDraft(id: string, words = "") {
  const about = { resident: "gwilym", residentName: "12 Gwilym Tudor", fields: [["note", words]] as const };
  return { id, author: ASHA, openedAt: "2026-11-20T01:40:00+00:00", ...about, caret: null, over: [] };
}

async function begins(id: string): Promise<void> {
  await tab.drafts.keepDraft(aDraft(id));
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
  expect(await tab.doors.unlockWith(KEY)).toBe(true);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 2]);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
  expect(await drafts()).toEqual(["with my own", "with the key"]);
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

/** What the server gives to whoever is signed in; `null`: there is no signal. */
async function serverGives(name: string | null): Promise<void> {
  const reference = { ...(await phone.referenceOf(ASHA)), me: { id: ASHA, name: name ?? "" } };
  const noSignal = () => Promise.reject(new TypeError("Failed to fetch"));
  vi.stubGlobal("fetch", name === null ? noSignal : async () => phone.json(reference));
  await tab.reference.refresh({ force: true });
}

const roster = async () => (await tab.reference.me())?.name ?? null;
const words = async (id: string) => (await tab.drafts.findDraft(id))?.fields;

/** A second tab begins a form with the vault that is open, and says its last words only when `wake` is called. */
async function slowTab(id: string): Promise<{ readonly wake: () => Promise<unknown> }> {
  const slow = await newTab({ isPage: true });
  expect((await slow.vault.opened())?.person).toBe(ASHA);
  await slow.drafts.keepDraft(aDraft(id, "first words"));
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  const keeping = slow.drafts.keepDraft(aDraft(id, "last words"), asleep);
  return { wake: () => (wake(), keeping) };
}

test("a slow tab's last words that come after another passkey was used wait for their own passkey", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  const slow = await slowTab("in a slow tab");
  await tab.doors.approach(KEY);
  await tab.doors.comeIn(ASHA, KEY);
  expect(await words("in a slow tab")).toEqual([["note", "first words"]]);
  await slow.wake();
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 1]);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
  expect(await words("in a slow tab")).toEqual([["note", "last words"]]);
});

test("the last words of a slow tab that no passkey opens take no place of what one opens", async () => {
  await tab.doors.comeIn(ASHA, PASSING);
  const slow = await slowTab("in a slow tab");
  await tab.doors.approach(KEY);
  await tab.doors.comeIn(ASHA, KEY);
  expect(await slow.wake()).toBe(false);
  expect(await words("in a slow tab")).toEqual([["note", "first words"]]);
});

/** What moves to KEY, which has a lock already, has been read and is being hidden anew when this happens. */
async function movesToKeyWhile(happens: () => Promise<unknown>): Promise<void> {
  await tab.doors.approach(KEY);
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const hiding = vi.spyOn(crypto.subtle, "encrypt").mockImplementationOnce(async (...given) => {
    await happens();
    return encrypt(...given);
  });
  await tab.doors.comeIn(ASHA, KEY);
  expect(hiding).toHaveBeenCalledTimes(1);
}

test.each([
  ["readable with its own passkey", OWN, "last words", OWN],
  ["back to what moved, where its key was in memory alone", PASSING, "first words", KEY],
])("what a slow tab writes while things move is %s", async (_, first, kept, opener) => {
  await tab.doors.comeIn(ASHA, KEY);
  await comesWith(first);
  const slow = await slowTab("in a slow tab");
  await movesToKeyWhile(slow.wake);
  await tab.vault.lock();
  await tab.doors.unlockWith(opener);
  expect(await words("in a slow tab")).toEqual([["note", kept]]);
});

test("an entry that is thrown away while things move does not come back", async () => {
  await tab.doors.comeIn(ASHA, KEY);
  await comesWith(OWN);
  await begins("thrown away");
  await movesToKeyWhile(() => tab.drafts.throwAway({ author: ASHA, id: "thrown away" }));
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 0]);
});

test("without signal either passkey opens its own roster, forms and entries, whichever was unlocked last", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await serverGives("as of yesterday");
  await begins("with my own");
  await comesWith(KEY);
  await serverGives("as of today");
  const refused = await tab.vault.hide("a refused entry");
  await serverGives(null);

  await tab.vault.lock();
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
  expect([await roster(), await drafts()]).toEqual(["as of yesterday", ["with my own"]]);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(KEY)).toBe(true);
  expect([await roster(), await tab.vault.reveal(refused)]).toEqual(["as of today", "a refused entry"]);
  await tab.drafts.throwAway({ author: ASHA, id: "with my own" });
  await tab.vault.lock();
  expect([await tab.doors.unlockWith(OWN), await roster()]).toEqual([true, "as of yesterday"]);
});

test("used without a lock between, the second passkey has the roster at once and the first has it still", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await serverGives("as of today");
  await serverGives(null);
  await tab.doors.approach(KEY);
  await tab.doors.comeIn(ASHA, KEY);
  expect(await roster()).toBe("as of today");
  await tab.vault.lock();
  await tab.doors.unlockWith(OWN);
  expect(await roster()).toBe("as of today");
});

test("a roster that was kept before each passkey had its own is still read, until there is a newer one", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  const reference = { ...(await phone.referenceOf(ASHA)), me: { id: ASHA, name: "of before" } };
  const { lock: _, ...hidden } = await tab.vault.hide({ fetchedAt: Date.now(), reference });
  await tab.rows.keepHiddenFact({ ...hidden, name: "reference" });
  await comesWith(KEY);
  expect(await roster()).toBeNull();
  await tab.vault.lock();
  await tab.doors.unlockWith(OWN);
  expect(await roster()).toBe("of before");
  await serverGives("as of today");
  expect(await roster()).toBe("as of today");
});

test("a passkey that keeps nothing leaves the other one's roster alone, and nothing that seems to wait", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await serverGives("as of yesterday");
  await comesWith(PASSING);
  await serverGives("as of today");
  await begins("in memory");
  await serverGives(null);

  await tab.vault.lock();
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
  expect([await roster(), await drafts(), await tab.drafts.countClosed()]).toEqual(["as of yesterday", [], 0]);
  expect(await tab.database.using((database) => database.count("unfinished"))).toBe(0);
});

test("what is begun in memory alone goes at the next sign-in there, and is not said to wait", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await comesWith(PASSING);
  await begins("in memory");
  await comesWith(PASSING);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 1]);
});

test("what an older version kept and does not say under which passkey is counted while another is there", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("of before");
  await tab.database.using(async (database) => {
    const [row] = await database.getAll("unfinished");
    const { lock: _, ...hidden } = row!.hidden;
    await database.put("unfinished", { ...row!, hidden });
  });
  expect(await tab.drafts.countClosed()).toBe(0);
  await comesWith(KEY);
  expect([await drafts(), await tab.drafts.countClosed()]).toEqual([[], 1]);
  await tab.vault.lock();
  await tab.doors.unlockWith(OWN);
  expect(await drafts()).toEqual(["of before"]);
});

test("a lock put twice, because storage ended just after the first time, loses nothing that moved", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await begins("with my own");
  await tab.doors.approach(KEY);
  await tab.doors.comeIn(ASHA, KEY);
  const vault = await tab.rows.findVault(ASHA);
  const [lock] = tab.rows.locksOf(vault!);
  await tab.rows.addLock(ASHA, lock!, new Map());
  expect([await drafts(), await tab.rows.findVault(ASHA)]).toEqual([["with my own"], vault]);
});

test("a full phone is unlocked all the same", async () => {
  await tab.doors.comeIn(ASHA, OWN);
  await comesWith(KEY);
  await tab.vault.lock();
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("It is full", "QuotaExceededError");
  });
  expect(await tab.doors.unlockWith(OWN)).toBe(true);
});
