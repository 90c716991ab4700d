// The open vault key, which lives in memory alone. It goes from page to page through that of the service worker, and to
// other tabs as a message; neither is ever written down.

import { idleMs, isIdle, use } from "./idle.ts";
import { DROP_KEY, KEEP_KEY, type KeyHeld, type KeyMessage, TAKE_KEY } from "./messages.ts";

/** `credential`: the passkey that opened it, null without one. `isKept`: whether that passkey opens it again. */
export interface OpenVault {
  readonly person: string;
  readonly credential: string | null;
  readonly key: CryptoKey;
  readonly isKept: boolean;
}

/** The passkey whose lock opens it again, null where it is in memory alone. */
export function lockOf({ credential, isKept }: OpenVault): string | null {
  return isKept ? credential : null;
}

/** `at`: when it was locked or used, for a tab that sleeps may hear of it much later. */
type KeyWord =
  | { readonly kind: "ask" }
  | { readonly kind: "lock" | "used"; readonly at: number }
  | ({ readonly kind: "offer" | "opened" } & KeyHeld);

/** Who has not answered by then is busy or gone: the page shows that it is locked, for as long as that is so. */
const ANSWER_MS = 250;

/** Where no other page is left, the one that has just gone may still be heard of. */
const LAST_PAGE_MS = 100;

/** What a page wants to finish before its key goes may not keep the key. */
const LAST_WORDS_MS = 300;

const channel = new BroadcastChannel("ap-log-keys");
const listeners = new Set<() => void>();
const lastWords = new Set<() => Promise<unknown>>();

let held: OpenVault | null = null;
let openedAt = 0;
let lockedAt = 0;

/** It is being locked, and still here for the last words alone: nobody else is given it. */
let isGoing = false;
let asking: ((vault: OpenVault | null) => void) | null = null;

/** Where the worker answers this page, at once or late. */
let ear: MessagePort | null = null;

/** This page has asked, and has heard of no lock since: what comes after a lock is not taken. */
let hasAsked = false;

channel.onmessage = (event: MessageEvent<KeyWord>) => hear(event.data);

/** The open vault of this page. */
export function vaultNow(): OpenVault | null {
  return held;
}

/** Ask the worker and the other tabs for the open vault; null where none of them has one. Only pages have reason to. */
export async function findVaultKey(): Promise<OpenVault | null> {
  if (held !== null || !("document" in globalThis)) {
    return held;
  }
  const answer = new Promise<OpenVault | null>((resolve) => {
    asking = resolve;
    setTimeout(() => resolve(null), ANSWER_MS);
  });
  hasAsked = true;
  post({ kind: "ask" });
  askWorker();
  await answer;
  asking = null;
  return held;
}

/** Open this vault here and in every other tab, in place of any other. */
export function hold(vault: OpenVault): void {
  use();
  const opening = { ...asHeld(vault), openedAt: Math.max(Date.now(), lockedAt) };
  tellWorker({ type: DROP_KEY, at: opening.openedAt });
  take(opening);
  post({ kind: "opened", ...opening });
}

/** Drop the key here, in every other tab and in the worker. */
export async function drop(): Promise<void> {
  const at = lockTime();
  post({ kind: "lock", at });
  await dropHere(at);
}

/** From now on nobody is given the key from here, nor by the worker; this page has it until `drop`, or until it goes. */
export function giveNoMore(): void {
  forbid(lockTime());
}

/** Tell the other tabs that somebody is using this one. */
export function tellUsed(): void {
  post({ kind: "used", at: Date.now() });
}

/** Have the worker forget its copy: what it does for the sake of that holds up a new version. */
export function takeBack(): void {
  tellWorker({ type: DROP_KEY, at: 0 });
}

/** Hear when a vault was opened, locked or changed for another; call what is returned to stop. */
export function onKeyChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Have something done while the key is still there, when it is about to go; call what is returned to stop. */
export function beforeKeyGoes(work: () => Promise<unknown>): () => void {
  lastWords.add(work);
  return () => lastWords.delete(work);
}

/** Give the key to the worker for the page that may come. The worker is not sure to hear a page that is gone. */
export function lend(): void {
  if (held !== null && !isGoing && !isIdle()) {
    tellWorker({ type: KEEP_KEY, held: asHeld(held) });
  }
}

/** The same, and forget it here. A page that goes takes none any more. */
export function handOver(): void {
  lend();
  if (held !== null && isGoing) {
    post({ kind: "lock", at: lockedAt }); // There is no time left for the rest of it.
  }
  held = null;
  hasAsked = false;
  ear?.close();
}

/** Once more after this page has come back: it may show what belongs to a vault that was locked meanwhile. */
export async function comeBack(): Promise<void> {
  await findVaultKey();
  tell();
}

/** Where a browser does not let a key travel, each page has to be unlocked by itself. */
function post(message: KeyWord): void {
  try {
    channel.postMessage(message);
  } catch {
    // The key stays where it is.
  }
}

function hear(message: KeyWord): void {
  switch (message.kind) {
    case "ask":
      return answer();
    case "offer":
      return isWanted() ? take(message) : undefined;
    case "opened":
      return take(message);
    case "used":
      return hearUsed(message.at);
    case "lock":
      return void dropHere(Math.max(message.at, openedAt + 1));
  }
}

function hearUsed(at: number): void {
  const age = Math.max(Date.now() - at, 0);
  if (age < idleMs()) {
    use(age);
  }
}

/** A tab that slept through its time gives no key away. */
function answer(): void {
  if (held !== null && isIdle()) {
    void drop();
  } else if (held !== null && !isGoing) {
    post({ kind: "offer", ...asHeld(held) });
  }
}

function asHeld(vault: OpenVault): KeyHeld {
  return { vault, openedAt, idleMs: idleMs(), usedAt: Date.now() - idleMs() };
}

/** Whoever is busy, or has to start first, may answer late: then the page opens when they do. */
function isWanted(): boolean {
  return held === null && hasAsked;
}

function askWorker(): void {
  const { port1, port2 } = new MessageChannel();
  ear?.close();
  ear = port1;
  port1.onmessage = (event: MessageEvent<KeyHeld | null>) => {
    if (event.data === null) {
      setTimeout(() => asking?.(null), LAST_PAGE_MS);
    } else if (isWanted()) {
      take(event.data);
    }
  };
  tellWorker({ type: TAKE_KEY }, [port2]);
}

/** A page that was loaded past the worker tells it all the same. A browser may not let a key travel: then it stays. */
function tellWorker(said: KeyMessage, ports: MessagePort[] = []): void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  try {
    if (workers?.controller) {
      workers.controller.postMessage(said, ports);
    } else {
      void workers?.ready?.then(({ active }) => active?.postMessage(said, ports)).catch(() => null);
    }
  } catch {
    // Each page has to be unlocked by itself.
  }
}

function take(given: KeyHeld): void {
  if (given.openedAt < lockedAt) {
    return;
  }
  use(Math.max(given.idleMs, Date.now() - given.usedAt));
  if (isIdle()) {
    return;
  }
  held = given.vault;
  openedAt = given.openedAt;
  isGoing = false;
  asking?.(held);
  tell();
}

/** Each page tells the worker too: in order with what it has told it before, however late the worker starts. */
function forbid(at: number): void {
  isGoing = true;
  lockedAt = Math.max(lockedAt, at);
  tellWorker({ type: DROP_KEY, at });
}

/** After the vault was opened, also where somebody has set the clock back since. */
function lockTime(): number {
  return Math.max(Date.now(), openedAt + 1, lockedAt);
}

async function dropHere(at: number): Promise<void> {
  hasAsked = false;
  forbid(at);
  if (held === null) {
    return;
  }
  const going = held;
  const enough = new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
  await Promise.race([Promise.allSettled([...lastWords].map((work) => work())), enough]);
  if (held === going) {
    held = null; // Unless somebody else has unlocked meanwhile.
    tell();
  }
}

function tell(): void {
  listeners.forEach((listener) => listener());
}
