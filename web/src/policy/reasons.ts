// Why the policy calls for a step, in the few words that a phone has room for. The server's reasons are longer.

import { AGGRAVATORS, CODE_WORDS, ROUTES, STEPS, type Term } from "../generated/vocabulary.ts";
import { saidTime } from "../lib/said.ts";
import type { DecisionFact, EpisodeAnswer, EventFact, VoidFact } from "./shapes.ts";

type Fact = EventFact | DecisionFact | VoidFact;

/** A few sentences about one episode, whose warnings are found among the facts. */
export function reasonFor(episode: EpisodeAnswer, facts: readonly Fact[], now: Date): string {
  const sentences = [
    baseSentence(episode, facts),
    climbSentence(episode, facts, now),
    aggravatorSentence(episode),
    episode.outcome === "case-conference" ? "What is known is firm enough for a case conference only." : "",
    episode.route === null ? "" : `${termWords(ROUTES, episode.route)}.`,
    fitnessSentence(episode, now),
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** Such as "step 1, verbal warning". */
export function stepWords(step: number): string {
  return `step ${step}, ${lower(stepName(step))}`;
}

function baseSentence(episode: EpisodeAnswer, facts: readonly Fact[]): string {
  const deciding = facts.find((fact): fact is EventFact => fact.type === "event" && fact.id === episode.deciding_event);
  if (deciding?.help_seeking === true && episode.base === 0) {
    return `They asked for help, so this stays at ${stepWords(0)}.`;
  }
  const words = CODE_WORDS[deciding?.code ?? ""] ?? deciding?.code ?? "This";
  return `${words}: starts at ${stepWords(episode.base)}.`;
}

function climbSentence(episode: EpisodeAnswer, facts: readonly Fact[], now: Date): string {
  const counted = facts.filter(
    (fact): fact is DecisionFact => fact.type === "decision" && episode.counted_warnings.includes(fact.id),
  );
  const highest = counted.sort((one, other) => other.step - one.step)[0];
  if (highest === undefined || episode.climb === 0) {
    return "";
  }
  const issued = saidTime(new Date(highest.decided_at), now);
  return `A ${lower(stepName(highest.step))} given ${issued} is active, so this climbs to ${stepWords(episode.climb)}.`;
}

function aggravatorSentence(episode: EpisodeAnswer): string {
  const words = episode.aggravated_by.map((code) => termWords(AGGRAVATORS, code));
  return words.length === 0 ? "" : `${words.join(", ")}: that raises it.`;
}

function fitnessSentence(episode: EpisodeAnswer, now: Date): string {
  if (episode.warn_not_before === null) {
    return "";
  }
  return `No warning before ${saidTime(new Date(episode.warn_not_before), now)}, when they are fit for it.`;
}

function stepName(step: number): string {
  return termWords(STEPS, String(step));
}

function termWords(terms: readonly Term[], code: string): string {
  return terms.find((term) => term.code === code)?.words ?? code;
}

function lower(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}
