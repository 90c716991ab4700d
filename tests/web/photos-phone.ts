// A phone with photos on it, and a server that takes them piece by piece. It can be told to cut, refuse and lie.

import { deleteDB } from "idb";
import { vi } from "vitest";

import { sha256Hex } from "../../web/src/lib/bytes.ts";
import { newId } from "../../web/src/lib/ids.ts";
import type { OutboxState } from "../../web/src/offline/item.ts";
import type { PhotoItem } from "../../web/src/offline/rows/photos.ts";
import { json, problem } from "./phone.ts";

export const AUTHOR = "00000000-0000-4000-8000-00000000a54a";
export const RECEIVED_AT = "2026-11-20T01:40:00Z";

export interface PhotoApp {
  readonly database: typeof import("../../web/src/offline/database.ts");
  readonly photos: typeof import("../../web/src/offline/photos.ts");
  readonly rows: typeof import("../../web/src/offline/rows/photos.ts");
  readonly news: typeof import("../../web/src/lib/news.ts");
}

export async function newPhotoPhone(): Promise<PhotoApp> {
  await deleteDB("ap-log");
  return start();
}

/** The app started once more: what was only in its memory is gone. */
export async function start(): Promise<PhotoApp> {
  vi.resetModules();
  return {
    database: await import("../../web/src/offline/database.ts"),
    photos: await import("../../web/src/offline/photos.ts"),
    rows: await import("../../web/src/offline/rows/photos.ts"),
    news: await import("../../web/src/lib/news.ts"),
  };
}

/** How many photos the server does not have yet. */
export async function unsentPhotoCount(app: PhotoApp): Promise<number> {
  return (await app.rows.listPhotos()).filter((item) => item.state !== "sent").length;
}

/** An entry on the phone with photos of these sealed bytes; their ids. */
export async function anEntryWith(
  app: PhotoApp,
  contents: readonly Uint8Array<ArrayBuffer>[],
  state: OutboxState = "sent",
): Promise<string[]> {
  const entry = newId();
  const photos = await Promise.all(contents.map((bytes) => rowsOf(entry, bytes)));
  await app.database.write(["outbox", "parcels", "unfinished", "photos", "photo_bytes"], async (transaction) => {
    await transaction.objectStore("outbox").put(anItem(entry, state));
    await app.rows.addPhotos(transaction, photos);
  });
  return photos.map(({ item }) => item.id);
}

export function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const pattern = Uint8Array.from({ length: Math.min(length, 997) }, (_, place) => (place * 31 + seed * 17) % 251);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += pattern.length) {
    bytes.set(pattern.subarray(0, length - at), at);
  }
  return bytes;
}

export async function stateOf(app: PhotoApp, id: string): Promise<PhotoItem | null> {
  return app.rows.findPhoto(id);
}

async function rowsOf(entry: string, bytes: Uint8Array<ArrayBuffer>): Promise<Parameters<PhotoApp["rows"]["addPhotos"]>[1][0]> {
  const [id, sha256] = [newId(), await sha256Hex(bytes)];
  const whose = { id, entry, author: AUTHOR, sha256, size: bytes.length };
  const untried = { sent: 0, state: "waiting", attempts: 0, lastTriedAt: null, problem: null, receivedAt: null } as const;
  return { item: { ...whose, ...untried }, bytes: { id, bytes, sha256 } };
}

function anItem(id: string, state: OutboxState) {
  const known = { id, sha256: "0".repeat(64), size: 1, author: AUTHOR, version: 1, savedAt: RECEIVED_AT, state, epoch: "" };
  return { ...known, attempts: 0, lastTriedAt: null, problem: null, receipt: null, hidden: null };
}

interface Piece {
  readonly id: string;
  readonly start: number;
  readonly length: number;
  readonly whole: string | null;
}

/** What stands in the way of one request: an answer in place of the server's, or an error of the network. */
export type Obstacle = (id: string, start: number | null) => Response | Error | null;

/** Answers after the work: the piece is stored, and the phone hears this instead. */
export type Lie = Obstacle;

export class PhotoServer {
  readonly whole = new Map<string, Uint8Array>();
  readonly pieces: Piece[] = [];
  obstacle: Obstacle = () => null;
  lie: Lie = () => null;
  readonly #held = new Map<string, Uint8Array[]>();

  constructor() {
    vi.stubGlobal("fetch", (path: string, request: RequestInit) => this.#answer(path, request));
  }

  async #answer(path: string, request: RequestInit): Promise<Response> {
    const [, id = "", at] = /^\/api\/photos\/([^/]+)(?:\/(\d+))?$/.exec(path) ?? [];
    const start = at === undefined ? null : Number(at);
    const obstacle = this.obstacle(id, start);
    if (obstacle !== null) {
      return thrown(obstacle);
    }
    const answer = start === null ? await this.#told(id) : await this.#stored(id, start, request);
    const lie = this.lie(id, start);
    return lie === null ? answer : thrown(lie);
  }

  async #stored(id: string, start: number, { body, headers }: RequestInit): Promise<Response> {
    const piece = body as Uint8Array;
    const length = Number((headers as Record<string, string>)["Upload-Length"]);
    this.pieces.push({ id, start, length: piece.length, whole: String(length) });
    if (start === this.#received(id) && !this.whole.has(id)) {
      this.#held.set(id, [...(this.#held.get(id) ?? []), piece.slice()]);
    }
    if (this.#received(id) === length && !this.whole.has(id)) {
      this.whole.set(id, new Uint8Array(await new Blob(this.#held.get(id) as BlobPart[]).arrayBuffer()));
    }
    return this.#told(id);
  }

  #received(id: string): number {
    return (this.#held.get(id) ?? []).reduce((sum, piece) => sum + piece.length, 0);
  }

  async #told(id: string): Promise<Response> {
    const whole = this.whole.get(id);
    if (whole === undefined) {
      return json({ received: this.#received(id) });
    }
    const sha256 = await sha256Hex(Uint8Array.from(whole));
    return json({ received: whole.length, receipt: { id, sha256, received_at: RECEIVED_AT } });
  }
}

export function refusal(status: number): Response {
  return problem(status, `code-${status}`);
}

function thrown(answer: Response | Error): Response {
  if (answer instanceof Error) {
    throw answer;
  }
  return answer;
}
