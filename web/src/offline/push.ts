// One push of entries: what the server's answer means for them. Storing it is the drainer's business.

import type { Problem, Push, PushAnswer, PushedEntry, PushResult } from "../generated/shapes.ts";
import { type Answer, ask, noteContact, problemIn } from "./connection.ts";
import { again, isReceiptFor, type OutboxItem, received, refused } from "./item.ts";
import { noteServer } from "./receipts.ts";

/**
 * `results`: the server has judged each entry; `epoch` is its `restore_epoch`. `refused`: it refused the push as a whole,
 * `failed`: it broke over it; one of the entries may be the cause. `not-courier`: whoever is signed in may not bring any.
 * `slow`: it did not get through in time, and less of it might have. `sign-in`: nobody is signed in. `silence`: no answer
 * of our server at all.
 */
export type Outcome =
  | { readonly kind: "results"; readonly results: readonly PushResult[]; readonly epoch: string }
  | { readonly kind: "refused" | "failed" | "not-courier"; readonly problem: Problem }
  | { readonly kind: "slow" | "sign-in" | "silence" };

const SIGN_IN = 401;
const TOO_LARGE = 413;
const BROKEN = 500;
const TOO_SLOW = 408;
const TRY_LATER = [TOO_SLOW, 425, 429];

/** Said of a push in the session of somebody who may not bring any. */
const NOT_ALLOWED = "not-allowed";

const TOO_LARGE_TO_CARRY: Problem = {
  code: "too-large",
  title: "This entry is too large for the connection",
  way_on: "It stays on this phone. Try again on another network.",
  status: TOO_LARGE,
  reference: "",
};

export async function send(entries: readonly PushedEntry[]): Promise<Outcome> {
  const answer = await ask("/api/sync", { entries, sent_at: new Date().toISOString() } satisfies Push);
  if (isPushAnswer(answer)) {
    await noteContact(answer.value.server_time);
    await noteServer(answer.value);
    return { kind: "results", results: answer.value.results, epoch: answer.value.restore_epoch ?? "" };
  }
  return refusalIn(answer);
}

/** What becomes of one item, alone in its push or one of several. Only a matching receipt makes it sent. */
export function settled(item: OutboxItem, outcome: Outcome, isAlone: boolean): OutboxItem {
  switch (outcome.kind) {
    case "results":
      return judged(item, outcome.results, outcome.epoch);
    case "refused":
      return isAlone ? refused(item, outcome.problem) : again(item);
    case "failed":
      return again(item, isAlone ? outcome.problem : null);
    case "not-courier":
      return again(item, outcome.problem);
    case "slow":
    case "sign-in":
    case "silence":
      return again(item);
  }
}

function judged(item: OutboxItem, results: readonly PushResult[], epoch: string): OutboxItem {
  const receipt = results.map((result) => result.receipt).find((found) => isReceiptFor(item, found));
  if (receipt) {
    return received(item, receipt, epoch);
  }
  const problem = results.find((result) => result.id === item.id && result.result === "refused")?.problem;
  if (!problem || isPassing(problem)) {
    return again(item);
  }
  return problem.status === BROKEN ? again(item, problem) : refused(item, problem);
}

/** Refusals that pass by themselves: somebody signs in, the database takes writes again. */
function isPassing({ status }: Problem): boolean {
  return status === SIGN_IN || (status !== BROKEN && isTryLater(status));
}

/** Whether the entry failed by itself, rather than for who brought it: then it is sent by itself the next time. */
export function hasFailedAlone({ problem }: OutboxItem): boolean {
  return problem !== null && problem.code !== NOT_ALLOWED;
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
  return { kind: problem.code === NOT_ALLOWED ? "not-courier" : "refused", problem };
}

function isPushAnswer(answer: Answer): answer is Answer & { readonly value: PushAnswer } {
  const found = answer.value as Partial<PushAnswer> | null | undefined;
  return answer.status === 200 && Array.isArray(found?.results) && !Number.isNaN(Date.parse(String(found.server_time)));
}
