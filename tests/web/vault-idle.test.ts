// F28: how long nobody has used the phone, whatever its clocks do, and what a page does about it.

import { beforeEach, expect, test, vi } from "vitest";

const MINUTE_MS = 60_000;
const START = Date.parse("2026-11-20T01:00:00Z");

let idle: typeof import("../../web/src/offline/idle.ts");
let vault: { person: string } | null;
let locked = 0;
let told = 0;
const listeners = new Map<string, () => void>();

beforeEach(async () => {
  vi.resetModules();
  listeners.clear();
  [vault, locked, told] = [{ person: "asha" }, 0, 0];
  vi.doMock("../../web/src/offline/vault.ts", () => ({ lock: async () => (locked += 1) }));
  vi.doMock("../../web/src/offline/keyring.ts", () => ({ tellUsed: () => (told += 1), vaultNow: () => vault }));
  const target = { addEventListener: (name: string, listener: () => void) => listeners.set(name, listener) };
  vi.stubGlobal("document", target);
  vi.stubGlobal("window", target);
  vi.useFakeTimers({ toFake: ["setInterval"] });
  clocks(0, 0);
  idle = await import("../../web/src/offline/idle.ts");
  idle.use();
  (await import("../../web/src/offline/idle-watch.ts")).watchIdle();
});

/** Minutes since the start, by the wall clock and by the steady one. */
function clocks(wall: number, steady: number): void {
  vi.spyOn(Date, "now").mockReturnValue(START + wall * MINUTE_MS);
  vi.spyOn(performance, "now").mockReturnValue(1_000_000 + steady * MINUTE_MS);
}

test.each([
  ["both clocks", 15, 15, true],
  ["neither", 14.99, 14.99, false],
  ["the wall clock alone: the phone slept", 15, 2, true],
  ["the steady clock alone: somebody set the other back", -600, 15, true],
  ["a wall clock that was set back a little", -1, 2, false],
])("after 15 minutes by %s the page locks: %#", (_, wall, steady, isLocked) => {
  clocks(wall, steady);
  vi.advanceTimersByTime(5_000);
  expect(locked).toBe(isLocked ? 1 : 0);
});

test.each(["pointerdown", "keydown", "input", "wheel"])("%s is a use", (name) => {
  clocks(10, 10);
  listeners.get(name)?.();
  clocks(20, 20);
  vi.advanceTimersByTime(5_000);
  expect([locked, told]).toEqual([0, 1]);
});

test("the touch of whoever comes back too late is none", () => {
  clocks(16, 16);
  listeners.get("pointerdown")?.();
  expect([locked, told]).toEqual([1, 0]);
});

test.each(["visibilitychange", "pageshow", "resume"])("a phone that wakes up looks at once: %s", (name) => {
  clocks(16, 0);
  listeners.get(name)?.();
  expect(locked).toBe(1);
});

test("other tabs hear of a use now and then, not of every key", () => {
  [0, 0.01, 0.02].forEach((minutes) => {
    clocks(minutes, minutes);
    listeners.get("keydown")?.();
  });
  expect(told).toBe(1);
});

test("a page without a key locks nobody out", () => {
  vault = null;
  clocks(20, 20);
  listeners.get("pointerdown")?.();
  vi.advanceTimersByTime(5_000);
  expect([locked, told]).toEqual([0, 1]);
});
