// What to tell a person when a passkey did not work, and what they can do about it.

import { Refused, Unsupported } from "./passkey-ceremony.ts";

export interface Words {
  readonly title: string;
  readonly wayOn: string;
}

export type CeremonyName = "sign-in" | "registration";

const UNSUPPORTED: Words = {
  title: "This browser cannot use passkeys",
  wayOn: "Update it, or open AP Log in Chrome, Edge, Firefox or Safari on a phone or computer that is up to date.",
};

const UNREACHABLE: Words = {
  title: "AP Log could not be reached",
  wayOn: "Signing in needs a signal. Entries on this phone are kept and are sent after you have signed in.",
};

const NO_SCREEN_LOCK: Words = {
  title: "This device cannot check that it is you",
  wayOn: "Set a screen lock with a PIN, a finger or a face in the device's settings, then try again.",
};

const MADE_ALREADY: Words = {
  title: "This device already has your passkey",
  wayOn: "Go to the sign-in page and use it.",
};

const FAILED: Words = {
  title: "The passkey did not work",
  wayOn: "Try again. If it goes on, ask your manager or administrator for an invitation link.",
};

/** A browser gives one name to all of these, so that no page can find out which passkeys a device holds. */
const NOT_DONE: Readonly<Record<CeremonyName, Words>> = {
  "sign-in": {
    title: "You are not signed in",
    wayOn:
      "It was cancelled, it took too long, or this device has no passkey for AP Log. Try again. " +
      "If you have no passkey here, ask your manager or administrator for an invitation link.",
  },
  registration: {
    title: "No passkey was made",
    wayOn: "It was cancelled or it took too long. Try again: the link still works.",
  },
};

const BY_NAME: Readonly<Record<string, Words>> = {
  InvalidStateError: MADE_ALREADY,
  ConstraintError: NO_SCREEN_LOCK,
  NotSupportedError: UNSUPPORTED,
  TypeError: UNREACHABLE,
};

/** Words for whatever a ceremony threw. */
export function wordsFor(error: unknown, ceremony: CeremonyName): Words {
  if (error instanceof Refused) {
    return { title: error.problem.title, wayOn: error.problem.way_on };
  }
  if (error instanceof Unsupported) {
    return UNSUPPORTED;
  }
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "NotAllowedError" || name === "AbortError" ? NOT_DONE[ceremony] : (BY_NAME[name] ?? FAILED);
}
