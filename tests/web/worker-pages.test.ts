// Pages from the server through the service worker: on a connection that gives nothing, the offline page instead.

import { beforeEach, expect, test, vi } from "vitest";

import { pageOrOffline } from "../../service-worker/caches.ts";

let isPaid = true;
const QUEUE = new Request("https://log.example/queue");

beforeEach(() => {
  vi.useFakeTimers();
  isPaid = true;
  const match = async (path: string) => new Response(`kept ${path}`);
  vi.stubGlobal("caches", { open: async () => ({ match }) });
});

test("the server's page is shown when it comes within ten seconds", async () => {
  serverAnswersAfter(9_900);
  expect(await shownAfter(10_000)).toBe("from the server");
});

test("the offline page is shown when nothing has come by then", async () => {
  serverAnswersAfter(60_000);
  expect(await shownAfter(10_000)).toBe("kept /app/offline");
});

test("the offline page is shown at once when there is no signal", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await shownAfter(0)).toBe("kept /app/offline");
});

test("while the server has not heard of a sign-out it is asked for no page", async () => {
  isPaid = false;
  const asked = vi.fn();
  vi.stubGlobal("fetch", asked);
  expect(await shownAfter(0)).toBe("kept /app/offline");
  expect(asked).not.toHaveBeenCalled();
});

function serverAnswersAfter(ms: number): void {
  vi.stubGlobal("fetch", () => new Promise((resolve) => setTimeout(() => resolve(new Response("from the server")), ms)));
}

async function shownAfter(ms: number): Promise<string> {
  const page = pageOrOffline("build", QUEUE, async () => isPaid);
  await vi.advanceTimersByTimeAsync(ms);
  return (await page).text();
}
