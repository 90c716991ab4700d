// Which vault opens at which door: a sign-in with and without PRF, a tap in the demo, an unlock, and 72 hours later.

import { beforeEach, expect, test, vi } from "vitest";

import * as phone from "./phone.ts";
import { aPasskey, ASHA, BEN, newPhone, newTab, type Tab } from "./vault-phone.ts";

const ASHAS = aPasskey("ashas-passkey");
const BENS = aPasskey("bens-passkey");
const PASSING = aPasskey("a-passkey-without-prf", { prf: false });
const HOUR_MS = 60 * 60 * 1000;

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
});

async function answerReference(person: string): Promise<void> {
  const reference = await phone.referenceOf(person);
  vi.stubGlobal("fetch", async () => phone.json(reference));
}

test("a passkey with PRF keeps a vault that says so", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  expect(await tab.vault.opened()).toEqual({ person: ASHA, isKept: true });
  expect(await tab.vault.hasVaults()).toBe(true);
});

test("a passkey without PRF opens one in memory alone, which a lock ends for good", async () => {
  await tab.doors.comeIn(ASHA, PASSING);
  const hidden = await tab.vault.hide("words");
  expect(await tab.vault.opened()).toEqual({ person: ASHA, isKept: false });
  expect(await tab.vault.hasVaults()).toBe(false);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(PASSING)).toBe(false);
  await tab.doors.comeIn(ASHA, PASSING);
  await expect(tab.vault.reveal(hidden)).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("what nobody can read any more is not counted as unfinished for ever", async () => {
  await tab.doors.comeIn(ASHA, PASSING);
  await keepNote();
  await tab.vault.lock();
  await tab.doors.comeIn(ASHA, PASSING);
  expect(await tab.rows.findHiddenFact(ASHA, "note")).toBeNull();
});

test("storage that does not answer the first question is asked the next one", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const later = await newTab();
  const open = vi.spyOn(indexedDB, "open").mockImplementationOnce(() => {
    throw new DOMException("It failed", "QuotaExceededError"); // Not what is tried once more by itself.
  });
  await expect(later.vault.opened()).rejects.toThrow("It failed");
  open.mockRestore();
  expect(await later.vault.opened()).toBeNull();
});

test("signing in once more with the same passkey goes on with the open vault", async () => {
  await tab.doors.comeIn(ASHA, PASSING);
  const hidden = await tab.vault.hide("words");
  await tab.doors.approach(PASSING);
  await tab.doors.comeIn(ASHA, PASSING);
  expect(await tab.vault.reveal(hidden)).toBe("words");
});

test("a second sign-in opens the vault that is there, and makes no other", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const hidden = await tab.vault.hide("words");
  await tab.vault.lock();
  await tab.doors.comeIn(ASHA, ASHAS);
  expect(await tab.vault.reveal(hidden)).toBe("words");
});

const NEXT = aPasskey("ashas-next-passkey");

async function keepNote(): Promise<void> {
  await tab.rows.keepHiddenFact({ ...(await tab.vault.hide("words")), name: "note" });
}

/** What is kept of the note, as the open vault reads it; null where it is gone. */
async function note(): Promise<unknown> {
  const row = await tab.rows.findHiddenFact(ASHA, "note");
  return row && tab.vault.reveal(row);
}

test("a new passkey on a locked phone makes a new key, and what the old one hid waits for the old one", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await keepNote();
  await tab.vault.lock();
  await tab.doors.comeIn(ASHA, NEXT);
  expect(await tab.vault.opened()).toEqual({ person: ASHA, isKept: true });
  await expect(note()).rejects.toBeInstanceOf(tab.vault.Locked);
  expect([await tab.doors.unlockWith(ASHAS), await note()]).toEqual([true, "words"]);
});

test.each([
  ["a kept vault", ASHAS, true],
  ["one in memory alone", PASSING, false],
])("a second passkey of whoever works here takes along what %s hides", async (_, first, opensStill) => {
  await tab.doors.comeIn(ASHA, first);
  await keepNote();
  await tab.doors.approach(NEXT);
  expect(await tab.vault.opened()).toBeNull();
  await tab.doors.comeIn(ASHA, NEXT);
  await tab.vault.lock();
  expect(await tab.doors.unlockWith(first)).toBe(opensStill);
  expect([await tab.doors.unlockWith(NEXT), await note()]).toEqual([true, "words"]);
});

test("a second passkey without PRF goes on with the vault that was open", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await keepNote();
  await tab.doors.approach(PASSING);
  await tab.doors.comeIn(ASHA, PASSING);
  expect([await tab.vault.opened(), await note()]).toEqual([{ person: ASHA, isKept: true }, "words"]);
});

test("what was hidden in memory's vault moves into the kept one that is opened after it, beside what is there", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.rows.keepHiddenFact({ ...(await tab.vault.hide("older")), name: "older" });
  await tab.vault.lock();
  await tab.doors.comeIn(ASHA, PASSING);
  await keepNote();
  await tab.doors.approach(ASHAS);
  await tab.doors.comeIn(ASHA, ASHAS);
  const older = await tab.rows.findHiddenFact(ASHA, "older");
  expect([await note(), older && (await tab.vault.reveal(older))]).toEqual(["words", "older"]);
});

test("F3: the vault that was open is nothing to the next person, nor to its own an hour later", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await keepNote();
  await tab.doors.approach(BENS);
  await tab.doors.comeIn(BEN, BENS);
  await expect(note()).rejects.toBeInstanceOf(tab.vault.Locked);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  await tab.doors.unlockWith(ASHAS);
  const waiting = tab.doors.approach(NEXT);
  await vi.advanceTimersByTimeAsync(60_000);
  await waiting;
  vi.useRealTimers();
  await tab.doors.comeIn(ASHA, NEXT);
  await expect(note()).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("as soon as another passkey is used nobody works here, until the server has let its person in", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.doors.approach(BENS);
  expect(await tab.vault.opened()).toBeNull();
  await tab.doors.comeIn(BEN, BENS);
  expect((await tab.vault.opened())?.person).toBe(BEN);
});

test("F3: each passkey opens the vault of its own person alone", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.doors.comeIn(BEN, BENS);
  await tab.doors.unlockWith(ASHAS);
  expect((await tab.vault.opened())?.person).toBe(ASHA);
  expect(await tab.doors.unlockWith({ credential: BENS.credential, secret: ASHAS.secret })).toBe(false);
  expect((await tab.vault.opened())?.person).toBe(ASHA);
});

test("a tap in the demo opens a vault once the server has said whose, in memory alone", async () => {
  await answerReference(BEN);
  await tab.doors.approachDemo();
  expect(await tab.reference.refresh()).toBe("fresh");
  expect(await tab.vault.opened()).toEqual({ person: BEN, isKept: false });
});

test("after a lock no tap from before opens anything", async () => {
  await answerReference(BEN);
  await tab.doors.approachDemo();
  await tab.reference.refresh();
  await tab.vault.lock();
  expect(await tab.reference.refresh({ force: true })).toBe("locked");
  expect(await tab.vault.opened()).toBeNull();
});

test("a tap opens no vault that is kept: that one waits for its passkey", async () => {
  await answerReference(ASHA);
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.doors.approachDemo();
  expect(await tab.reference.refresh()).toBe("kept");
  expect([await tab.vault.opened(), await tab.doors.unlockWith(ASHAS)]).toEqual([null, true]);
});

async function aloneFor(ms: number, { clockWas = 0 } = {}): Promise<Tab> {
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-20T01:00:00Z") + clockWas);
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.connection.noteContact("2026-11-20T01:00:00Z");
  tab.keyring.handOver();
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-20T01:00:00Z") + ms);
  return newTab();
}

test.each([
  ["a little less than 72 hours", 72 * HOUR_MS - 1000, 0, true],
  ["72 hours", 72 * HOUR_MS, 0, false],
  ["71 hours, with a clock that was two hours fast", 71 * HOUR_MS, 2 * HOUR_MS, true],
  ["72 hours, with a clock that was a day fast", 72 * HOUR_MS, 24 * HOUR_MS, false],
  ["71 hours, with a clock that was two hours slow", 71 * HOUR_MS, -2 * HOUR_MS, false],
])("F3: after %s without the server the vault is kept: %#", async (_, ms, clockWas, isKept) => {
  const later = await aloneFor(ms, { clockWas });
  await later.vault.opened();
  expect(await later.vault.hasVaults()).toBe(isKept);
});

test("a phone that was too long alone is not unlocked either, on a page that was open all along", async () => {
  const later = await aloneFor(HOUR_MS);
  await later.vault.opened();
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-23T01:00:00Z"));
  await expect(later.unlock.unlock()).rejects.toThrow();
  expect(await later.vault.hasVaults()).toBe(false);
});
