// What the phone says of itself, word for word: nothing is called sent that is not, and nothing seems to move that stands.

import { describe, expect, it, test, vi } from "vitest";

import { lossSentences } from "../../web/src/components/lost-words.ts";
import { type PhoneFacts, ROWS } from "../../web/src/components/phone-words.ts";
import { contactWords, percentSent, progressWords, type Standing } from "../../web/src/components/progress-words.ts";
import type { Loss } from "../../web/src/offline/losses.ts";
import { ASHA, BEN } from "./phone.ts";
import { anItem, aPhoto } from "./report-phone.ts";

const NOW = new Date(2026, 10, 20, 2, 0);
const AT_0140 = new Date(2026, 10, 20, 1, 40).toISOString();
const JUST_NOW = new Date(NOW.getTime() - 59_000).toISOString();
const LONG_AGO = new Date(NOW.getTime() - 60_000).toISOString();

const NONE_LOST = { entries: 0, photos: 0 };
const IDLE = { state: "idle", sending: null } as const;
const SENDING = { state: "sending", sending: null } as const;

function standing(changes: Partial<Standing> = {}): Standing {
  const held = { unsent: [], photos: [] };
  return { held, me: ASHA, draining: IDLE, photo: null, lost: NONE_LOST, sendsWhenClosed: false, now: NOW, ...changes };
}

function shown(changes: Partial<Standing>): string {
  return progressWords(standing(changes)).shown;
}

describe("how sending goes", () => {
  const three = [anItem(), anItem(), anItem()];

  it("says plainly that nothing waits", () => {
    expect(shown({})).toBe("Nothing waits on this phone.");
  });

  it("says what waits, and what goes at this moment", () => {
    const going = anItem({ state: "sending", lastTriedAt: JUST_NOW });
    const unsent = [going, anItem(), anItem()];
    expect(shown({ held: { unsent, photos: [] }, draining: SENDING })).toBe("3 entries wait. Sending 1 of 3.");
    const draining = { state: "sending", sending: { done: 4, of: 7 } } as const;
    expect(shown({ held: { unsent, photos: [] }, draining })).toBe("3 entries wait. Sending 5 of 7.");
  });

  it("gives a photo in per cent, as it is sent", () => {
    const photos = [aPhoto({ state: "sending" }), aPhoto()];
    const photo = { id: photos[0]?.id ?? "", entry: "e", photo: 2, of: 3, percent: 40 };
    expect(shown({ held: { unsent: [], photos }, photo, draining: SENDING })).toBe("2 photos wait. Photo 2 of 3: 40 %.");
  });

  it("does not seem to send what has shown no sign of life for a minute", () => {
    const unsent = [anItem({ state: "sending", lastTriedAt: LONG_AGO })];
    expect(shown({ held: { unsent, photos: [] }, draining: SENDING })).toBe(
      "1 entry waits. Not sent yet. It is tried again within a minute.",
    );
  });

  it.each([
    ["sign-in", "Sign in to send."],
    ["trying-again", "Not sent yet. It is tried again within a minute."],
    ["idle", "Open AP Log when you have signal."],
  ] as const)("says what has to happen where nothing goes (%s)", (state, words) => {
    const draining = { state, sending: null };
    expect(shown({ held: { unsent: three, photos: [] }, draining })).toBe(`3 entries wait. ${words}`);
  });

  it("F23: promises to send by itself only where the browser can", () => {
    const held = { unsent: three, photos: [] };
    expect(shown({ held, sendsWhenClosed: false })).toContain("Open AP Log when you have signal.");
    expect(shown({ held, sendsWhenClosed: false })).not.toContain("by itself");
    expect(shown({ held, sendsWhenClosed: true })).toContain("Sent by itself");
  });

  it("F1: is never at ease while a loss has not been seen", () => {
    expect(shown({ lost: { entries: 2, photos: 0 } })).toBe("2 entries are lost.");
    expect(shown({ lost: { entries: 1, photos: 2 } })).toBe("1 entry and 2 photos are lost.");
    expect(shown({ lost: { entries: 0, photos: 1 } })).toBe("1 photo is lost.");
    expect(shown({ lost: { entries: 1, photos: 0 }, held: { unsent: three, photos: [] } })).toContain("1 entry is lost. 3 entries wait.");
  });

  it("counts other people's entries, and what needs a person", () => {
    const unsent = [anItem(), anItem({ author: BEN }), anItem({ author: BEN, state: "needs-person" })];
    expect(shown({ held: { unsent, photos: [] } })).toContain("2 entries wait. 1 of them is somebody else’s. 1 entry needs a person.");
    expect(shown({ held: { unsent, photos: [] }, me: null })).not.toContain("else");
  });

  it("is not done while only photos wait", () => {
    expect(shown({ held: { unsent: [], photos: [aPhoto()] } })).toBe("1 photo waits. Open AP Log when you have signal.");
    expect(shown({ held: { unsent: [], photos: [aPhoto({ state: "sent" })] } })).toBe("Nothing waits on this phone.");
  });

  it("is not at ease while a photo was refused", () => {
    const photos = [aPhoto({ state: "needs-person" }), aPhoto({ state: "needs-person" })];
    expect(shown({ held: { unsent: [], photos } })).toBe("2 photos need a person.");
    expect(shown({ held: { unsent: three, photos: photos.slice(1) } })).toContain("3 entries wait. 1 photo needs a person.");
  });

  it("asks for a sign-in where that is what it waits for, also of photos alone", () => {
    const held = { unsent: [], photos: [aPhoto()] };
    const signIn = { state: "sign-in", sending: null } as const;
    expect(progressWords(standing({ held, draining: signIn }))).toMatchObject({ wantsSignIn: true });
    expect(shown({ held, draining: signIn })).toBe("1 photo waits. Sign in to send.");
    expect(progressWords(standing({ held })).wantsSignIn).toBe(false);
    expect(progressWords(standing({ held: { unsent: [], photos: [] }, draining: signIn })).wantsSignIn).toBe(false);
  });

  it("does not ask somebody to sign in who has, and may not bring entries", () => {
    const problem = { code: "not-allowed", title: "You may not", way_on: "Ask.", status: 403, reference: "" };
    const held = { unsent: [anItem({ problem })], photos: [] };
    const signIn = { state: "sign-in", sending: null } as const;
    expect(shown({ held, draining: signIn })).toBe("1 entry waits. Somebody who logs here has to sign in to send.");
  });

  it("reads out steps and not numbers", () => {
    const going = (percent: number) => {
      const photo = aPhoto({ id: "p", state: "sending" });
      return progressWords(standing({ held: { unsent: [], photos: [photo] }, photo: { id: "p", entry: "e", photo: 1, of: 1, percent } }));
    };
    expect(going(10).shown).not.toBe(going(90).shown);
    expect(going(10).told).toBe(going(90).told);
  });

  it("says when the server was last heard of, or that it never was", () => {
    expect(contactWords({ at: AT_0140, offsetMs: 0 }, NOW)).toBe("Last contact today at 01:40.");
    expect(contactWords(null, NOW)).toBe("No contact with AP Log yet.");
  });
});

test.each([
  [[], 0],
  [[aPhoto({ size: 1000, sent: 999 })], 99],
  [[aPhoto({ size: 1000, sent: 1000 })], 100],
  [[aPhoto({ size: 100, sent: 100 }), aPhoto({ size: 300, sent: 0 })], 25],
])("per cent are of all bytes, and a hundred only when all have gone", (photos, percent) => {
  expect(percentSent(photos)).toBe(percent);
});

describe("what was lost", () => {
  const cleared: Loss = { id: "d", isCleared: true, count: 2, photos: 0, device: "", isElsewhere: false, author: null, savedAt: AT_0140, isReported: false, seenBy: [] };
  const named: Loss = { ...cleared, id: "e", isCleared: false, count: 1, author: ASHA };

  it("F1: is said with how many and since when", () => {
    expect(lossSentences([cleared], null, NOW)).toEqual([
      "2 entries that were saved on this phone are lost, the last of them saved today at 01:40. The browser deleted what AP Log kept here.",
    ]);
    expect(lossSentences([{ ...cleared, count: 1 }], null, NOW)[0]).toMatch(/^1 entry that was saved on this phone today at 01:40 is lost\./);
  });

  it("is said one by one to whoever wrote it, and in number to anybody else", () => {
    const losses = [named, { ...named, id: "f" }];
    expect(lossSentences(losses, ASHA, NOW)).toHaveLength(2);
    expect(lossSentences(losses, ASHA, NOW)[0]).toBe("Your entry that was saved on this phone today at 01:40 is lost.");
    expect(lossSentences(losses, BEN, NOW)).toEqual(["2 entries of other people are lost, the last of them saved on this phone today at 01:40."]);
    expect(lossSentences([named], null, NOW)).toEqual(["1 entry of somebody else, saved on this phone today at 01:40, is lost."]);
  });

  it("F1: names photos whose entries were sent, without calling the entries lost", () => {
    const browser = "The browser deleted what AP Log kept here.";
    const none = { ...cleared, count: 0, savedAt: new Date(0).toISOString() };
    expect(lossSentences([{ ...none, photos: 2 }], null, NOW)).toEqual([`2 photos of entries that were sent are lost. ${browser}`]);
    expect(lossSentences([{ ...none, photos: 1 }], null, NOW)).toEqual([`1 photo of an entry that was sent is lost. ${browser}`]);
    expect(lossSentences([{ ...cleared, count: 1, photos: 1 }], null, NOW)).toEqual([
      `1 entry that was saved on this phone today at 01:40 is lost. So is 1 photo of an entry that was sent. ${browser}`,
    ]);
  });

  it("says where it was where that was another phone", () => {
    expect(lossSentences([{ ...named, isElsewhere: true }], ASHA, NOW)).toEqual(["Your entry that was saved on another phone today at 01:40 is lost."]);
  });

  it("tells the photos of one entry together, and other people's in number", () => {
    const photo = { ...named, count: 0, photos: 1 };
    const another = { ...photo, id: "g", savedAt: LONG_AGO };
    expect(lossSentences([photo, { ...photo, id: "f" }, another], ASHA, NOW)).toEqual([
      "2 photos of your entry that was saved on this phone today at 01:40 are lost.",
      "A photo of your entry that was saved on this phone today at 01:59 is lost.",
    ]);
    expect(lossSentences([photo, named], BEN, NOW)).toEqual([
      "1 entry of somebody else, saved on this phone today at 01:40, is lost.",
      "1 photo that somebody else took is lost.",
    ]);
  });
});

describe("the page of what this phone holds", () => {
  const MB = 1024 * 1024;
  const empty: PhoneFacts = {
    held: { unsent: [], photos: [], pictures: [], copies: 0, unfinished: [], people: [] },
    open: { person: ASHA, isKept: true },
    copy: { residents: 24, policy: 3, readAt: AT_0140 },
    lost: NONE_LOST,
    contact: { at: AT_0140, offsetMs: 0 },
    isPersisted: true,
    isInTab: false,
    room: { used: 3.14 * MB, quota: 1000 * MB },
    device: "1a2b3c4d-0000-4000-8000-000000000000",
    isShared: false,
    build: "0123abcdef",
    isUpdateWaiting: false,
    now: NOW,
  };

  it("counts each state of mine, and other people's without a word of theirs", () => {
    const unsent = [anItem(), anItem({ state: "sending" }), anItem({ state: "needs-person" }), anItem({ author: BEN })];
    const facts = { ...empty, held: { ...empty.held, unsent } };
    expect(ROWS.mine(facts).main).toBe("1 waits, 1 being sent, 1 needs a person");
    expect(ROWS.others(facts).main).toBe("1 waits");
    expect(ROWS.mine(empty).main).toBe("None wait");
  });

  it("shows nobody's while it is locked", () => {
    const locked = { ...empty, open: null, copy: null, held: { ...empty.held, unsent: [anItem()], unfinished: [ASHA] } };
    expect(ROWS.mine(locked).main).toBe("Locked");
    expect(ROWS.others(locked).main).toBe("1 waits");
    expect(ROWS.residents(locked).main).toBe("Locked");
    expect(ROWS.unfinished(locked)).toEqual({ main: "1", more: "Each is hidden until its author unlocks this phone." });
  });

  it("says what locks it, or that it is in memory only and what that means", () => {
    expect(ROWS.vault(empty).main).toBe("Open");
    expect(ROWS.vault({ ...empty, open: { person: ASHA, isKept: false } }).more).toContain("gone when AP Log closes");
    expect(ROWS.vault({ ...empty, open: null }).more).toBe("Nothing readable is kept on this phone.");
    const held = { ...empty.held, people: [ASHA] };
    expect(ROWS.vault({ ...empty, open: null, held }).more).toBe("Only the passkey of each person opens what is theirs.");
  });

  it("says when it deletes what can be read: 72 hours after the last contact", () => {
    const held = { ...empty.held, people: [ASHA] };
    expect(ROWS.wipes({ ...empty, held }).main).toBe("23 November at 01:40");
    expect(ROWS.wipes(empty).main).toBe("Nothing readable is kept here");
  });

  it("F2: says what the browser promised, and what a tab of Safari does", () => {
    expect(ROWS.persisted(empty).main).toBe("Yes");
    expect(ROWS.persisted({ ...empty, isPersisted: false }).main).toBe("No");
    expect(ROWS.persisted({ ...empty, isPersisted: null }).main).toBe("This browser cannot say");
    expect(ROWS.persisted({ ...empty, isPersisted: false, isInTab: true }).more).toContain("7 days");
    expect(ROWS.persisted({ ...empty, isPersisted: null, isInTab: true }).more).toContain("home screen");
  });

  it("says how much room there is, and when it is little", () => {
    expect(ROWS.space(empty)).toEqual({ main: "3.1 MB used, 997 MB free", more: "" });
    expect(ROWS.space({ ...empty, room: { used: 960 * MB, quota: 1000 * MB } }).more).toContain("Little room");
    expect(ROWS.space({ ...empty, room: null }).main).toBe("This browser does not tell");
  });

  it("gives the name by which a manager finds it, the copies, the photos and the version", () => {
    expect(ROWS.name(empty).main).toBe("1a2b 3c4d");
    expect(ROWS.copies({ ...empty, held: { ...empty.held, copies: 12 } }).main).toBe("12");
    const photos = [aPhoto({ sent: 500 }), aPhoto({ state: "sent", sent: 1000 })];
    expect(ROWS.photos({ ...empty, held: { ...empty.held, photos } }).main).toBe("1 waits, 50 % sent");
    expect(ROWS.policy(empty)).toEqual({ main: "Version 3", more: "As of today at 01:40." });
    expect(ROWS.version({ ...empty, isUpdateWaiting: true }).more).toContain("waits");
    expect(ROWS.shared({ ...empty, isShared: true }).main).toBe("Yes");
  });
});

describe("room", () => {
  const MB = 1024 * 1024;

  async function hasRoom(quota: number, used: number, bytes: number): Promise<boolean> {
    const { hasRoomFor } = await import("../../web/src/offline/storage.ts");
    vi.stubGlobal("navigator", { storage: { estimate: async () => ({ quota, usage: used }) } });
    return hasRoomFor(bytes);
  }

  it.each([
    [500 * MB, 440 * MB, 10 * MB, true],
    [500 * MB, 440 * MB, 10 * MB + 1, false],
    [10_000 * MB, 9_400 * MB, 100 * MB, true],
    [10_000 * MB, 9_400 * MB, 100 * MB + 1, false],
  ])("is there while 50 MB and 5 %% are left after it (%i, %i, %i)", async (quota, used, bytes, there) => {
    expect(await hasRoom(quota, used, bytes)).toBe(there);
  });

  it("is taken for granted where the browser does not tell", async () => {
    const { hasRoomFor, isPersisted, askToPersist } = await import("../../web/src/offline/storage.ts");
    vi.stubGlobal("navigator", {});
    expect(await hasRoomFor(1e12)).toBe(true);
    expect([await isPersisted(), await askToPersist()]).toEqual([null, null]);
    vi.stubGlobal("navigator", { storage: { estimate: () => Promise.reject(new Error("no")) } });
    expect(await hasRoomFor(1e12)).toBe(true);
  });
});
