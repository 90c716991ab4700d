// Watches whether somebody uses this page, and locks the phone when nobody has for too long.

import { isIdle, use } from "./idle.ts";
import { tellUsed, vaultNow } from "./keyring.ts";
import { lock } from "./vault.ts";

const LOOK_EVERY_MS = 5_000;
const TELL_EVERY_MS = 5_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel"];

let toldAt = -TELL_EVERY_MS;

/** Call once on every page. */
export function watchIdle(): void {
  SIGNS_OF_LIFE.forEach((name) => document.addEventListener(name, used, { capture: true, passive: true }));
  ["visibilitychange", "resume"].forEach((name) => document.addEventListener(name, look));
  window.addEventListener("pageshow", look);
  setInterval(look, LOOK_EVERY_MS);
}

/** Whoever comes back late has to unlock first: that touch is not a use. */
function used(): void {
  if (isToBeLocked()) {
    void lock();
    return;
  }
  use();
  if (performance.now() - toldAt >= TELL_EVERY_MS) {
    toldAt = performance.now();
    tellUsed();
  }
}

function look(): void {
  if (isToBeLocked()) {
    void lock();
  }
}

function isToBeLocked(): boolean {
  return vaultNow() !== null && isIdle();
}
