// A worker that takes the other one's place and then leaves: for the day when a worker in the field does harm. It removes
// what the worker kept and touches nothing else, so that entries which wait on the phone are still sent by the pages.

import { removeOthers } from "./caches.ts";

declare const self: ServiceWorkerGlobalScope;

const NO_BUILD = "none";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOthers(NO_BUILD).then(() => self.registration.unregister()));
});
