// Sending: "Sent" against a matching receipt alone, nothing lost whatever is answered, nothing held up by its neighbour.

import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Push } from "../../web/src/generated/shapes.ts";
import { sha256Hex, toBytes } from "../../web/src/lib/bytes.ts";
import { keyOf, type OutboxItem } from "../../web/src/offline/item.ts";
import type { Parcel } from "../../web/src/offline/rows/items.ts";
import * as phone from "./phone.ts";
import { Server } from "./server.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

async function saved(changes = {}): Promise<OutboxItem> {
  return (await app.outbox.save(phone.saving(changes))).item;
}

async function items(): Promise<OutboxItem[]> {
  return (await app.outbox.list()).map(({ item }) => item);
}

async function several(count: number): Promise<OutboxItem[]> {
  const items: OutboxItem[] = [];
  for (let made = 0; made < count; made += 1) {
    items.push(await saved());
  }
  return items;
}

async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await app.items.listItems()).map((item) => [item.id, item.state]));
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
  test("when the receipt has its id and its hash; its sealed bytes stay until they are in a backup", async () => {
    const item = await saved();
    const pushes = phone.serve(phone.storing());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(pushes).toHaveLength(1);
    const [sent] = await items();
    expect(sent).toMatchObject({ state: "sent", receipt: { id: item.id, sha256: item.sha256 }, problem: null, epoch: phone.EPOCH });
    expect(await app.items.findParcel(keyOf(item))).not.toBeNull();
  });

  test("as the very text that was hashed at save", async () => {
    const item = await saved({ words: "Ll\u0177r, \u201cna\u201d \ud83d\udc8a \u0000 \"quoted\"" });
    const [push] = await pushed();
    const [entry] = push?.entries ?? [];
    expect(await sha256Hex(toBytes(await phone.textOf(entry ?? { id: "", sha256: "" })))).toBe(item.sha256);
    expect(entry?.body).toBeUndefined();
  });

  test("with few others at first, and then with up to 49 in one push", async () => {
    await several(71);
    expect((await pushed()).map((push) => push.entries.length)).toEqual([4, 16, 50, 1]);
  });

  test("alone after silence: without signal nobody packs more than that for nothing", async () => {
    await several(6);
    const pushes = phone.serve(() => phone.page(200));
    await app.drain.drainNow();
    await app.drain.drainNow();
    expect(pushes.map((push) => push.entries.length)).toEqual([4, 1]);
  });

  test("in a push small enough for a poor connection", async () => {
    for (let made = 0; made < 5; made += 1) {
      await saved({ words: "x".repeat(15_000) });
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
    "when a portal leads elsewhere, which a fetch that follows nothing refuses": () => Promise.reject(new TypeError("redirect mode")),
    "when the server breaks": () => phone.problem(500, "failed"),
    "when the server cannot do that": () => phone.problem(501, "failed"),
  };

  test.each(Object.entries(nonsense))("F8, F35: %s, and is tried again", async (_, answer) => {
    const item = await saved();
    phone.serve(answer);
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(await stateOf(item)).toBe("waiting");
    phone.serve(phone.storing());
    await drainUntilIdle();
    expect(await stateOf(item)).toBe("sent");
  });

  test("F8: while its answer is lost; the same bytes go again and the server's receipt is the same", async () => {
    const item = await saved();
    const pushes = phone.serve(() => Promise.reject(new TypeError("Connection reset")));
    await app.drain.drainNow();
    const repeated = phone.serve(phone.storing());
    await app.drain.drainNow();
    expect(repeated[0]?.entries).toEqual(pushes[0]?.entries);
    expect(await stateOf(item)).toBe("sent");
  });

  test("F10: while its answer is cut off after the server has stored it; asked again it is there once, and its photos follow", async () => {
    const [server, photo] = [new Server(), await phone.aPhoto()];
    const { item } = await app.outbox.save(phone.saving({}, [photo]));
    let cuts = 1;
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      const answer = await server.answer(path, init);
      return path === "/api/sync" && cuts-- > 0 ? Promise.reject(new TypeError("Connection reset")) : answer;
    });
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect([server.held.length, server.photos.size, await stateOf(item)]).toEqual([1, 0, "waiting"]);
    await drainUntilIdle();
    expect([server.held.length, await stateOf(item)]).toEqual([1, "sent"]);
    expect(server.photos.get(photo.claim.id)?.receivedAt).not.toBeNull();
    expect(server.photos.size).toBe(1);
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
  test.each([400, 403, 404, 409, 410, 413, 422])("F4: with status %i keeps the entry and says why", async (code) => {
    const item = await saved();
    phone.serve(() => phone.problem(code, "refused"));
    expect(await app.drain.drainNow()).toBe("idle");
    expect((await items())[0]).toMatchObject({ state: "needs-person", problem: { title: "No", way_on: "Ask." } });
    expect(await app.items.findParcel(keyOf(item))).not.toBeNull();
  });

  test("F20: of one entry does not hold up the others", async () => {
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
    expect(pushes.slice(0, 2).map((push) => push.entries.length)).toEqual([4, 2]);
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
  });
});

describe("a server that breaks", () => {
  test("F20: is sent the other 49, while that one waits with its reason", async () => {
    const [bad] = (await several(50)) as [OutboxItem];
    const pushes = phone.serve((push, signal) =>
      push.entries.some(({ id }) => id === bad.id) ? phone.problem(500, "failed") : phone.storing()(push, signal),
    );
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(pushes.length).toBeLessThan(30);
    const after = await items();
    expect(after.filter((item) => item.state === "sent")).toHaveLength(49);
    expect(after.find((item) => item.id === bad.id)).toMatchObject({ state: "waiting", problem: { code: "failed" } });
  });

  test("F20: over a single result of a push goes on with the rest", async () => {
    const [bad, good] = (await several(2)) as [OutboxItem, OutboxItem];
    phone.serve(phone.storing({ [bad.id]: phone.refusedAs(bad.id, "failed", 500) }));
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(await states()).toEqual({ [bad.id]: "waiting", [good.id]: "sent" });
  });

  test("over everything is left alone after a few tries", async () => {
    await several(50);
    const pushes = phone.serve(() => phone.problem(500, "failed"));
    expect(await app.drain.drainNow()).toBe("trying-again");
    expect(pushes.length).toBeLessThan(15);
    phone.serve(phone.storing());
    await drainUntilIdle();
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
  });
});

describe("an entry whose bytes are not what was kept", () => {
  async function spoilt(): Promise<OutboxItem> {
    const item = await saved();
    const parcel = (await app.items.findParcel(keyOf(item))) as Parcel;
    const bytes = parcel.bytes.map((byte, place) => (place === 40 ? byte ^ 1 : byte));
    await app.items.replaceParcel({ ...parcel, bytes });
    return item;
  }

  test("is not sent and needs a person; the others go", async () => {
    const [item, other] = [await spoilt(), await saved()];
    const pushes = await pushed();
    expect(pushes.flatMap(({ entries }) => entries).map(({ id }) => id)).toEqual([other.id]);
    expect(await app.items.findItem(keyOf(item))).toMatchObject({ state: "needs-person", problem: { code: "bytes-lost" } });
  });

  test("is sealed anew, as the very same text, when its author tries again", async () => {
    const item = await spoilt();
    await pushed();
    await app.outbox.retry(item.id, item.sha256);
    const [push] = await pushed();
    const [entry] = push?.entries ?? [];
    expect(await sha256Hex(toBytes(await phone.textOf(entry ?? { id: "", sha256: "" })))).toBe(item.sha256);
    expect(await stateOf(item)).toBe("sent");
  });

  test("stays, and needs a person again, where nobody can read what it said", async () => {
    const item = await spoilt();
    await phone.unlockAnew(app);
    await app.outbox.retry(item.id, item.sha256);
    expect(await pushed()).toEqual([]);
    expect(await stateOf(item)).toBe("needs-person");
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
