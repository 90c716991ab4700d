// Watching a rehearsal: what an answer says of how far it is, and how long to wait before asking again.

export interface Progress {
  readonly done: number;
  readonly total: number | null; // null until the residents have been counted
  readonly words: string;
  readonly ended: boolean;
}

/** What the page does next: shows how far it is, says that it cannot tell, or opens itself anew. */
export type Next = { readonly show: Progress } | { readonly say: string } | "reload";

export const FIRST_WAIT_MS = 2_000;
export const LONGEST_WAIT_MS = 15_000;
const SLOWER = 1.5;

const CANNOT_TELL = "How far it is cannot be read just now. The rehearsal goes on, and this page will catch up.";

/** Each look waits longer than the one before: most rehearsals take half a minute, and some have to wait to begin. */
export function nextWait(last: number): number {
  return Math.min(last * SLOWER, LONGEST_WAIT_MS);
}

/** What to do with an answer: its status, and its JSON where it had any. A status of 0 is no answer. */
export function nextStep(status: number, answer: unknown): Next {
  if (status === 401 || status === 403 || status === 404) {
    return "reload"; // The page itself says what has become of the rehearsal, or asks to sign in.
  }
  if (status !== 200 || !isProgress(answer)) {
    return { say: CANNOT_TELL };
  }
  return answer.ended ? "reload" : { show: answer };
}

function isProgress(answer: unknown): answer is Progress {
  if (typeof answer !== "object" || answer === null) {
    return false;
  }
  const { done, total, words, ended } = answer as Record<string, unknown>;
  return (
    typeof done === "number" &&
    (total === null || typeof total === "number") &&
    typeof words === "string" &&
    typeof ended === "boolean"
  );
}
