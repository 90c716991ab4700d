// Sealed copies stay on the phone until the server has a backup of them; after a restore what it lost is sent again.

import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Kept, Push } from "../../web/src/generated/shapes.ts";
import { newId } from "../../web/src/lib/ids.ts";
import type { OutboxItem } from "../../web/src/offline/item.ts";
import type { Parcel } from "../../web/src/offline/rows/items.ts";
import * as phone from "./phone.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const RECEIVED = Date.parse(phone.SERVER_TIME);
const LATER = new Date(RECEIVED + 1000).toISOString();
const EARLIER = new Date(RECEIVED - 1000).toISOString();

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
});

/** A server with one epoch and one backup, which loses what a test says. */
interface Restored {
  epoch: string;
  backedUpTo: string | null;
  lost: Set<string>;
}

interface Asked {
  readonly pushes: Push[];
  readonly offers: Kept[][];
}

function serve(server: Restored): Asked {
  const asked: Asked = { pushes: [], offers: [] };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const content = JSON.parse(String(init.body ?? "{}")) as Push & { receipts: Kept[] };
    if (path === "/api/receipts") {
      asked.offers.push(content.receipts);
      const missing = content.receipts.filter(({ id }) => server.lost.has(id));
      return phone.json({ missing, server_time: phone.SERVER_TIME, restore_epoch: server.epoch });
    }
    if (path === "/api/sync") {
      asked.pushes.push(content);
      content.entries.forEach(({ id }) => server.lost.delete(id));
      return phone.answering(content.entries.map(phone.stored), { restore_epoch: server.epoch, backed_up_to: server.backedUpTo });
    }
    return phone.problem(401, "not-signed-in");
  });
  return asked;
}

async function sent(): Promise<OutboxItem> {
  const { item } = await app.outbox.save(phone.saving());
  expect(await app.drain.drainNow()).toBe("idle");
  return item;
}

async function isKept({ id, sha256 }: OutboxItem): Promise<boolean> {
  return (await app.items.findParcel([id, sha256])) !== null;
}

describe("the sealed copy of what was sent", () => {
  test.each([
    ["stays while the server has no backup", null, true],
    ["stays while the last backup is from before it arrived", EARLIER, true],
    ["goes once a backup has it: the backup of that very moment", phone.SERVER_TIME, false],
    ["goes once a later backup has it", LATER, false],
  ])("%s", async (_, backedUpTo, kept) => {
    serve({ epoch: "first", backedUpTo, lost: new Set() });
    const item = await sent();
    expect(await isKept(item)).toBe(kept);
    expect((await app.outbox.list()).map((one) => one.item.state)).toEqual(["sent"]);
  });

  test("goes when the server says so elsewhere, with the next run", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.noteServer({ restore_epoch: "first", backed_up_to: LATER });
    await app.drain.drainNow();
    expect(await isKept(item)).toBe(false);
  });

  test("is kept however long where the server never has a backup", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.forgetWhatIsSafe(RECEIVED + 3650 * DAY_MS);
    expect(await isKept(item)).toBe(true);
  });

  test("is kept however long, after a restore, until the server was asked whether it still has it", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: null });
    await app.receipts.forgetWhatIsSafe(RECEIVED + 40 * DAY_MS);
    expect(await isKept(item)).toBe(true);
  });

  test("is never taken for safe by a backup of the server before its restore", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: LATER });
    await app.receipts.forgetWhatIsSafe(RECEIVED);
    expect(await isKept(item)).toBe(true);
  });
});

describe("what was sent", () => {
  test("is listed for 14 days; its row goes with its bytes, and not before", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    await sent();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 14 * DAY_MS - 60_000);
    expect(await app.outbox.list()).toHaveLength(1);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 120_000);
    expect(await app.outbox.list()).toHaveLength(0);
    await app.receipts.forgetWhatIsSafe(Date.now());
    expect(await app.items.listItems()).toHaveLength(1);
    await app.receipts.noteServer({ restore_epoch: "first", backed_up_to: LATER });
    await app.receipts.forgetWhatIsSafe(Date.now());
    expect(await app.items.listItems()).toHaveLength(0);
  });

  test("what was not is listed for ever", async () => {
    await app.outbox.save(phone.saving());
    await app.receipts.forgetWhatIsSafe(Date.now() + 1000 * DAY_MS);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 1000 * DAY_MS);
    expect(await app.outbox.list()).toHaveLength(1);
  });

  test("F6: what has a photo that is still to go is not forgotten, or the photo would never go", async () => {
    serve({ epoch: "first", backedUpTo: LATER, lost: new Set() });
    await app.outbox.save(phone.saving({}, [await phone.aPhoto()]));
    await app.drain.drainNow();
    await app.receipts.forgetWhatIsSafe(Date.now() + 1000 * DAY_MS);
    expect(await app.items.listItems()).toHaveLength(1);
  });

  test.each([
    ["goes together with", LATER, 0],
    ["is not in a backup yet, and so are the bytes of", null, 2],
  ])("%s the earlier version of it that it replaced", async (_, backedUpTo, count) => {
    const { entry } = phone.saving();
    const { item: first } = await app.outbox.save({ ...phone.saving(), entry });
    await app.outbox.save({ ...phone.saving(), entry: { ...entry, words: "changed" } });
    phone.serve((push) =>
      phone.answering(push.entries.map((one) => (one.sha256 === first.sha256 ? phone.refusedAs(one.id, "invalid", 422) : phone.stored(one))), {
        backed_up_to: backedUpTo,
      }),
    );
    await app.drain.drainNow();
    expect((await app.outbox.list()).map(({ item }) => item.state)).toEqual(["sent", "replaced"]);
    await app.receipts.forgetWhatIsSafe(Date.now() + 20 * DAY_MS);
    expect([(await app.items.listItems()).length, (await app.items.listParcelKeys()).length]).toEqual([count, count]);
  });
});

describe("after a restore of the server", () => {
  test("the receipts of what is kept are offered once, and only what the server lost goes again", async () => {
    const server: Restored = { epoch: "first", backedUpTo: null, lost: new Set() };
    serve(server);
    const [lost, there] = [await sent(), await sent()];
    Object.assign(server, { epoch: "second", lost: new Set([lost.id]) });
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: null });
    const asked = serve(server);
    expect(await app.drain.drainNow()).toBe("idle");
    expect(asked.offers.flat().map(({ id }) => id).sort()).toEqual([lost.id, there.id].sort());
    expect(asked.pushes.flatMap(({ entries }) => entries).map(({ id }) => id)).toEqual([lost.id]);
    expect((await app.items.listItems()).map(({ state, epoch }) => [state, epoch])).toEqual([["sent", "second"], ["sent", "second"]]);
    await app.drain.drainNow();
    expect(asked.offers).toHaveLength(1);
  });

  test("it is heard of in the answer to a push, and looked after in the same run", async () => {
    const server: Restored = { epoch: "first", backedUpTo: null, lost: new Set() };
    serve(server);
    const lost = await sent();
    Object.assign(server, { epoch: "second", lost: new Set([lost.id]) });
    const asked = serve(server);
    await app.outbox.save(phone.saving());
    expect(await app.drain.drainNow()).toBe("idle");
    expect(asked.pushes.flatMap(({ entries }) => entries).map(({ id }) => id)).toContain(lost.id);
  });

  test("what was lost waits, with its bytes, for as long as nobody is signed in", async () => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: null });
    phone.serve(() => phone.problem(401, "not-signed-in"));
    expect(await app.drain.drainNow()).toBe("sign-in");
    expect(await isKept(item)).toBe(true);
    const asked = serve({ epoch: "second", backedUpTo: LATER, lost: new Set([item.id]) });
    expect(await app.drain.drainNow()).toBe("idle");
    expect(asked.pushes).toHaveLength(1);
  });

  test.each([
    ["a page of somebody else", () => phone.page()],
    ["nothing", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["JSON of somebody else", () => phone.json({ ok: true })],
  ])("%s is no answer to the offer: it is made again", async (_, answer) => {
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    const item = await sent();
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: null });
    vi.stubGlobal("fetch", async () => answer());
    expect(await app.drain.drainNow()).toBe("trying-again");
    const asked = serve({ epoch: "second", backedUpTo: null, lost: new Set([item.id]) });
    expect(await app.drain.drainNow()).toBe("idle");
    expect(asked.pushes).toHaveLength(1);
  });

  test("five hundred receipts go in one offer, and the next in another", async () => {
    const server: Restored = { epoch: "first", backedUpTo: null, lost: new Set() };
    serve(server);
    const item = await sent();
    const parcel = await app.items.findParcel([item.id, item.sha256]);
    const row = (await app.items.findItem([item.id, item.sha256])) ?? item;
    for (let made = 1; made < 501; made += 1) {
      const id = newId();
      await app.items.addItem({ ...row, id }, { ...(parcel as Parcel), id }, []);
    }
    await app.receipts.noteServer({ restore_epoch: "second", backed_up_to: null });
    const asked = serve({ ...server, epoch: "second" });
    await app.drain.drainNow();
    expect(asked.offers.map((offer) => offer.length)).toEqual([500, 1]);
  });

  test("its photos are queued again, and the server is asked how much of each it has", async () => {
    const photo = await phone.aPhoto();
    serve({ epoch: "first", backedUpTo: null, lost: new Set() });
    await app.outbox.save(phone.saving({}, [photo]));
    await app.receipts.noteServer({ restore_epoch: "first" });
    await app.receipts.offerReceipts();
    await app.photos.changePhotos([photo.claim.id], (item) => ({ ...item, state: "sent", sent: item.size, receivedAt: phone.SERVER_TIME }));
    await app.receipts.noteServer({ restore_epoch: "second" });
    await app.receipts.offerReceipts();
    expect((await app.photos.listPhotos()).map(({ state, sent: bytes }) => [state, bytes])).toEqual([["waiting", 0]]);
  });
});
