import { expect, it } from "vitest";
import { clockWords } from "../../web/src/lib/clock-words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([0, 2 * MINUTE, -2 * MINUTE])("a clock that is right within two minutes is not spoken of: %i ms", (offset) => {
  expect(clockWords(offset)).toBe("");
});

it.each([
  { offset: 2 * MINUTE + 1, words: "2 minutes slow" },
  { offset: -59 * MINUTE, words: "59 minutes fast" },
  { offset: HOUR, words: "1 hour slow" },
  { offset: 2 * HOUR, words: "2 hours slow" },
  { offset: -25 * HOUR, words: "1 day fast" },
])("says how wrong it is, and what to do: $words", ({ offset, words }) => {
  expect(clockWords(offset)).toBe(`This phone's clock is ${words}. Choose “Another time” and put in the right time.`);
});
