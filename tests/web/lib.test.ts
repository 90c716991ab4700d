// Ids, times and bytes as they cross the border.

import { expect, test, vi } from "vitest";

import { isSame, sha256Hex, toBytes, toText, wellFormed } from "../../web/src/lib/bytes.ts";
import { newId } from "../../web/src/lib/ids.ts";
import { isoWithOffset } from "../../web/src/lib/times.ts";

test.each([
  [0, "2026-07-10T00:40:00+00:00"],
  [-60, "2026-07-10T01:40:00+01:00"],
  [-345, "2026-07-10T06:25:00+05:45"],
  [210, "2026-07-09T21:10:00-03:30"],
])("a time has whole seconds and the offset of the phone's clock (%i minutes)", (behind, written) => {
  vi.spyOn(Date.prototype, "getTimezoneOffset").mockReturnValue(behind);
  const at = new Date("2026-07-10T00:40:00.789Z");
  expect(isoWithOffset(at)).toBe(written);
  expect(Date.parse(isoWithOffset(at))).toBe(Date.parse("2026-07-10T00:40:00Z"));
});

test("ids are UUIDs and differ", () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId()).not.toBe(newId());
});

test("text survives its way through bytes, byte-order marks too", async () => {
  const text = "\ufeffLl\u0177r \ud83d\udc8a";
  expect(toText(toBytes(text))).toBe(text);
  expect(await sha256Hex(toBytes("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("half a character is replaced and a whole one is not", () => {
  expect([wellFormed("a\udc8ab"), wellFormed("\ud83d\udc8a")]).toEqual(["a\ufffdb", "\ud83d\udc8a"]);
});

test("bytes that differ in length or place are not the same", () => {
  expect([isSame(toBytes("ab"), toBytes("ab")), isSame(toBytes("ab"), toBytes("abc")), isSame(toBytes("ab"), toBytes("ba"))]).toEqual([true, false, false]);
});
