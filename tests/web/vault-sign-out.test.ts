// Signing out: the key first, signal or not; what the server has not heard is owed, and paid before anything else.

import { beforeEach, expect, test, vi } from "vitest";

import type { OutboxItem } from "../../web/src/offline/item.ts";
import { DROP_KEY, type KeyMessage } from "../../web/src/offline/messages.ts";
import * as phone from "./phone.ts";
import { aPasskey, ASHA, BEN, everything, newPhone, newTab, type Tab } from "./vault-phone.ts";

const ASHAS = aPasskey("ashas-passkey");
const BENS = aPasskey("bens-passkey");

let tab: Tab;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  tab = await newPhone();
  await tab.doors.comeIn(ASHA, ASHAS);
  noSignal();
});

function answerWith(answer: (path: string, init?: RequestInit) => Promise<Response>): void {
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    asked.push(path);
    return answer(path, init);
  });
}

const noSignal = () => answerWith(() => Promise.reject(new TypeError("Failed to fetch")));

/** What `fetch` gives after it has followed our server's redirect. */
function at(url: string, status = 200): Response {
  return Object.defineProperty(new Response("<!doctype html>", { status }), "url", { value: url });
}

const tellsTheServer = () => answerWith(async () => at("https://log.example/sign-in?signed-out=1"));

test("with signal the server is told at once, and nothing is owed", async () => {
  tellsTheServer();
  expect(await tab.signOut.signOut(false)).toBe(true);
  expect([asked, await tab.owed.isOwed(), await tab.vault.hasVaults()]).toEqual([["/sign-out"], false, false]);
});

test("without signal the key is gone all the same, and the sign-out is owed", async () => {
  expect(await tab.signOut.signOut(false)).toBe(false);
  expect([await tab.owed.isOwed(), await tab.vault.hasVaults(), await tab.vault.opened()]).toEqual([true, false, null]);
  expect(await tab.doors.unlockWith(ASHAS)).toBe(false);
});

test("on a connection that gives nothing it is over in less than two seconds", async () => {
  answerWith((_, init) => new Promise((__, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("Aborted")))));
  const start = performance.now();
  expect(await tab.signOut.signOut(false)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("the key is destroyed and the debt written down together, before anybody is asked", async () => {
  let seen: unknown[] = [];
  answerWith(async () => {
    seen = [await tab.vault.hasVaults(), await tab.owed.isOwed(), await tab.vault.opened()];
    throw new TypeError("Failed to fetch");
  });
  await tab.signOut.signOut(false);
  expect(seen).toEqual([false, true, null]);
});

test("before the key is destroyed no page is given it any more: whoever leaves in the middle takes none along", async () => {
  const kept: Promise<unknown[]>[] = [];
  const postMessage = ({ type }: KeyMessage) => void (type === DROP_KEY ? kept.push(tab.rows.listVaults()) : null);
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker: { controller: { postMessage } } });
  await tab.signOut.signOut(false);
  expect((await Promise.all(kept)).map((vaults) => vaults.length)[0]).toBe(1);
});

test("what is owed is paid before the reference is asked for, and nothing is asked until it is", async () => {
  await tab.signOut.signOut(false);
  await tab.doors.comeIn(BEN, BENS);
  asked.length = 0;
  expect(await tab.reference.refresh({ force: true })).toBe("kept");
  expect(asked).toEqual(["/sign-out"]);
  const reference = phone.json(await phone.referenceOf(BEN));
  answerWith(async (path) => (path === "/sign-out" ? at("https://log.example/sign-in?signed-out=1") : reference));
  expect(await tab.reference.refresh({ force: true })).toBe("fresh");
  expect(asked.slice(1)).toEqual(["/sign-out", "/api/reference"]);
});

test.each([
  ["a captive portal's page", () => at("https://log.example/welcome")],
  ["the same page with an error", () => at("https://log.example/sign-in", 503)],
  ["our own refusal", () => at("https://log.example/sign-out", 403)],
])("%s pays nothing", async (_, answer) => {
  await tab.signOut.signOut(false);
  answerWith(async () => answer());
  expect([await tab.owed.payOwed(), await tab.owed.isOwed()]).toEqual([false, true]);
});

test("it is paid once, however many ask", async () => {
  await tab.signOut.signOut(false);
  asked.length = 0;
  tellsTheServer();
  expect(await Promise.all([tab.owed.payOwed(), tab.owed.payOwed(), tab.owed.payOwed()])).toEqual([true, true, true]);
  expect(asked).toEqual(["/sign-out"]);
});

test("who has nothing to pay asks nobody", async () => {
  expect([await tab.owed.payOwed(), asked]).toEqual([true, []]);
});

test("a page of the server's signs out who is signed in there, a page of the phone's who works here", async () => {
  await tab.doors.comeIn(BEN, BENS);
  await tab.doors.unlockWith(ASHAS); // Ben's session goes on; Asha works.
  expect([await tab.doors.whoSignsOut(true), await tab.doors.whoSignsOut(false)]).toEqual([BEN, ASHA]);
  await tab.signOut.signOut(false);
  expect([await tab.doors.unlockWith(ASHAS), await tab.doors.unlockWith(BENS)]).toEqual([false, true]);
});

test("storage that fails keeps nobody's key in memory", async () => {
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(() => {
    throw new DOMException("It failed", "UnknownError");
  });
  await expect(tab.signOut.signOut(false)).rejects.toThrow("It failed");
  expect(tab.keyring.vaultNow()).toBeNull();
  vi.restoreAllMocks();
});

test("what an older version of the app left readable goes with the key, the entry itself does not", async () => {
  const readable = { residentName: "CANARY Tudor", words: "CANARY" };
  const item = { id: "entry", sha256: "first", author: ASHA, state: "waiting", readable } as unknown as OutboxItem;
  await tab.database.write(["outbox", "drafts", "facts"], async (transaction) => {
    await transaction.objectStore("facts").put({ reference: { me: { id: ASHA, name: "CANARY" } } }, "reference");
    await transaction.objectStore("outbox").put(item);
    await transaction.objectStore("drafts").put({ id: "d", author: ASHA, openedAt: "", resident: "CANARY", fields: [] });
  });
  await tab.signOut.signOut(false);
  expect(await everything(tab)).not.toContain("CANARY");
  expect(await everything(tab)).toContain("first");
});

test("on a locked phone it is the key of who signed in last that goes", async () => {
  await tab.vault.lock();
  await tab.signOut.signOut(false);
  expect(await tab.vault.hasVaults()).toBe(false);
});

test("every tab hears of it, and drops its key", async () => {
  const second = await newTab({ isPage: true });
  await second.vault.opened();
  const heard = vi.fn();
  second.signOut.onSignOut(heard);
  await tab.signOut.signOut(false);
  await vi.waitUntil(() => heard.mock.calls.length === 1 && second.keyring.vaultNow() === null);
});
