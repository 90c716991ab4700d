// The drainer: sends what waits, one at a time among all tabs and the service worker, and tries again by itself.
// It asks nobody whether there is signal; it tries, and believes a receipt. It needs no vault: everything is sealed.

import { announce, listen } from "../lib/news.ts";
import { payOwed, SIGNED_OUT } from "./owed.ts";
import { drainPhotos } from "./photos.ts";
import { forgetWhatIsSafe, offerReceipts } from "./receipts.ts";
import { type Ended, sendTexts } from "./sending.ts";

/** `sign-in`: entries wait until somebody signs in, which is no error. `trying-again`: by itself, at `nextTryAt`. */
export type DrainState = "idle" | "sending" | "trying-again" | "sign-in";

/** `sending`: how many of how many texts of this run are settled, null while none are on their way. */
export interface DrainStatus {
  readonly state: DrainState;
  readonly nextTryAt: string | null;
  readonly sending: { readonly done: number; readonly of: number } | null;
}

const LOCK = "ap-log-drain";
const STATUS = "drain";
const ALIVE = "drain-alive";
const FIRST_WAIT_MS = 1_000;

/** From the beginning of one try to that of the next: a try that ends after 45 s without an answer has waited already. */
const LONGEST_APART_MS = 55_000;

/** Another tab is sending. It may end just before it would have seen what was saved here. */
const LOOK_AGAIN_MS = 2_000;

/** Each request is given up after 45 s. What shows no progress for longer hangs, and another run takes its place. */
const HUNG_AFTER_MS = 50_000;

const NOTHING: DrainStatus = { state: "idle", nextTryAt: null, sending: null };

let shown = NOTHING;
let running: Promise<DrainState> | null = null;
let isAskedAgain = false;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says that the run of this tab makes progress. */
let alive = (): void => undefined;

/** Ends the run of this tab. */
let leave = (): void => undefined;

/** When another tab that has the lock was last heard of, by the steady clock; null where none has it. */
let heardAt: number | null = null;

listen(STATUS, (status) => {
  shown = status as DrainStatus;
});

listen(ALIVE, () => {
  heardAt = heardAt === null ? null : performance.now();
});

listen("photos", () => alive());

listen(SIGNED_OUT, () => leave()); // What is left goes once the server knows: nothing more in the session that has ended.

listen("unsent", () => {
  isAskedAgain = true; // Should a run be on: it looks once more.
});

/** Send what waits now. Asking while it runs is fine: then it looks once more before it ends. Never rejects. */
export function drainNow(): Promise<DrainState> {
  if (running !== null) {
    isAskedAgain = true;
    return running;
  }
  clearTimeout(timer);
  running = drained().finally(() => {
    running = null;
  });
  return running;
}

/** The page goes. WebKit may keep it, asleep, and the lock with it: nobody else could send until it is taken for hung. */
export function stopSending(): void {
  leave();
}

export function status(): DrainStatus {
  return shown;
}

/** Hear how sending goes, wherever it is done; call what is returned to stop. */
export function onStatus(listener: (status: DrainStatus) => void): () => void {
  return listen(STATUS, () => listener(shown));
}

async function drained(): Promise<DrainState> {
  const begunAt = performance.now();
  let state: DrainState;
  do {
    isAskedAgain = false;
    state = await locked().catch(() => "trying-again" as const);
  } while (isAskedAgain && state === "idle");
  planNext(state, performance.now() - begunAt);
  return state;
}

/** One run at a time in this browser. A tab that holds the lock and says nothing any more hangs: it is taken from it. */
async function locked(): Promise<DrainState> {
  const isHung = heardAt !== null && performance.now() - heardAt > HUNG_AFTER_MS;
  const turn = { isOver: false };
  const asked = navigator.locks.request(LOCK, isHung ? { steal: true } : { ifAvailable: true }, (lock) => {
    if (lock === null) {
      heardAt ??= performance.now();
      return "sending";
    }
    heardAt = null;
    return watched(turn);
  });
  return asked.finally(() => {
    turn.isOver = true; // Also when it was taken from this tab: then this run ends at its next step.
  });
}

/** A run, given up when it shows no progress: then it stops at its next step, and its lock is free. */
async function watched(turn: { readonly isOver: boolean }): Promise<DrainState> {
  let dog: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<never>((_, reject) => {
    leave = () => reject(new Error("The page or the session goes"));
    alive = () => {
      clearTimeout(dog);
      dog = setTimeout(() => reject(new Error("Sending hangs")), HUNG_AFTER_MS);
      announce(ALIVE);
    };
  });
  alive();
  try {
    return await Promise.race([run(() => turn.isOver), hung]);
  } finally {
    alive = leave = () => undefined;
    clearTimeout(dog);
  }
}

/** A sign-out that is owed comes first: nothing may go in a session that somebody has ended. Then texts, then photos. */
async function run(isOver: () => boolean): Promise<DrainState> {
  if (!(await payOwed())) {
    return "trying-again";
  }
  const ended = await sendAll(isOver);
  await forgetWhatIsSafe(Date.now());
  return ended;
}

async function sendAll(isOver: () => boolean): Promise<Ended> {
  for (;;) {
    const offered = await offerReceipts();
    const texts = await sendTexts({ isOver, progress, unsure: offered.unsure });
    if (texts === "sign-in" || isOver()) {
      return texts;
    }
    if (offered.ended !== "done") {
      return offered.ended;
    }
    const photos = await drainPhotos(isOver); // Also where some text has to wait: it may have to for ever.
    if (photos !== "sending") {
      return photos === "idle" ? texts : photos;
    }
  }
}

function progress(done: number, of: number): void {
  alive();
  show({ state: "sending", nextTryAt: null, sending: { done, of } });
}

/** At a random time, so that a whole house of phones does not come at once. */
function planNext(state: DrainState, tookMs: number): void {
  if (state === "sending") {
    timer = setTimeout(lookAgain, LOOK_AGAIN_MS);
    return;
  }
  failures = state === "trying-again" ? failures + 1 : 0;
  if (state === "trying-again") {
    const longest = Math.min(LONGEST_APART_MS, FIRST_WAIT_MS * 2 ** failures);
    const wait = Math.min(Math.random() * longest, Math.max(FIRST_WAIT_MS, LONGEST_APART_MS - tookMs));
    timer = setTimeout(() => void drainNow(), wait);
    show({ state, nextTryAt: new Date(Date.now() + wait).toISOString(), sending: null });
  } else {
    show({ ...NOTHING, state });
  }
}

/** Unless the other tab has failed meanwhile and waits: two that try in turn would never leave the server alone. */
function lookAgain(): void {
  const wait = Date.parse(shown.nextTryAt ?? "") - Date.now();
  const isWaiting = shown.state === "trying-again" && wait > 0 && wait <= LONGEST_APART_MS;
  if (isWaiting) {
    timer = setTimeout(() => void drainNow(), wait);
  } else {
    void drainNow();
  }
}

function show(next: DrainStatus): void {
  const { state, nextTryAt, sending } = shown;
  const isSame = state === next.state && nextTryAt === next.nextTryAt;
  if (!isSame || sending?.done !== next.sending?.done || sending?.of !== next.sending?.of) {
    announce(STATUS, next);
  }
}
