// The server of the random schedules: it opens what is sealed to it, keeps every version of every entry once, can be
// restored from a backup, and can be made to fail in every way that a network or a server has.

import { expect } from "vitest";

import type { Entry, Kept, Push, PushedEntry } from "../../web/src/generated/shapes.ts";
import { sha256Hex, toBytes } from "../../web/src/lib/bytes.ts";
import * as phone from "./phone.ts";

export type Answering = () => Promise<Response>;

interface Held {
  readonly id: string;
  readonly sha256: string;
  readonly entry: Entry;
  readonly receivedAt: number;
}

interface PhotoHeld {
  readonly bytes: number[];
  receivedAt: number | null;
}

const START = Date.parse("2026-11-20T01:40:00Z");

export class Server {
  /** In the order of their arrival. */
  held: Held[] = [];
  photos = new Map<string, PhotoHeld>();
  /** Nobody is signed in. */
  isSignedOut = false;
  /** How often an entry came under an id and a hash that it already has, with other words. */
  contradicted = 0;
  #epoch = 1;
  #now = START;
  #backedUpTo: number | null = null;

  async answer(path: string, init: RequestInit): Promise<Response> {
    this.#now += 1000;
    const epoch = this.#epoch;
    const answer = await this.#answered(path, init);
    return epoch === this.#epoch ? answer : Promise.reject(new TypeError("The server was stopped for the restore"));
  }

  async #answered(path: string, init: RequestInit): Promise<Response> {
    if (path === "/sign-out") {
      return phone.problem(503, "unavailable");
    }
    if (this.isSignedOut || path === "/api/phone") {
      return phone.problem(401, "not-signed-in");
    }
    if (path === "/api/sync") {
      return this.#push(JSON.parse(String(init.body)) as Push);
    }
    return path === "/api/receipts" ? this.#offered(JSON.parse(String(init.body)).receipts as Kept[]) : this.#photo(path, init);
  }

  /** A verified backup of everything that is here now. */
  backUp(): void {
    this.#backedUpTo = this.#now;
  }

  /** Everything since the last backup is gone. */
  restore(): void {
    const upTo = this.#backedUpTo ?? 0;
    this.#epoch += 1;
    this.held = this.held.filter(({ receivedAt }) => receivedAt <= upTo);
    this.photos = new Map([...this.photos].filter(([, { receivedAt }]) => receivedAt !== null && receivedAt <= upTo));
  }

  /** What it says of itself in its answers. */
  about() {
    const backedUpTo = this.#backedUpTo === null ? null : iso(this.#backedUpTo);
    return { server_time: iso(this.#now), restore_epoch: `epoch ${this.#epoch}`, backed_up_to: backedUpTo };
  }

  find({ id, sha256 }: Kept): Held | undefined {
    return this.held.find((one) => one.id === id && one.sha256 === sha256);
  }

  async #push({ entries }: Push): Promise<Response> {
    const results = [];
    for (const pushed of entries) {
      const { receivedAt } = await this.#stored(pushed);
      results.push({ ...phone.stored(pushed), receipt: { ...pushed, sequence: 1, received_at: iso(receivedAt), body: undefined, sealed: undefined } });
    }
    return phone.answering(results, this.about());
  }

  async #stored(pushed: PushedEntry): Promise<Held> {
    const text = await phone.textOf(pushed);
    expect(await sha256Hex(toBytes(text))).toBe(pushed.sha256);
    const entry = JSON.parse(text) as Entry;
    expect(entry.id).toBe(pushed.id);
    const before = this.find(pushed);
    this.contradicted += before !== undefined && JSON.stringify(before.entry) !== JSON.stringify(entry) ? 1 : 0;
    const held = before ?? { id: pushed.id, sha256: pushed.sha256, entry, receivedAt: this.#now };
    if (before === undefined) {
      this.held.push(held);
    }
    return held;
  }

  #offered(receipts: readonly Kept[]): Response {
    return phone.json({ missing: receipts.filter((one) => this.find(one) === undefined), ...this.about() });
  }

  async #photo(path: string, { body, headers }: RequestInit): Promise<Response> {
    const [id = "", start] = path.replace("/api/photos/", "").split("/");
    const claim = this.held.flatMap(({ entry }) => entry.photos ?? []).find((one) => one.id === id);
    if (claim === undefined) {
      return phone.problem(404, "not-found");
    }
    const held = this.photos.get(id) ?? { bytes: [], receivedAt: null };
    this.photos.set(id, held);
    if (start !== undefined && Number(start) === held.bytes.length) {
      held.bytes.push(...new Uint8Array(body as Uint8Array<ArrayBuffer>));
      if (held.bytes.length === Number((headers as Record<string, string>)["Upload-Length"])) {
        expect(await sha256Hex(await phone.opened(Uint8Array.from(held.bytes), "photo", id))).toBe(claim.sha256);
        held.receivedAt = this.#now;
      }
    }
    const receipt = held.receivedAt === null ? null : { id, sha256: claim.sha256, received_at: iso(held.receivedAt) };
    return phone.json({ received: held.bytes.length, receipt });
  }
}

/** What can happen to a request and its answer on the way. `answering` lets the server do its part. */
export const FAULTS: readonly ((answering: Answering) => Promise<Response>)[] = [
  (answering) => answering(),
  (answering) => answering(),
  (answering) => answering().then(() => Promise.reject(new TypeError("The answer was lost"))),
  (answering) => answering().then(() => answering()), // Repeated on the way.
  (answering) => answering().then(cut),
  (answering) => answering().then(reordered),
  () => Promise.reject(new TypeError("No signal")),
  async () => phone.page(),
  async () => phone.json({ results: [], missing: "none", received: "all" }),
  async () => phone.problem(503, "unavailable"),
  async () => phone.problem(401, "not-signed-in"),
  async () => phone.problem(500, "failed"),
  async () => phone.problem(422, "invalid"),
  async () => phone.problem(403, "not-allowed"),
  async () => phone.page(413),
];

async function cut(answer: Response): Promise<Response> {
  const text = await answer.text();
  return new Response(text.slice(0, text.length / 2), { status: answer.status, headers: answer.headers });
}

async function reordered(answer: Response): Promise<Response> {
  const value = (await answer.json()) as { results?: unknown[] };
  return phone.json({ ...value, ...(value.results ? { results: [...value.results].reverse() } : {}) }, answer.status);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
