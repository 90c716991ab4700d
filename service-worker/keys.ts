// The open vault on its way from the page that goes to the page that comes: in memory, for a minute at most.

import { KEEP_KEY, type KeyHeld, type KeyMessage, type KeyWord, TAKE_KEY } from "../web/src/offline/messages.ts";

type Pages = () => Promise<readonly unknown[]>;

const KEPT_MS = 60_000;

let kept: { readonly held: KeyHeld; readonly at: number } | null = null;
let letGo: () => void = () => null;

/** Pages that came, and asked before the one that goes had given its key away. */
const early = new Set<MessagePort>();

const channel = new BroadcastChannel("ap-log-keys");
channel.onmessage = (event: MessageEvent<KeyWord>) => (isOver(event.data) ? letGo() : null);

/** A page's word to the worker; what is returned keeps the worker alive for as long as it holds a key. */
export async function keyMessage(said: KeyMessage, ports: readonly MessagePort[], pages: Pages): Promise<void> {
  if (said.type === KEEP_KEY) {
    letGo();
    await keep(said.held);
  } else if (said.type === TAKE_KEY) {
    ports.forEach(give);
    const { length } = await pages();
    early.forEach((port) => (length === 1 ? port.postMessage(null) : null)); // No other page has one either.
  }
}

/** And kept nevertheless: the page may be left at this very moment, and would take the key along. */
function give(port: MessagePort): void {
  if (kept === null) {
    early.add(port);
  } else {
    port.postMessage(aged(kept));
  }
}

/** After a lock nobody is given the key, and once somebody else has unlocked not the one before. */
function isOver(said: KeyWord): boolean {
  return said.kind === "lock" || (said.kind === "opened" && said.vault.person !== kept?.held.vault.person);
}

async function keep(held: KeyHeld): Promise<void> {
  const mine = { held, at: performance.now() };
  kept = mine;
  await new Promise<void>((resolve) => {
    letGo = resolve;
    setTimeout(resolve, KEPT_MS);
    early.forEach(give);
    early.clear();
  });
  kept = kept === mine ? null : kept;
}

/** The time on the way counts as idle too. */
function aged({ held, at }: { held: KeyHeld; at: number }): KeyHeld {
  return { ...held, idleMs: held.idleMs + performance.now() - at };
}
