/// <reference types="vite/client" />
// The engine on the phone against the shared cases, byte for byte. tests/contracts/policy/test_twin.py does the same
// with thousands of invented histories and the engine on the server.

import { expect, test } from "vitest";

import { evaluate } from "../../web/src/policy/evaluate.ts";
import policy from "../contracts/policy/default.json";

const files = import.meta.glob<string>("../contracts/policy/cases/*.json", {
  eager: true, import: "default", query: "?raw",
});
const cases = Object.entries(files).flatMap(([path, text]) => {
  const expected = files[path.replace(".json", ".expected.json")];
  return expected === undefined ? [] : [{ name: path.replace(/.*\//, ""), text, expected }];
});

test("all shared cases are here", () => {
  expect(cases).toHaveLength(8);
});

test.each(cases)("the shared case $name gives the expected bytes", ({ text, expected }) => {
  expect(`${JSON.stringify(evaluate([policy], JSON.parse(text) as object))}\n`).toBe(expected);
});

const event = (id: string, code: string, occurred_at: string) => ({ id, type: "event", code, occurred_at });
const decision = (id: string, event: string) => ({
  id, event, type: "decision", step: 1, decided_at: "2026-03-11T09:00:00Z", reason: "as it seemed right",
});
const about = (...facts: object[]) => ({ case: "a", resident: { legal_status: "licence" }, facts });
const first = event("e1", "SUB-2", "2026-03-10T20:00:00Z");

test.each([
  ["a code nobody knows", about(event("e1", "SUB-99", "2026-03-10T20:00:00Z"))],
  ["an event before every policy", about(event("e1", "SUB-2", "2025-12-31T23:59:59Z"))],
  ["two decisions for one episode", about(first, decision("d1", "e1"), decision("d2", "e1"))],
  ["a decision for no event", about(first, decision("d1", "e2"))],
  ["a void of nothing", about(first, { id: "v1", type: "void", decision: "d9", at: "2026-03-11T09:00:00Z" })],
])("there is no answer for %s", (_, timeline) => {
  expect(() => evaluate([policy], timeline)).toThrow();
});

test("an order of arrival never changes the answer, and nothing given is changed", () => {
  const facts = [first, event("e2", "SUB-2", "2026-03-20T20:00:00Z"), decision("d1", "e1")];
  const before = JSON.stringify(evaluate([policy], about(...facts)));
  expect(JSON.stringify(evaluate([policy], about(...[...facts].reverse())))).toBe(before);
  expect(JSON.stringify(evaluate([policy], about(...facts)))).toBe(before);
});
