// F1 for photos: their entries were sent and they were not. The phone remembers how many, and tells which are here.

import { beforeEach, expect, test, vi } from "vitest";

import { HOLDS_LIMIT } from "../../web/src/generated/shapes.ts";
import { ASHA, BEN } from "./phone.ts";
import {
  anItem, answering, aPhoto, evict, newPhone, put, putPhotos, type Reporter, SAVED_AT, writtenCookies,
} from "./report-phone.ts";

let phone: Reporter;

beforeEach(async () => {
  phone = await newPhone();
  answering(() => null);
  await phone.losses.watchForLosses();
});

const marker = () => [...writtenCookies().values()].join();

/** The marker's counts: unsent entries and, after the time of the newest, photos of entries that were sent. */
async function marked(entries: number, photos: number): Promise<void> {
  await vi.waitFor(() => expect(marker()).toMatch(new RegExp(`\\.${entries}\\.\\d+\\.${photos};`)));
}

/** An entry that was sent, with photos that were not. */
async function owes(...states: ("waiting" | "sending" | "needs-person" | "sent")[]): Promise<void> {
  const sent = anItem({ state: "sent" });
  await put(phone, sent);
  await putPhotos(phone, ...states.map((state) => aPhoto({ entry: sent.id, state })));
}

test("F1: the marker counts the photos that are not sent and whose entries are", async () => {
  await owes("waiting", "sending", "needs-person", "sent");
  await marked(0, 3);
});

test("photos of an entry that is not sent go with it, and are not counted beside it", async () => {
  const unsent = anItem();
  await put(phone, unsent);
  await putPhotos(phone, aPhoto({ entry: unsent.id }));
  await marked(1, 0);
  await put(phone, { ...unsent, state: "sent" });
  await marked(0, 1);
});

test("the marker follows the end of each photo, and not each per cent of one", async () => {
  const photo = aPhoto();
  await putPhotos(phone, photo);
  await marked(0, 1);
  await phone.database.using((database) => database.put("photos", { ...photo, state: "sent" }));
  phone.news.announce("photos", { id: photo.id, entry: photo.entry, photo: 1, of: 1, percent: 99 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await marked(0, 1);
  phone.news.announce("photos", null);
  await marked(0, 0);
});

test("F1: photos that the browser deleted are named when the app starts again, without signal", async () => {
  await owes("waiting", "waiting");
  await marked(0, 2);
  phone = await evict(phone);
  await phone.losses.watchForLosses();
  expect(await phone.losses.listUnseen("")).toMatchObject([{ count: 0, photos: 2, author: null }]);
});

test("a marker of an older version speaks of no photos, and its entries are still missed", async () => {
  const before = crypto.randomUUID();
  document.cookie = `ap_log_held=${before}.3.${Date.parse(SAVED_AT) / 1000}; Path=/`;
  await phone.losses.noteHeld();
  expect(await phone.losses.listUnseen("")).toMatchObject([{ id: before, count: 3, photos: 0 }]);
});

test("a loss that an older version wrote down is of entries only", async () => {
  const older = { id: "e1", isCleared: false, count: 1, author: ASHA, savedAt: SAVED_AT, isReported: true, seenBy: [] };
  await phone.database.using((database) => database.put("facts", [older], "losses"));
  expect(phone.losses.countLost(await phone.losses.listUnseen(ASHA))).toEqual({ entries: 1, photos: 0 });
});

test("a report names the photos whose bytes are here, sent or not, and none whose bytes are gone", async () => {
  const reports = answering(() => ({}));
  const [waiting, sent, lost] = [aPhoto(), aPhoto({ state: "sent" }), aPhoto({ state: "needs-person" })];
  await putPhotos(phone, waiting, sent, lost);
  await phone.database.using((database) => database.delete("photo_bytes", lost.id));
  await phone.report.reportPhone();
  expect([...(reports[0]?.photos ?? [])].sort()).toEqual([waiting.id, sent.id].sort());
});

test.each([
  [HOLDS_LIMIT, HOLDS_LIMIT],
  [HOLDS_LIMIT + 1, null],
])("of %i photos that are not sent a report says %s: too many are not said rather than said in part", async (count, said) => {
  const reports = answering(() => ({}));
  await putPhotos(phone, ...Array.from({ length: count }, () => aPhoto()));
  await phone.report.reportPhone();
  expect(reports[0]?.photos?.length ?? null).toBe(said);
});

test("however many sent ones are kept, those that are not sent are said", async () => {
  const reports = answering(() => ({}));
  const waiting = aPhoto();
  await putPhotos(phone, ...Array.from({ length: HOLDS_LIMIT }, () => aPhoto({ state: "sent" })), waiting);
  await phone.report.reportPhone();
  expect(reports[0]?.photos).toHaveLength(HOLDS_LIMIT);
  expect(reports[0]?.photos).toContain(waiting.id);
});

test("what has lost its bytes is not said to be here, an entry or a photo", async () => {
  const reports = answering(() => ({}));
  const problem = { code: "bytes-lost", title: "Lost", way_on: "Ask.", status: 0, reference: "" };
  const [entry, photo] = [anItem({ state: "needs-person", problem }), aPhoto({ state: "needs-person", problem })];
  await put(phone, entry);
  await putPhotos(phone, photo);
  await phone.report.reportPhone();
  expect([reports[0]?.holds, reports[0]?.photos]).toEqual([[], []]);
});

test("photos that the server names are told to their author, and are not counted a second time", async () => {
  await owes("waiting", "waiting", "waiting");
  await marked(0, 3);
  phone = await evict(phone);
  await phone.losses.watchForLosses();
  const device = (await phone.losses.unreported())?.id ?? "";
  const named = ["p1", "p2"].map((id) => ({ id, author: ASHA, saved_at: SAVED_AT, device }));
  answering(() => ({ lost_photos: named }));
  await phone.report.reportPhone();
  await phone.report.reportPhone();
  const losses = await phone.losses.listUnseen(ASHA);
  expect(losses.map(({ id, count, photos }) => [id, count, photos]).slice(1)).toEqual([["p1", 0, 1], ["p2", 0, 1]]);
  expect(phone.losses.countLost(losses)).toEqual({ entries: 0, photos: 3 });
  expect(phone.losses.countLost(await phone.losses.listUnseen(BEN))).toEqual({ entries: 0, photos: 3 });
});
