// The roster on the phone: hidden under the vault of whom it is for, replaced whole or not at all, kept through bad answers.

import { beforeEach, expect, test, vi } from "vitest";

import type { Reference } from "../../web/src/generated/shapes.ts";
import * as phone from "./phone.ts";
import { aPasskey, ASHA, BEN, everything, newPhone, newTab, type Tab } from "./vault-phone.ts";

const ASHAS = aPasskey("ashas-passkey");
const BENS = aPasskey("bens-passkey");

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
  await tab.doors.comeIn(ASHA, ASHAS);
});

function answer(made: () => Response | Promise<Response>): ReturnType<typeof vi.fn> {
  const asked = vi.fn(made);
  vi.stubGlobal("fetch", asked);
  return asked;
}

const referenceOf = (person: string): Reference => ({
  me: { id: person, name: `Canary ${person}` }, read_at: phone.SERVER_TIME, residents: [], policies: [],
});
const fresh = (person = ASHA) => phone.json(referenceOf(person));

test("what the server gives is held for the person who works here, and says their name", async () => {
  answer(() => fresh());
  expect(await tab.reference.refresh()).toBe("fresh");
  expect(await tab.reference.current()).toEqual(referenceOf(ASHA));
  expect((await tab.reference.me())?.name).toBe(`Canary ${ASHA}`);
});

test("nothing of it lies readable on the phone, and it is there after an unlock", async () => {
  answer(() => fresh());
  await tab.reference.refresh();
  expect(await everything(tab)).not.toContain("Canary");
  await tab.vault.lock();
  expect([await tab.reference.current(), await tab.reference.me()]).toEqual([null, null]);
  tab = await newTab();
  await tab.doors.unlockWith(ASHAS);
  expect(await tab.reference.current()).toEqual(referenceOf(ASHA));
});

test("a locked phone asks for none", async () => {
  await tab.vault.lock();
  const asked = answer(() => fresh());
  expect(await tab.reference.refresh({ force: true })).toBe("locked");
  expect(asked).not.toHaveBeenCalled();
});

test("the roster of whoever else is signed in is not taken over, and the old one stays", async () => {
  answer(() => fresh());
  await tab.reference.refresh();
  answer(() => fresh(BEN));
  expect(await tab.reference.refresh({ force: true })).toBe("kept");
  expect((await tab.reference.me())?.id).toBe(ASHA);
});

test("an answer that comes when somebody else has unlocked is nobody's here", async () => {
  let reply: (response: Response) => void = () => null;
  const asked = answer(() => new Promise<Response>((resolve) => (reply = resolve)));
  const asking = tab.reference.refresh();
  await vi.waitUntil(() => asked.mock.calls.length === 1);
  await tab.doors.comeIn(BEN, BENS);
  reply(fresh());
  expect(await asking).toBe("kept");
  expect(await tab.reference.current()).toBeNull();
});

test("each person has their own", async () => {
  answer(() => fresh());
  await tab.reference.refresh();
  await tab.doors.comeIn(BEN, BENS);
  expect(await tab.reference.current()).toBeNull();
  answer(() => fresh(BEN));
  await tab.reference.refresh();
  expect((await tab.reference.me())?.id).toBe(BEN);
  await tab.doors.unlockWith(ASHAS);
  expect((await tab.reference.me())?.id).toBe(ASHA);
});

test("it is not fetched again while it is fresh, and is after a few minutes", async () => {
  const asked = answer(() => fresh());
  await tab.reference.refresh();
  await tab.reference.refresh();
  expect(asked).toHaveBeenCalledTimes(1);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 4 * 60 * 1000);
  await tab.reference.refresh();
  expect(asked).toHaveBeenCalledTimes(2);
});

test("asked for twice at once it is fetched once", async () => {
  const asked = answer(() => fresh());
  await Promise.all([tab.reference.refresh(), tab.reference.refresh()]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test("whoever listens hears of a new one, of a lock and of an unlock", async () => {
  const heard = vi.fn();
  tab.reference.onReferenceChange(heard);
  answer(() => fresh());
  await tab.reference.refresh();
  await tab.vault.lock();
  await tab.doors.unlockWith(ASHAS);
  expect(heard).toHaveBeenCalledTimes(3);
});

const bad: Record<string, () => Response | Promise<Response>> = {
  "no signal": () => Promise.reject(new TypeError("Failed to fetch")),
  "the page of a captive portal": () => phone.page(),
  "half of it": () => phone.json({ me: { id: BEN, name: "Ben" } }),
  "a server that breaks": () => phone.problem(500, "failed"),
  "a person who may not log": () => phone.problem(403, "not-allowed"),
};

test.each(Object.entries(bad))("%s leaves the old one", async (_, made) => {
  answer(() => fresh());
  await tab.reference.refresh();
  answer(made);
  expect(await tab.reference.refresh({ force: true })).toBe("kept");
  expect(await tab.reference.current()).toEqual(referenceOf(ASHA));
});

test("an expired session leaves the old one, so that entries can be made until the next sign-in", async () => {
  answer(() => fresh());
  await tab.reference.refresh();
  answer(() => phone.problem(401, "not-signed-in"));
  expect(await tab.reference.refresh({ force: true })).toBe("signed-out");
  expect((await tab.reference.me())?.id).toBe(ASHA);
});

test("what an older version kept readable is hidden when its person unlocks", async () => {
  await tab.facts.keepFact("reference", { fetchedAt: 1, door: "x", reference: referenceOf(ASHA) });
  await tab.reference.hideOldReference();
  expect(await tab.facts.findFact("reference")).toBeUndefined();
  expect(await tab.reference.current()).toEqual(referenceOf(ASHA));
});

test("what an older version kept readable of somebody else goes when anybody unlocks", async () => {
  await tab.facts.keepFact("reference", { fetchedAt: 1, door: "x", reference: referenceOf(BEN) });
  await tab.reference.hideOldReference();
  expect([await tab.facts.findFact("reference"), await tab.reference.current()]).toEqual([undefined, null]);
});
