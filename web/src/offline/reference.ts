// What the phone holds to work without signal: who is signed in, the roster, the histories and the policies.

import type { Me, Reference } from "../generated/shapes.ts";
import { announce, listen } from "../lib/news.ts";
import { type Answer, ask, noteContact } from "./connection.ts";
import { findFact, forgetFact, keepFact } from "./database.ts";

/** A roster this fresh is not fetched again on every page. */
const FRESH_MS = 3 * 60 * 1000;

const REFERENCE = "reference";

/** Kept in one piece, so that a roster never stands beside the policy of another day. */
interface Held {
  readonly fetchedAt: number;
  readonly reference: Reference;
}

/** `kept`: no usable answer came, and what was held stays. `signed-out`: the server wants a sign-in; it stays too. */
export type Refreshed = "fresh" | "kept" | "signed-out";

let refreshing: Promise<Refreshed> | null = null;

/** What is held, or null: nobody has signed in here yet, or the last person signed out. */
export async function current(): Promise<Reference | null> {
  return (await held())?.reference ?? null;
}

/** The person signed in on this phone, as the server last said. */
export async function me(): Promise<Me | null> {
  return (await current())?.me ?? null;
}

/** Fetch the reference unless it is fresh; with `force`, in any case. */
export function refresh({ force = false } = {}): Promise<Refreshed> {
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

/** Forget it, on sign-out. Unsent entries stay: they have nothing to do with who is signed in. */
export async function clear(): Promise<void> {
  await forgetFact(REFERENCE);
  announce(REFERENCE);
}

export function onReferenceChange(listener: () => void): () => void {
  return listen(REFERENCE, listener);
}

async function refreshed(force: boolean): Promise<Refreshed> {
  const before = await held();
  if (!force && before !== null && Math.abs(Date.now() - before.fetchedAt) < FRESH_MS) {
    return "fresh";
  }
  const answer = await ask("/api/reference");
  if (answer.status === 401) {
    return "signed-out";
  }
  if (!isReference(answer)) {
    return "kept";
  }
  await keepFact(REFERENCE, { fetchedAt: Date.now(), reference: answer.value } satisfies Held);
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
