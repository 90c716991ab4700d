// Sending: "Sent" against a matching receipt alone, nothing lost whatever is answered, nothing held up by its neighbour.

import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Push } from "../../web/src/generated/shapes.ts";
import { sha256Hex } from "../../web/src/lib/bytes.ts";
import { keyOf, type OutboxItem } from "../../web/src/offline/item.ts";
import * as phone from "./phone.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

function saved(changes = {}): Promise<OutboxItem> {
  return app.outbox.save(phone.anEntry(changes), phone.LABEL);
}

async function several(count: number): Promise<OutboxItem[]> {
  const items: OutboxItem[] = [];
  for (let made = 0; made < count; made += 1) {
    items.push(await saved());
  }
  return items;
}

async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await app.outbox.list()).map((item) => [item.id, item.state]));
}

async function stateOf({ id }: OutboxItem): Promise<string | undefined> {
  return (await states())[id];
}

/** The drainer stops and waits after a failure; the tests do not. */
async function drainUntilIdle(): Promise<number> {
  for (let runs = 1; runs <= 60; runs += 1) {
    if ((await app.drain.drainNow()) === "idle") {
      return runs;
    }
  }
  throw new Error("It never became idle");
}

describe("an entry is sent", () => {
  test("when the receipt has its id and its hash; then its bytes leave the phone and its receipt stays", async () => {
    const item = await saved();
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes).toHaveLength(1);
    const [sent] = await app.outbox.list();
    expect(sent).toMatchObject({ state: "sent", receipt: { id: item.id, sha256: item.sha256 }, problem: null });
    expect(await app.database.findBytes(keyOf(item))).toBeNull();
  });

  test("as the very text that was hashed at save", async () => {
    const item = await saved({ words: "Ll\u0177r, \u201cna\u201d \ud83d\udc8a \u0000 \"quoted\"" });
    const [push] = await pushed();
    expect(await sha256Hex(new TextEncoder().encode(push?.entries[0]?.body))).toBe(item.sha256);
  });

  test("together with up to 49 others in one push", async () => {
    await several(51);
    expect((await pushed()).map((push) => push.entries.length)).toEqual([50, 1]);
  });

  test("in a push small enough for a poor connection", async () => {
    for (let made = 0; made < 5; made += 1) {
      await saved({ words: "x".repeat(20_000) });
    }
    expect((await pushed()).map((push) => push.entries.length)).toEqual([3, 2]);
  });

  test("and the answer tells how far the phone's clock is off", async () => {
    vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-20T03:40:00Z"));
    await saved();
    await pushed();
    const contact = await app.connection.lastContact();
    expect(Math.round((contact?.offsetMs ?? 0) / 60_000)).toBe(-120);
  });
});

describe("an entry is never called sent", () => {
  const nonsense: Record<string, (push: Push) => Response | Promise<Response>> = {
    "after the page of a captive portal": () => phone.page(),
    "after JSON of somebody else": () => phone.json({ ok: true }),
    "after JSON that is none": () => new Response("{", { headers: { "Content-Type": "application/json" } }),
    "after an empty answer": () => new Response(null, { status: 204 }),
    "after results for other ids": () => phone.json({ results: [phone.stored({ id: "other", sha256: "x" })], server_time: phone.SERVER_TIME }),
    "after no results": () => phone.json({ results: [], server_time: phone.SERVER_TIME }),
    "after a receipt of another hash": (push) =>
      phone.json({ results: push.entries.map(({ id }) => phone.stored({ id, sha256: "0".repeat(64) })), server_time: phone.SERVER_TIME }),
    "after stored without a receipt": (push) =>
      phone.json({ results: push.entries.map(({ id }) => ({ id, result: "stored" })), server_time: phone.SERVER_TIME }),
    "when the connection breaks": () => Promise.reject(new TypeError("Failed to fetch")),
    "when the database takes no writes": () => phone.problem(503, "unavailable"),
    "when a proxy cannot reach the server": () => phone.page(502),
    "when there were too many tries": () => phone.problem(429, "too-many"),
    "when a portal wants a sign-in of its own": () => phone.page(401),
    "when the server breaks": () => phone.problem(500, "failed"),
  };

  test.each(Object.entries(nonsense))("%s, and is tried again", async (_, answer) => {
    const item = await saved();
    phone.serve(answer);
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(await stateOf(item)).toBe("waiting");
    phone.serve(phone.storing());
    await drainUntilIdle();
    expect(await stateOf(item)).toBe("sent");
  });

  test("while its answer is lost; the same bytes go again and the server's receipt is the same", async () => {
    const item = await saved();
    const pushes = phone.serve(() => Promise.reject(new TypeError("Connection reset")));
    await app.drain.drainNow();
    const repeated = phone.serve(phone.storing());
    await app.drain.drainNow();
    expect(repeated[0]).toEqual(pushes[0]);
    expect(await stateOf(item)).toBe("sent");
  });

  test("after a crash between the mark and the answer: it is marked before the first byte leaves, and goes again", async () => {
    const item = await saved();
    const pushes = phone.serve(() => new Promise(() => null));
    void app.drain.drainNow();
    await until(() => pushes.length === 1);
    expect(await stateOf(item)).toBe("sending");
    app = await phone.crash();
    phone.serve(phone.storing());
    await drainUntilIdle();
    expect(await stateOf(item)).toBe("sent");
  });
});

describe("a refusal", () => {
  test.each([400, 403, 404, 409, 410, 413, 422])("with status %i keeps the entry and says why", async (code) => {
    const item = await saved();
    phone.serve(() => phone.problem(code, "refused"));
    expect(await app.drain.drainNow()).toBe("idle");
    expect((await app.outbox.list())[0]).toMatchObject({ state: "needs-person", problem: { title: "No", way_on: "Ask." } });
    expect(await app.database.findBytes(keyOf(item))).not.toBeNull();
  });

  test("of one entry does not hold up the others", async () => {
    const [first, bad, last] = (await several(3)) as [OutboxItem, OutboxItem, OutboxItem];
    const pushes = phone.serve(phone.storing({ [bad.id]: phone.refusedAs(bad.id, "invalid", 422) }));
    expect(await app.drain.drainNow()).toBe("idle");
    expect(await states()).toEqual({ [first.id]: "sent", [bad.id]: "needs-person", [last.id]: "sent" });
    expect(pushes).toHaveLength(1);
  });

  test("is sent again when a person asks for it", async () => {
    const item = await saved();
    phone.serve(phone.storing({ [item.id]: phone.refusedAs(item.id, "not-found", 404) }));
    await app.drain.drainNow();
    await app.drain.drainNow();
    expect(await stateOf(item)).toBe("needs-person");
    await app.outbox.retry(item.id, item.sha256);
    phone.serve(phone.storing());
    await app.drain.drainNow();
    expect(await stateOf(item)).toBe("sent");
  });

  test("of the whole push because of one entry reaches that entry alone", async () => {
    const items = await several(8);
    const bad = items[3] as OutboxItem;
    phone.serve((push, signal) =>
      push.entries.some(({ id }) => id === bad.id) ? phone.problem(422, "invalid") : phone.storing()(push, signal),
    );
    expect(await app.drain.drainNow()).toBe("idle");
    expect(Object.values(await states()).filter((state) => state === "sent")).toHaveLength(7);
    expect(await stateOf(bad)).toBe("needs-person");
  });

  test("because the push is too large halves it until it fits", async () => {
    await several(8);
    const pushes = phone.serve((push, signal) => (push.entries.length > 2 ? phone.page(413) : phone.storing()(push, signal)));
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes[0]?.entries).toHaveLength(8);
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
  });
});

describe("a server that breaks over one entry", () => {
  test("is sent the other 49, while that one waits with its reason", async () => {
    const items = await several(50);
    const bad = items[0] as OutboxItem;
    phone.serve((push, signal) =>
      push.entries.some(({ id }) => id === bad.id) ? phone.problem(500, "failed") : phone.storing()(push, signal),
    );
    for (let runs = 0; runs < 20; runs += 1) {
      await app.drain.drainNow();
    }
    const after = await app.outbox.list();
    expect(after.filter((item) => item.state === "sent")).toHaveLength(49);
    expect(after.find((item) => item.id === bad.id)).toMatchObject({ state: "waiting", problem: { code: "failed" } });
  });
});

describe("who is signed in", () => {
  test("nobody: entries wait, and it is no error", async () => {
    const item = await saved();
    phone.serve(() => phone.problem(401, "not-signed-in"));
    expect(await app.drain.drainNow()).toBe("sign-in");
    expect(app.drain.status()).toEqual({ state: "sign-in", nextTryAt: null });
    expect(await stateOf(item)).toBe("waiting");
  });

  test("another person: entries wait for their author and are not sent", async () => {
    const item = await saved();
    await phone.signIn(app, phone.BEN);
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes).toHaveLength(0);
    await phone.signIn(app, phone.ASHA);
    await app.drain.drainNow();
    expect(await stateOf(item)).toBe("sent");
  });

  test("another person than the phone thinks: the server says so, and the entry waits", async () => {
    const item = await saved();
    phone.serve(phone.storing({ [item.id]: phone.refusedAs(item.id, "another-author", 403) }));
    expect(await app.drain.drainNow()).toBe("idle");
    expect(await stateOf(item)).toBe("waiting");
  });
});

describe("one drainer", () => {
  test("sends each entry once, however often it is asked at the same time", async () => {
    await several(5);
    const pushes = phone.serve(phone.storing());
    await Promise.all(Array.from({ length: 10 }, () => app.drain.drainNow()));
    expect(pushes.flatMap((push) => push.entries)).toHaveLength(5);
  });

  test("leaves the work to another tab that is at it", async () => {
    await saved();
    const pushes = phone.serve(phone.storing());
    await navigator.locks.request("ap-log-drain", async () => {
      expect(await app.drain.drainNow()).toBe("sending");
    });
    expect(pushes).toHaveLength(0);
    await drainUntilIdle();
    expect(pushes).toHaveLength(1);
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
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
  });

  test("gives up on a connection that says nothing for 45 seconds, and not before", async () => {
    const item = await saved();
    let isAborted = false;
    phone.serve((_, signal) => {
      signal.addEventListener("abort", () => (isAborted = true));
      return new Promise(() => null);
    });
    const draining = app.drain.drainNow();
    await until(async () => (await stateOf(item)) === "sending");
    await vi.advanceTimersByTimeAsync(44_999);
    expect(isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await draining).toBe("trying-again");
    expect([isAborted, await stateOf(item)]).toEqual([true, "waiting"]);
  });

  test("tries again by itself, within a minute at most", async () => {
    await saved();
    phone.serve(() => phone.page());
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries += 1) {
      const asked = Date.now();
      await app.drain.drainNow();
      waits.push(Date.parse(app.drain.status().nextTryAt ?? "") - asked);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_500);
    expect(waits[0]).toBeLessThan(waits[4] ?? 0);
  });

  test("wakes itself after the wait", async () => {
    const item = await saved();
    phone.serve(() => phone.page());
    await app.drain.drainNow();
    phone.serve(phone.storing());
    await vi.advanceTimersByTimeAsync(2_000); // The first wait is at most this long.
    await until(async () => (await stateOf(item)) === "sent");
  });
});

describe("what was sent", () => {
  test("is listed for 14 days and then forgotten", async () => {
    await saved();
    await pushed();
    const day = 24 * 60 * 60 * 1000;
    await app.outbox.forgetOldSent(Date.now() + 14 * day - 60_000);
    expect(await app.outbox.list()).toHaveLength(1);
    await app.outbox.forgetOldSent(Date.now() + 14 * day + 60_000);
    expect(await app.outbox.list()).toHaveLength(0);
  });

  test("what was not is listed for ever", async () => {
    await saved();
    await app.outbox.forgetOldSent(Date.now() + 1000 * 24 * 60 * 60 * 1000);
    expect(await app.outbox.list()).toHaveLength(1);
  });
});

async function pushed(): Promise<Push[]> {
  const pushes = phone.serve(phone.storing());
  await drainUntilIdle();
  return pushes;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await app.outbox.list(); // Gives everything else its turn.
  }
}
