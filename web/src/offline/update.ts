// The page's side of the service worker: registering it, finding a new version, and changing to it when asked.

import { USE_NOW } from "./messages.ts";

const WORKER = "/service-worker.js";
const LOOK_FOR_NEW_MS = 60 * 60 * 1000;

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

export function registerWorker(): void {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  navigator.serviceWorker.register(trusted(WORKER), { updateViaCache: "none" }).catch(() => null); // Offline: it stays.
  let lookedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - lookedAt > LOOK_FOR_NEW_MS) {
      lookedAt = Date.now();
      void navigator.serviceWorker.ready.then((registration) => registration.update()).catch(() => null);
    }
  });
}

/** Call back when a new version is installed and waits; at once when one waits already. */
export async function onNewVersion(found: () => void): Promise<void> {
  const registration = await navigator.serviceWorker?.ready;
  if (registration === undefined) {
    return;
  }
  if (registration.waiting !== null) {
    found();
  }
  const watch = (coming: ServiceWorker | null) =>
    coming?.addEventListener("statechange", () => (coming.state === "installed" ? found() : null));
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
}

/** Change to the waiting version and load this page again from it. Other tabs go on with what they have loaded. */
export async function useNewVersion(): Promise<void> {
  const { waiting } = await navigator.serviceWorker.ready;
  if (waiting === null) {
    location.reload(); // Another tab was first.
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage(USE_NOW);
}

/** Where the page's policy asks for Trusted Types, a worker's address has to go through one. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  return policies?.createPolicy("ap-log", { createScriptURL: (same) => same }).createScriptURL(url) ?? url;
}
