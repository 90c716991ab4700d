// The open vault on its way from the page that goes to the page that comes: in memory, for a minute at most.

import { KEEP_KEY, type KeyHeld, TAKE_KEY } from "../web/src/offline/messages.ts";

const KEPT_MS = 60_000;

let kept: { readonly held: KeyHeld; readonly at: number } | null = null;
let letGo: () => void = () => null;

/** Pages that came, and asked before the one that goes had given its key away. */
const early = new Set<MessagePort>();

const channel = new BroadcastChannel("ap-log-keys");
channel.onmessage = (event: MessageEvent<{ kind: string }>) => (event.data.kind === "lock" ? letGo() : null);

/** A page's word to the worker; what is returned keeps the worker alive for as long as it holds a key. */
export async function keyMessage(data: unknown, ports: readonly MessagePort[]): Promise<void> {
  const said = data as { readonly type?: string; readonly held: KeyHeld } | string;
  if (typeof said === "object" && said.type === KEEP_KEY) {
    letGo();
    await keep(said.held);
  } else if (typeof said === "object" && said.type === TAKE_KEY) {
    ports.forEach(give);
  }
}

/** Kept until the page says that it has it: one that is left at that very moment would take it along. */
function give(port: MessagePort): void {
  const isTaken = letGo;
  port.onmessage = () => isTaken();
  port.postMessage(kept === null ? null : aged(kept));
  if (kept === null) {
    early.add(port);
  }
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
