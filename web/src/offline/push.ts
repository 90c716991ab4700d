// One push of entries: what the server's answer means for them. Storing it is the drainer's business.

import type { Problem, Push, PushAnswer, PushResult } from "../generated/shapes.ts";
import { type Answer, ask, noteContact, problemIn } from "./connection.ts";
import { again, isReceiptFor, type OutboxItem, received, refused } from "./item.ts";

/**
 * `results`: the server has judged each entry. `refused`: it refused the push as a whole, `failed`: it broke over it;
 * one of the entries may be the cause. `slow`: it did not get through in time, and less of it might have. `sign-in`:
 * nobody is signed in. `silence`: no answer of our server at all.
 */
export type Outcome =
  | { readonly kind: "results"; readonly results: readonly PushResult[] }
  | { readonly kind: "refused" | "failed"; readonly problem: Problem }
  | { readonly kind: "slow" | "sign-in" | "silence" };

const SIGN_IN = 401;
const TOO_LARGE = 413;
const BROKEN = 500;
const TOO_SLOW = 408;
const TRY_LATER = [TOO_SLOW, 425, 429];

const WAITS_FOR_AUTHOR = "another-author";

const TOO_LARGE_TO_CARRY: Problem = {
  code: "too-large",
  title: "This entry is too large for the connection",
  way_on: "It stays on this phone. Try again on another network.",
  status: TOO_LARGE,
  reference: "",
};

export async function send(push: Push): Promise<Outcome> {
  const answer = await ask("/api/sync", push);
  if (isPushAnswer(answer)) {
    await noteContact(answer.value.server_time);
    return { kind: "results", results: answer.value.results };
  }
  return refusalIn(answer);
}

/** What becomes of one item, alone in its push or one of several. Only a matching receipt makes it sent. */
export function settled(item: OutboxItem, outcome: Outcome, isAlone: boolean): OutboxItem {
  switch (outcome.kind) {
    case "results":
      return judged(item, outcome.results);
    case "refused":
      return isAlone ? refused(item, outcome.problem) : again(item);
    case "failed":
      return again(item, isAlone ? outcome.problem : null);
    case "slow":
    case "sign-in":
    case "silence":
      return again(item);
  }
}

/** Whether some entry of the push was refused because somebody else is signed in than this phone thought. */
export function isForAnotherAuthor(outcome: Outcome): boolean {
  return outcome.kind === "results" && outcome.results.some(({ problem }) => problem?.code === WAITS_FOR_AUTHOR);
}

function judged(item: OutboxItem, results: readonly PushResult[]): OutboxItem {
  const receipt = results.map((result) => result.receipt).find((found) => isReceiptFor(item, found));
  if (receipt) {
    return received(item, receipt);
  }
  const problem = results.find((result) => result.id === item.id && result.result === "refused")?.problem;
  if (!problem || isPassing(problem)) {
    return again(item);
  }
  return problem.status === BROKEN ? again(item, problem) : refused(item, problem);
}

/** Refusals that pass by themselves: the author signs in, the database takes writes again. */
function isPassing(problem: Problem): boolean {
  const isLater = problem.status !== BROKEN && isTryLater(problem.status);
  return problem.code === WAITS_FOR_AUTHOR || problem.status === SIGN_IN || isLater;
}

function isTryLater(status: number): boolean {
  return status >= BROKEN || TRY_LATER.includes(status);
}

function refusalIn(answer: Answer): Outcome {
  const problem = problemIn(answer);
  if (answer.status === TOO_LARGE) {
    return { kind: "refused", problem: problem ?? TOO_LARGE_TO_CARRY };
  }
  if (answer.status === TOO_SLOW) {
    return { kind: "slow" };
  }
  if (problem === null || answer.status < 400) {
    return { kind: "silence" };
  }
  if (answer.status === SIGN_IN) {
    return { kind: "sign-in" };
  }
  if (isTryLater(answer.status)) {
    return answer.status === BROKEN ? { kind: "failed", problem } : { kind: "silence" };
  }
  return { kind: "refused", problem };
}

function isPushAnswer(answer: Answer): answer is Answer & { readonly value: PushAnswer } {
  const found = answer.value as Partial<PushAnswer> | null | undefined;
  return answer.status === 200 && Array.isArray(found?.results) && !Number.isNaN(Date.parse(String(found.server_time)));
}
