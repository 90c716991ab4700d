// What the phone holds to work without signal: who is signed in, the roster, the histories and the policies.

import type { Me, Reference } from "../generated/shapes.ts";
import { newId } from "../lib/ids.ts";
import { announce, listen } from "../lib/news.ts";
import { type Answer, ask, noteContact } from "./connection.ts";
import { findFact, forgetFact, keepFact } from "./database.ts";

/** A roster this fresh is not fetched again on every page. */
const FRESH_MS = 3 * 60 * 1000;

const REFERENCE = "reference";

/** The last door that somebody went through on this phone: a sign-in or a sign-out. */
const DOOR = "door";

/**
 * Kept in one piece, so that a roster never stands beside the policy of another day. `door`: the last one before it was
 * asked for. What was asked for before the last door may be another person's, and says nothing of who is signed in.
 */
interface Held {
  readonly fetchedAt: number;
  readonly door?: unknown;
  readonly reference: Reference;
}

/** `kept`: no usable answer came, and what was held stays. `signed-out`: the server wants a sign-in; it stays too. */
export type Refreshed = "fresh" | "kept" | "signed-out";

let refreshing: Promise<Refreshed> | null = null;

/** `unconfirmed`: somebody has come through a door, and the server has not said yet who. `nobody`: nothing is held. */
export type Standing = "confirmed" | "unconfirmed" | "nobody";

/** What is held for the person who is signed in; null where nobody is, or where it is not confirmed yet who. */
export async function current(): Promise<Reference | null> {
  const [found, door] = await Promise.all([held(), findFact(DOOR)]);
  return found !== null && found.door === door ? found.reference : null;
}

export async function standing(): Promise<Standing> {
  if ((await held()) === null) {
    return "nobody";
  }
  return (await current()) === null ? "unconfirmed" : "confirmed";
}

/** The person signed in on this phone, as the server last said; null until it has said so since the last door. */
export async function me(): Promise<Me | null> {
  return (await current())?.me ?? null;
}

/** Fetch the reference unless it is fresh; with `force`, in any case, and asked for after this call. */
export function refresh({ force = false } = {}): Promise<Refreshed> {
  if (force && refreshing !== null) {
    return refreshing.then(() => refresh({ force }));
  }
  refreshing ??= refreshed(force).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Let the next page of the app fetch it again, however fresh it is; until then it serves. */
export async function expire(): Promise<void> {
  const before = await held();
  if (before !== null) {
    await keepFact(REFERENCE, { ...before, fetchedAt: 0 } satisfies Held);
  }
}

/** Somebody may go through a door now: nobody is known to be signed in until the server says who it is. */
export async function doubt(): Promise<void> {
  await keepFact(DOOR, newId());
  announce(REFERENCE);
}

/** After a sign-in: ask who it is, on a phone that holds a reference. A desk computer that holds none stays so. */
export async function confirm(): Promise<void> {
  if ((await standing()) !== "nobody") {
    await refresh({ force: true });
  }
}

/** Forget it, on sign-out. Unsent entries stay: they have nothing to do with who is signed in. */
export async function clear(): Promise<void> {
  await keepFact(DOOR, newId());
  await forgetFact(REFERENCE);
  announce(REFERENCE);
}

export function onReferenceChange(listener: () => void): () => void {
  return listen(REFERENCE, listener);
}

async function refreshed(force: boolean): Promise<Refreshed> {
  const [before, door] = await Promise.all([held(), findFact(DOOR)]);
  if (!force && before !== null && before.door === door && Math.abs(Date.now() - before.fetchedAt) < FRESH_MS) {
    return "fresh";
  }
  const answer = await ask("/api/reference");
  if (answer.status === 401) {
    return "signed-out";
  }
  if (!isReference(answer)) {
    return "kept";
  }
  if ((await findFact(DOOR)) !== door) {
    return "kept"; // Somebody went through a door meanwhile: this may be the roster of whoever was here before.
  }
  await keepFact(REFERENCE, { fetchedAt: Date.now(), door, reference: answer.value } satisfies Held);
  await noteContact(answer.value.read_at);
  announce(REFERENCE);
  return "fresh";
}

async function held(): Promise<Held | null> {
  return ((await findFact(REFERENCE)) as Held | undefined) ?? null;
}

function isReference(answer: Answer): answer is Answer & { readonly value: Reference } {
  const found = answer.value as Partial<Reference> | null | undefined;
  const isWhole = typeof found?.me?.id === "string" && Array.isArray(found.residents) && Array.isArray(found.policies);
  return answer.status === 200 && isWhole && !Number.isNaN(Date.parse(String(found.read_at)));
}
