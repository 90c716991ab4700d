// The examples of the sync protocol, as the phone reads them. tests/contracts/test_sync.py holds the server to the same.

import { expect, test, vi } from "vitest";

import type { Entry } from "../../web/src/generated/shapes.ts";
import { toText } from "../../web/src/lib/bytes.ts";
import { begun, type OutboxItem } from "../../web/src/offline/item.ts";
import { wrap } from "../../web/src/offline/parcel.ts";
import { send, settled } from "../../web/src/offline/push.ts";
import { answers, item } from "../contracts/sync/answers.json";
import entries from "../contracts/sync/entries.json";

const ITEM = begun({ ...item, state: "waiting", attempts: 0 } as OutboxItem, "2026-11-20T01:41:00Z");

test.each(entries)("$name: the same bytes and the same hash as on the server", async ({ entry, body, sha256 }) => {
  const parcel = await wrap(entry as unknown as Entry);
  expect(toText(parcel.bytes)).toBe(body);
  expect(parcel.sha256).toBe(sha256);
});

test.each(answers)("$name: the entry is $becomes", async ({ status, type, answer, becomes }) => {
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  vi.stubGlobal("fetch", async () => new Response(body, { status, headers: { "Content-Type": type } }));
  const outcome = await send({ entries: [{ ...item, body: "{}" }] });
  expect(settled(ITEM, outcome, true).state).toBe(becomes);
});
