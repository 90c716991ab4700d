// F1: the browser clears what this phone kept. A cookie remembers that there was something, and the loss is named.

import { beforeEach, expect, test, vi } from "vitest";

import { ASHA, BEN } from "./phone.ts";
import { anItem, answering, evict, newPhone, put, type Reporter, SAVED_AT, start, writtenCookies } from "./report-phone.ts";

let phone: Reporter;

beforeEach(async () => {
  phone = await newPhone();
  answering(() => null);
});

async function marked(text: string): Promise<void> {
  await vi.waitFor(() => expect([...writtenCookies().values()].join()).toContain(text));
}

/** The server names these entries of Asha as lost from this phone. */
function naming(device: string, ...ids: string[]) {
  return { entries: ids.map((id) => ({ id, author: ASHA, saved_at: SAVED_AT, device })), photos: [], people: [] as string[] };
}

test("the marker says whose phone it is and how much is not sent, and nothing else", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem(), anItem({ state: "needs-person" }), anItem({ state: "sent" }));
  await marked(".2.");
  const [[name, written] = []] = writtenCookies();
  const device = await phone.device.deviceId();
  expect(name).toBe("ap_log_held");
  expect(written).toBe(`${device}.2.${Date.parse(SAVED_AT) / 1000}.0; Path=/; Max-Age=34560000; SameSite=Strict; Secure`);
});

test("two versions of one entry are one entry to lose", async () => {
  await phone.losses.watchForLosses();
  const first = anItem();
  await put(phone, first, { ...first, sha256: "cd".repeat(32), version: 2 });
  await marked(".1.");
});

test("on plain http and another port the marker is not Secure and has a name of its own", async () => {
  phone = await newPhone("http://localhost:8000");
  await phone.losses.watchForLosses();
  const [[name, written] = []] = writtenCookies();
  expect(name).toBe("ap_log_held_8000");
  expect(written).not.toContain("Secure");
});

test("F1: entries that the browser deleted are named when the app starts again, without signal", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem(), anItem());
  await marked(".2.");
  const before = await phone.device.deviceId();

  phone = await evict(phone);
  await phone.losses.watchForLosses();

  const [loss, ...rest] = await phone.losses.listUnseen("");
  expect(rest).toEqual([]);
  expect(loss).toMatchObject({ id: before, count: 2, author: null, isReported: false });
  expect(Date.parse(loss?.savedAt ?? "")).toBe(Date.parse(SAVED_AT));
  expect(await phone.device.deviceId()).not.toBe(before);
});

test("F1: the loss is still named after another start, once, and by two tabs together once", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem());
  await marked(".1.");
  phone = await evict(phone);
  await Promise.all([phone.losses.watchForLosses(), phone.losses.watchForLosses()]);
  phone = await start();
  await phone.losses.watchForLosses();
  expect(await phone.losses.listUnseen("")).toHaveLength(1);
});

test("F1: whoever uses the phone first after it was cleared does not wipe out the traces", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem());
  await marked(".1.");
  phone = await evict(phone);
  await phone.device.deviceId();
  await put(phone, anItem({ state: "sent" }));
  await phone.losses.watchForLosses();
  expect(await phone.losses.listUnseen("")).toHaveLength(1);
});

test("a phone cleared with nothing to lose says nothing to anybody, and the server hears of it", async () => {
  await phone.losses.watchForLosses();
  const before = await phone.device.deviceId();
  phone = await evict(phone);
  await phone.losses.watchForLosses();
  expect(await phone.losses.listUnseen("")).toEqual([]);
  expect(await phone.losses.unreported()).toMatchObject({ id: before, count: 0 });
});

test("a phone that was never cleared has lost nothing, whatever is sent", async () => {
  await phone.losses.watchForLosses();
  const item = anItem();
  await put(phone, item);
  await marked(".1.");
  await put(phone, { ...item, state: "sent" });
  await marked(".0.");
  phone = await start();
  await phone.losses.watchForLosses();
  expect(await phone.losses.listUnseen("")).toEqual([]);
  expect(await phone.losses.unreported()).toBeNull();
});

test.each(["", "x", "not-a-device.2.5", `${crypto.randomUUID()}.-1.5`, `${crypto.randomUUID()}.1e9.5`])(
  "a marker that is none (%s) means nothing",
  async (value) => {
    document.cookie = `ap_log_held=${value}; Path=/`;
    await phone.losses.watchForLosses();
    expect(await phone.losses.listUnseen("")).toEqual([]);
  },
);

test("F1: storage that goes while the page is open is found out at once", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem(), anItem());
  await marked(".2.");
  const opened = await phone.database.using(async (database) => database);
  await phone.database.close();
  await (await import("idb")).deleteDB("ap-log");
  opened.close();
  phone.news.announce(phone.database.STORAGE_ENDED);
  await vi.waitFor(async () => expect(await phone.losses.listUnseen("")).toMatchObject([{ count: 2 }]));
  await phone.losses.noteHeld(); // It has come to its end.
});

test("what somebody has seen is shown to nobody but the next person", async () => {
  await phone.losses.noteAnswer(null, naming("another", "e1"));
  await phone.losses.markSeen(["e1"], ASHA);
  expect(await phone.losses.listUnseen(ASHA)).toEqual([]);
  expect(await phone.losses.listUnseen(BEN)).toHaveLength(1);
  await phone.losses.noteAnswer(null, naming("another", "e1"));
  expect(await phone.losses.listUnseen(ASHA)).toEqual([]);
});

test("an entry that the server can name is not counted a second time, and one of another phone is counted beside it", async () => {
  await phone.losses.watchForLosses();
  await put(phone, anItem(), anItem(), anItem());
  await marked(".3.");
  phone = await evict(phone);
  await phone.losses.watchForLosses();
  const told = await phone.losses.unreported();
  const [here, elsewhere] = [naming(told?.id ?? "", "e1", "e1"), naming("another", "e2")]; // e1 in two versions.
  await phone.losses.noteAnswer(told, { ...here, entries: [...here.entries, ...elsewhere.entries] });
  const losses = (await phone.losses.listUnseen(ASHA)).map(({ id, count, isElsewhere }) => [id === told?.id ? "rest" : id, count, isElsewhere]);
  expect(losses).toEqual([["rest", 2, false], ["e1", 1, false], ["e2", 1, true]]);
  expect(await phone.losses.unreported()).toBeNull();
});

test("what the server names no more has been found: of this phone, and of somebody it was asked about", async () => {
  const own = await phone.device.deviceId();
  await phone.losses.noteAnswer(null, naming(own, "e1"));
  await phone.losses.noteAnswer(null, naming("another", "e2"));
  expect(await phone.losses.listUnseen(ASHA)).toHaveLength(2);
  await phone.losses.noteAnswer(null, { entries: [], photos: [], people: [BEN] });
  expect(await phone.losses.listUnseen(ASHA)).toHaveLength(2);
  await phone.losses.noteAnswer(null, { entries: [], photos: [], people: [ASHA, BEN] });
  expect((await phone.losses.listUnseen(ASHA)).map(({ id }) => id)).toEqual(["e2"]);
});

test("in a worker, which has no document, the marker is kept where the browser lets it", async () => {
  const set = vi.fn(async () => undefined);
  vi.stubGlobal("document", undefined);
  vi.stubGlobal("cookieStore", { get: async () => null, set });
  await phone.losses.watchForLosses();
  expect(set).toHaveBeenCalledWith(expect.objectContaining({ name: "ap_log_held", path: "/", sameSite: "strict" }));
});
