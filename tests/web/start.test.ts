// What makes a page send, each by itself: where one is lost, a phone sends late and nothing else shows it.

import { beforeEach, describe, expect, test, vi } from "vitest";

import { DRAIN_TAG } from "../../web/src/offline/messages.ts";
import { startOffline } from "../../web/src/offline/start.ts";

const asked = vi.hoisted(() => ({
  askToPersist: vi.fn(async () => true),
  drainNow: vi.fn(async () => "idle"),
  refresh: vi.fn(async () => "kept"),
  reportSoon: vi.fn(),
  stopSending: vi.fn(),
}));

/** Who listens to which news. */
const listening = vi.hoisted(() => new Map<string, () => void>());
const nothing = vi.hoisted(() => () => null);
const none = vi.hoisted(() => async () => null);

vi.mock("../../web/src/lib/news.ts", () => ({ listen: listening.set.bind(listening) }));
vi.mock("../../web/src/offline/changing-hands.ts", () => ({ watchHands: nothing }));
vi.mock("../../web/src/offline/clock.ts", () => ({ followClock: nothing }));
vi.mock("../../web/src/offline/device.ts", () => ({ knownDevice: none }));
vi.mock("../../web/src/offline/drain.ts", () => ({ drainNow: asked.drainNow, stopSending: asked.stopSending }));
vi.mock("../../web/src/offline/losses.ts", () => ({ watchForLosses: none }));
vi.mock("../../web/src/offline/marker.ts", () => ({ readMarker: none }));
vi.mock("../../web/src/offline/older.ts", () => ({ hideOlder: none }));
vi.mock("../../web/src/offline/reference.ts", () => ({ onReferenceChange: nothing, refresh: asked.refresh }));
vi.mock("../../web/src/offline/report.ts", () => ({ reportSoon: asked.reportSoon, startReporting: nothing }));
vi.mock("../../web/src/offline/storage.ts", () => ({ askToPersist: asked.askToPersist }));
vi.mock("../../web/src/offline/update.ts", () => ({ registerWorker: nothing }));
vi.mock("../../web/src/offline/vault.ts", () => ({ onVaultChange: (listener: () => void) => listening.set("vault", listener) }));

const register = vi.fn(async () => undefined);

beforeEach(() => {
  vi.clearAllMocks();
  listening.clear();
});

/** A page with this address has started, and nothing has happened to it yet. */
function startPage(pathname = "/queue"): void {
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("location", { pathname });
  vi.stubGlobal("navigator", { serviceWorker: { ready: Promise.resolve({ sync: { register } }) } });
  startOffline();
  expect(asked.drainNow).not.toHaveBeenCalled();
}

function happens(kind: string): void {
  window.dispatchEvent(new Event(kind));
}

function becomes(visibilityState: DocumentVisibilityState): void {
  Object.assign(document, { visibilityState });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** Here, in another tab or in the worker: news goes everywhere. */
function saved(): void {
  listening.get("unsent")?.();
}

/** What wakes a page: it looks after everything then. */
const WAKES = [
  ["there is signal again", () => happens("online")],
  ["somebody turns to it", () => happens("focus")],
  ["it is loaded, or comes back from the back-forward cache", () => happens("pageshow")],
  ["it can be seen again", () => becomes("visible")],
] as const;

describe("a page sends", () => {
  test.each([...WAKES, ["something waits to be sent", saved] as const])("when %s", (_, trigger) => {
    startPage();
    trigger();
    expect(asked.drainNow).toHaveBeenCalledOnce();
  });

  test("once more when it has a fresh roster, on a page of the app", async () => {
    startPage("/app/log");
    asked.refresh.mockResolvedValueOnce("fresh");
    happens("focus");
    await vi.waitFor(() => expect(asked.drainNow).toHaveBeenCalledTimes(2));
  });

  test("nothing when it can no longer be seen", () => {
    startPage();
    becomes("hidden");
    expect(asked.drainNow).not.toHaveBeenCalled();
  });
});

test("a page that goes stops sending, and makes way for the next", () => {
  startPage();
  happens("pagehide");
  expect(asked.stopSending).toHaveBeenCalledOnce();
  expect(asked.drainNow).not.toHaveBeenCalled();
});

test.each(WAKES)("a page says what this phone holds when %s", (_, trigger) => {
  startPage();
  trigger();
  expect(asked.reportSoon).toHaveBeenCalledOnce();
});

test("a page that is none of the app fetches no roster", () => {
  startPage("/application");
  happens("focus");
  expect(asked.refresh).not.toHaveBeenCalled();
});

test("a page of the app fetches the roster when somebody unlocks it, and another page does not", () => {
  startPage("/app/log");
  listening.get("vault")?.();
  expect(asked.refresh).toHaveBeenCalledOnce();
  startPage("/queue");
  listening.get("vault")?.();
  expect(asked.refresh).toHaveBeenCalledOnce();
});

test("when something waits to be sent the browser is asked to keep it, and to wake the worker for it", async () => {
  startPage();
  saved();
  await vi.waitFor(() => expect(register).toHaveBeenCalledWith(DRAIN_TAG));
  expect(asked.askToPersist).toHaveBeenCalledOnce();
});
