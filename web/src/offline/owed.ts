// A sign-out that the server has not heard of: it is owed, and paid before anything else is asked.

import { announce, listen } from "../lib/news.ts";
import { findFact, forgetFact } from "./rows/facts.ts";

/** The fact that says so. */
export const OWED = "sign-out-owed";

/** The topic of a sign-out in whichever tab. */
export const SIGNED_OUT = "signed-out";

const LOCK = "ap-log-sign-out";
const SIGNED_OUT_PAGE = "/sign-in";
const PATIENT_MS = 10_000;

/** Whether the server has still to be told of a sign-out on this phone. */
export async function isOwed(): Promise<boolean> {
  return (await findFact(OWED)) !== undefined;
}

/** The server has ended the session, as its own page says, or another has taken its place. */
export async function noteSignedOut(): Promise<void> {
  await forgetFact(OWED);
  announce(OWED);
}

/** Hear that nothing is owed any more; call what is returned to stop. */
export function onPaid(listener: () => void): () => void {
  return listen(OWED, listener);
}

/** Whether nothing is owed, once it was tried to pay. Until then nothing may be asked of the server with the session. */
export async function payOwed(limitMs = PATIENT_MS): Promise<boolean> {
  if (!(await isOwed())) {
    return true;
  }
  return navigator.locks.request(LOCK, async () => !(await isOwed()) || paid(limitMs));
}

async function paid(limitMs: number): Promise<boolean> {
  const asked = { method: "POST", signal: AbortSignal.timeout(limitMs) } as const;
  const answer = await fetch("/sign-out", asked).catch(() => null);
  // Our server leads to its sign-in page. A captive portal's answer leads anywhere else.
  const isPaid = answer !== null && answer.ok && new URL(answer.url).pathname === SIGNED_OUT_PAGE;
  if (isPaid) {
    await noteSignedOut();
  }
  return isPaid;
}
