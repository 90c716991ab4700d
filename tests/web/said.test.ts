import { describe, expect, it } from "vitest";
import { dateValue, saidTime } from "../../web/src/lib/said.ts";

const NOW = new Date(2026, 10, 20, 1, 40);

describe("times as people say them", () => {
  it.each([
    { at: new Date(2026, 10, 20, 1, 40), said: "today at 01:40" },
    { at: new Date(2026, 10, 20, 0, 0), said: "today at 00:00" },
    { at: new Date(2026, 10, 19, 23, 59), said: "yesterday at 23:59" },
    { at: new Date(2026, 10, 18, 23, 59), said: "18 November at 23:59" },
    { at: new Date(2026, 10, 21, 9, 5), said: "tomorrow at 09:05" },
    { at: new Date(2026, 2, 3, 9, 5), said: "3 March at 09:05" },
    { at: new Date(2025, 11, 31, 12, 0), said: "31 December 2025 at 12:00" },
  ])("$said", ({ at, said }) => {
    expect(saidTime(at, NOW)).toBe(said);
  });

  it("fills a date input with two digits each", () => {
    expect(dateValue(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});
