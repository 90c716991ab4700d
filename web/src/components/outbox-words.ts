// The outbox in plain words: what became of each entry, what it waits for, and how all of them stand. Pure.

import { saidTime } from "../lib/said.ts";
import type { Contact } from "../offline/connection.ts";
import type { DrainState } from "../offline/drain.ts";
import type { OutboxItem } from "../offline/outbox.ts";

/** `state` in a word or two with a `tone` for its colours, then what it waits for. `canRetry`: a person may send it again. */
export interface ItemWords {
  readonly state: string;
  readonly tone: "blue" | "green" | "yellow" | "red";
  readonly next: string;
  readonly canRetry: boolean;
}

const WAITS: Readonly<Record<DrainState, string>> = {
  idle: "It is sent by itself when there is signal.",
  sending: "It is next to be sent.",
  "trying-again": "It waits for signal and is tried again by itself.",
  "sign-in": "It waits until you sign in.",
};

export function itemWords(item: OutboxItem, draining: DrainState, now: Date): ItemWords {
  switch (item.state) {
    case "sent":
      return { state: "Sent", tone: "green", next: sentWords(item, now), canRetry: false };
    case "sending":
      return { state: "Being sent", tone: "blue", next: "It stays on this phone until the server has it.", canRetry: false };
    case "needs-person":
      return { state: "Needs you", tone: "red", next: problemWords(item), canRetry: true };
    case "waiting":
      return { state: "On this phone", tone: "yellow", next: WAITS[draining], canRetry: false };
  }
}

/** How all entries stand, in a sentence. */
export function summaryWords(items: readonly OutboxItem[], draining: DrainState): string {
  const refused = items.filter((item) => item.state === "needs-person").length;
  const waiting = items.filter((item) => item.state !== "sent").length - refused;
  const sentences = [
    waiting > 0 ? waitingWords(waiting, draining) : "",
    refused > 0 ? `${counted(refused)} ${refused === 1 ? "needs" : "need"} you.` : "",
  ].filter((words) => words !== "");
  if (sentences.length > 0) {
    return sentences.join(" ");
  }
  return items.length > 0 ? "Everything is sent." : "Nothing waits on this phone.";
}

/** When the server itself last answered this phone. */
export function contactWords(contact: Contact | null, now: Date): string {
  return contact === null
    ? "This phone has not reached AP Log yet."
    : `This phone last reached AP Log ${saidTime(new Date(contact.at), now)}.`;
}

function waitingWords(waiting: number, draining: DrainState): string {
  const here = `${counted(waiting)} on this phone`;
  const ends: Record<DrainState, string> = {
    idle: `${here}, waiting for signal.`,
    sending: `${here}, being sent now.`,
    "trying-again": `${here}, waiting for signal.`,
    "sign-in": `${here}. Sign in to send ${waiting === 1 ? "it" : "them"}.`,
  };
  return ends[draining];
}

function sentWords(item: OutboxItem, now: Date): string {
  const at = item.receipt === null ? "" : ` since ${saidTime(new Date(item.receipt.received_at), now)}`;
  return `The server has it${at}.`;
}

function problemWords(item: OutboxItem): string {
  const { title = "It was not accepted", way_on = "Show this to your manager.", faults = [] } = item.problem ?? {};
  return [`${title}.`, ...faults.map((fault) => `${fault.message}.`), way_on].join(" ");
}

function counted(number: number): string {
  return number === 1 ? "1 entry" : `${number} entries`;
}
