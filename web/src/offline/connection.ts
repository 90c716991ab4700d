// Speaks to the server, and tells its answers from those of captive portals, proxies and nobody at all.

import type { Problem } from "../generated/shapes.ts";
import { announce } from "../lib/news.ts";
import { findFact, keepFact } from "./rows/facts.ts";

/** A request that shows no end by then has lost its connection without anybody noticing. */
const WATCHDOG_MS = 45_000;

/** Told to everybody when the server has answered. */
export const CONTACT = "contact";

const JSON_TYPE = /^application\/(problem\+)?json\b/;

/** When the server itself last answered, by the phone's clock, and server time minus phone time in milliseconds. */
export interface Contact {
  readonly at: string;
  readonly offsetMs: number;
}

/** `status` 0: no answer at all; 408: none before the watchdog barked. `value` is undefined where the answer was not JSON. */
export interface Answer {
  readonly status: number;
  readonly value: unknown;
}

const NO_ANSWER: Answer = { status: 0, value: undefined };
const TOO_SLOW: Answer = { status: 408, value: undefined };

/** Ask the server for something, or send it `content` as JSON. Never rejects, and always settles. */
export function ask(path: string, content?: unknown): Promise<Answer> {
  const body = content === undefined ? {} : { method: "POST", body: JSON.stringify(content) };
  return answered(path, { ...body, headers: { Accept: "application/json", "Content-Type": "application/json" } });
}

/** Put bytes as they are; `headers` go with them. Never rejects, and always settles. */
export function putBytes(path: string, bytes: BufferSource, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const kinds = { Accept: "application/json", "Content-Type": "application/octet-stream" };
  return answered(path, { method: "PUT", body: bytes, headers: { ...kinds, ...headers } });
}

async function answered(path: string, request: RequestInit): Promise<Answer> {
  const watchdog = new AbortController();
  const timer = setTimeout(() => watchdog.abort(), WATCHDOG_MS);
  try {
    return await Promise.race([answerOf(path, { ...request, signal: watchdog.signal }), aborted(watchdog.signal)]);
  } catch {
    return watchdog.signal.aborted ? TOO_SLOW : NO_ANSWER;
  } finally {
    clearTimeout(timer);
  }
}

/** The problem an answer holds, in the one shape our server has for it; null when it came from anybody else. */
export function problemIn(answer: Answer): Problem | null {
  const found = answer.value as Partial<Problem> | null | undefined;
  const isOurs = typeof found?.code === "string" && typeof found.title === "string" && typeof found.way_on === "string";
  return isOurs ? (found as Problem) : null;
}

/** Note that the server answered and what its clock said; `serverTime` is ISO 8601. */
export async function noteContact(serverTime: string): Promise<void> {
  const now = Date.now();
  const contact: Contact = { at: new Date(now).toISOString(), offsetMs: Date.parse(serverTime) - now };
  await keepFact(CONTACT, contact);
  announce(CONTACT);
}

/** The last time the server itself answered. Not `navigator.onLine`, which knows only of a network. */
export async function lastContact(): Promise<Contact | null> {
  return ((await findFact(CONTACT)) as Contact | undefined) ?? null;
}

async function answerOf(path: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(path, {
    ...request,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error", // Our server redirects no such request. A portal does.
  });
  const isJson = JSON_TYPE.test(response.headers.get("Content-Type") ?? "");
  return { status: response.status, value: isJson ? parsed(await response.text()) : undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A connection that died quietly may not even notice that it was aborted. */
function aborted(signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(TOO_SLOW)));
}

/** Whether something that a server is said to have sent has a text under each of these names. */
export function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  const found = value as Readonly<Record<string, unknown>> | null | undefined;
  return typeof found === "object" && found !== null && names.every((name) => typeof found[name] === "string");
}
