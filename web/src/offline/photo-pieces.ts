// Brings one photo to the server, piece after piece, from where the last try ended. Storing what came of it is for
// `photos.ts`.

import { type PhotoAnswer, type PhotoReceipt, PIECE_BYTES_LIMIT, type Problem } from "../generated/shapes.ts";
import { type Answer, ask, problemIn, putBytes } from "./connection.ts";
import type { PhotoItem } from "./rows/photos.ts";

/**
 * `received`: the server has it whole, and gave its receipt. `unknown`: the server does not know its entry (yet).
 * `refused`: no other try will do; `failed`: the server broke over it. `interrupted`: something else goes first.
 * `sign-in`: nobody is signed in. `silence`: no answer that is of use now, from our server or anybody else.
 */
export type Outcome =
  | { readonly kind: "received"; readonly receipt: PhotoReceipt }
  | { readonly kind: "refused" | "failed"; readonly problem: Problem }
  | { readonly kind: "unknown" | "interrupted" | "sign-in" | "silence" };

/** Who follows the sending: `heard` that it goes on at all, `sent` how many bytes the server has; `isWanted` still. */
export interface Watch {
  heard(): void;
  sent(bytes: number): Promise<void>;
  isWanted(): boolean;
}

/** Up to here the server has it. `slow`: the piece did not get through, and a smaller one might. */
type Step = Told | { readonly kind: "slow" };
type Told = Outcome | { readonly kind: "so-far"; readonly received: number };

const FIRST_BYTES = 32 * 1024;
const LEAST_BYTES = 4 * 1024;
const FAST_MS = 2_000;
const SLOW_MS = 8_000; // The server listens for 15 seconds.

/** So many pieces in a row that brought nothing forward end the try; the next begins where this one ended. */
const FAILURES_LIMIT = 3;

const SIGN_IN = 401;
const NOT_ALLOWED = 403;
const UNKNOWN = 404;
const TOO_SLOW = 408;
const TOO_LARGE = 413;
const BROKEN = 500;
const TRY_LATER = [NOT_ALLOWED, TOO_SLOW, 425, 429]; // Not allowed is who is signed in; the next person may be.

const WITHOUT_RECEIPT: Problem = {
  code: "no-receipt",
  title: "The server has this photo and gave no receipt for it",
  way_on: "It stays on this phone, and AP Log asks again.",
  status: 0,
  reference: "",
};

const TOO_LARGE_TO_CARRY: Problem = {
  code: "too-large",
  title: "This photo is too large for the connection",
  way_on: "It stays on this phone. Try again on another network.",
  status: TOO_LARGE,
  reference: "",
};

let pieceBytes = FIRST_BYTES;

/** Send what the server does not have yet of a photo. `bytes` are all its sealed bytes. Never rejects by the network. */
export async function sendPhoto(item: PhotoItem, bytes: Uint8Array<ArrayBuffer>, watch: Watch): Promise<Outcome> {
  let step = await howFar(item);
  for (let failures = 0; step.kind === "so-far" && failures < FAILURES_LIMIT; ) {
    const { received } = step;
    await watch.sent(received);
    if (!watch.isWanted()) {
      return { kind: "interrupted" };
    }
    const next = await putPiece(item, bytes, received);
    watch.heard();
    step = next.kind === "slow" ? await howFar(item) : next;
    failures = step.kind === "so-far" && step.received > received ? 0 : failures + 1;
  }
  return step.kind === "so-far" ? { kind: "silence" } : step;
}

/** Where not even this gets through, no piece would. */
async function howFar(item: PhotoItem): Promise<Told> {
  const told = read(await ask(`/api/photos/${item.id}`), item);
  return told.kind === "slow" ? { kind: "silence" } : told;
}

async function putPiece(item: PhotoItem, bytes: Uint8Array<ArrayBuffer>, start: number): Promise<Step> {
  if (start >= bytes.length) {
    return { kind: "failed", problem: WITHOUT_RECEIPT };
  }
  const size = pieceBytes;
  const begun = performance.now();
  const piece = bytes.subarray(start, start + size);
  const answer = await putBytes(`/api/photos/${item.id}/${start}`, piece, { "Upload-Length": String(bytes.length) });
  const step = read(answer, item);
  pieceBytes = fitting(size, step, performance.now() - begun);
  const isTooLargeByFar = step.kind === "slow" && answer.status === TOO_LARGE && size <= LEAST_BYTES;
  return isTooLargeByFar ? { kind: "refused", problem: problemIn(answer) ?? TOO_LARGE_TO_CARRY } : step;
}

/** Bytes of the next piece, from how the last one went. */
function fitting(size: number, step: Step, took: number): number {
  if (step.kind === "slow" || step.kind === "silence" || took > SLOW_MS) {
    return Math.max(LEAST_BYTES, Math.floor(size / 2));
  }
  return took < FAST_MS ? Math.min(PIECE_BYTES_LIMIT, size * 2) : size;
}

function read(answer: Answer, item: PhotoItem): Step {
  if (isPhotoAnswer(answer, item)) {
    return told(answer.value, item);
  }
  if (answer.status === TOO_LARGE || answer.status === TOO_SLOW || answer.status === 0) {
    return { kind: "slow" };
  }
  const problem = problemIn(answer);
  if (problem === null || answer.status < 400) {
    return { kind: "silence" };
  }
  return refusal(answer.status, problem);
}

function refusal(status: number, problem: Problem): Outcome {
  if (status === SIGN_IN) {
    return { kind: "sign-in" };
  }
  if (status === UNKNOWN) {
    return { kind: "unknown" };
  }
  if (status === BROKEN) {
    return { kind: "failed", problem };
  }
  return status > BROKEN || TRY_LATER.includes(status) ? { kind: "silence" } : { kind: "refused", problem };
}

/** A receipt for anything else than this photo is no answer to what was asked. */
function told({ received, receipt }: PhotoAnswer, item: PhotoItem): Told {
  if (receipt == null) {
    return { kind: "so-far", received };
  }
  const isMeant = receipt.id === item.id && receipt.sha256 === item.sha256 && !Number.isNaN(Date.parse(receipt.received_at));
  return isMeant ? { kind: "received", receipt } : { kind: "silence" };
}

function isPhotoAnswer(answer: Answer, item: PhotoItem): answer is Answer & { readonly value: PhotoAnswer } {
  const received = (answer.value as Partial<PhotoAnswer> | null | undefined)?.received;
  const isCount = Number.isInteger(received) && Number(received) >= 0 && Number(received) <= item.size;
  return answer.status >= 200 && answer.status < 300 && isCount;
}
