import { describe, expect, it } from "vitest";
import { WORDS_LIMIT } from "../../web/src/generated/shapes.ts";
import { draftFrom, faultsIn, occurredFrom, type Opening } from "../../web/src/lib/entry-draft.ts";
import { isoWithOffset } from "../../web/src/lib/times.ts";

const OPENED_AT = new Date(2026, 10, 20, 1, 40);
const SAVED_AT = new Date(2026, 10, 20, 1, 42);
const OPENING: Opening = { id: "entry", author: "asha", device: "phone", openedAt: OPENED_AT, openedTick: 0, over: [] };

function fields(filled: Record<string, string | string[]>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ happening: "under-influence", when: "now", ...filled })) {
    for (const one of [value].flat()) {
      form.append(name, one);
    }
  }
  return form;
}

function faultFields(filled: Record<string, string | string[]>, resident = "gwilym"): string[] {
  const form = fields(filled);
  const draft = draftFrom(form, resident, OPENING, SAVED_AT);
  return faultsIn(form, draft, OPENED_AT, SAVED_AT).map((fault) => fault.field);
}

describe("the entry in the form", () => {
  it("holds what was tapped, and nothing for what was not", () => {
    const form = fields({ signs: ["eyes-glassy", "swaying"], alternatives_considered: "yes", done: "stayed" });

    expect(draftFrom(form, "gwilym", OPENING, SAVED_AT)).toEqual({
      id: "entry",
      author: "asha",
      device: "phone",
      resident: "gwilym",
      happening: "under-influence",
      occurred_at: isoWithOffset(OPENED_AT),
      recorded_at: isoWithOffset(SAVED_AT),
      signs: ["eyes-glassy", "swaying"],
      alternatives_considered: true,
      intoxicated: false,
      help_seeking: false,
      aggravators: [],
      mitigators: [],
      reported: null,
      suspected: null,
      confirmed: null,
      done: ["stayed"],
      words: "",
    });
  });

  it("keeps the three answers about the substance apart", () => {
    const draft = draftFrom(fields({ reported: "CN00", suspected: "SC00" }), "gwilym", OPENING, SAVED_AT);

    expect([draft.reported, draft.suspected, draft.confirmed]).toEqual(["CN00", "SC00", null]);
  });

  it.each([
    { filled: { when: "now" }, at: new Date(2026, 10, 20, 1, 40) },
    { filled: { when: "15" }, at: new Date(2026, 10, 20, 1, 25) },
    { filled: { when: "60" }, at: new Date(2026, 10, 20, 0, 40) },
    {
      filled: { when: "other", occurred_date: "2026-11-19", occurred_time: "23:10" },
      at: new Date(2026, 10, 19, 23, 10),
    },
  ])("happened when the form says: $filled.when", ({ filled, at }) => {
    expect(draftFrom(fields(filled), "gwilym", OPENING, SAVED_AT).occurred_at).toBe(isoWithOffset(at));
  });
});

describe("the time it happened", () => {
  it.each([
    { when: "now", from: "phone" },
    { when: "60", from: "phone" },
    { when: "other", from: "person" },
  ])("is by the clock of the $from where the form says: $when", ({ when, from }) => {
    expect(occurredFrom(fields({ when }))).toBe(from);
  });
});

describe("what keeps a form from being saved", () => {
  it("is nothing when the two questions are answered", () => {
    expect(faultFields({})).toEqual([]);
  });

  it("is nobody chosen and nothing chosen, in the order of the form", () => {
    expect(faultFields({ happening: "" }, "")).toEqual(["resident", "happening"]);
  });

  it.each([
    { time: "01:43", faults: [] },
    { time: "01:44", faults: ["occurred_time"] },
    { time: "", faults: ["occurred_date"] },
    { time: "25:00", faults: ["occurred_date"] },
  ])("is a time that is none, or ahead of the phone's by more than a minute: “$time”", ({ time, faults }) => {
    expect(faultFields({ when: "other", occurred_date: "2026-11-20", occurred_time: time })).toEqual(faults);
  });

  it("is never one of the ready times, which are this phone's own, however fast its clock is", () => {
    const form = fields({ when: "now" });
    const draft = draftFrom(form, "gwilym", OPENING, SAVED_AT);
    const twoHoursBefore = new Date(OPENED_AT.getTime() - 2 * 60 * 60 * 1000);

    expect(faultsIn(form, draft, OPENED_AT, twoHoursBefore)).toEqual([]);
  });

  it("is one character too many, counted as the server counts", () => {
    expect(faultFields({ words: "𝔚".repeat(WORDS_LIMIT) })).toEqual([]);
    expect(faultFields({ words: "𝔚".repeat(WORDS_LIMIT + 1) })).toEqual(["words"]);
  });
});
