import { describe, expect, it } from "vitest";
import { codeOf, evidenceLevel, isIntoxicated, type Observed } from "../../web/src/lib/entries.ts";
import { evidenceWords } from "../../web/src/lib/evidence-words.ts";
import cases from "../contracts/entries.json";

describe("what an entry amounts to", () => {
  it.each(cases)("$name, as on the server", ({ entry, level, code, intoxicated }) => {
    const observed = entry as Observed;

    expect(evidenceLevel(observed.signs ?? [], observed.alternatives_considered ?? false)).toBe(level);
    expect(codeOf(observed)).toBe(code);
    expect(isIntoxicated(observed)).toBe(intoxicated);
  });

  it("is nothing while nothing is chosen", () => {
    expect(codeOf({ happening: "" })).toBeNull();
    expect(isIntoxicated({ happening: "" })).toBe(false);
  });
});

describe("the evidence level in words", () => {
  it("says that without a sign it is a note", () => {
    expect(evidenceWords([], true)).toEqual({
      level: "Concern only",
      why: "No sign is ticked: it is kept as a note and counts for nothing.",
    });
  });

  it("names the one kind of sign", () => {
    expect(evidenceWords(["eyes-glassy", "sweating"], true).why).toBe("Signs of one kind: body.");
  });

  it("says what is missing for more", () => {
    expect(evidenceWords(["eyes-glassy", "swaying"], false)).toEqual({
      level: "Suspected",
      why: "Signs of 2 kinds: body, movement. Other causes not yet thought about.",
    });
  });

  it("says that other causes were thought about", () => {
    expect(evidenceWords(["eyes-glassy", "swaying"], true)).toEqual({
      level: "Strongly suspected",
      why: "Signs of 2 kinds: body, movement. Other causes thought about.",
    });
  });

  it("points at what confirms", () => {
    expect(evidenceWords(["eyes-glassy", "admitted"], false)).toEqual({
      level: "Confirmed",
      why: "Their own clear words, when fit to talk.",
    });
  });
});
