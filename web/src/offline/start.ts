// Starts what works in the background: on every page the service worker and the drainer's triggers, and on the pages
// of the phone app a fresh roster. A manager's desk computer that never opens the app never holds one.

import { listen } from "../lib/news.ts";
import { watchHands } from "./changing-hands.ts";
import { followClock } from "./clock.ts";
import { knownDevice } from "./device.ts";
import { drainNow, stopSending } from "./drain.ts";
import { watchForLosses } from "./losses.ts";
import { readMarker } from "./marker.ts";
import { DRAIN_TAG } from "./messages.ts";
import { hideOlder } from "./older.ts";
import { onReferenceChange, refresh } from "./reference.ts";
import { reportSoon, startReporting } from "./report.ts";
import { askToPersist } from "./storage.ts";
import { registerWorker } from "./update.ts";
import { onVaultChange } from "./vault.ts";

const APP = /^\/app(\/|$)/;

/** Call once on every page, when its parts have started. */
export function startOffline(): void {
  registerWorker();
  void watchPhone().catch(() => null); // Storage that does not answer says so where it is used.
  window.addEventListener("online", wake);
  window.addEventListener("focus", wake);
  window.addEventListener("pageshow", wake); // On load, and when the page comes back from the back-forward cache.
  window.addEventListener("pagehide", stopSending);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      wake();
    }
  });
  listen("unsent", () => void sendSoon());
  onVaultChange(freshen); // A page that was loaded locked has asked in vain.
  onReferenceChange(() => void hideOlder().catch(() => null)); // Also after an unlock.
  followClock();
  watchHands();
}

/** Only a phone says what it holds: one where the app has been opened, or whose marker remembers that it was. */
async function watchPhone(): Promise<void> {
  if (APP.test(location.pathname) || (await knownDevice()) !== null || (await readMarker()) !== null) {
    await watchForLosses();
    startReporting();
  }
}

function wake(): void {
  void drainNow();
  reportSoon();
  freshen();
}

function freshen(): void {
  if (APP.test(location.pathname)) {
    void refresh().then((refreshed) => (refreshed === "fresh" ? drainNow() : null));
  }
}

async function sendSoon(): Promise<void> {
  void drainNow();
  await askToPersist(); // Now there is something to lose. The answer is shown, and changes nothing else.
  const registration = (await navigator.serviceWorker?.ready) as SyncRegistration | undefined;
  await registration?.sync?.register(DRAIN_TAG).catch(() => null); // A hint: not every browser has it or allows it.
}

/** Background Sync, which the standard type lacks because only Chromium has it. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}
