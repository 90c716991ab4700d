// The drainer: sends what waits, one at a time among all tabs and the service worker, and tries again by itself.
// It asks nobody whether there is signal; it tries, and believes a receipt.

import { ENTRIES_LIMIT } from "../generated/shapes.ts";
import { announce, listen } from "../lib/news.ts";
import { changeItems } from "./database.ts";
import { begun, keyOf, type OutboxItem } from "./item.ts";
import { forgetOldSent, listSendable, othersUnsentCount, pack } from "./outbox.ts";
import { isForAnotherAuthor, type Outcome, send, settled } from "./push.ts";
import { me, refresh } from "./reference.ts";

/** `sign-in`: entries wait until somebody signs in, which is no error. `trying-again`: by itself, at `nextTryAt`. */
export type DrainState = "idle" | "sending" | "trying-again" | "sign-in";

export interface DrainStatus {
  readonly state: DrainState;
  readonly nextTryAt: string | null;
}

const LOCK = "ap-log-drain";
const STATUS = "drain";
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Another tab is sending. It may end just before it would have seen what was saved here. */
const LOOK_AGAIN_MS = 2_000;

/** What gets through a poor connection before the server stops listening. One entry goes however long it is. */
const PUSH_BYTES = 64 * 1024;

let shown: DrainStatus = { state: "idle", nextTryAt: null };
let running: Promise<DrainState> | null = null;
let isAskedAgain = false;
let failures = 0;
let size = ENTRIES_LIMIT;
let timer: ReturnType<typeof setTimeout> | undefined;

listen(STATUS, (status) => {
  shown = status as DrainStatus;
});

/** Send what waits now. Asking while it runs is fine: then it looks once more before it ends. Never rejects. */
export function drainNow(): Promise<DrainState> {
  if (running !== null) {
    isAskedAgain = true;
    return running;
  }
  clearTimeout(timer);
  running = drained().finally(() => {
    running = null;
  });
  return running;
}

export function status(): DrainStatus {
  return shown;
}

/** Hear how sending goes, wherever it is done; call what is returned to stop. */
export function onStatus(listener: (status: DrainStatus) => void): () => void {
  return listen(STATUS, () => listener(shown));
}

async function drained(): Promise<DrainState> {
  let state: DrainState;
  do {
    isAskedAgain = false;
    state = await navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? "sending" : run()))
      .catch(() => "trying-again" as const);
  } while (isAskedAgain && state === "idle");
  planNext(state);
  return state;
}

function planNext(state: DrainState): void {
  failures = state === "trying-again" ? failures + 1 : 0;
  if (state === "sending") {
    timer = setTimeout(() => void drainNow(), LOOK_AGAIN_MS);
  } else if (state === "trying-again") {
    const wait = Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    timer = setTimeout(() => void drainNow(), wait);
    show(state, new Date(Date.now() + wait).toISOString());
  } else {
    show(state);
  }
}

function show(state: DrainState, nextTryAt: string | null = null): void {
  if (state !== shown.state || nextTryAt !== shown.nextTryAt) {
    announce(STATUS, { state, nextTryAt } satisfies DrainStatus);
  }
}

/** Send batch after batch, each item once at most, until nothing is left or something has to be waited for. */
async function run(): Promise<DrainState> {
  const tried = new Set<string>();
  for (;;) {
    const author = await findAuthor();
    if (author === null) {
      return (await othersUnsentCount()) > 0 ? "sign-in" : "idle";
    }
    const batch = await nextBatch(author, tried);
    if (batch.items.length === 0) {
      await forgetOldSent(Date.now());
      return "idle";
    }
    show("sending");
    const outcome = await sendBatch(batch);
    batch.items.forEach((item) => tried.add(nameOf(item)));
    const state = await follow(outcome, batch.items, tried);
    if (state !== "sending") {
      return state;
    }
  }
}

/** Who is signed in. Entries of anybody else wait for their author. */
async function findAuthor(): Promise<string | null> {
  const known = await me();
  if (known === null && (await othersUnsentCount()) > 0) {
    await refresh({ force: true });
  }
  return (known ?? (await me()))?.id ?? null;
}

type Batch = Awaited<ReturnType<typeof pack>>;

/** What failed by itself goes by itself, so that it holds up nothing else. */
async function nextBatch(author: string, tried: ReadonlySet<string>): Promise<Batch> {
  const items = (await listSendable(author)).filter((item) => !tried.has(nameOf(item)));
  const doubtful = items.findIndex((item) => item.problem !== null);
  const upTo = doubtful < 0 ? size : Math.min(size, Math.max(doubtful, 1));
  return pack(items.slice(0, upTo), PUSH_BYTES);
}

async function sendBatch({ items, entries }: Batch): Promise<Outcome> {
  const keys = items.map(keyOf);
  const at = new Date().toISOString();
  await changeItems(keys, (item) => begun(item, at));
  announce("outbox");
  const outcome = await send({ entries });
  await changeItems(keys, (item) => settled(item, outcome, items.length === 1));
  announce("outbox");
  return outcome;
}

/** Whether to go on (`sending`) after this outcome, or where it ends for now. */
async function follow(outcome: Outcome, items: readonly OutboxItem[], tried: Set<string>): Promise<DrainState> {
  switch (outcome.kind) {
    case "sign-in":
      return "sign-in";
    case "silence":
      return "trying-again";
    case "slow":
    case "failed":
      size = Math.max(1, Math.floor(items.length / 2));
      return "trying-again";
    case "refused":
      if (items.length > 1) {
        size = Math.floor(items.length / 2);
        items.forEach((item) => tried.delete(nameOf(item)));
      }
      return "sending";
    case "results":
      size = Math.min(ENTRIES_LIMIT, size * 2);
      if (isForAnotherAuthor(outcome)) {
        await refresh({ force: true });
      }
      return areAllJudged(outcome, items) ? "sending" : "trying-again";
  }
}

/** Whether every item ended for good: with its receipt, or with a refusal that waiting does not change. */
function areAllJudged(outcome: Outcome, items: readonly OutboxItem[]): boolean {
  const after = items.map((item) => settled(item, outcome, items.length === 1));
  return isForAnotherAuthor(outcome) || after.every((item) => item.state !== "waiting");
}

function nameOf(item: OutboxItem): string {
  return `${item.id} ${item.sha256}`;
}
