// Words about the key that come late, to a tab that slept, or from a page that the worker has not in hand.

import { beforeEach, expect, test, vi } from "vitest";

import { type KeyHeld, type KeyMessage, TAKE_KEY } from "../../web/src/offline/messages.ts";
import { aPasskey, ASHA, newPhone, newTab, type Tab } from "./vault-phone.ts";

const MINUTE_MS = 60_000;
const SOON_MS = 50;

let tab: Tab;

beforeEach(async () => {
  tab = await newPhone();
  await tab.doors.comeIn(ASHA, aPasskey("ashas-passkey"));
});

const soon = () => new Promise((resolve) => setTimeout(resolve, SOON_MS));
const say = (word: object) => new BroadcastChannel("ap-log-keys").postMessage(word);

/** The worker of this phone. `isHere`: it has the pages in hand; otherwise they have been loaded past it. */
async function startWorker(isHere: boolean): Promise<(said: KeyMessage, ports?: MessagePort[]) => void> {
  const { keyMessage } = await import("../../service-worker/keys.ts");
  const postMessage = (said: KeyMessage, ports: MessagePort[] = []) => void keyMessage(said, ports, async () => [1, 2]);
  const worker = { postMessage };
  const serviceWorker = { controller: isHere ? worker : null, ready: Promise.resolve({ active: worker }) };
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker });
  return postMessage;
}

async function wordOf(tell: (said: KeyMessage, ports?: MessagePort[]) => void): Promise<KeyHeld | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<KeyHeld>((resolve) => (port1.onmessage = ({ data }) => resolve(data as KeyHeld)));
  tell({ type: TAKE_KEY }, [port2]);
  return Promise.race([answer, soon().then(() => undefined)]);
}

test("F28: that somebody used another tab an hour ago is no use of this one now", async () => {
  tab.idle.use(14 * MINUTE_MS);
  say({ kind: "used", at: Date.now() - 60 * MINUTE_MS });
  await soon();
  expect(tab.idle.idleMs()).toBeGreaterThanOrEqual(14 * MINUTE_MS);
  say({ kind: "used", at: Date.now() - 2 * MINUTE_MS });
  await vi.waitUntil(() => tab.idle.idleMs() < 3 * MINUTE_MS);
});

test("an unlock from before a lock that this tab knows of opens nothing", async () => {
  const opened = { vault: tab.keyring.vaultNow(), openedAt: Date.now(), idleMs: 0, usedAt: Date.now() };
  await soon();
  await tab.vault.lock();
  say({ kind: "opened", ...opened });
  await soon();
  expect(tab.keyring.vaultNow()).toBeNull();
});

test("a page that was loaded past the worker takes its key back from it with a lock all the same", async () => {
  const tell = await startWorker(true);
  tab.keyring.lend();
  expect((await wordOf(tell))?.vault.person).toBe(ASHA);
  vi.stubGlobal("navigator", { ...navigator, serviceWorker: { ...navigator.serviceWorker, controller: null } });
  await tab.vault.lock();
  await soon();
  expect(await wordOf(tell)).toBeUndefined();
});

test("a page that was loaded past the worker is given the key all the same", async () => {
  await startWorker(true);
  tab.keyring.handOver();
  await startWorker(false);
  const next = await newTab({ isPage: true });
  expect((await next.vault.opened())?.person).toBe(ASHA);
});

test("a key that is older than the one the worker has does not take its place", async () => {
  const tell = await startWorker(true);
  tab.keyring.lend();
  const now = (await wordOf(tell)) as KeyHeld;
  tell({ type: "keep-key", held: { ...now, openedAt: now.openedAt - 1, vault: { ...now.vault, person: "before" } } });
  expect((await wordOf(tell))?.vault.person).toBe(ASHA);
});

test("a page that goes in the middle of a sign-out locks the other pages at least", async () => {
  const other = await newTab({ isPage: true });
  expect((await other.vault.opened())?.person).toBe(ASHA);
  tab.keyring.giveNoMore();
  await soon();
  expect(other.keyring.vaultNow()?.person).toBe(ASHA);
  tab.keyring.handOver();
  await vi.waitUntil(() => other.keyring.vaultNow() === null);
});

test("a browser that lets no key travel still forgets it here when the page goes", async () => {
  const refuse = () => {
    throw new DOMException("No", "DataCloneError");
  };
  vi.stubGlobal("navigator", { ...navigator, locks: navigator.locks, serviceWorker: { controller: { postMessage: refuse } } });
  tab.keyring.handOver();
  expect(tab.keyring.vaultNow()).toBeNull();
});

test("before a new version is used the worker forgets its key, and keeps the next one that a page lends", async () => {
  const tell = await startWorker(true);
  tab.keyring.lend();
  tab.keyring.takeBack();
  expect(await wordOf(tell)).toBeUndefined();
  tab.keyring.lend();
  expect((await wordOf(tell))?.vault.person).toBe(ASHA);
});

function lateOffer(changes: object = {}): void {
  const offer = { vault: tab.keyring.vaultNow(), openedAt: Date.now(), idleMs: 0, usedAt: Date.now(), ...changes };
  new BroadcastChannel("ap-log-keys").postMessage({ kind: "offer", ...offer });
}

test("a page that has gone takes no key that another tab gives late", async () => {
  const gone = await newTab({ isPage: true });
  vi.spyOn(BroadcastChannel.prototype, "postMessage").mockImplementationOnce(() => undefined);
  expect((await gone.keyring.findVaultKey())?.person).toBeUndefined();
  gone.keyring.handOver();
  lateOffer();
  await soon();
  expect(gone.keyring.vaultNow()).toBeNull();
});

test("a key offered after a lock is not taken, also where the clock was set back since the unlock", async () => {
  const asked = await newTab({ isPage: true });
  vi.spyOn(BroadcastChannel.prototype, "postMessage").mockImplementationOnce(() => undefined);
  expect((await asked.keyring.findVaultKey())?.person).toBeUndefined();
  const vault = tab.keyring.vaultNow();
  await asked.keyring.drop();
  lateOffer({ vault, openedAt: Date.now() + 60_000 });
  await soon();
  expect(asked.keyring.vaultNow()).toBeNull();
});

test("an ask that a lock came into, and another ask after it: the second may take what comes", async () => {
  const asked = await newTab({ isPage: true });
  const post = vi.spyOn(BroadcastChannel.prototype, "postMessage").mockImplementation(() => undefined);
  const one = asked.keyring.findVaultKey();
  await asked.keyring.drop();
  const two = asked.keyring.findVaultKey();
  post.mockRestore();
  lateOffer({ openedAt: Date.now() + 1_000 });
  expect([(await one)?.person, (await two)?.person]).toEqual([ASHA, ASHA]);
});
