// The words that pages and the service worker use with each other and with the browser.

import type { OpenVault } from "./keyring.ts";

/** What a page tells a waiting worker, and nothing else does: an update never takes over by itself. */
export const USE_NOW = "use-now";

/** Under this name the browser is asked to wake the worker when there is signal. */
export const DRAIN_TAG = "ap-log-drain";

/**
 * A page that goes, or may be about to, gives the worker a copy of the open vault; a page that comes is given it, or told
 * by null that no page has one, at the port it sends along. A page that locks or unlocks has the copy dropped.
 */
export const KEEP_KEY = "keep-key";
export const TAKE_KEY = "take-key";
export const DROP_KEY = "drop-key";

/** `at`: milliseconds by the phone's clock. What was opened before then is not kept either, however late it comes. */
export type KeyMessage =
  | { readonly type: typeof KEEP_KEY; readonly held: KeyHeld }
  | { readonly type: typeof TAKE_KEY }
  | { readonly type: typeof DROP_KEY; readonly at: number };

/**
 * An open vault on its way, when it was opened, how long nobody had used it when it was sent and, because a page that
 * sleeps may get it much later, when somebody last did, in milliseconds by the phone's clock.
 */
export interface KeyHeld {
  readonly vault: OpenVault;
  readonly openedAt: number;
  readonly idleMs: number;
  readonly usedAt: number;
}
