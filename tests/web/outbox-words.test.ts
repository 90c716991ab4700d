import { describe, expect, it } from "vitest";
import { contactWords, itemWords, summaryWords, waitsWords } from "../../web/src/components/outbox-words.ts";
import type { OutboxItem } from "../../web/src/offline/outbox.ts";

const NOW = new Date(2026, 10, 20, 2, 0);
const WAITING: OutboxItem = {
  id: "entry",
  sha256: "00",
  size: 400,
  author: "asha",
  residentId: "gwilym",
  residentName: "7 Gwilym Tudor",
  words: "Seems under the influence",
  occurredAt: new Date(2026, 10, 20, 1, 40).toISOString(),
  savedAt: new Date(2026, 10, 20, 1, 41).toISOString(),
  state: "waiting",
  attempts: 0,
  lastTriedAt: null,
  problem: null,
  receipt: null,
};
const SENT: OutboxItem = {
  ...WAITING,
  state: "sent",
  receipt: { id: "entry", sha256: "00", sequence: 7, received_at: new Date(2026, 10, 20, 1, 55).toISOString() },
};
const REFUSED: OutboxItem = {
  ...WAITING,
  state: "needs-person",
  problem: {
    code: "invalid",
    title: "There is a problem",
    way_on: "Show it to your manager.",
    status: 422,
    reference: "r1",
    faults: [{ field: "words", message: "Words must be 4,000 characters or fewer" }],
  },
};

describe("one entry of the outbox in words", () => {
  it.each([
    { draining: "idle", next: "It stays on this phone. Open AP Log when you have signal and it is sent." },
    { draining: "trying-again", next: "It stays on this phone. Open AP Log when you have signal and it is sent." },
    { draining: "sign-in", next: "Sign in to send it." },
  ] as const)("waits, and says for what: $draining", ({ draining, next }) => {
    expect(itemWords(WAITING, draining, NOW)).toEqual({ state: "On this phone", tone: "yellow", next, canRetry: false });
  });

  it("is sent by itself only where the browser has Background Sync, and never without a session", () => {
    const byItself = "It is sent by itself when there is signal, or when you open AP Log.";
    expect(waitsWords("idle", true)).toBe(byItself);
    expect(waitsWords("trying-again", true)).toBe(byItself);
    expect(waitsWords("idle", false)).not.toContain("by itself");
    expect(waitsWords("sign-in", true)).toBe("Sign in to send it.");
  });

  it("is still on the phone while it is being sent", () => {
    const { state, next } = itemWords({ ...WAITING, state: "sending" }, "sending", NOW);

    expect([state, next]).toEqual(["Being sent", "It stays on this phone until the server has it."]);
  });

  it("is sent, and says since when the server has it", () => {
    const { state, next } = itemWords(SENT, "idle", NOW);

    expect([state, next]).toEqual(["Sent", "The server has it since today at 01:55."]);
  });

  it("says why it needs a person, and offers a way on", () => {
    expect(itemWords(REFUSED, "idle", NOW)).toEqual({
      state: "Needs you",
      tone: "red",
      next: "There is a problem. Words must be 4,000 characters or fewer. Show it to your manager.",
      canRetry: true,
    });
  });
});

describe("the outbox in a sentence", () => {
  it.each([
    { items: [], draining: "idle", words: "Nothing waits on this phone." },
    { items: [SENT], draining: "idle", words: "Everything is sent." },
    { items: [WAITING], draining: "trying-again", words: "1 entry on this phone, waiting for signal." },
    { items: [WAITING, WAITING, SENT], draining: "idle", words: "2 entries on this phone, waiting for signal." },
    { items: [WAITING], draining: "sign-in", words: "1 entry on this phone. Sign in to send it." },
    { items: [REFUSED], draining: "idle", words: "1 entry needs you." },
    {
      items: [WAITING, REFUSED, REFUSED],
      draining: "sending",
      words: "1 entry on this phone, being sent now. 2 entries need you.",
    },
  ] as const)("$words", ({ items, draining, words }) => {
    expect(summaryWords(items, draining)).toBe(words);
  });

  it.each([
    { items: [], others: 1, words: "1 entry of somebody else waits on this phone until they sign in." },
    { items: [SENT], others: 2, words: "2 entries of other people wait on this phone until they sign in." },
    {
      items: [REFUSED],
      others: 1,
      words: "1 entry needs you. 1 entry of somebody else waits on this phone until they sign in.",
    },
  ])("is no all-clear while somebody else's entries wait: $words", ({ items, others, words }) => {
    expect(summaryWords(items, "idle", others)).toBe(words);
  });

  it("says when the phone last reached the server, or that it has not", () => {
    const at = new Date(2026, 10, 19, 23, 10).toISOString();

    expect(contactWords({ at, offsetMs: 0 }, NOW)).toBe("This phone last reached AP Log yesterday at 23:10.");
    expect(contactWords(null, NOW)).toBe("This phone has not reached AP Log yet.");
  });
});
