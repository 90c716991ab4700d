// The evidence level in words, with why it is that level and what would change it.

import { EVIDENCE_LEVELS, SIGN_GROUPS } from "../generated/vocabulary.ts";
import { evidenceLevel } from "./entries.ts";

export interface EvidenceWords {
  readonly level: string;
  readonly why: string;
}

const CONFIRMED_WHY: Readonly<Record<string, string>> = {
  "laboratory-positive": "A laboratory confirmed it.",
  admitted: "Their own clear words, when fit to talk.",
};

/** For the signs ticked so far. */
export function evidenceWords(signs: readonly string[], alternativesConsidered: boolean): EvidenceWords {
  const level = evidenceLevel(signs, alternativesConsidered);
  const words = EVIDENCE_LEVELS.find((term) => term.code === level)?.words ?? level;
  return { level: words, why: why(signs, alternativesConsidered) };
}

function why(signs: readonly string[], alternativesConsidered: boolean): string {
  const confirming = signs.map((sign) => CONFIRMED_WHY[sign]).find((words) => words !== undefined);
  if (confirming !== undefined) {
    return confirming;
  }
  const kinds = kindsOf(signs);
  if (kinds.length === 0) {
    return "No sign is ticked: it is kept as a note and counts for nothing.";
  }
  if (kinds.length === 1) {
    return `Signs of one kind: ${kinds[0]}.`;
  }
  const said = `Signs of ${kinds.length} kinds: ${kinds.join(", ")}.`;
  return alternativesConsidered ? `${said} Other causes thought about.` : `${said} Other causes not yet thought about.`;
}

function kindsOf(signs: readonly string[]): string[] {
  const groups = SIGN_GROUPS.filter((group) => group.signs.some((sign) => signs.includes(sign.code)));
  return groups.map((group) => group.words.toLowerCase());
}
