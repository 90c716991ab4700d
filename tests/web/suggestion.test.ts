import { describe, expect, it } from "vitest";
import type { Entry, Reference, ResidentReference } from "../../web/src/generated/shapes.ts";
import { suggest } from "../../web/src/policy/suggestion.ts";
import policy from "../contracts/policy/default.json";

const NOW = new Date(2026, 10, 20, 1, 45);
const FOUND_AT = new Date(2026, 10, 20, 1, 40);
const DAYS_AGO_20 = new Date(2026, 9, 31, 12, 0);
const DAYS_AGO_40 = new Date(2026, 9, 11, 12, 0);

function resident(...facts: object[]): ResidentReference {
  const timeline = { case: "gwilym", resident: { legal_status: "licence" }, assume_issued: false, facts };
  return {
    id: "gwilym",
    name: "Gwilym Tudor",
    room: "7",
    premises: "Elm House",
    legal_status: "licence",
    antipsychotic: false,
    timeline,
  };
}

const REFERENCE: Reference = {
  me: { id: "asha", name: "Asha Rahman" },
  read_at: new Date(2026, 10, 20, 1, 10).toISOString(),
  residents: [],
  policies: [policy as unknown as Record<string, unknown>],
};

function withVersionFrom(version: number, at: Date): Reference {
  const later = { ...REFERENCE.policies[0], version, effective_from: at.toISOString() };
  return { ...REFERENCE, policies: [...REFERENCE.policies, later] };
}

function entry(changes: Partial<Entry> = {}): Entry {
  return {
    id: "e9",
    author: "asha",
    device: "phone",
    resident: "gwilym",
    happening: "under-influence",
    occurred_at: FOUND_AT.toISOString().replace(".000", ""),
    recorded_at: FOUND_AT.toISOString(),
    signs: ["eyes-glassy", "swaying"],
    alternatives_considered: true,
    ...changes,
  };
}

/** Use that was strongly suspected, and the verbal warning given for it the same day. */
function warned(at: Date): object[] {
  const stamp = at.toISOString().replace(".000", "");
  return [
    { id: "e1", type: "event", code: "SUB-2", occurred_at: stamp },
    { id: "d1", type: "decision", event: "e1", step: 1, decided_at: stamp, reason: "Seen by two" },
  ];
}

function suggested(person: ResidentReference, draft: Entry, unsent: readonly Entry[] = []) {
  return suggest(REFERENCE, person, unsent, draft, NOW);
}

describe("the step suggested on the phone", () => {
  it("F18: is provisional, with its reason, its policy and the age of what the phone knew", () => {
    expect(suggested(resident(), entry())).toEqual({
      step: "Provisional: step 1, verbal warning",
      reason:
        "Strongly suspected use: starts at step 1, verbal warning. " +
        "No warning before today at 07:40, when they are fit for it.",
      source: "Policy version 1, and what this phone knew today at 01:10. A manager decides.",
      isNow: false,
      isForManager: false,
    });
  });

  it("climbs on a warning that is active still, and says which", () => {
    const { step, reason } = suggested(resident(...warned(DAYS_AGO_20)), entry());

    expect(step).toBe("Provisional: step 2, first written warning");
    expect(reason).toContain("A verbal warning given 31 October at 12:00 is active, so this climbs to step 2");
  });

  it("does not climb on a warning that has run out", () => {
    expect(suggested(resident(...warned(DAYS_AGO_40)), entry()).step).toBe("Provisional: step 1, verbal warning");
  });

  it("counts what waits on this phone and the server has not seen", () => {
    const earlier = entry({ id: "e8", happening: "supply" });

    const { step, isForManager } = suggested(resident(), entry(), [earlier]);

    expect([step, isForManager]).toEqual(["Provisional: step 4, for the officer to consider", true]);
  });

  it("counts an entry once that was sent a moment ago and is in the history already", () => {
    const known = { id: "e9", type: "event", code: "SUB-3", occurred_at: "2026-11-20T01:40:00Z" };

    expect(suggested(resident(known), entry()).step).toBe("Provisional: step 1, verbal warning");
  });

  it("is nothing for a note", () => {
    const { step, reason } = suggested(resident(), entry({ signs: [] }));

    expect([step, reason]).toEqual([null, "No sign is ticked, so this is kept as a note and counts for nothing."]);
  });

  it("is support where help was asked for", () => {
    const { step, reason } = suggested(resident(...warned(DAYS_AGO_20)), entry({ help_seeking: true }));

    expect(step).toBe("Provisional: step 0, support");
    expect(reason).toContain("They asked for help, so this stays at step 0, support.");
  });

  it("says what raises it", () => {
    const { reason } = suggested(resident(), entry({ happening: "threat", aggravators: ["victim-staff"] }));

    expect(reason).toContain("A member of staff was the victim: that raises it.");
  });

  it("says to call somebody now", () => {
    const { step, isNow, isForManager } = suggested(resident(), entry({ happening: "not-back" }));

    expect(step).toBe("Provisional: step 5, immediate danger or whereabouts unknown");
    expect([isNow, isForManager]).toEqual([true, false]);
  });

  it("names the version in force when the episode began, and not one that is still to come", () => {
    const { source } = suggest(withVersionFrom(2, new Date(2026, 10, 20, 6, 0)), resident(), [], entry(), NOW);

    expect(source).toContain("Policy version 1,");
  });

  it("names a newer version once it is in force", () => {
    const { source } = suggest(withVersionFrom(2, FOUND_AT), resident(), [], entry(), NOW);

    expect(source).toContain("Policy version 2,");
  });

  it("names the version in force when the episode began, although a newer one came during it", () => {
    const earlier = entry({ id: "e8", occurred_at: new Date(2026, 10, 19, 22, 0).toISOString().replace(".000", "") });
    const reference = withVersionFrom(2, new Date(2026, 10, 20, 0, 0));

    expect(suggest(reference, resident(), [earlier], entry(), NOW).source).toContain("Policy version 1,");
    expect(suggest(reference, resident(), [], entry(), NOW).source).toContain("Policy version 2,");
  });

  it("hides no error but a contradiction", () => {
    const broken = { ...REFERENCE, policies: [{ ...REFERENCE.policies[0], climb: undefined }] };

    expect(() => suggest(broken, resident(), [], entry(), NOW)).toThrow(TypeError);
  });

  it("is left to the server where the facts contradict each other", () => {
    const twice = [...warned(DAYS_AGO_20), { ...warned(DAYS_AGO_20)[1], id: "d2" }];

    const { step, reason } = suggested(resident(...twice), entry());

    expect([step, reason]).toEqual([
      null,
      "This phone cannot tell. The server works it out when the entry arrives.",
    ]);
  });
});
