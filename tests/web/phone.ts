// A phone for tests: an empty database, somebody signed in, and a server that answers as the test says.

import { deleteDB } from "idb";
import { vi } from "vitest";

import type { Entry, Push, PushAnswer, PushResult, Reference } from "../../web/src/generated/shapes.ts";
import { newId } from "../../web/src/lib/ids.ts";

export const ASHA = "00000000-0000-4000-8000-00000000a54a";
export const BEN = "00000000-0000-4000-8000-0000000000be";
export const LABEL = { residentName: "Gwilym Tudor", words: "Seems under the influence" };
export const SERVER_TIME = "2026-11-20T01:40:00Z";

/** The app, as it is after it was started. */
export interface App {
  readonly connection: typeof import("../../web/src/offline/connection.ts");
  readonly database: typeof import("../../web/src/offline/database.ts");
  readonly drain: typeof import("../../web/src/offline/drain.ts");
  readonly outbox: typeof import("../../web/src/offline/outbox.ts");
  readonly reference: typeof import("../../web/src/offline/reference.ts");
}

/** The app newly started on a phone that holds nothing, with Asha signed in. Its timers go when a test says so. */
export async function newPhone(): Promise<App> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await deleteDB("ap-log"); // The last test's app makes way, as it has to for an upgrade.
  const app = await start();
  await signIn(app);
  return app;
}

/** The app started once more: what was only in its memory is gone, and so are its timers. */
export async function start(): Promise<App> {
  vi.clearAllTimers();
  vi.resetModules();
  return {
    connection: await import("../../web/src/offline/connection.ts"),
    database: await import("../../web/src/offline/database.ts"),
    drain: await import("../../web/src/offline/drain.ts"),
    outbox: await import("../../web/src/offline/outbox.ts"),
    reference: await import("../../web/src/offline/reference.ts"),
  };
}

/** The app killed while it sends, and started again: the browser gives its lock back. */
export async function crash(): Promise<App> {
  await navigator.locks.request("ap-log-drain", { steal: true }, () => null);
  return start();
}

export async function signIn(app: App, person = ASHA): Promise<void> {
  const door = await app.database.findFact("door");
  await app.database.keepFact("reference", { fetchedAt: Date.now(), door, reference: referenceOf(person) });
}

export function referenceOf(person: string): Reference {
  return { me: { id: person, name: "Asha Rahman" }, read_at: SERVER_TIME, residents: [], policies: [] };
}

export function anEntry(changes: Partial<Entry> = {}): Entry {
  return {
    id: newId(),
    author: ASHA,
    device: newId(),
    resident: newId(),
    happening: "under-influence",
    occurred_at: "2026-11-20T01:40:00+00:00",
    recorded_at: "2026-11-20T01:41:00+00:00",
    words: "Swaying, glassy eyes.",
    ...changes,
  };
}

type Serve = (push: Push, signal: AbortSignal) => Response | Promise<Response>;

/** Answer every push as `serve` does and every other request with 401; returns the pushes as they arrived. */
export function serve(answer: Serve): Push[] {
  const pushes: Push[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path !== "/api/sync") {
      return problem(401, "not-signed-in");
    }
    const push = JSON.parse(String(init.body)) as Push;
    pushes.push(push);
    return answer(push, init.signal as AbortSignal);
  });
  return pushes;
}

/** A server that stores everything, except the entries that `exceptions` has another result for. */
export function storing(exceptions: Readonly<Record<string, PushResult>> = {}): Serve {
  return (push) => json({ results: push.entries.map((entry) => exceptions[entry.id] ?? stored(entry)), server_time: SERVER_TIME });
}

export function stored({ id, sha256 }: { id: string; sha256: string }): PushResult {
  return { id, result: "stored", receipt: { id, sha256, sequence: 1, received_at: SERVER_TIME } };
}

export function refusedAs(id: string, code: string, status: number): PushResult {
  return { id, result: "refused", problem: { code, title: "No", way_on: "Ask.", status, reference: "r" } };
}

export function json(value: PushAnswer | object, status = 200, type = "application/json"): Response {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });
}

export function problem(status: number, code: string): Response {
  return json({ code, title: "No", way_on: "Ask.", status, reference: "r" }, status, "application/problem+json");
}

export function page(status = 200): Response {
  return new Response("<!doctype html><title>Welcome to FreeWiFi</title>", { status, headers: { "Content-Type": "text/html" } });
}
