// The roster on the phone: replaced whole or not at all, kept through bad answers, gone after a sign-out.

import { beforeEach, expect, test, vi } from "vitest";

import * as phone from "./phone.ts";

let app: phone.App;

beforeEach(async () => {
  app = await phone.newPhone();
  await app.reference.clear();
});

function answer(made: () => Response | Promise<Response>): ReturnType<typeof vi.fn> {
  const asked = vi.fn(made);
  vi.stubGlobal("fetch", asked);
  return asked;
}

const fresh = (person = phone.ASHA) => phone.json(phone.referenceOf(person));

test("what the server gives is held, and says who is signed in", async () => {
  answer(() => fresh());
  expect(await app.reference.refresh()).toBe("fresh");
  expect(await app.reference.current()).toEqual(phone.referenceOf(phone.ASHA));
  expect((await app.reference.me())?.id).toBe(phone.ASHA);
});

test("it is not fetched again while it is fresh, and is after a few minutes", async () => {
  const asked = answer(() => fresh());
  await app.reference.refresh();
  await app.reference.refresh();
  expect(asked).toHaveBeenCalledTimes(1);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 4 * 60 * 1000);
  await app.reference.refresh();
  expect(asked).toHaveBeenCalledTimes(2);
});

test("after a sign-in it is fetched however fresh it is, and serves until then", async () => {
  answer(() => fresh());
  await app.reference.refresh();
  await app.reference.expire();
  expect((await app.reference.me())?.id).toBe(phone.ASHA);
  answer(() => fresh(phone.BEN));
  await app.reference.refresh();
  expect((await app.reference.me())?.id).toBe(phone.BEN);
});

test("after somebody went through a door nobody is known to be signed in, until the server says who", async () => {
  answer(() => fresh());
  await app.reference.refresh();
  await app.reference.doubt();
  expect([await app.reference.me(), await app.reference.standing()]).toEqual([null, "unconfirmed"]);
  answer(() => phone.problem(500, "failed"));
  await app.reference.refresh();
  expect([await app.reference.me(), await app.reference.standing()]).toEqual([null, "unconfirmed"]);
  answer(() => fresh(phone.BEN));
  expect(await app.reference.refresh()).toBe("fresh");
  expect([(await app.reference.me())?.id, await app.reference.standing()]).toEqual([phone.BEN, "confirmed"]);
});

test("an answer that was asked for before the door says nothing of who is behind it", async () => {
  answer(() => fresh());
  await app.reference.refresh();
  let reply: (response: Response) => void = () => null;
  const asked = answer(() => new Promise<Response>((resolve) => (reply = resolve)));
  const early = app.reference.refresh({ force: true });
  await vi.waitUntil(() => asked.mock.calls.length === 1);
  await app.reference.doubt();
  const late = app.reference.refresh({ force: true });
  reply(fresh());
  expect(await early).toBe("kept");
  expect(await app.reference.me()).toBeNull();
  await vi.waitUntil(() => asked.mock.calls.length === 2);
  reply(fresh(phone.BEN));
  expect(await late).toBe("fresh");
  expect((await app.reference.me())?.id).toBe(phone.BEN);
});

test("a sign-in asks who it is on a phone that holds a roster, and not on a desk computer that holds none", async () => {
  const asked = answer(() => fresh());
  await app.reference.confirm();
  expect(asked).not.toHaveBeenCalled();
  await app.reference.refresh();
  await app.reference.doubt();
  await app.reference.confirm();
  expect(await app.reference.standing()).toBe("confirmed");
});

test("asked for twice at once it is fetched once", async () => {
  const asked = answer(() => fresh());
  await Promise.all([app.reference.refresh(), app.reference.refresh()]);
  expect(asked).toHaveBeenCalledTimes(1);
});

const bad: Record<string, () => Response | Promise<Response>> = {
  "no signal": () => Promise.reject(new TypeError("Failed to fetch")),
  "the page of a captive portal": () => phone.page(),
  "half of it": () => phone.json({ me: { id: phone.BEN, name: "Ben" } }),
  "a server that breaks": () => phone.problem(500, "failed"),
  "a person who may not log": () => phone.problem(403, "not-allowed"),
};

test.each(Object.entries(bad))("%s leaves the old one", async (_, made) => {
  answer(() => fresh());
  await app.reference.refresh();
  answer(made);
  expect(await app.reference.refresh({ force: true })).toBe("kept");
  expect(await app.reference.current()).toEqual(phone.referenceOf(phone.ASHA));
});

test("an expired session leaves the old one, so that entries can be made until the next sign-in", async () => {
  answer(() => fresh());
  await app.reference.refresh();
  answer(() => phone.problem(401, "not-signed-in"));
  expect(await app.reference.refresh({ force: true })).toBe("signed-out");
  expect((await app.reference.me())?.id).toBe(phone.ASHA);
});

test("a sign-out removes it and leaves unsent entries where they are", async () => {
  await phone.signIn(app);
  await app.outbox.save(phone.anEntry(), phone.LABEL);
  await app.reference.clear();
  expect(await app.reference.current()).toBeNull();
  expect([await app.outbox.unsentCount(), await app.outbox.othersUnsentCount()]).toEqual([0, 1]);
});
