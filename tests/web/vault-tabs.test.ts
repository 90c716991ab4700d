// The key on its way: to another tab, to the next page through the worker's memory, and gone everywhere after a lock.

import { beforeEach, expect, test, vi } from "vitest";

import { type KeyHeld, type KeyMessage, TAKE_KEY } from "../../web/src/offline/messages.ts";
import { aPasskey, ASHA, BEN, newPhone, newTab, type Tab } from "./vault-phone.ts";

const ASHAS = aPasskey("ashas-passkey");
const BENS = aPasskey("bens-passkey");
const MINUTE_MS = 60_000;

let first: Tab;

beforeEach(async () => {
  first = await newPhone();
  await first.doors.comeIn(ASHA, ASHAS);
});

const who = async (tab: Tab) => (await tab.vault.opened())?.person ?? null;

/** The worker of this phone, as pages see it; what it is told is awaited like an event is. `pages`: how many there are. */
async function startWorker(pages = 2): Promise<{ readonly alive: Promise<void>[] }> {
  const { keyMessage } = await import("../../service-worker/keys.ts");
  const alive: Promise<void>[] = [];
  const postMessage = (data: KeyMessage, ports: MessagePort[] = []) => {
    alive.push(keyMessage(data, ports, async () => Array.from({ length: pages })));
  };
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker: { controller: { postMessage } } });
  return { alive };
}

/** Whose key a page would be given that asks the worker alone. */
async function whoTheWorkerHas(): Promise<string | null> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<KeyHeld | null>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(null), 50);
  });
  navigator.serviceWorker.controller?.postMessage({ type: TAKE_KEY }, [port2]);
  return (await answer)?.vault.person ?? null;
}

test("a new tab has the vault that another has open", async () => {
  const second = await newTab({ isPage: true });
  expect(await who(second)).toBe(ASHA);
});

test("a tab that finds none open says so soon", async () => {
  await first.vault.lock();
  const second = await newTab({ isPage: true });
  const start = performance.now();
  expect(await who(second)).toBeNull();
  expect(performance.now() - start).toBeLessThan(1_000);
});

test("the only page there is learns from the worker at once that nobody has a key", async () => {
  await startWorker(1);
  await first.vault.lock();
  const alone = await newTab({ isPage: true });
  const start = performance.now();
  expect(await who(alone)).toBeNull();
  expect(performance.now() - start).toBeLessThan(200);
});

test("the service worker itself asks for no key", async () => {
  const worker = await newTab();
  expect(await who(worker)).toBeNull();
});

test("a lock in one tab locks every tab", async () => {
  const second = await newTab({ isPage: true });
  await who(second);
  await second.vault.lock();
  await vi.waitUntil(() => first.keyring.vaultNow() === null);
});

test("an unlock in one tab unlocks every tab, and takes it from whoever was there", async () => {
  const second = await newTab({ isPage: true });
  await who(second);
  await second.doors.comeIn(BEN, BENS);
  await vi.waitUntil(() => first.keyring.vaultNow()?.person === BEN);
});

test("a page that goes leaves its key with the worker, and the next page takes it", async () => {
  await startWorker();
  const hidden = await first.vault.hide("words");
  first.keyring.handOver();
  expect(first.keyring.vaultNow()).toBeNull();
  const next = await newTab({ isPage: true });
  expect(await next.vault.reveal(hidden)).toBe("words");
});

test("a page that took the key and is left at once, without a word, leaves it for the next page", async () => {
  await startWorker();
  first.keyring.handOver();
  expect(await who(await newTab({ isPage: true }))).toBe(ASHA);
  expect(await whoTheWorkerHas()).toBe(ASHA);
});

test("a page that may be about to go lends its key, and keeps it for as long as it stays", async () => {
  await startWorker();
  first.keyring.lend();
  expect(first.keyring.vaultNow()?.person).toBe(ASHA);
  expect(await whoTheWorkerHas()).toBe(ASHA);
});

test("an unlock takes the key of whoever was there from the worker too", async () => {
  const { alive } = await startWorker();
  first.keyring.lend();
  const second = await newTab({ isPage: true });
  await second.doors.comeIn(BEN, BENS);
  await Promise.all(alive);
  expect(await whoTheWorkerHas()).toBeNull();
});

test("the word of an unlock that reaches the worker after its key does not cost the key", async () => {
  await startWorker();
  first.keyring.lend();
  new BroadcastChannel("ap-log-keys").postMessage({ kind: "opened", vault: { person: ASHA } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await whoTheWorkerHas()).toBe(ASHA);
});

test("a page that is left before the key has reached it does not take it along: the next page has it", async () => {
  await startWorker();
  first.keyring.handOver();
  navigator.serviceWorker.controller?.postMessage({ type: TAKE_KEY }, [new MessageChannel().port2]);
  expect(await who(await newTab({ isPage: true }))).toBe(ASHA);
});

test("a worker that has to start first answers late, and the page opens when it does", async () => {
  await startWorker();
  first.keyring.handOver();
  const next = await slowly(400);
  expect(await who(next)).toBeNull();
  await vi.waitUntil(() => next.keyring.vaultNow()?.person === ASHA);
});

test("a page that asks before the one that goes has given its key away opens when it does", async () => {
  await startWorker();
  const next = await newTab({ isPage: true });
  const ask = next.keyring.findVaultKey();
  first.keyring.handOver();
  await ask;
  await vi.waitUntil(() => next.keyring.vaultNow()?.person === ASHA);
});

test("a page that goes before the worker has answered takes nothing along: the next page has it", async () => {
  await startWorker();
  first.keyring.handOver();
  const gone = await slowly(400);
  expect(await who(gone)).toBeNull();
  gone.keyring.handOver();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(gone.keyring.vaultNow()).toBeNull();
  const next = await newTab({ isPage: true });
  await who(next);
  await vi.waitUntil(() => next.keyring.vaultNow()?.person === ASHA);
});

test("a page that found no key, was unlocked and goes is not given its own again", async () => {
  await startWorker();
  await first.vault.lock();
  const asked = await newTab({ isPage: true });
  expect(await who(asked)).toBeNull();
  await asked.doors.comeIn(BEN, BENS);
  first.keyring.handOver();
  asked.keyring.handOver();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked.keyring.vaultNow()).toBeNull();
  expect(await who(await newTab({ isPage: true }))).toBe(BEN);
});

test("another tab that is busy answers late, and the page opens when it does", async () => {
  const next = await newTab({ isPage: true });
  const busy = BroadcastChannel.prototype.postMessage;
  vi.spyOn(BroadcastChannel.prototype, "postMessage").mockImplementation(function (this: BroadcastChannel, said: unknown) {
    setTimeout(() => busy.call(this, said), 200); // There and back: longer than anybody waits.
  });
  expect(await who(next)).toBeNull();
  await vi.waitUntil(() => next.keyring.vaultNow()?.person === ASHA);
  vi.restoreAllMocks();
});

test("a key that comes after a lock is not taken", async () => {
  await startWorker();
  first.keyring.handOver();
  const next = await slowly(400);
  expect(await who(next)).toBeNull();
  await next.vault.lock();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(next.keyring.vaultNow()).toBeNull();
});

/** A page that is told by the worker so much later. */
async function slowly(ms: number): Promise<Tab> {
  const { keyMessage } = await import("../../service-worker/keys.ts");
  const next = await newTab({ isPage: true });
  const postMessage = (data: KeyMessage, ports: MessagePort[] = []) =>
    setTimeout(() => void keyMessage(data, ports, async () => [1, 2]), ms);
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker: { controller: { postMessage } } });
  return next;
}

test("after a minute the worker has dropped it", async () => {
  const { alive } = await startWorker();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  first.keyring.handOver();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await Promise.all(alive);
  vi.useRealTimers();
  expect(await who(await newTab({ isPage: true }))).toBeNull();
});

test("a lock takes the key from the worker too", async () => {
  const second = await newTab({ isPage: true });
  await who(second);
  const { alive } = await startWorker();
  first.keyring.handOver();
  await second.vault.lock();
  await Promise.all(alive);
  expect(await who(await newTab({ isPage: true }))).toBeNull();
});

test("F28: a tab that slept through 15 minutes gives no key away, and locks", async () => {
  const start = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(start + 15 * MINUTE_MS);
  const second = await newTab({ isPage: true });
  vi.spyOn(performance, "now").mockReturnValue(start + 15 * MINUTE_MS);
  expect(await who(second)).toBeNull();
  await vi.waitUntil(() => first.keyring.vaultNow() === null);
});

test("F28: the idle time goes with the key from page to page", async () => {
  await startWorker();
  const start = performance.now();
  const clock = vi.spyOn(performance, "now").mockReturnValue(start + 14 * MINUTE_MS);
  first.keyring.handOver();
  clock.mockReturnValue(start + 14.5 * MINUTE_MS);
  const next = await newTab({ isPage: true });
  expect(await who(next)).toBe(ASHA);
  expect(next.idle.idleMs()).toBeGreaterThanOrEqual(14.4 * MINUTE_MS);
});

test("whoever uses one tab uses them all", async () => {
  const second = await newTab({ isPage: true });
  await who(second);
  first.idle.use(14 * MINUTE_MS);
  second.keyring.tellUsed();
  await vi.waitUntil(() => first.idle.idleMs() < MINUTE_MS);
});

test("a tab that is being locked, and keeps its key for the last words alone, gives it to nobody", async () => {
  await startWorker();
  const words = new Promise((resolve) => setTimeout(resolve, 200));
  first.keyring.beforeKeyGoes(() => words);
  const locking = first.vault.lock();
  const asked = await newTab({ isPage: true });
  expect(await who(asked)).toBeNull();
  first.keyring.handOver();
  await locking;
  expect(await who(await newTab({ isPage: true }))).toBeNull();
});

test("a word of an unlock that reaches a tab an hour later opens nothing", async () => {
  const late = await newTab({ isPage: true });
  await late.vault.lock();
  const vault = { person: ASHA, credential: null, key: {} as CryptoKey, isKept: false };
  const hour = 60 * MINUTE_MS;
  new BroadcastChannel("ap-log-keys").postMessage({ kind: "opened", vault, idleMs: 0, usedAt: Date.now() - hour });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(late.keyring.vaultNow()).toBeNull();
});

test("a key that another tab gives is of no use before it is known that the phone was not alone for too long", async () => {
  const at = new Date(Date.now() - 73 * 60 * MINUTE_MS).toISOString();
  await first.facts.keepFact("contact", { at, offsetMs: 0 });
  const second = await newTab({ isPage: true });
  const seen: unknown[] = [];
  second.vault.onVaultChange(() => void second.vault.opened().then((open) => seen.push(open)));
  expect(await who(second)).toBeNull();
  await vi.waitUntil(() => first.keyring.vaultNow() === null);
  expect(seen.every((open) => open === null)).toBe(true);
  expect(await second.rows.listVaults()).toEqual([]);
});
