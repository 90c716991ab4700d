// The page's side of the service worker: registering it, finding a new version, and changing to it when asked.

import { takeBack } from "./keyring.ts";
import { USE_NOW } from "./messages.ts";

const WORKER = "/service-worker.js";
const WORKER_LIMIT_MS = 5_000;
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

/** Until the worker has this page in hand: on the very first visit it has to be fetched. Five seconds are enough. */
export async function workerIsThere(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const isHere = new Promise<void>((resolve) => {
    workers?.addEventListener("controllerchange", () => resolve(), { once: true });
    if (workers === undefined || workers.controller !== null) {
      resolve();
    }
  });
  await Promise.race([isHere, new Promise((resolve) => setTimeout(resolve, WORKER_LIMIT_MS))]);
}

/** `ready`: a new version is installed and waits. `failed`: some of its files did not come, and it was put aside. */
export type NewVersion = "ready" | "failed";

/** Call back when something becomes of a new version; at once when one waits already. */
export async function onNewVersion(heard: (what: NewVersion) => void): Promise<void> {
  const registration = await navigator.serviceWorker?.ready;
  if (registration === undefined) {
    return;
  }
  if (registration.waiting !== null) {
    heard("ready");
  }
  watch(registration.installing, heard);
  registration.addEventListener("updatefound", () => watch(registration.installing, heard));
}

/** Change to the waiting version and load this page again from it. Other tabs go on with what they have loaded. */
export async function useNewVersion(): Promise<void> {
  const { waiting } = await navigator.serviceWorker.ready;
  if (waiting === null) {
    location.reload(); // Another tab was first.
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  takeBack(); // The old worker would go on for as long as it keeps a key.
  waiting.postMessage(USE_NOW);
}

/** A worker that never was installed and is of no use any more has failed. Another one may be of no use later. */
function watch(coming: ServiceWorker | null, heard: (what: NewVersion) => void): void {
  let isInstalled = false;
  coming?.addEventListener("statechange", () => {
    if (coming.state === "installed") {
      isInstalled = true;
      heard("ready");
    } else if (coming.state === "redundant" && !isInstalled) {
      heard("failed");
    }
  });
}

/** Where the page's policy asks for Trusted Types, a worker's address has to go through one. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  return policies?.createPolicy("ap-log", { createScriptURL: (same) => same }).createScriptURL(url) ?? url;
}
