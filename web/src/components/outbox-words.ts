// The entries on this phone in plain words: what became of each, and what it waits for. Pure.

import { SENDS_WHEN_CLOSED } from "../lib/browser.ts";
import { saidTime } from "../lib/said.ts";
import type { DrainState } from "../offline/drain.ts";
import type { OutboxItem } from "../offline/outbox.ts";

/** `state` in a word or two with a `tone` for its colours, then what it waits for. */
export interface ItemWords {
  readonly state: string;
  readonly tone: "blue" | "green" | "yellow" | "red";
  readonly next: string;
}

const STAYS = "It stays on this phone. Open AP Log when you have signal and it is sent.";
const BY_ITSELF = "It is sent by itself when there is signal, or when you open AP Log.";
const BEING_SENT = "It stays on this phone until the server has it.";
const HELD = "A manager has to look at it before it goes into the log.";
const REPLACED = "The server has what you changed it to. There is nothing left to do.";

/** What is said of an entry that its author's open vault cannot read. */
export const UNREADABLE =
  "It was saved with another passkey, or before you last signed in here: this phone cannot show what it says now.";

/** What an entry that is on the phone waits for. */
export function waitsWords(draining: DrainState, sendsWhenClosed = SENDS_WHEN_CLOSED): string {
  switch (draining) {
    case "sending":
      return "It is next to be sent.";
    case "sign-in":
      return "Sign in to send it.";
    case "idle":
    case "trying-again":
      return sendsWhenClosed ? BY_ITSELF : STAYS;
  }
}

export function itemWords(item: OutboxItem, draining: DrainState, now: Date): ItemWords {
  switch (item.state) {
    case "sent":
      return { state: "Sent", tone: "green", next: sentWords(item, now) };
    case "sending":
      return { state: "Being sent", tone: "blue", next: BEING_SENT };
    case "needs-person":
      return { state: "Needs you", tone: "red", next: refusedWords(item) };
    case "replaced":
      return { state: "Changed", tone: "green", next: REPLACED };
    case "waiting":
      return { state: "On this phone", tone: "yellow", next: waitingWords(item, draining) };
  }
}

/** "version 2", of an entry that has been changed since it was first saved; empty otherwise. */
export function versionWords({ version }: OutboxItem, versions: number): string {
  return versions > 1 ? `version ${version}` : "";
}

/** What is true of an entry once the server has it. */
export function sentWords({ receipt }: OutboxItem, now: Date): string {
  const since = receipt === null ? "" : ` since ${saidTime(new Date(receipt.received_at), now)}`;
  return [`The server has it${since}.`, receipt?.held === true ? HELD : ""].filter((words) => words !== "").join(" ");
}

/** Why the last try failed, where that is known. It is no less on the phone for that. */
function waitingWords(item: OutboxItem, draining: DrainState): string {
  return item.problem === null ? waitsWords(draining) : `${item.problem.title}. It stays on this phone and is tried again.`;
}

function refusedWords(item: OutboxItem): string {
  const { title = "It was not accepted", way_on = "Show this to your manager.", faults = [] } = item.problem ?? {};
  return [`${title}.`, ...faults.map((fault) => `${fault.message}.`), way_on].join(" ");
}
