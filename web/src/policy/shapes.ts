// The shapes the engine reads and gives: a policy as the JSON of its TOML, a timeline and an answer as the policy guide
// writes them. The server has checked what it sends; nothing is checked again here.

export interface RepeatRule {
  readonly code: string;
  readonly count: number;
  readonly days: number;
  readonly base: number;
}

export interface Policy {
  readonly name: string;
  readonly version: number;
  readonly effective_from: string;
  readonly time_zone: string;
  readonly episode_window_hours: number;
  readonly fit_to_warn_hours: number;
  readonly warning_days: Readonly<Record<string, number>>;
  readonly base: Readonly<Record<string, number>>;
  readonly repeat?: readonly RepeatRule[];
  readonly climb: {
    readonly final_crosses: readonly string[];
    readonly low_cap: { readonly codes: readonly string[]; readonly max: number };
  };
  readonly cap: Readonly<Record<string, number>>;
  readonly aggravator: {
    readonly min_base: number;
    readonly add: number;
    readonly max: number;
    readonly any_of: readonly string[];
  };
  readonly mitigator: { readonly subtract: number; readonly max_step: number; readonly any_of: readonly string[] };
  readonly help_seeking: { readonly streams: readonly string[]; readonly except: readonly string[] };
  readonly evidence_guard: { readonly step: number; readonly any_of: readonly string[] };
  readonly routes: Readonly<Record<string, string>>;
}

export interface Resident {
  readonly legal_status: string;
  readonly recalled_for_intoxicated_aggression?: boolean;
}

export interface EventFact {
  readonly id: string;
  readonly type: "event";
  readonly code: string;
  readonly occurred_at: string;
  readonly intoxicated?: boolean;
  readonly help_seeking?: boolean;
  readonly aggravators?: readonly string[];
  readonly mitigators?: readonly string[];
}

export interface DecisionFact {
  readonly id: string;
  readonly type: "decision";
  readonly event: string;
  readonly step: number;
  readonly decided_at: string;
}

export interface VoidFact {
  readonly id: string;
  readonly type: "void";
  readonly decision?: string;
  readonly event?: string;
  readonly at: string;
}

export interface Timeline {
  readonly case: string;
  readonly resident: Resident;
  readonly assume_issued?: boolean;
  readonly facts?: readonly (EventFact | DecisionFact | VoidFact)[];
}

export type Outcome = "support" | "warn" | "consider" | "case-conference" | "act-now";

/** `base` and `climb` are the deciding event's. Times are in UTC. */
export interface EpisodeAnswer {
  readonly events: readonly string[];
  readonly started_at: string;
  readonly deciding_event: string;
  readonly stream: string;
  readonly base: number;
  readonly climb: number;
  readonly step: number;
  readonly outcome: Outcome;
  readonly route: string | null;
  readonly may_reduce_to: number | null;
  readonly warn_not_before: string | null;
  readonly aggravated_by: readonly string[];
  readonly counted_warnings: readonly string[];
  readonly reopened_by: readonly string[];
}

export interface Answer {
  readonly case: string;
  readonly policy: string;
  readonly episodes: readonly EpisodeAnswer[];
}
