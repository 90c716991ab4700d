// One drainer among all tabs and the worker; it never hangs for long, comes back by itself, and takes one batch at a time.

import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Push } from "../../web/src/generated/shapes.ts";
import type { OutboxItem } from "../../web/src/offline/item.ts";
import * as phone from "./phone.ts";

const MINUTE_MS = 60_000;

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

async function saved(changes = {}): Promise<OutboxItem> {
  return (await app.outbox.save(phone.saving(changes))).item;
}

async function stateOf({ id, sha256 }: OutboxItem): Promise<string | undefined> {
  return (await app.items.findItem([id, sha256]))?.state;
}

async function allStates(): Promise<Set<string>> {
  return new Set((await app.items.listItems()).map(({ state }) => state));
}

test("sends each entry once, however often it is asked at the same time", async () => {
  await Promise.all(Array.from({ length: 5 }, () => saved()));
  const pushes = phone.serve(phone.storing());
  await Promise.all(Array.from({ length: 10 }, () => app.drain.drainNow()));
  expect(pushes.flatMap((push) => push.entries)).toHaveLength(5);
});

test("F13: three tabs and the worker asked at once: one sends, and the others show how it goes", async () => {
  await Promise.all(Array.from({ length: 5 }, () => saved()));
  const others = [await phone.loaded(), await phone.loaded(), await phone.loaded()];
  const heard = vi.fn();
  others[2]?.drain.onStatus(heard);
  const pushes = phone.serve(phone.storing());
  const ended = await Promise.all([app, ...others].map(({ drain }) => drain.drainNow()));
  expect(pushes.flatMap((push) => push.entries)).toHaveLength(5);
  expect(ended.filter((state) => state === "idle").length).toBeGreaterThanOrEqual(1);
  expect(heard).toHaveBeenCalledWith({ state: "sending", nextTryAt: null, sending: { done: 0, of: 5 } });
});

test("F24: a run ends with a sign-out in whichever tab: nothing more goes in the session that somebody has ended", async () => {
  await Promise.all(Array.from({ length: 30 }, () => saved()));
  const store = phone.storing();
  const pushes = phone.serve(async (push, signal) => {
    new BroadcastChannel("ap-log").postMessage({ topic: "signed-out", content: null });
    await navigator.locks.query(); // A moment for it to be heard.
    return store(push, signal);
  });
  expect(await app.drain.drainNow()).toBe("trying-again");
  expect(pushes.flatMap((push) => push.entries).length).toBeLessThan(30);
});

test("leaves the work to another tab that is at it, and looks again soon", async () => {
  const item = await saved();
  phone.serve(phone.storing());
  await navigator.locks.request("ap-log-drain", async () => {
    expect(await app.drain.drainNow()).toBe("sending");
    expect(await stateOf(item)).toBe("waiting");
  });
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitUntil(async () => (await stateOf(item)) === "sent");
});

test("takes along what is saved while it sends", async () => {
  await saved();
  const pushes = phone.serve(async (push, signal) => {
    if (pushes.length === 1) {
      await saved();
    }
    return phone.storing()(push, signal);
  });
  expect(await app.drain.drainNow()).toBe("idle");
  expect(await allStates()).toEqual(new Set(["sent"]));
});

test("does not send what was taken back while it was packed", async () => {
  const [gone, stays] = [await saved(), await saved()];
  const find = IDBObjectStore.prototype.get;
  let isGone = false;
  vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (this: IDBObjectStore, key) {
    if (this.name === "parcels" && !isGone) {
      isGone = true;
      void app.items.replaceUntried([gone.id, gone.sha256], { author: phone.ASHA, id: gone.id } as never, []);
    }
    return find.call(this, key);
  });
  const pushes = phone.serve(phone.storing());
  await app.drain.drainNow();
  expect(pushes.flatMap(({ entries }) => entries).map(({ id }) => id)).toEqual([stays.id]);
});

describe("a connection that says nothing", () => {
  test("is given up after 45 seconds, and not before", async () => {
    const item = await saved();
    let isAborted = false;
    phone.serve((_, signal) => {
      signal.addEventListener("abort", () => (isAborted = true));
      return new Promise(() => null);
    });
    const draining = app.drain.drainNow();
    await vi.waitUntil(async () => (await stateOf(item)) === "sending");
    await vi.advanceTimersByTimeAsync(44_000);
    expect(isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await draining).toBe("trying-again");
    expect([isAborted, await stateOf(item)]).toEqual([true, "waiting"]);
  });

  test.each([0, 0.5, 0.999])("F19: for ten minutes and then is back: all is sent within a minute, without a reload (%f)", async (luck) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    vi.spyOn(Math, "random").mockReturnValue(luck);
    const item = await saved();
    const pushes = phone.serve(() => new Promise(() => null));
    void app.drain.drainNow();
    for (let passed = 0; passed < 10 * MINUTE_MS; passed += 5_000) {
      await vi.advanceTimersByTimeAsync(5_000);
      await settle();
    }
    expect([pushes.length > 5, await stateOf(item)]).toEqual([true, expect.stringMatching(/waiting|sending/)]);
    phone.serve(phone.storing());
    for (let passed = 0; passed < MINUTE_MS && (await stateOf(item)) !== "sent"; passed += 1_000) {
      await vi.advanceTimersByTimeAsync(1_000); // What is not settled at once is this much late.
      await settle();
    }
    await vi.waitUntil(async () => (await stateOf(item)) === "sent"); // What is on its way by then arrives.
  });

  test("F21: although the server has stored the entry takes it for unsent; asked again, it gives the same receipt", async () => {
    const item = await saved();
    const held = new Map<string, string>();
    const store = (push: Push) => push.entries.forEach(({ id, sealed }) => held.set(id, String(sealed)));
    phone.serve((push) => (store(push), new Promise(() => null)));
    const draining = app.drain.drainNow();
    await vi.waitUntil(() => held.size === 1);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(await draining).toBe("trying-again");
    const again = phone.serve((push, signal) => (store(push), phone.storing()(push, signal)));
    await app.drain.drainNow();
    expect([held.size, again[0]?.entries[0]?.sealed, await stateOf(item)]).toEqual([1, held.get(item.id), "sent"]);
  });
});

describe("F19: a run that hangs", () => {
  test("in the phone's own storage is given up and begun again, and its lock is free", async () => {
    const item = await saved();
    phone.serve(phone.storing());
    const hanging = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementationOnce(() => new EventTarget() as never);
    const draining = app.drain.drainNow();
    await vi.waitUntil(() => hanging.mock.calls.length > 0);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(await draining).toBe("trying-again");
    hanging.mockRestore();
    expect(await app.drain.drainNow()).toBe("idle");
    expect(await stateOf(item)).toBe("sent");
  });

  test("in a page that goes ends with it: WebKit puts such a page to sleep, and its lock with it", async () => {
    await saved();
    phone.serve(() => new Promise(() => null));
    const draining = app.drain.drainNow();
    await vi.waitUntil(async () => (await navigator.locks.query()).held?.some(({ name }) => name === "ap-log-drain"));
    app.drain.stopSending();
    expect(await draining).toBe("trying-again");
    expect((await navigator.locks.query()).held).toEqual([]);
  });

  test("in another tab that holds the lock and says nothing any more loses it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const item = await saved();
    phone.serve(phone.storing());
    const stolen = navigator.locks.request("ap-log-drain", () => new Promise(() => null)).catch(() => "stolen");
    expect(await app.drain.drainNow()).toBe("sending");
    for (let passed = 0; passed < MINUTE_MS && (await stateOf(item)) !== "sent"; passed += 1_000) {
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
    }
    await vi.waitUntil(async () => (await stateOf(item)) === "sent"); // What is on its way by then arrives.
    expect(await stolen).toBe("stolen");
  });
});

describe("after a failure", () => {
  test("it is tried again within a minute at most, at a random time that grows", async () => {
    await saved();
    phone.serve(() => phone.page());
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries += 1) {
      const asked = Date.now();
      await app.drain.drainNow();
      waits.push(Date.parse(app.drain.status().nextTryAt ?? "") - asked);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(MINUTE_MS);
    expect(waits[0]).toBeLessThan(waits[4] ?? 0);
  });

  test("two tabs do not try in turn: together they try no more often than one", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    await saved();
    const other = await phone.loaded();
    const pushes = phone.serve(() => phone.page());
    await Promise.all([app.drain.drainNow(), other.drain.drainNow()]);
    for (let passed = 0; passed < 2 * MINUTE_MS; passed += 1_000) {
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
    }
    expect(pushes.length).toBeGreaterThan(4);
    expect(pushes.length).toBeLessThan(14); // 2, 4, 8, 16, 32 and 55 s apart, and the other tab a little after.
  });

  test("it wakes itself after the wait", async () => {
    const item = await saved();
    phone.serve(() => phone.page());
    await app.drain.drainNow();
    phone.serve(phone.storing());
    await vi.advanceTimersByTimeAsync(2_000); // The first wait is at most this long.
    await vi.waitUntil(async () => (await stateOf(item)) === "sent");
  });
});

test("F39: two hundred entries are never in memory at once: their bytes are read batch by batch", async () => {
  for (let made = 0; made < 200; made += 1) {
    await saved();
  }
  const read = vi.spyOn(IDBObjectStore.prototype, "get");
  const readAll = vi.spyOn(IDBObjectStore.prototype, "getAll");
  let most = 0;
  phone.serve((push, signal) => {
    most = Math.max(most, read.mock.contexts.filter((store) => (store as IDBObjectStore).name === "parcels").length);
    read.mockClear();
    return phone.storing()(push, signal);
  });
  await app.drain.drainNow();
  expect(await allStates()).toEqual(new Set(["sent"]));
  expect(most).toBeLessThanOrEqual(51);
  expect(readAll.mock.contexts.filter((store) => (store as IDBObjectStore).name === "parcels")).toEqual([]);
});

/** Everything that waits for the storage and not for a timer. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 15; turns += 1) {
    await app.items.listItems();
  }
}
