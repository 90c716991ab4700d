// Starts what works in the background: on every page the service worker and the drainer's triggers, and on the pages
// of the phone app a fresh roster. A manager's desk computer that never opens the app never holds one.

import { listen } from "../lib/news.ts";
import { drainNow } from "./drain.ts";
import { DRAIN_TAG } from "./messages.ts";
import { clear, doubt, expire, refresh } from "./reference.ts";
import { registerWorker } from "./update.ts";

const APP = /^\/app(\/|$)/;

/** After these somebody else may be signed in. The passkey's own page says so itself, at the moment it happens. */
const DOORS = /^\/(sign-in|invitations)(\/|$)/;

/** Here one tap signs somebody in, and no script hears of it. */
const DEMO = /^\/demo$/;

/** Call once on every page. A page with `<body data-signed-out>`, shown after a sign-out, forgets the roster. */
export function startOffline(): void {
  registerWorker();
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake); // On load, and when the page comes back from the back-forward cache.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      wake();
    }
  });
  listen("unsent", () => void sendSoon());
  if (document.body.hasAttribute("data-signed-out")) {
    void clear();
  } else if (DOORS.test(location.pathname)) {
    void expire();
  }
  if (DEMO.test(location.pathname)) {
    window.addEventListener("pageshow", () => void doubt());
  }
}

function wake(): void {
  void drainNow();
  if (APP.test(location.pathname)) {
    void refresh().then((refreshed) => (refreshed === "fresh" ? drainNow() : null));
  }
}

async function sendSoon(): Promise<void> {
  void drainNow();
  await navigator.storage?.persist?.(); // Asked for when there is something to lose; what the answer is changes nothing.
  const registration = (await navigator.serviceWorker?.ready) as SyncRegistration | undefined;
  await registration?.sync?.register(DRAIN_TAG).catch(() => null); // A hint: not every browser has it or allows it.
}

/** Background Sync, which the standard type lacks because only Chromium has it. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}
