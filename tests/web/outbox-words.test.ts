import { describe, expect, it } from "vitest";
import { itemWords, sentWords, versionWords, waitsWords } from "../../web/src/components/outbox-words.ts";
import type { OutboxItem } from "../../web/src/offline/outbox.ts";

const NOW = new Date(2026, 10, 20, 2, 0);
const WAITING: OutboxItem = {
  id: "entry",
  sha256: "00",
  size: 400,
  author: "asha",
  version: 1,
  savedAt: new Date(2026, 10, 20, 1, 41).toISOString(),
  state: "waiting",
  attempts: 0,
  lastTriedAt: null,
  problem: null,
  receipt: null,
  epoch: "",
  hidden: null,
};
const RECEIPT = { id: "entry", sha256: "00", sequence: 7, received_at: new Date(2026, 10, 20, 1, 55).toISOString() };
const SENT: OutboxItem = { ...WAITING, state: "sent", receipt: RECEIPT };
const PROBLEM = { code: "invalid", title: "There is a problem", way_on: "Show it to your manager.", status: 422, reference: "r1" };
const FAULTS = [{ field: "words", message: "Words must be 4,000 characters or fewer" }];

describe("one entry of the outbox in words", () => {
  it.each([
    { draining: "idle", next: "It stays on this phone. Open AP Log when you have signal and it is sent." },
    { draining: "trying-again", next: "It stays on this phone. Open AP Log when you have signal and it is sent." },
    { draining: "sign-in", next: "Sign in to send it." },
  ] as const)("waits, and says for what: $draining", ({ draining, next }) => {
    expect(itemWords(WAITING, draining, NOW)).toEqual({ state: "On this phone", tone: "yellow", next });
  });

  it("F23: is sent by itself only where the browser has Background Sync, and never without a session", () => {
    const byItself = "It is sent by itself when there is signal, or when you open AP Log.";
    expect(waitsWords("idle", true)).toBe(byItself);
    expect(waitsWords("trying-again", true)).toBe(byItself);
    expect(waitsWords("idle", false)).not.toContain("by itself");
    expect(waitsWords("trying-again", false)).not.toContain("by itself");
    expect(waitsWords("sign-in", true)).toBe("Sign in to send it.");
  });

  it("waits with the reason where the server has given one", () => {
    const { state, next } = itemWords({ ...WAITING, problem: PROBLEM }, "trying-again", NOW);

    expect([state, next]).toEqual(["On this phone", "There is a problem. It stays on this phone and is tried again."]);
  });

  it("is still on the phone while it is being sent", () => {
    const { state, next } = itemWords({ ...WAITING, state: "sending" }, "sending", NOW);

    expect([state, next]).toEqual(["Being sent", "It stays on this phone until the server has it."]);
  });

  it("is sent, and says since when the server has it", () => {
    expect(itemWords(SENT, "idle", NOW)).toMatchObject({ state: "Sent", next: "The server has it since today at 01:55." });
  });

  it("is sent, and says that a manager has to look at it where it is held", () => {
    expect(sentWords({ ...SENT, receipt: { ...RECEIPT, held: true } }, NOW)).toBe(
      "The server has it since today at 01:55. A manager has to look at it before it goes into the log.",
    );
  });

  it("says why it needs a person, and the way on", () => {
    const item: OutboxItem = { ...WAITING, state: "needs-person", problem: { ...PROBLEM, faults: FAULTS } };

    expect(itemWords(item, "idle", NOW)).toEqual({
      state: "Needs you",
      tone: "red",
      next: "There is a problem. Words must be 4,000 characters or fewer. Show it to your manager.",
    });
  });

  it("says of a refused one that it was changed, once the server has the change", () => {
    const { state, next } = itemWords({ ...WAITING, state: "replaced", problem: PROBLEM }, "idle", NOW);

    expect([state, next]).toEqual(["Changed", "The server has what you changed it to. There is nothing left to do."]);
  });

  it("says which version it is where there are several", () => {
    expect([versionWords(WAITING, 1), versionWords({ ...WAITING, version: 2 }, 2)]).toEqual(["", "version 2"]);
  });
});
