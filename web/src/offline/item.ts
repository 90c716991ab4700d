// One entry in the outbox, and what can become of it. Pure: nothing here is stored or sent.

import type { Problem, Receipt } from "../generated/shapes.ts";
import type { Hidden } from "./rows/vaults.ts";

/**
 * `sending` is set before the first byte leaves, so that after a crash nobody takes it for `sent`.
 * `sent` is set against a matching receipt alone. `needs-person` was refused, and is kept. `replaced` was refused, and
 * its author has changed it since: the server has the later version, and sending this one would undo that.
 */
export type OutboxState = "waiting" | "sending" | "sent" | "needs-person" | "replaced";

/** Which item: a second version of the same entry has the same id and other bytes. */
export type Key = readonly [id: string, sha256: string];

/** What an older version of the app wrote down of an entry for all to read, until its author's vault opens. */
export interface Readable {
  readonly residentName: string;
  readonly words: string;
}

/**
 * What is known of one saved entry besides its bytes. Nothing here says anything of a resident: that is in `hidden`, a
 * `Said` of `outbox`, which only its author's vault opens. Times are ISO 8601 by the phone's clock.
 */
export interface OutboxItem {
  readonly id: string;
  readonly sha256: string;
  /** Bytes of the entry as it is kept. */
  readonly size: number;
  readonly author: string;
  /** Which of the versions of this entry that were saved on this phone, from 1. They are sent in this order. */
  readonly version: number;
  readonly savedAt: string;
  readonly state: OutboxState;
  /** How often sending began. */
  readonly attempts: number;
  readonly lastTriedAt: string | null;
  /** Why it was refused or, while it waits, why the last try failed. */
  readonly problem: Problem | null;
  readonly receipt: Receipt | null;
  /** The `restore_epoch` of the server that is known to hold it, empty where that is not known. */
  readonly epoch: string;
  readonly hidden: Hidden | null;
  readonly readable?: Readable;
}

export function keyOf(item: OutboxItem): Key {
  return [item.id, item.sha256];
}

export function nameOf(item: Pick<OutboxItem, "id" | "sha256">): string {
  return `${item.id} ${item.sha256}`;
}

/** An item as the versions before 3 of the database kept it, as it is kept now. */
export function firstVersion(old: OutboxItem & Partial<Readable>): OutboxItem {
  const { id, sha256, size, author, savedAt, state, attempts, lastTriedAt, problem, receipt } = old;
  const known = { id, sha256, size, author, savedAt, state, attempts, lastTriedAt, problem, receipt };
  const readable = { residentName: old.residentName ?? "", words: old.words ?? "" };
  return { ...known, version: 1, epoch: "", hidden: null, readable };
}

export function begun(item: OutboxItem, at: string): OutboxItem {
  return { ...item, state: "sending", attempts: item.attempts + 1, lastTriedAt: at };
}

export function again(item: OutboxItem, problem: Problem | null = null): OutboxItem {
  return { ...item, state: "waiting", problem };
}

export function refused(item: OutboxItem, problem: Problem): OutboxItem {
  return { ...item, state: "needs-person", problem };
}

export function received(item: OutboxItem, receipt: Receipt, epoch: string): OutboxItem {
  return { ...item, state: "sent", problem: null, receipt, epoch };
}

export function replaced(item: OutboxItem): OutboxItem {
  return { ...item, state: "replaced" };
}

/** The server has lost it: it was restored from a backup that is older. */
export function lostByServer(item: OutboxItem): OutboxItem {
  return { ...item, state: "waiting", receipt: null, epoch: "" };
}

/** Whether the receipt is for exactly these bytes under this id. */
export function isReceiptFor(item: OutboxItem, receipt: Receipt | null | undefined): receipt is Receipt {
  return receipt?.id === item.id && receipt.sha256 === item.sha256;
}

/** Whether the server has still to get it, as far as this phone knows. */
export function isUnsent({ state }: OutboxItem): boolean {
  return state !== "sent" && state !== "replaced";
}

/**
 * Whether the drainer may send it, an entry or a photo. `sending` too: whoever was sending it is gone, or the drainer
 * would not run.
 */
export function isSendable({ state }: Pick<OutboxItem, "state">): boolean {
  return state === "waiting" || state === "sending";
}

/** Whether a person may have it sent once more: not when a later version may be there, since it would come after that. */
export function isRetryable(item: OutboxItem, versions: readonly OutboxItem[]): boolean {
  const later = versions.filter(({ id, version }) => id === item.id && version > item.version);
  const isOvertaken = later.some(({ attempts }) => attempts > 0);
  return item.state === "needs-person" && !isOvertaken;
}

/**
 * What may be sent now, in its order: what was tried least, then what was saved first. A later version waits for the one
 * before it, until that is sent or needs a person.
 */
export function readyToSend(items: readonly OutboxItem[]): OutboxItem[] {
  const first = new Map<string, number>();
  const sendable = items.filter(isSendable);
  for (const { id, version } of sendable) {
    first.set(id, Math.min(version, first.get(id) ?? version));
  }
  const ready = sendable.filter(({ id, version }) => version === first.get(id));
  return ready.sort((one, other) => one.attempts - other.attempts || savedBefore(one, other));
}

function savedBefore(one: OutboxItem, other: OutboxItem): number {
  return Date.parse(one.savedAt) - Date.parse(other.savedAt);
}
