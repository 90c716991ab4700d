// What to tell a person when a passkey did not work, and what they can do about it.

import { MustSignIn, Refused, Unsupported } from "./passkey-ceremony.ts";

export interface Words {
  readonly title: string;
  readonly wayOn: string;
}

export type CeremonyName = "sign-in" | "registration" | "unlock";

const UNSUPPORTED: Words = {
  title: "This browser cannot use passkeys",
  wayOn: "Update it, or open AP Log in Chrome, Edge, Firefox or Safari on a phone or computer that is up to date.",
};

const UNREACHABLE: Words = {
  title: "AP Log could not be reached",
  wayOn:
    "Signing in needs a signal. Entries on this phone are kept and are sent after you have signed in. " +
    "If you have unlocked this phone before, you can log without signal: open the app and unlock it.",
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

const NO_SECRET: Words = {
  title: "This browser or passkey cannot unlock the phone",
  wayOn: "Sign in where there is signal. You can log until AP Log is locked or closed.",
};

const MUST_SIGN_IN: Words = {
  title: "This passkey opens nothing here any more",
  wayOn: "Sign in where there is signal. Entries that wait on this phone are kept, and are sent then.",
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
  unlock: {
    title: "The phone is still locked",
    wayOn:
      "It was cancelled, it took too long, or you have never signed in on this phone with a passkey of this device. " +
      "Try again. If you have not signed in here before, sign in where there is signal.",
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
  if (error instanceof MustSignIn) {
    return MUST_SIGN_IN;
  }
  if (error instanceof Unsupported) {
    return ceremony === "unlock" ? NO_SECRET : UNSUPPORTED;
  }
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "NotAllowedError" || name === "AbortError" ? NOT_DONE[ceremony] : (BY_NAME[name] ?? FAILED);
}
