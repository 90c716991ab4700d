// What the phone knows of the time besides its clock: the offset of the last contact, and how long ago that was.

import { beforeEach, describe, expect, test, vi } from "vitest";

import * as phone from "./phone.ts";

const MINUTE_MS = 60_000;
const FAKED = ["setTimeout", "clearTimeout", "Date", "performance"] as const;

type Clock = typeof import("../../web/src/offline/clock.ts");

let app: phone.App;
let clock: Clock;

beforeEach(async () => {
  app = await phone.newPhone();
  clock = await import("../../web/src/offline/clock.ts");
  vi.useFakeTimers({ toFake: [...FAKED], now: Date.parse("2026-11-20T01:40:00Z") });
});

/** Time passes by every clock there is. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Somebody sets the phone's clock. What nobody can set goes on as before. */
function setClock(to: string): void {
  vi.spyOn(Date, "now").mockReturnValue(Date.parse(to));
}

/** A page that can be hidden, shown and left. */
function aPage(): { hide(): void; show(): void; leave(): void } {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const window = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", window);
  clock.followClock();
  const turn = (state: string) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { hide: () => turn("hidden"), show: () => turn("visible"), leave: () => void window.dispatchEvent(new Event("pagehide")) };
}

test("before the first contact nothing is known", async () => {
  expect(await clock.phoneClock()).toEqual({ offset_ms: null, contact_at: null, since_contact_ms: null });
});

test("F25: a clock that is two hours fast is known to be, and how long ago that was", async () => {
  await app.connection.noteContact("2026-11-19T23:40:00Z");
  await pass(5 * MINUTE_MS);
  expect(await clock.phoneClock()).toMatchObject({ offset_ms: -120 * MINUTE_MS, since_contact_ms: 5 * MINUTE_MS });
});

test("F25: the clock is put back while the app is open: the time since the contact goes on", async () => {
  await app.connection.noteContact("2026-11-20T01:40:00Z");
  await pass(5 * MINUTE_MS);
  setClock("1970-01-01T00:00:00Z");
  expect(await clock.phoneClock()).toMatchObject({ offset_ms: 0, since_contact_ms: 5 * MINUTE_MS });
});

describe("from page to page", () => {
  test("the count goes on, with the moment between them", async () => {
    await app.connection.noteContact("2026-11-20T01:40:00Z");
    const page = aPage();
    await pass(5 * MINUTE_MS);
    page.leave();
    await vi.waitUntil(async () => (await app.facts.findFact("clock")) !== undefined);
    const found = await nextPage(2_000);
    expect(found.since_contact_ms).toBe(5 * MINUTE_MS + 2_000);
  });

  test.each([["a minute", MINUTE_MS], ["a day", 24 * 60 * MINUTE_MS], ["less than nothing", -1_000]])(
    "it ends where only the phone's clock could tell that %s went by",
    async (_, gap) => {
      await app.connection.noteContact("2026-11-20T01:40:00Z");
      aPage().leave();
      await vi.waitUntil(async () => (await app.facts.findFact("clock")) !== undefined);
      expect(await nextPage(gap)).toMatchObject({ offset_ms: 0, since_contact_ms: null });
    },
  );
});

describe("a page that was hidden", () => {
  test("counts on where both clocks say the same", async () => {
    await app.connection.noteContact("2026-11-20T01:40:00Z");
    const page = aPage();
    page.hide();
    await pass(10 * MINUTE_MS);
    page.show();
    expect((await clock.phoneClock()).since_contact_ms).toBe(10 * MINUTE_MS);
  });

  test("knows nothing any more where the phone may have slept", async () => {
    await app.connection.noteContact("2026-11-20T01:40:00Z");
    const page = aPage();
    page.hide();
    setClock("2026-11-20T05:40:00Z"); // The steady clock of many phones stands still meanwhile.
    page.show();
    expect(await clock.phoneClock()).toMatchObject({ offset_ms: 0, since_contact_ms: null });
  });

  test("counts on where the clock was put back: sleep does not do that", async () => {
    await app.connection.noteContact("2026-11-20T01:40:00Z");
    const page = aPage();
    page.hide();
    await pass(MINUTE_MS);
    setClock("2026-11-19T01:40:00Z");
    page.show();
    expect((await clock.phoneClock()).since_contact_ms).toBe(MINUTE_MS);
  });

  test("counts from a contact that another tab had meanwhile", async () => {
    const page = aPage();
    page.hide();
    await pass(MINUTE_MS);
    await app.connection.noteContact("2026-11-20T01:41:00Z");
    page.show();
    expect((await clock.phoneClock()).since_contact_ms).toBe(0);
  });
});

/** The next page is opened so long after the last one was left, by the phone's clock. */
async function nextPage(gapMs: number) {
  const { at } = (await app.facts.findFact("clock")) as { at: number };
  vi.spyOn(performance, "now").mockReturnValue(0);
  vi.spyOn(performance, "timeOrigin", "get").mockReturnValue(at + gapMs);
  app = await phone.start();
  clock = await import("../../web/src/offline/clock.ts");
  return clock.phoneClock();
}
