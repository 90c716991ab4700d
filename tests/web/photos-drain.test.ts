// Photos on their way to the server: they arrive whole, once, and whatever is answered, none is lost and none blocks.

import { beforeEach, describe, expect, test, vi } from "vitest";

import { sha256Hex } from "../../web/src/lib/bytes.ts";
import type { PhotoProgress } from "../../web/src/offline/photos.ts";
import { json, page } from "./phone.ts";
import { anEntryWith, bytesOf, newPhotoPhone, type PhotoApp, PhotoServer, RECEIVED_AT, refusal, start, stateOf, unsentPhotoCount } from "./photos-phone.ts";

const PIECE = 32 * 1024;

let app: PhotoApp;
let server: PhotoServer;

beforeEach(async () => {
  app = await newPhotoPhone();
  server = new PhotoServer();
});

describe("photos whose entries the server has", () => {
  test("F6: five photos of one entry, two of them the same to the bit, arrive as five", async () => {
    const same = bytesOf(1000, 9);
    const contents = [bytesOf(900, 1), same, bytesOf(1100, 2), Uint8Array.from(same), bytesOf(1200, 3)];
    const ids = await anEntryWith(app, contents);
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect(new Set(ids).size).toBe(5);
    for (const [place, id] of ids.entries()) {
      expect(await sha256Hex(Uint8Array.from(server.whole.get(id) ?? []))).toBe(await sha256Hex(contents[place] ?? same));
      expect(await stateOf(app, id)).toMatchObject({ state: "sent", receivedAt: RECEIVED_AT, problem: null });
    }
    expect(await unsentPhotoCount(app)).toBe(0);
  });

  test("go in pieces that grow while the connection is fast, each once", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(2_000_000)]);
    await app.photos.drainPhotos();
    const sizes = server.pieces.map(({ length }) => length);
    expect(sizes.slice(0, 5)).toEqual([PIECE, 2 * PIECE, 4 * PIECE, 8 * PIECE, 8 * PIECE]);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(2_000_000);
    expect(server.pieces.every(({ whole }) => whole === "2000000")).toBe(true);
    expect(server.whole.get(id)?.length).toBe(2_000_000);
  });

  test("go in smaller pieces after a slow one", async () => {
    await anEntryWith(app, [bytesOf(5 * PIECE)]);
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 9_000));
    await app.photos.drainPhotos();
    expect(server.pieces.slice(0, 4).map(({ length }) => length)).toEqual([PIECE, PIECE / 2, PIECE / 4, PIECE / 8]);
    expect(Math.min(...server.pieces.slice(0, -1).map(({ length }) => length))).toBe(4 * 1024);
  });

  test("say how far they are: which photo of how many, and per cent", async () => {
    const heard: PhotoProgress[] = [];
    app.photos.onPhotos(() => {
      const now = app.photos.progress();
      if (now !== null) {
        heard.push(now);
      }
    });
    await anEntryWith(app, [bytesOf(4 * PIECE, 1), bytesOf(4 * PIECE, 2)]);
    await app.photos.drainPhotos();
    expect(heard.map(({ photo, of, percent }) => `${photo}/${of} ${percent}`)).toEqual(expect.arrayContaining(["1/2 0", "1/2 25", "2/2 0"]));
    expect(app.photos.progress()).toBeNull();
  });

  test("F39: are read into memory one at a time", async () => {
    await anEntryWith(app, Array.from({ length: 10 }, (_, seed) => bytesOf(1000, seed)));
    const get = vi.spyOn(IDBObjectStore.prototype, "get");
    let mostAhead = 0;
    server.obstacle = () => {
      const read = get.mock.contexts.filter((store) => (store as IDBObjectStore).name === "photo_bytes").length;
      mostAhead = Math.max(mostAhead, read - server.whole.size);
      return null;
    };
    await app.photos.drainPhotos();
    expect(server.whole.size).toBe(10);
    expect(mostAhead).toBe(1);
    const all = vi.spyOn(IDBObjectStore.prototype, "getAll");
    await app.photos.drainPhotos();
    expect(all.mock.contexts.map((store) => (store as IDBObjectStore).name)).not.toContain("photo_bytes");
  });
});

describe("photos wait", () => {
  test.each(["waiting", "sending", "needs-person"] as const)("while their entry is %s", async (state) => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)], state);
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect(server.pieces).toEqual([]);
    expect((await stateOf(app, id))?.state).toBe("waiting");
  });

  test("F22: 60 MB of photos make way for a text between two pieces, and go on where they were", async () => {
    const ids = await anEntryWith(app, Array.from({ length: 15 }, (_, seed) => bytesOf(4_000_000, seed)));
    server.obstacle = () => {
      if (server.pieces.length === 20) {
        app.news.announce("unsent");
      }
      return null;
    };
    expect(await app.photos.drainPhotos()).toBe("sending");
    expect(server.pieces.length).toBeLessThan(23);
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect(server.whole.size).toBe(15);
    expect(server.pieces.reduce((sum, { length }) => sum + length, 0)).toBe(60_000_000);
    expect(ids.every((id) => server.whole.get(id)?.length === 4_000_000)).toBe(true);
  }, 60_000);

  test("until somebody signs in, as they were", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
    server.obstacle = () => refusal(401);
    expect(await app.photos.drainPhotos()).toBe("sign-in");
    expect(await stateOf(app, id)).toMatchObject({ state: "waiting", problem: null });
  });

  test("where the server does not know their entry yet; the others go, and after many tries a person is asked", async () => {
    const [unknown = ""] = await anEntryWith(app, [bytesOf(10, 1)]);
    const [known = ""] = await anEntryWith(app, [bytesOf(10, 2)]);
    server.obstacle = (id) => (id === unknown ? refusal(404) : null);
    expect(await app.photos.drainPhotos()).toBe("trying-again");
    expect((await stateOf(app, known))?.state).toBe("sent");
    expect(await stateOf(app, unknown)).toMatchObject({ state: "waiting", problem: null });
    for (let attempt = 1; attempt < 50; attempt += 1) {
      await app.photos.drainPhotos();
    }
    expect(await stateOf(app, unknown)).toMatchObject({ state: "needs-person", problem: { code: "entry-unknown" } });
    server.obstacle = () => null;
    await app.photos.retryPhoto(unknown);
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect((await stateOf(app, unknown))?.state).toBe("sent");
  });
});

describe("a connection that breaks", () => {
  test("F22: anywhere, before or after the server has a piece, costs no byte and doubles none", async () => {
    const contents = Array.from({ length: 6 }, (_, seed) => bytesOf(300_000 + seed, seed));
    const ids = await anEntryWith(app, contents);
    let state = 42;
    const chance = () => (state = (state * 16_807) % 2_147_483_647) % 3 === 0;
    server.obstacle = () => (chance() ? new TypeError("Failed to fetch") : null);
    server.lie = () => (chance() ? new TypeError("Failed to fetch") : null);
    for (let attempt = 0; attempt < 200 && (await unsentPhotoCount(app)) > 0; attempt += 1) {
      await app.photos.drainPhotos();
      app = attempt % 7 === 6 ? await start() : app; // And the app is killed now and then.
    }
    expect(await unsentPhotoCount(app)).toBe(0);
    expect(ids.map((id) => server.whole.get(id))).toEqual(contents);
  }, 60_000);

  test("altogether ends the run after a few tries, and keeps what was said before", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
    const fetched = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
    vi.stubGlobal("fetch", fetched);
    expect(await app.photos.drainPhotos()).toBe("trying-again");
    expect(fetched.mock.calls.length).toBeLessThan(6);
    expect(await stateOf(app, id)).toMatchObject({ state: "waiting", problem: null });
  });
});

describe("an answer that is no receipt", () => {
  const NO_RECEIPTS: readonly (readonly [string, () => Response])[] = [
    ["a portal's page", () => page()],
    ["nothing", () => new Response(null, { status: 204 })],
    ["another photo's receipt", () => json({ received: 10, receipt: { id: "x", sha256: "0".repeat(64), received_at: RECEIVED_AT } })],
    ["more bytes than there are", () => json({ received: 11 })],
    ["half a byte", () => json({ received: 0.5 })],
    ["all bytes and no receipt", () => json({ received: 10 })],
  ];

  test.each(NO_RECEIPTS)("F8: is never taken for one: %s", async (_, answer) => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
    server.lie = answer;
    expect(await app.photos.drainPhotos()).toBe("trying-again");
    expect((await stateOf(app, id))?.state).toBe("waiting");
    expect((await app.rows.findPhotoBytes(id))?.bytes).toEqual(bytesOf(10));
  });

  test.each([400, 403, 404, 405, 408, 409, 410, 413, 422, 429, 500, 501, 502, 503, 507])(
    "F4: status %i deletes nothing: it ends in trying again or needs a person",
    async (status) => {
      const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
      server.obstacle = () => refusal(status);
      const state = await app.photos.drainPhotos();
      const item = await stateOf(app, id);
      const needsPerson = [400, 405, 409, 410, 422].includes(status);
      expect([state, item?.state]).toEqual(needsPerson ? ["idle", "needs-person"] : ["trying-again", "waiting"]);
      expect(item?.problem === null).toBe(!needsPerson && status !== 500);
      expect((await app.rows.findPhotoBytes(id))?.bytes).toEqual(bytesOf(10));
      server.obstacle = () => null;
      await app.photos.retryPhoto(id);
      expect(await app.photos.drainPhotos()).toBe("idle");
      expect((await stateOf(app, id))?.state).toBe("sent");
    },
  );

  test.each([400, 422, 500])("F20: one photo with status %i does not keep back the next", async (status) => {
    const [bad = ""] = await anEntryWith(app, [bytesOf(10, 1)]);
    const [good = ""] = await anEntryWith(app, [bytesOf(10, 2)]);
    server.obstacle = (id) => (id === bad ? refusal(status) : null);
    await app.photos.drainPhotos();
    expect((await stateOf(app, good))?.state).toBe("sent");
    expect((await stateOf(app, bad))?.problem?.code).toBe(`code-${status}`);
  });

  test("too large even in the smallest piece needs a person", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(100_000)]);
    server.obstacle = (_, at) => (at === null ? null : page(413));
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await app.photos.drainPhotos();
    }
    expect(await stateOf(app, id)).toMatchObject({ state: "needs-person", problem: { code: "too-large" } });
  });
});

describe("bytes on the phone", () => {
  test("that are not what was kept are not sent, and said to be lost; the next photo goes", async () => {
    const [lost = "", changed = "", good = ""] = await anEntryWith(app, [bytesOf(10, 1), bytesOf(10, 2), bytesOf(10, 3)]);
    await app.database.write(["photo_bytes"], async (transaction) => {
      const bytes = transaction.objectStore("photo_bytes");
      await bytes.delete(lost);
      const row = await bytes.get(changed);
      await bytes.put({ id: changed, sha256: row?.sha256 ?? "", bytes: bytesOf(10, 4) });
    });
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect((await stateOf(app, lost))?.problem?.code).toBe("bytes-lost");
    expect((await stateOf(app, changed))?.problem?.code).toBe("bytes-lost");
    expect([...server.whole.keys()]).toEqual([good]);
  });

  test("stay after the receipt until they are in a backup", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
    await app.photos.drainPhotos();
    await app.photos.dropBackedUp("2026-11-20T01:39:59Z");
    expect(await app.rows.findPhotoBytes(id)).not.toBeNull();
    await app.photos.dropBackedUp(RECEIVED_AT);
    expect(await app.rows.findPhotoBytes(id)).toBeNull();
    expect((await stateOf(app, id))?.state).toBe("sent");
  });

  test("of a photo that was not sent stay whatever is in a backup", async () => {
    const [id = ""] = await anEntryWith(app, [bytesOf(10)]);
    await app.photos.dropBackedUp("2099-01-01T00:00:00Z");
    await app.rows.deleteBytesOfSent([id]);
    await app.rows.forgetSentPhotos([id]);
    expect(await app.rows.findPhotoBytes(id)).not.toBeNull();
    expect((await stateOf(app, id))?.state).toBe("waiting");
  });

  test("go again after a restore where the server lost them, and only there", async () => {
    const [lost = "", kept = ""] = await anEntryWith(app, [bytesOf(10, 1), bytesOf(10, 2)]);
    await app.photos.drainPhotos();
    const [first, second] = [server.whole.get(kept) ?? new Uint8Array(), server.pieces.length];
    server = new PhotoServer();
    server.whole.set(kept, first);
    await app.photos.offerPhotosAgain();
    expect(await app.photos.drainPhotos()).toBe("idle");
    expect(second).toBe(2);
    expect(server.pieces.map(({ id }) => id)).toEqual([lost]);
    expect(await unsentPhotoCount(app)).toBe(0);
  });
});

test("a photo that was sent or refused is not sent again by itself", async () => {
  const [sent = ""] = await anEntryWith(app, [bytesOf(10, 1)]);
  const [refused = ""] = await anEntryWith(app, [bytesOf(10, 2)]);
  const asked: string[] = [];
  server.obstacle = (id) => {
    asked.push(id);
    return id === refused ? refusal(422) : null;
  };
  await app.photos.drainPhotos();
  expect([(await stateOf(app, sent))?.state, (await stateOf(app, refused))?.state]).toEqual(["sent", "needs-person"]);
  asked.length = 0;
  expect(await app.photos.drainPhotos()).toBe("idle");
  expect(asked).toEqual([]);
});
