// What the service worker answers itself: shells and built files, and nothing that a person has to be signed in for.

import { expect, test } from "vitest";

import { type Asked, route } from "../../service-worker/routing.ts";

const ORIGIN = "https://log.example";
const FILES = ["/static/app-0123456789.js"];

function routed(path: string, asked: Partial<Asked> = {}): string {
  const found = route({ method: "GET", mode: "navigate", url: new URL(path, ORIGIN).href, ...asked }, ORIGIN, FILES);
  return found.kind === "kept" ? found.path : found.kind;
}

test.each(["/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline"])("%s starts from the phone", (path) => {
  expect(routed(path)).toBe(path);
});

test("a shell starts from the phone whatever is asked with it", () => {
  expect(routed("/app/log?resident=7#signs")).toBe("/app/log");
});

test.each(["/", "/sign-in?to=/queue", "/queue", "/residents/1", "/app/other", "/application"])(
  "%s comes from the server, or the offline page stands in for it",
  (path) => expect(routed(path)).toBe("page"),
);

test("a built file comes from the phone, another file from the server", () => {
  expect(routed("/static/app-0123456789.js", { mode: "no-cors" })).toBe("/static/app-0123456789.js");
  expect(routed("/static/app-9876543210.js", { mode: "no-cors" })).toBe("leave");
});

test.each(["POST", "PUT", "DELETE", "HEAD"])("F5: %s is never touched", (method) => {
  expect(routed("/app", { method })).toBe("leave");
  expect(routed("/entries", { method })).toBe("leave");
});

test.each(["/api/sync", "/api/reference"])("%s is never touched", (path) => {
  expect(routed(path, { mode: "cors" })).toBe("leave");
  expect(routed(path)).toBe("leave");
});

test("another origin is never touched", () => {
  expect(routed("https://elsewhere.example/app")).toBe("leave");
});

test("a shell that is fetched and not opened is left alone", () => {
  expect(routed("/app/log", { mode: "cors" })).toBe("leave");
});
