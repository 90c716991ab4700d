// The texts on their way: which of them may go now, in batches that a poor connection carries, and what each answer of the
// server means for going on. Entries of everybody on this phone go in whatever session there is: it is only the courier.

import { ENTRIES_LIMIT, type Problem, type PushedEntry } from "../generated/shapes.ts";
import { toBytes } from "../lib/bytes.ts";
import { announce } from "../lib/news.ts";
import { begun, keyOf, nameOf, type OutboxItem, readyToSend, refused, replaced } from "./item.ts";
import { isWhole, toPushed } from "./parcel.ts";
import { hasFailedAlone, type Outcome, send, settled } from "./push.ts";
import { changeItems, findParcel, listItems, listItemsOf } from "./rows/items.ts";

/** How it ended: nothing more to send, nobody signed in who may, or something has to be waited for. */
export type Ended = "idle" | "sign-in" | "trying-again";

/**
 * `isOver`: another run has begun in this one's place. `progress` is told of how many entries `done` are settled.
 * `unsure`: entries that are not changed now, because the server may have lost what was sent of them.
 */
export interface Run {
  readonly isOver: () => boolean;
  readonly progress: (done: number, of: number) => void;
  readonly unsure: ReadonlySet<string>;
}

interface Batch {
  readonly items: readonly OutboxItem[];
  readonly entries: readonly PushedEntry[];
}

/** What gets through a poor connection before the server stops listening. One entry goes however long it is. */
const PUSH_BYTES = 64 * 1024;

const FEW = 4;

/** A server that breaks over so many single entries, one after the other, is at fault itself. */
const BREAKS_LIMIT = 3;

/** A bad item's bytes are not there to be sent, or not what they were. */
const BYTES_LOST: Problem = {
  code: "bytes-lost",
  title: "This phone has lost what this entry said",
  way_on: "Try again with AP Log unlocked. If that does not help, write it again and tell your manager.",
  status: 0,
  reference: "",
};

/**
 * How many entries go with the next push: few at first, and one alone after silence. Where there is no signal, packing
 * more than that each time would only slow down whoever is writing.
 */
let size = FEW;

/** Send each text that waits, once at most, until none is left or something has to be waited for. */
export async function sendTexts(run: Run): Promise<Ended> {
  const tried = new Set<string>();
  let ended: Ended = "idle";
  for (;;) {
    const ready = readyToSend(await listItems());
    const queue = ready.filter((item) => !tried.has(nameOf(item)) && !run.unsure.has(item.id));
    if (queue.length === 0 || run.isOver()) {
      return ended;
    }
    queue.forEach((item) => tried.add(nameOf(item)));
    const passed = await sendQueue(queue, run);
    if (passed !== "idle" && passed !== "some-wait") {
      return passed;
    }
    ended = passed === "some-wait" ? "trying-again" : ended;
  }
}

/** `some-wait`: the server answered, and there was an entry that it could not take now. */
async function sendQueue(queue: readonly OutboxItem[], run: Run): Promise<Ended | "some-wait"> {
  const left = [...queue];
  let breaks = 0;
  let ended: "idle" | "some-wait" = "idle";
  while (left.length > 0 && !run.isOver()) {
    run.progress(queue.length - left.length, queue.length);
    const batch = await taken(left);
    if (batch.items.length === 0) {
      continue;
    }
    const outcome = await sendBatch(batch);
    const isSplit = adapt(outcome, batch.items.length);
    if (isSplit) {
      left.unshift(...batch.items);
      continue;
    }
    breaks = outcome.kind === "failed" ? breaks + 1 : 0;
    const stop = endOf(outcome);
    if (stop !== null || breaks >= BREAKS_LIMIT) {
      return stop ?? "trying-again";
    }
    ended = areAllJudged(outcome, batch.items) ? ended : "some-wait";
  }
  return ended;
}

/** The next batch, taken out of `left`. What failed by itself goes by itself, so that it holds up nothing else. */
async function taken(left: OutboxItem[]): Promise<Batch> {
  const doubtful = left.findIndex(hasFailedAlone);
  const upTo = doubtful < 0 ? size : Math.min(size, Math.max(doubtful, 1));
  const items: OutboxItem[] = [];
  const entries: PushedEntry[] = [];
  let room = PUSH_BYTES;
  while (left[0] !== undefined && items.length < upTo) {
    const entry = await pushed(left[0]);
    room -= entry === null ? 0 : toBytes(JSON.stringify(entry)).length;
    if (entry !== null && room < 0 && items.length > 0) {
      break;
    }
    const item = left.shift();
    if (entry !== null && item !== undefined) {
      items.push(item);
      entries.push(entry);
    }
  }
  return { items, entries };
}

async function pushed(item: OutboxItem): Promise<PushedEntry | null> {
  const parcel = await findParcel(keyOf(item));
  if (parcel !== null && (await isWhole(parcel))) {
    return toPushed(parcel);
  }
  await changeItems([keyOf(item)], (lost) => refused(lost, BYTES_LOST));
  announce("outbox");
  return null;
}

/** Marked before the first byte leaves. What was taken back or sent meanwhile does not go. */
async function sendBatch({ items, entries }: Batch): Promise<Outcome> {
  const keys = items.map(keyOf);
  const at = new Date().toISOString();
  const marked = new Set((await changeItems(keys, (item) => begun(item, at))).map(nameOf));
  announce("outbox");
  const outcome = await send(entries.filter((entry) => marked.has(nameOf(entry))));
  const now = await changeItems(keys, (item) => settled(item, outcome, items.length === 1));
  await replaceEarlier(now.filter((item) => item.state === "sent"));
  announce("outbox");
  return outcome;
}

/** Earlier versions that were refused are done with once a later one is there. */
async function replaceEarlier(sent: readonly OutboxItem[]): Promise<void> {
  for (const { id, version } of sent.filter((item) => item.version > 1)) {
    const earlier = (await listItemsOf(id)).filter((item) => item.version < version);
    await changeItems(earlier.map(keyOf), replaced);
  }
}

/** Send less at once after a push that did not get through, and more after one that did. True to send it in parts now. */
function adapt(outcome: Outcome, count: number): boolean {
  if (outcome.kind === "results") {
    size = Math.min(ENTRIES_LIMIT, size * FEW);
  } else if (outcome.kind === "silence") {
    size = 1;
  } else if (["slow", "failed", "refused"].includes(outcome.kind)) {
    size = Math.max(1, Math.floor(count / 2));
  }
  return count > 1 && (outcome.kind === "failed" || outcome.kind === "refused");
}

/** Where it ends for now after this outcome, or null to go on. */
function endOf(outcome: Outcome): Ended | null {
  switch (outcome.kind) {
    case "sign-in":
    case "not-courier":
      return "sign-in";
    case "silence":
    case "slow":
      return "trying-again";
    case "failed":
    case "refused":
    case "results":
      return null;
  }
}

/** Whether every item ended for good: with its receipt, or with a refusal that waiting does not change. */
function areAllJudged(outcome: Outcome, items: readonly OutboxItem[]): boolean {
  return items.map((item) => settled(item, outcome, items.length === 1)).every((item) => item.state !== "waiting");
}
