// What the phone holds to work without signal, for the person whose vault is open: the roster, the histories and the
// policies. It is hidden under their vault, and what the server gives to anybody else's session is not taken for theirs.

import type { Me, Reference } from "../generated/shapes.ts";
import { announce, listen } from "../lib/news.ts";
import { type Answer, ask, noteContact } from "./connection.ts";
import { comeInByTap, isThroughDemo } from "./doors.ts";
import { noteServer } from "./receipts.ts";
import { findFact, forgetFact } from "./rows/facts.ts";
import { findHiddenFact, keepHiddenFact, OLD_REFERENCE, OLD_ROSTER, rosterOf } from "./rows/vaults.ts";
import { payOwed } from "./owed.ts";
import { hide, onVaultChange, opened, openLock, reveal } from "./vault.ts";

/** A roster this fresh is not fetched again on every page. */
const FRESH_MS = 3 * 60 * 1000;

const REFERENCE = "reference";

/** Kept in one piece, so that a roster never stands beside the policy of another day. */
interface Held {
  readonly fetchedAt: number;
  readonly reference: Reference;
}

/**
 * `kept`: no usable answer came, and what was held stays. `signed-out`: the server wants a sign-in; it stays too.
 * `locked`: no vault is open to keep it in.
 */
export type Refreshed = "fresh" | "kept" | "signed-out" | "locked";

let refreshing: Promise<Refreshed> | null = null;

/** What was revealed last, so that a page does not open it again for every question. */
let revealed: Promise<Held | null> | null = null;

onVaultChange(forgetRevealed);
listen(REFERENCE, forgetRevealed);

/** What is held for the person whose vault is open; null where none is, or nothing is held for them yet. */
export async function current(): Promise<Reference | null> {
  return (await held())?.reference ?? null;
}

/** The person who works with this phone: whose vault is open; null until their first reference has come. */
export async function me(): Promise<Me | null> {
  return (await current())?.me ?? null;
}

/** Fetch the reference unless it is fresh; with `force`, in any case, and asked for after this call. Never rejects. */
export function refresh({ force = false } = {}): Promise<Refreshed> {
  if (force && refreshing !== null) {
    return refreshing.then(() => refresh({ force }));
  }
  refreshing ??= refreshed(force)
    .catch(() => "kept" as const)
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

/** Hear when it may be another one: fetched anew, or another vault was opened, or none is open any more. */
export function onReferenceChange(listener: () => void): () => void {
  const stops = [listen(REFERENCE, listener), onVaultChange(listener)];
  return () => stops.forEach((stop) => stop());
}

/** What an older version of the app kept readable goes: whoever unlocks first hides what is theirs. */
export async function hideOldReference(): Promise<void> {
  const old = (await findFact(OLD_REFERENCE)) as Held | undefined;
  const person = (await opened())?.person;
  if (old === undefined || person === undefined) {
    return;
  }
  if (old.reference.me.id === person && (await findHeld()) === null) {
    await keep({ fetchedAt: old.fetchedAt, reference: old.reference });
  }
  await forgetFact(OLD_REFERENCE);
}

async function refreshed(force: boolean): Promise<Refreshed> {
  const [open, isNew] = await Promise.all([opened(), isThroughDemo()]);
  if (open === null && !isNew) {
    return "locked";
  }
  const before = await held();
  if (!force && before !== null && Math.abs(Date.now() - before.fetchedAt) < FRESH_MS) {
    return "fresh";
  }
  if (!(await payOwed())) {
    return "kept";
  }
  const answer = await ask("/api/reference");
  if (answer.status === 401) {
    return "signed-out";
  }
  if (!isReference(answer)) {
    return "kept";
  }
  await noteContact(answer.value.read_at);
  await noteServer(answer.value);
  return taken(answer.value, isNew);
}

/** The roster of the person who works here; that of whoever else happens to be signed in is not theirs to see. */
async function taken(reference: Reference, isNew: boolean): Promise<Refreshed> {
  if (isNew && (await opened()) === null && (await isThroughDemo())) {
    await comeInByTap(reference.me.id);
  }
  if ((await opened())?.person !== reference.me.id) {
    return "kept";
  }
  await keep({ fetchedAt: Date.now(), reference });
  announce(REFERENCE);
  return "fresh";
}

/** Under the vault of the person it is for: where somebody else has unlocked meanwhile, it belongs to nobody here. */
async function keep(fresh: Held): Promise<void> {
  const hidden = await hide(fresh);
  if (hidden.person === fresh.reference.me.id) {
    await keepHiddenFact({ ...hidden, name: rosterOf(hidden.lock ?? null) });
  }
}

function held(): Promise<Held | null> {
  revealed ??= findHeld();
  return revealed;
}

async function findHeld(): Promise<Held | null> {
  const person = (await opened())?.person;
  if (person === undefined) {
    return null;
  }
  return (await heldAs(person, rosterOf(openLock()))) ?? (await heldAs(person, OLD_ROSTER));
}

/** Null also where another lock opens it. */
async function heldAs(person: string, name: string): Promise<Held | null> {
  const hidden = await findHiddenFact(person, name);
  return hidden && ((await reveal(hidden).catch(() => null)) as Held | null);
}

function forgetRevealed(): void {
  revealed = null;
}

function isReference(answer: Answer): answer is Answer & { readonly value: Reference } {
  const found = answer.value as Partial<Reference> | null | undefined;
  const isWhole = typeof found?.me?.id === "string" && Array.isArray(found.residents) && Array.isArray(found.policies);
  return answer.status === 200 && isWhole && !Number.isNaN(Date.parse(String(found.read_at)));
}
