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

/** What is true of a browser: whether it sends what waits when no page of ours is open (Background Sync). */
export const SENDS_WHEN_CLOSED = "SyncManager" in globalThis;

const STAYS = "It stays on this phone. Open AP Log when you have signal and it is sent.";
const BY_ITSELF = "It is sent by itself when there is signal, or when you open AP Log.";

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
      return { state: "Sent", tone: "green", next: sentWords(item, now), canRetry: false };
    case "sending":
      return { state: "Being sent", tone: "blue", next: "It stays on this phone until the server has it.", canRetry: false };
    case "needs-person":
      return { state: "Needs you", tone: "red", next: problemWords(item), canRetry: true };
    case "waiting":
      return { state: "On this phone", tone: "yellow", next: waitsWords(draining), canRetry: false };
  }
}

/** How all entries stand, in a sentence or two; `others` are unsent ones of people who are not signed in here. */
export function summaryWords(items: readonly OutboxItem[], draining: DrainState, others = 0): string {
  const refused = items.filter((item) => item.state === "needs-person").length;
  const waiting = items.filter((item) => item.state !== "sent").length - refused;
  const sentences = [
    waiting > 0 ? waitingWords(waiting, draining) : "",
    refused > 0 ? `${counted(refused)} ${refused === 1 ? "needs" : "need"} you.` : "",
    others > 0 ? othersWords(others) : "",
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

function othersWords(others: number): string {
  return others === 1
    ? "1 entry of somebody else waits on this phone until they sign in."
    : `${others} entries of other people wait on this phone until they sign in.`;
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
