// What an entry amounts to: its evidence level, its policy code, and whether it says "under the influence".
// The twin of ap_log/domain/entries.py; both are held to tests/contracts/entries.json.

import type { Entry } from "../generated/shapes.ts";
import { HAPPENINGS, type Happening, SIGN_GROUPS } from "../generated/vocabulary.ts";

export type EvidenceLevel = "E0" | "E1" | "E2" | "E3";

/** The part of an entry that its evidence level and code follow from. */
export type Observed = Pick<Entry, "happening" | "signs" | "alternatives_considered" | "intoxicated">;

const LETTER_OF_SIGN = new Map(SIGN_GROUPS.flatMap((group) => group.signs.map((sign) => [sign.code, group.letter])));
const CONFIRMING = ["laboratory-positive", "admitted"];
const INTOXICATION_LETTERS = ["P", "M", "X"];

export function findHappening(key: string): Happening | undefined {
  return HAPPENINGS.find((happening) => happening.key === key);
}

/** Whether the signs decide what this happening counts as. */
export function asksSigns(happening: Happening | undefined): boolean {
  return happening?.by_evidence != null;
}

/** The level the ticked signs give. Two groups count as E2 only when other causes were thought about. */
export function evidenceLevel(signs: readonly string[], alternativesConsidered: boolean): EvidenceLevel {
  if (signs.some((sign) => CONFIRMING.includes(sign))) {
    return "E3";
  }
  const groups = groupLetters(signs);
  if (groups.size === 0) {
    return "E0";
  }
  return groups.size > 1 && alternativesConsidered ? "E2" : "E1";
}

/** The policy's code, or null where the entry is a note that counts for nothing. */
export function codeOf(entry: Observed): string | null {
  const happening = findHappening(entry.happening);
  const byEvidence = happening?.by_evidence;
  if (byEvidence == null) {
    return happening?.code ?? null;
  }
  return byEvidence[evidenceLevel(entry.signs ?? [], entry.alternatives_considered ?? false)] ?? null;
}

/** Whether the person was under the influence: said so, or signs of body, movement or mind say so now. */
export function isIntoxicated(entry: Observed): boolean {
  const letters = groupLetters(entry.signs ?? []);
  const seemsSo = asksSigns(findHappening(entry.happening)) && INTOXICATION_LETTERS.some((letter) => letters.has(letter));
  return entry.intoxicated === true || seemsSo;
}

function groupLetters(signs: readonly string[]): Set<string> {
  return new Set(signs.map((sign) => LETTER_OF_SIGN.get(sign)).filter((letter) => letter !== undefined));
}
