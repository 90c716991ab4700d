// What this phone knows of the time besides what its clock shows: how far that is from the server's, and how long ago the
// two spoke by a clock that nobody can set. From these the server tells how far a time in an entry can be trusted.

import type { PhoneClock } from "../generated/shapes.ts";
import { listen } from "../lib/news.ts";
import { CONTACT, lastContact } from "./connection.ts";
import { findFact, keepFact } from "./rows/facts.ts";

/** Told by the page that goes to the page that comes. `at`: the phone's clock then, in ms. */
interface HandedOn {
  readonly at: number;
  readonly sinceContactMs: number;
}

const HANDED_ON = "clock";

/** Between two pages only the phone's clock runs: a change within this can be off by no more than this. */
const GAP_MS = 60_000;

let contactAt: number | null = null;
let hiddenAt: { readonly wall: number; readonly steady: number } | null = null;
let takingOver: Promise<void> | null = null;

listen(CONTACT, () => {
  contactAt = performance.now();
});

/**
 * How far the server's clock was ahead of this phone's when they last spoke, what this phone's clock showed then, and how
 * long ago that is, in ms: null where they have not, or where the app or the phone has slept since.
 */
export async function phoneClock(): Promise<Pick<PhoneClock, "offset_ms" | "contact_at" | "since_contact_ms">> {
  await takeOver();
  const contact = await lastContact();
  return {
    offset_ms: contact && Math.round(contact.offsetMs),
    contact_at: contact && contact.at,
    since_contact_ms: contactAt === null ? null : Math.round(performance.now() - contactAt),
  };
}

/** Call once on every page: hands the count on to the next one, and gives it up when the phone has slept. */
export function followClock(): void {
  void takeOver();
  window.addEventListener("pagehide", () => void handOn().catch(() => null));
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? pause() : resume()));
}

/** A phone that sleeps may stop the steady clock and not its own: nobody can tell that from a clock put forward. */
function resume(): void {
  if (hiddenAt !== null && contactAt !== null) {
    const slept = Date.now() - hiddenAt.wall - (performance.now() - hiddenAt.steady);
    contactAt = slept > GAP_MS && hiddenAt.steady >= contactAt ? null : contactAt;
  }
  hiddenAt = null;
}

function pause(): void {
  hiddenAt = { wall: Date.now(), steady: performance.now() };
}

async function handOn(): Promise<void> {
  if (contactAt !== null) {
    const handed: HandedOn = { at: Date.now(), sinceContactMs: performance.now() - contactAt };
    await keepFact(HANDED_ON, handed);
  }
}

function takeOver(): Promise<void> {
  takingOver ??= taken().catch(() => null).then(() => undefined);
  return takingOver;
}

async function taken(): Promise<void> {
  const handed = (await findFact(HANDED_ON)) as HandedOn | undefined;
  const gap = handed === undefined ? GAP_MS : performance.timeOrigin - handed.at;
  if (handed !== undefined && contactAt === null && gap >= 0 && gap < GAP_MS) {
    contactAt = -(handed.sinceContactMs + gap);
  }
}
