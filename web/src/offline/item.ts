// One entry in the outbox, and what can become of it. Pure: nothing here is stored or sent.

import type { Problem, Receipt } from "../generated/shapes.ts";

/**
 * `sending` is set before the first byte leaves, so that after a crash nobody takes it for `sent`.
 * `sent` is set against a matching receipt alone. `needs-person` was refused, and is kept.
 */
export type OutboxState = "waiting" | "sending" | "sent" | "needs-person";

/** Which item: a second version of the same entry has the same id and other bytes. */
export type Key = readonly [id: string, sha256: string];

/** What is known of one saved entry besides its bytes. Times are ISO 8601 by the phone's clock. */
export interface OutboxItem {
  readonly id: string;
  readonly sha256: string;
  /** Bytes of the entry as saved. */
  readonly size: number;
  readonly author: string;
  readonly residentId: string;
  readonly residentName: string;
  /** What happened, in a few words for the list. */
  readonly words: string;
  readonly occurredAt: string;
  readonly savedAt: string;
  readonly state: OutboxState;
  /** How often sending began. */
  readonly attempts: number;
  readonly lastTriedAt: string | null;
  /** Why it was refused or, while it waits, why the last try failed. */
  readonly problem: Problem | null;
  readonly receipt: Receipt | null;
}

export function keyOf(item: OutboxItem): Key {
  return [item.id, item.sha256];
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

export function received(item: OutboxItem, receipt: Receipt): OutboxItem {
  return { ...item, state: "sent", problem: null, receipt };
}

/** Whether the receipt is for exactly these bytes under this id. */
export function isReceiptFor(item: OutboxItem, receipt: Receipt | null | undefined): receipt is Receipt {
  return receipt?.id === item.id && receipt.sha256 === item.sha256;
}

/** Whether the server does not hold it yet, as far as this phone knows. */
export function isUnsent(item: OutboxItem): boolean {
  return item.state !== "sent";
}

/** Whether the drainer may send it. `sending` too: whoever was sending it is gone, or the drainer would not run. */
export function isSendable(item: OutboxItem): boolean {
  return item.state === "waiting" || item.state === "sending";
}
