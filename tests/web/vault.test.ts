// The vault: what is hidden under a person's key, who finds it again, and what is left when it is locked or forgotten.

import { beforeEach, expect, test, vi } from "vitest";

import { anEntry } from "./phone.ts";
import { aPasskey, ASHA, BEN, everything, newPhone, newTab, type Tab } from "./vault-phone.ts";

const WORDS = "Canary of Elm House";
const ASHAS = aPasskey("ashas-passkey");
const BENS = aPasskey("bens-passkey");

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
});

async function hideAs(person: string, passkey: typeof ASHAS, name = "note") {
  await tab.doors.comeIn(person, passkey);
  const hidden = await tab.vault.hide({ words: WORDS });
  await tab.rows.keepHiddenFact({ ...hidden, name });
  return hidden;
}

test("what is hidden is found again, and nothing of it lies readable on the phone", async () => {
  const hidden = await hideAs(ASHA, ASHAS);
  expect(await tab.vault.reveal(hidden)).toEqual({ words: WORDS });
  expect(hidden.person).toBe(ASHA);
  expect(await everything(tab)).not.toContain("Canary");
});

test("bytes are hidden as they are", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const bytes = new Uint8Array([0, 1, 2, 255]);
  expect(await tab.vault.revealBytes(await tab.vault.hideBytes(bytes))).toEqual(bytes);
});

test("the same words hidden twice look different", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const [one, other] = [await tab.vault.hide(WORDS), await tab.vault.hide(WORDS)];
  expect([one.iv, one.bytes]).not.toEqual([other.iv, other.bytes]);
});

test("nothing is hidden and nothing found while no vault is open", async () => {
  await expect(tab.vault.hide(WORDS)).rejects.toBeInstanceOf(tab.vault.Locked);
  const hidden = await hideAs(ASHA, ASHAS);
  await tab.vault.lock();
  expect(await tab.vault.opened()).toBeNull();
  await expect(tab.vault.reveal(hidden)).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("another person's open vault finds nothing of mine", async () => {
  const hidden = await hideAs(ASHA, ASHAS);
  await tab.doors.comeIn(BEN, BENS);
  await expect(tab.vault.reveal(hidden)).rejects.toBeInstanceOf(tab.vault.Locked);
  await expect(tab.vault.reveal({ ...hidden, person: BEN })).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("a single changed bit is noticed", async () => {
  const hidden = await hideAs(ASHA, ASHAS);
  hidden.bytes[0]! ^= 1;
  await expect(tab.vault.reveal(hidden)).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("what is being hidden when the key goes is hidden still", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const hiding = tab.vault.hide(WORDS);
  tab.keyring.handOver();
  const hidden = await hiding;
  expect(await tab.vault.opened()).toBeNull();
  await tab.doors.unlockWith(ASHAS);
  expect(await tab.vault.reveal(hidden)).toBe(WORDS);
});

test("a lock waits a moment for what wants to be kept, and not for what never ends", async () => {
  await tab.doors.comeIn(ASHA, ASHAS);
  const kept: unknown[] = [];
  tab.vault.beforeLock(async () => kept.push(await tab.vault.hide(WORDS)));
  tab.vault.beforeLock(() => new Promise(() => null));
  await tab.vault.lock();
  expect([kept.length, await tab.vault.opened()]).toEqual([1, null]);
});

test("whoever listens hears of an unlock, a lock and nothing after they stopped", async () => {
  const heard = vi.fn();
  const stop = tab.vault.onVaultChange(heard);
  await tab.doors.comeIn(ASHA, ASHAS);
  await tab.vault.lock();
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  await tab.doors.unlockWith(ASHAS);
  expect(heard).toHaveBeenCalledTimes(2);
});

test("forgetting a person destroys their key and what it hid, and leaves everybody else's", async () => {
  const hidden = await hideAs(ASHA, ASHAS);
  await hideAs(BEN, BENS);
  await tab.doors.unlockWith(ASHAS);
  await tab.vault.forget(ASHA);
  expect(await tab.vault.opened()).toBeNull();
  expect(await tab.doors.unlockWith(ASHAS)).toBe(false);
  expect(await tab.rows.findHiddenFact(ASHA, "note")).toBeNull();
  expect(await tab.doors.unlockWith(BENS)).toBe(true);
  expect(await tab.rows.findHiddenFact(BEN, "note")).not.toBeNull();
  await expect(tab.vault.reveal(hidden)).rejects.toBeInstanceOf(tab.vault.Locked);
});

test("forgetting somebody else leaves the open vault open", async () => {
  await hideAs(BEN, BENS);
  await hideAs(ASHA, ASHAS);
  await tab.vault.forget(BEN);
  expect((await tab.vault.opened())?.person).toBe(ASHA);
});

test("the key goes first: where what it hid cannot be removed, nobody reads it any more", async () => {
  await hideAs(ASHA, ASHAS);
  vi.spyOn(IDBKeyRange, "bound").mockImplementation(() => {
    throw new Error("The disk is gone");
  });
  await expect(tab.vault.forget(ASHA)).rejects.toThrow("The disk is gone");
  expect([await tab.vault.hasVaults(), await tab.vault.opened()]).toEqual([false, null]);
});

test("F3: forgetting everybody leaves what is sealed for the server", async () => {
  await hideAs(ASHA, ASHAS);
  await hideAs(BEN, BENS);
  const entry = anEntry();
  const key = { id: entry.id, sha256: "0".repeat(64) };
  await tab.database.using((database) => database.put("parcels", { ...key, bytes: new Uint8Array([1, 2, 3]) }));
  await tab.vault.forgetAll();
  expect([await tab.vault.hasVaults(), await tab.rows.listHidingPeople()]).toEqual([false, []]);
  expect(await tab.database.using((database) => database.count("parcels"))).toBe(1);
});

test("after a restart the passkey opens what was there before, and no other passkey does", async () => {
  const hidden = await hideAs(ASHA, ASHAS);
  tab.keyring.handOver();
  tab = await newTab();
  expect(await tab.vault.opened()).toBeNull();
  expect(await tab.doors.unlockWith(BENS)).toBe(false);
  expect(await tab.doors.unlockWith({ ...ASHAS, secret: BENS.secret })).toBe(false);
  expect(await tab.doors.unlockWith(ASHAS)).toBe(true);
  expect(await tab.vault.reveal(hidden)).toEqual({ words: WORDS });
});
