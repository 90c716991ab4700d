// The words that pages and the service worker use with each other and with the browser.

import type { OpenVault } from "./keyring.ts";

/** What a page tells a waiting worker, and nothing else does: an update never takes over by itself. */
export const USE_NOW = "use-now";

/** Under this name the browser is asked to wake the worker when there is signal. */
export const DRAIN_TAG = "ap-log-drain";

/** A page that goes gives the worker the open vault; the page that comes takes it, with the port for the answer. */
export const KEEP_KEY = "keep-key";
export const TAKE_KEY = "take-key";

export type KeyMessage =
  | { readonly type: typeof KEEP_KEY; readonly held: KeyHeld }
  | { readonly type: typeof TAKE_KEY };

/**
 * An open vault on its way, how long nobody had used it when it was sent and, because a page that sleeps may get it much
 * later, when somebody last did, in milliseconds by the phone's clock.
 */
export interface KeyHeld {
  readonly vault: OpenVault;
  readonly idleMs: number;
  readonly usedAt: number;
}

/** What pages tell each other about keys, and the worker hears. */
export type KeyWord =
  | { readonly kind: "ask" | "lock" | "used" }
  | ({ readonly kind: "offer" | "opened" } & KeyHeld);
