// The worker's copy of the open vault, for pages that come: in memory, for a minute at most, and not after a lock.

import { DROP_KEY, KEEP_KEY, type KeyHeld, type KeyMessage, TAKE_KEY } from "../web/src/offline/messages.ts";

type Pages = () => Promise<readonly unknown[]>;

const KEPT_MS = 60_000;

let kept: { readonly held: KeyHeld; readonly at: number } | null = null;
let letGo: () => void = () => null;
let droppedAt = 0;

/** Pages that came, and asked before the one that goes had given its key away. */
const early = new Set<MessagePort>();

/** A page's word to the worker; what is returned keeps the worker alive for as long as it holds a key. */
export async function keyMessage(said: KeyMessage, ports: readonly MessagePort[], pages: Pages): Promise<void> {
  if (said.type === KEEP_KEY && said.held.openedAt >= Math.max(droppedAt, kept?.held.openedAt ?? 0)) {
    letGo();
    await keep(said.held);
  } else if (said.type === TAKE_KEY) {
    ports.forEach(give);
    const isOnly = (await pages()).length === 1;
    ports.forEach((port) => (isOnly && kept === null ? port.postMessage(null) : null));
  } else if (said.type === DROP_KEY) {
    droppedAt = Math.max(droppedAt, said.at);
    letGo();
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

async function keep(held: KeyHeld): Promise<void> {
  const mine = { held, at: performance.now() };
  kept = mine;
  await new Promise<void>((resolve) => {
    letGo = () => {
      kept = kept === mine ? null : kept;
      resolve();
    };
    setTimeout(letGo, KEPT_MS);
    early.forEach(give);
    early.clear();
  });
}

/** The time on the way counts as idle too. */
function aged({ held, at }: { held: KeyHeld; at: number }): KeyHeld {
  return { ...held, idleMs: held.idleMs + performance.now() - at };
}
