// Examples of what phones ask besides pushes, as the phone asks it and takes what it is answered.
// tests/contracts/test_requests.py holds the server to the same.

import { describe, expect, test, vi } from "vitest";

import type { PhoneReport } from "../../web/src/generated/shapes.ts";
import { toBytes, toText } from "../../web/src/lib/bytes.ts";
import phoneExamples from "../contracts/requests/phone.json";
import photoExamples from "../contracts/requests/photos.json";
import receiptExamples from "../contracts/requests/receipts.json";
import referenceExamples from "../contracts/requests/reference.json";
import * as phones from "./phone.ts";
import * as reporters from "./report-phone.ts";
import * as vaults from "./vault-phone.ts";

interface Example {
  readonly name: string;
  readonly status: number;
  readonly type: string;
  readonly becomes: string;
  readonly answer?: unknown;
  readonly changes?: object;
}

interface Examples {
  readonly answers: readonly object[];
  readonly required: readonly string[];
  readonly unnoticed: readonly string[];
}

interface Asked {
  readonly path: string;
  readonly request: RequestInit;
}

/** Every answer, with `answer` filled in where only what differs from the first is written. */
function answersOf({ answers }: Examples): Example[] {
  const all = answers as readonly Example[];
  const whole = all[0]?.answer as object;
  return all.map((each) => ("answer" in each ? each : { ...each, answer: { ...whole, ...each.changes } }));
}

/** The first answer once without each key that it has to have; `isNoticed`: the phone does not take it. */
function incomplete(examples: Examples): (Example & { isNoticed: boolean })[] {
  const whole = answersOf(examples)[0] as Example;
  return examples.required.map((path) => {
    const isNoticed = !examples.unnoticed.includes(path);
    return { ...whole, name: path, answer: without(whole.answer, path.split(".")), isNoticed };
  });
}

function without(value: unknown, path: readonly string[]): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  let found = copy;
  path.slice(0, -1).forEach((place) => (found = found[place] as Record<string, unknown>));
  delete found[path.at(-1) ?? ""];
  return copy;
}

function response({ answer, status, type }: Example): Response {
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  return new Response(body, { status, headers: { "Content-Type": type } });
}

/** Answer these requests one after the other and then none; what was asked. */
function serve(...answers: readonly Example[]): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    asked.push({ path, request });
    const next = answers[asked.length - 1];
    return next === undefined ? Promise.reject(new TypeError("No signal")) : response(next);
  });
  return asked;
}

function line({ path, request }: Asked): string {
  return `${request.method ?? "GET"} ${path}`;
}

function contentOf({ request }: Asked): unknown {
  return JSON.parse(String(request.body));
}

describe("POST /api/receipts", () => {
  const offered = receiptExamples.requests[0]?.content as { receipts: { id: string; sha256: string }[] };

  /** A phone that offers the two of the example to another server than they were sent to. */
  async function offer(example: Example) {
    const app = await phones.newPhone();
    await app.database.using(async (database) => {
      for (const kept of offered.receipts) {
        const receipt = { ...kept, sequence: 7, received_at: phones.SERVER_TIME };
        const sent = { state: "sent", epoch: "the one before", receipt } as const;
        await database.put("outbox", reporters.anItem({ ...kept, ...sent }));
        await database.put("parcels", { ...kept, bytes: new Uint8Array(4), isPlain: false } as never);
      }
    });
    const asked = serve(example);
    const { ended } = await app.receipts.offerReceipts();
    const items = await app.items.listItems();
    return { ended, asked, waiting: items.filter(({ state }) => state === "waiting").map(({ id }) => id) };
  }

  test("offers what the phone keeps, as in the example", async () => {
    const { asked } = await offer(answersOf(receiptExamples)[0] as Example);
    expect(asked.map(line)).toEqual([receiptExamples.request]);
    expect(asked.map(contentOf)).toEqual([offered]);
  });

  test.each(answersOf(receiptExamples))("$name: $becomes", async (example) => {
    const { ended, waiting } = await offer(example);
    const { missing } = (example.answer ?? {}) as { missing?: { id: string }[] };
    expect(ended).toBe(example.becomes);
    expect(waiting).toEqual(ended === "done" ? missing?.map(({ id }) => id) : []);
  });

  test.each(incomplete(receiptExamples))("without $name; is it noticed: $isNoticed", async (example) => {
    expect((await offer(example)).ended).toBe(example.isNoticed ? "trying-again" : "done");
  });
});

describe("POST /api/phone", () => {
  const [whole] = phoneExamples.requests as unknown as [{ content: PhoneReport }];

  async function report(example: Example) {
    const app = await reporters.newPhone();
    for (const { id, sha256, author, saved_at: savedAt } of whole.content.holds ?? []) {
      await reporters.put(app, reporters.anItem({ id, sha256, author, savedAt }));
    }
    const asked = serve(example, example);
    return { app, asked, isTaken: await app.report.reportPhone() };
  }

  test("says everything that the example says, and nothing else", async () => {
    const { asked } = await report(answersOf(phoneExamples)[0] as Example);
    const said = contentOf(asked[0] as Asked) as PhoneReport;
    expect(line(asked[0] as Asked)).toBe(phoneExamples.request);
    expect(Object.keys(said).sort()).toEqual(Object.keys(whole.content).sort());
    expect(said.holds).toEqual(whole.content.holds);
  });

  test.each(answersOf(phoneExamples))("$name: $becomes", async (example) => {
    const { app, asked, isTaken } = await report(example);
    const { is_shared: isShared, wipe } = (example.answer ?? {}) as { is_shared?: boolean; wipe?: string[] };
    expect(isTaken).toBe(example.becomes === "taken");
    expect(await app.report.isShared()).toBe(isTaken && isShared);
    const wiped = asked.slice(1).map((each) => (contentOf(each) as PhoneReport).wiped);
    expect(wiped).toEqual(isTaken && wipe?.length ? [wipe] : []); // What was wiped is said at once.
  });

  test.each(incomplete(phoneExamples))("without $name; is it noticed: $isNoticed", async (example) => {
    expect((await report(example)).isTaken).toBe(!example.isNoticed);
  });
});

describe("GET /api/reference", () => {
  async function refresh(example: Example) {
    const tab = await vaults.newPhone();
    await tab.doors.comeIn(referenceExamples.person, vaults.aPasskey("ashas-passkey"));
    const asked = serve(example);
    return { asked, refreshed: await tab.reference.refresh(), held: await tab.reference.current() };
  }

  test.each(answersOf(referenceExamples))("$name: $becomes", async (example) => {
    const { asked, refreshed, held } = await refresh(example);
    expect(asked.map(line)).toEqual([referenceExamples.request]);
    expect(refreshed).toBe(example.becomes);
    expect(held).toEqual(refreshed === "fresh" ? example.answer : null);
  });

  test.each(incomplete(referenceExamples))("without $name; is it noticed: $isNoticed", async (example) => {
    expect((await refresh(example)).refreshed).toBe(example.isNoticed ? "kept" : "fresh");
  });
});

describe("photos", () => {
  const { id, sha256, size } = photoExamples.photo;
  const address = `/api/photos/${id}`;
  const item = reporters.aPhoto({ id, sha256, size });
  const [whole] = photoExamples.pieces;
  const bytes = toBytes(whole?.body ?? "");
  const pieces = photoExamples.pieces.filter(({ problem, headers }) => {
    return problem === null && headers["Upload-Length"] === String(size);
  });

  /** What becomes of a photo: what was asked is in the order of the answers, and the rest finds no signal. */
  async function send(...answers: readonly Example[]) {
    vi.resetModules();
    const { sendPhoto } = await import("../../web/src/offline/photo-pieces.ts");
    const asked = serve(...answers);
    const outcome = await sendPhoto(item, bytes, { heard: () => null, sent: async () => {}, isWanted: () => true });
    return { asked, outcome };
  }

  function soFar(received: number): Example {
    return { name: "", status: 200, type: "application/json", becomes: "goes-on", answer: { received } };
  }

  test.each(pieces)("$name is put as in the example", async ({ start, headers, body }) => {
    const { asked } = await send(soFar(Number(start)));
    const [first, second] = asked as [Asked, Asked];
    expect([first, second].map(line)).toEqual([`GET ${address}`, `PUT ${address}/${start}`]);
    expect(second.request.headers).toMatchObject(headers);
    expect(toText(second.request.body as Uint8Array<ArrayBuffer>)).toBe(body);
  });

  test.each(answersOf(photoExamples))("$name, to a GET: $becomes", async (example) => {
    const { asked, outcome } = await send(example);
    const { received } = (example.answer ?? {}) as { received?: number };
    const goesOn = example.becomes === "goes-on";
    expect(asked.slice(1).map(line)[0]).toBe(goesOn ? `PUT ${address}/${received}` : undefined);
    const isSilent = goesOn || example.becomes === "asks-again"; // Where not even this gets through, no piece would.
    expect(outcome.kind).toBe(isSilent ? "silence" : example.becomes);
  });

  test.each(answersOf(photoExamples))("$name, to a piece: $becomes", async (example) => {
    const { asked, outcome } = await send(soFar(0), example);
    const { received } = (example.answer ?? {}) as { received?: number };
    const next = { "goes-on": `PUT ${address}/${received}`, "asks-again": `GET ${address}` }[example.becomes];
    expect(asked.slice(2).map(line)[0]).toBe(next);
    expect(outcome.kind).toBe(next === undefined ? example.becomes : "silence");
    const isRefused = "problem" in outcome && example.type === "application/problem+json";
    expect(isRefused ? outcome.problem : example.answer).toEqual(example.answer);
  });

  test.each(incomplete(photoExamples))("without $name it is no receipt", async (example) => {
    expect((await send(example)).outcome.kind).toBe("silence");
    expect((await send(soFar(0), example)).outcome.kind).toBe("silence");
  });
});
