// The key on its way: to another tab, to the next page through the worker's memory, and gone everywhere after a lock.

import { beforeEach, expect, test, vi } from "vitest";

import { KEEP_KEY, type KeyHeld, type KeyMessage, TAKE_KEY } from "../../web/src/offline/messages.ts";
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

/** The worker of this phone, as pages see it; what it is told is awaited like an event is. `pageCount`: how many it sees. */
async function startWorker(pageCount = 2): Promise<{ readonly alive: Promise<void>[] }> {
  const { keyMessage } = await import("../../service-worker/keys.ts");
  const alive: Promise<void>[] = [];
  const postMessage = (data: KeyMessage, ports: MessagePort[] = []) => {
    alive.push(keyMessage(data, ports, async () => Array.from({ length: pageCount })));
  };
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker: { controller: { postMessage } } });
  return { alive };
}

/** What a page is told that asks the worker alone; undefined where it is told nothing yet. */
async function wordOfWorker(): Promise<KeyHeld | null | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<KeyHeld | null | undefined>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(undefined), 50);
  });
  navigator.serviceWorker.controller?.postMessage({ type: TAKE_KEY }, [port2]);
  return answer;
}

const whoTheWorkerHas = async () => (await wordOfWorker())?.vault.person ?? null;

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

test("the only page there is learns from the worker that nobody has a key, and waits for no other page", async () => {
  await startWorker(1);
  await first.vault.lock();
  const alone = await newTab({ isPage: true });
  const wait = setTimeout;
  const never = (work: () => void, ms: number) => (ms === 250 ? 0 : wait(work, ms));
  vi.spyOn(globalThis, "setTimeout").mockImplementation(never as typeof setTimeout);
  expect(await who(alone)).toBeNull();
  vi.restoreAllMocks();
});

test("where another page may answer, the worker does not speak for it", async () => {
  await startWorker(2);
  expect(await wordOfWorker()).toBeUndefined();
  await startWorker(1);
  expect(await wordOfWorker()).toBeNull();
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

test("a key that reaches the worker after the lock, from a page that had not heard of it, is not kept", async () => {
  await startWorker();
  first.keyring.lend();
  const word = (await wordOfWorker()) as KeyHeld;
  await first.vault.lock();
  navigator.serviceWorker.controller?.postMessage({ type: KEEP_KEY, held: word });
  expect(await whoTheWorkerHas()).toBeNull();
});

test("after a lock the key of the next unlock is kept, also where the clock was set back between them", async () => {
  await startWorker();
  await first.vault.lock();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() - 60 * MINUTE_MS);
  await first.doors.comeIn(BEN, BENS);
  first.keyring.lend();
  expect(await whoTheWorkerHas()).toBe(BEN);
  vi.restoreAllMocks();
});

test("a lock is a lock also where the clock was set back since the unlock", async () => {
  await startWorker();
  first.keyring.lend();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() - 60 * MINUTE_MS);
  await first.vault.lock();
  vi.restoreAllMocks();
  expect(await whoTheWorkerHas()).toBeNull();
});

test("a page that signs out gives its key to nobody from then on, and has it until it is done", async () => {
  await startWorker();
  first.keyring.lend();
  first.keyring.giveNoMore();
  first.keyring.lend();
  expect(await whoTheWorkerHas()).toBeNull();
  expect(await who(await newTab({ isPage: true }))).toBeNull();
  expect(first.keyring.vaultNow()?.person).toBe(ASHA);
});

test("a page that signs out before there is a worker lends it nothing when there is one", async () => {
  first.keyring.giveNoMore();
  await startWorker();
  first.keyring.lend();
  expect(await whoTheWorkerHas()).toBeNull();
});

test("a page that nobody has used for too long lends its key to nobody", async () => {
  await startWorker();
  const later = performance.now() + 15 * MINUTE_MS;
  vi.spyOn(performance, "now").mockReturnValue(later);
  first.keyring.lend();
  vi.restoreAllMocks();
  expect(await whoTheWorkerHas()).toBeNull();
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
  first.keyring.lend();
  expect(await whoTheWorkerHas()).toBeNull();
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
  const [openedAt, usedAt] = [Date.now() + 1_000, Date.now() - 60 * MINUTE_MS];
  new BroadcastChannel("ap-log-keys").postMessage({ kind: "opened", vault, openedAt, idleMs: 0, usedAt });
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
