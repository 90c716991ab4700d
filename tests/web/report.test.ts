// What a phone tells the server of itself, how often, and what it does when it is answered.

import { beforeEach, expect, test, vi } from "vitest";

import { ASHA, BEN, SERVER_TIME } from "./phone.ts";
import { anItem, answering, aVault, evict, newPhone, put, type Reporter, SAVED_AT } from "./report-phone.ts";

const realTimeout = setTimeout;

let phone: Reporter;

beforeEach(async () => {
  phone = await newPhone();
  await signedIn();
});

async function signedIn(): Promise<void> {
  await phone.database.using((database) => database.put("facts", ASHA, "signed-in"));
}

async function passes(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settled();
}

/** The storage of the tests takes real time. */
function settled(): Promise<void> {
  return new Promise((resolve) => realTimeout(resolve, 30));
}

async function vaultsOf(...people: string[]): Promise<void> {
  await phone.database.using(async (database) => {
    for (const person of people) {
      await database.put("vaults", aVault(person));
    }
  });
}

async function peopleHere(): Promise<readonly string[]> {
  return (await phone.held.lookAtAll()).people;
}

test("a report says what is not sent, whose it is and when it was saved, and not what was sent", async () => {
  const reports = answering(() => ({}));
  const [mine, refused, sent] = [anItem(), anItem({ author: BEN, state: "needs-person" }), anItem({ state: "sent" })];
  await put(phone, mine, refused, sent);
  expect(await phone.report.reportPhone()).toBe(true);
  const [report] = reports;
  expect(report).toMatchObject({ build: "0123abcdef", is_whole: true, lost: 0, lost_device: null, wiped: [] });
  expect(report?.holds).toEqual(
    expect.arrayContaining([
      { id: mine.id, sha256: mine.sha256, author: ASHA, saved_at: SAVED_AT, needs_person: false },
      { id: refused.id, sha256: refused.sha256, author: BEN, saved_at: SAVED_AT, needs_person: true },
    ]),
  );
  expect(report?.holds).toHaveLength(2);
});

test("id and secret are made once and stay", async () => {
  const reports = answering(() => ({}));
  await phone.report.reportPhone();
  await phone.report.reportPhone();
  expect(reports[0]?.token).toMatch(/^[0-9a-f]{64}$/);
  expect([reports[1]?.device, reports[1]?.token]).toEqual([reports[0]?.device, reports[0]?.token]);
});

test.each([
  [500, true],
  [501, false],
])("a phone that holds %i entries says whether that is all: %s", async (count, isWhole) => {
  const reports = answering(() => ({}));
  await put(phone, ...Array.from({ length: count }, () => anItem()));
  await phone.report.reportPhone();
  expect(reports[0]?.holds).toHaveLength(500);
  expect(reports[0]?.is_whole).toBe(isWhole);
});

test("people are those whose vault is kept here, and whoever has one in memory", async () => {
  const reports = answering(() => ({}));
  await vaultsOf(ASHA);
  await phone.report.reportPhone();
  expect(reports[0]).toMatchObject({ people: [ASHA], can_lock: true });
  phone.keyring.hold({ person: BEN, credential: null, key: {} as CryptoKey, isKept: false });
  await phone.report.reportPhone();
  expect(reports[1]).toMatchObject({ people: [ASHA, BEN], can_lock: false });
  await phone.keyring.drop();
});

test("a vault is destroyed when the server says so, and the server hears of it at once", async () => {
  await vaultsOf(ASHA, BEN);
  const reports = answering((report) => ({ wipe: report.wiped?.includes(ASHA) ? [] : [ASHA] }));
  expect(await phone.report.reportPhone()).toBe(true);
  expect(await peopleHere()).toEqual([BEN]);
  expect(reports.map(({ wiped }) => wiped)).toEqual([[], [ASHA]]);
  await phone.report.reportPhone();
  expect(reports[2]?.wiped).toEqual([]);
});

test("a page that goes down while it destroys a vault has not said that it is done, and says it when it is", async () => {
  await vaultsOf(ASHA);
  answering(() => ({ wipe: [ASHA] }));
  vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementation(() => {
    throw new DOMException("The page is gone", "UnknownError");
  });
  await phone.report.reportPhone();
  vi.restoreAllMocks();
  const reports = answering((report) => ({ wipe: report.wiped?.length ? [] : [ASHA] }));
  await phone.report.reportPhone();
  expect(reports.map(({ people, wiped }) => [people, wiped])).toEqual([[[ASHA], []], [[], [ASHA]]]);
});

test("entries of somebody whose vault is destroyed stay, and are still to be sent", async () => {
  await vaultsOf(ASHA);
  const item = anItem();
  await put(phone, item);
  answering((report) => ({ wipe: report.wiped?.length ? [] : [ASHA] }));
  await phone.report.reportPhone();
  expect((await phone.held.lookAtAll()).unsent).toMatchObject([{ id: item.id, state: "waiting" }]);
});

test("that a vault is destroyed is said again until the server has heard it", async () => {
  await vaultsOf(ASHA);
  const reports = answering((report) => (report.wiped?.length ? null : { wipe: [ASHA] }));
  expect(await phone.report.reportPhone()).toBe(false);
  const later = answering(() => ({}));
  await phone.report.reportPhone();
  expect([reports.at(-1)?.wiped, later[0]?.wiped]).toEqual([[ASHA], [ASHA]]);
});

test("a server that never has enough of wiping is asked twice and no more", async () => {
  await vaultsOf(ASHA);
  const reports = answering(() => ({ wipe: [ASHA] }));
  await phone.report.reportPhone();
  expect(reports).toHaveLength(2);
});

test("F1: cleared storage is reported with the id this phone had, until the server has heard it", async () => {
  answering(() => null);
  await phone.losses.watchForLosses();
  await put(phone, anItem(), anItem());
  await settled();
  const before = await phone.device.deviceId();
  phone = await evict(phone);
  await phone.losses.watchForLosses();
  expect(await phone.report.reportPhone()).toBe(false);

  const reports = answering(() => ({}));
  await phone.report.reportPhone();
  await phone.report.reportPhone();
  expect(reports.map(({ lost, lost_device: device }) => [lost, device])).toEqual([[2, before], [0, null]]);
  expect(reports[0]?.device).not.toBe(before);
  expect(await phone.losses.listUnseen("")).toMatchObject([{ count: 2 }]);
});

test("what the server knows to be lost is kept to be shown", async () => {
  answering(() => ({ losses: [{ id: "e1", author: ASHA, saved_at: SAVED_AT, device: "another" }] }));
  await phone.report.reportPhone();
  expect(await phone.losses.listUnseen(ASHA)).toMatchObject([{ id: "e1", author: ASHA, count: 1 }]);
});

test("whether the phone is shared is what the server said last", async () => {
  expect(await phone.report.isShared()).toBe(false);
  answering(() => ({ is_shared: true }));
  await phone.report.reportPhone();
  expect(await phone.report.isShared()).toBe(true);
  answering(() => ({ is_shared: false }));
  await phone.report.reportPhone();
  expect(await phone.report.isShared()).toBe(false);
});

test("what the server says of its backups reaches whoever keeps copies", async () => {
  answering(() => ({ restore_epoch: "e7", backed_up_to: SERVER_TIME }));
  await phone.report.reportPhone();
  const known = await phone.database.using((database) => database.get("facts", "server"));
  expect(known).toMatchObject({ epoch: "e7", backedUpTo: SERVER_TIME });
});

test.each([
  ["a page of somebody's network", () => new Response("<h1>FreeWiFi</h1>", { headers: { "Content-Type": "text/html" } })],
  ["JSON of another shape", () => new Response('{"ok":true}', { headers: { "Content-Type": "application/json" } })],
  ["a refusal", () => new Response('{"wipe":[]}', { status: 403, headers: { "Content-Type": "application/problem+json" } })],
])("%s is no answer: nothing is done and nothing taken for said", async (_, answer) => {
  await vaultsOf(ASHA);
  vi.stubGlobal("fetch", async () => answer());
  expect(await phone.report.reportPhone()).toBe(false);
  expect(await peopleHere()).toEqual([ASHA]);
});

test("storage that fails is no reason to fall over", async () => {
  answering(() => ({}));
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("gone", "UnknownError");
  });
  await phone.database.close();
  expect(await phone.report.reportPhone()).toBe(false);
});

test("a phone reports when it starts and when its outbox has changed, at most once a minute", async () => {
  const reports = answering(() => ({}));
  phone.report.startReporting();
  await vi.waitFor(() => expect(reports).toHaveLength(1), 20_000);
  for (let second = 0; second < 50; second++) {
    phone.news.announce("outbox");
    await passes(1_000);
  }
  expect(reports).toHaveLength(1);
  await passes(20_000);
  expect(reports).toHaveLength(2);
  await passes(300_000);
  expect(reports).toHaveLength(2);
});

test("nothing is reported while entries are being sent, and then when that has ended", async () => {
  const reports = answering(() => ({}));
  const drain = await import("../../web/src/offline/drain.ts");
  phone.news.announce("drain", { ...drain.status(), state: "sending" });
  phone.report.startReporting();
  await passes(5_000);
  expect(reports).toHaveLength(0);
  phone.news.announce("drain", { ...drain.status(), state: "idle" });
  await vi.waitFor(() => expect(reports).toHaveLength(1), 20_000);
});

test("a phone on which nobody has ever signed in does not report by itself, unless something was lost from it", async () => {
  const reports = answering(() => ({}));
  await phone.database.using((database) => database.delete("facts", "signed-in"));
  phone.report.startReporting();
  await passes(5_000);
  expect(reports).toHaveLength(0);
  const lost = { id: "before", isCleared: true, count: 2, photos: 0, device: "", isElsewhere: false, author: null, savedAt: SAVED_AT, isReported: false, seenBy: [] };
  await phone.database.using((database) => database.put("facts", [lost], "losses"));
  phone.news.announce("outbox");
  await passes(5_000);
  await vi.waitFor(() => expect(reports).toHaveLength(1), 20_000);
});

test("a desk that is no phone never reports", async () => {
  const reports = answering(() => ({}));
  phone.report.reportSoon();
  await passes(120_000);
  expect(reports).toHaveLength(0);
});
