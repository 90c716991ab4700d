// The service worker: a table of events. What each does is in `routing` and `caches`; sending is the outbox's own.

import { drainNow } from "../web/src/offline/drain.ts";
import { noteHeld } from "../web/src/offline/losses.ts";
import { USE_NOW } from "../web/src/offline/messages.ts";
import { payOwed } from "../web/src/offline/owed.ts";
import { type Files, fill, kept, pageOrOffline, removeOthers } from "./caches.ts";
import { keyMessage } from "./keys.ts";
import { route } from "./routing.ts";

/** Put in by the build. */
declare const BUILD_ID: string;
declare const STATIC_FILES: Files;

declare const self: ServiceWorkerGlobalScope;

const FILES = Object.keys(STATIC_FILES);
const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

self.addEventListener("install", (event) => event.waitUntil(fill(BUILD_ID, STATIC_FILES)));

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOthers(BUILD_ID).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const answer = route(event.request, self.location.origin, FILES);
  if (answer.kind === "kept") {
    event.respondWith(kept(BUILD_ID, answer.path));
  } else if (answer.kind === "page") {
    event.respondWith(pageOrOffline(BUILD_ID, event.request, payOwed));
  }
});

// An update waits until the person on some page says so.
self.addEventListener("message", (event) => {
  event.waitUntil(event.data === USE_NOW ? self.skipWaiting() : keyMessage(event.data, event.ports, pages));
});

// Background Sync, which only Chromium has and the standard types lack. It is only a hint that there may be signal: the
// browser gives up after three tries, the app's own drainer never does.
self.addEventListener("sync", (event) => (event as ExtendableEvent).waitUntil(drainOrReject()));

async function drainOrReject(): Promise<void> {
  const state = await drainNow();
  await noteHeld(); // No page was there to do it.
  if (state === "trying-again") {
    throw new Error("Entries are still waiting");
  }
}
