// Everything a policy says of one code in one place: every event of a resident asks for it.

import type { Policy, RepeatRule } from "./shapes.ts";

/**
 * `crosses` are the streams whose final warnings count for the code, its own among them. Its climb ends at `lowCap` and
 * its step at `cap`, Infinity where the policy sets none. `isRelieved` by help-seeking.
 */
export interface CodeRules {
  readonly stream: string;
  readonly base: number;
  readonly repeat: readonly RepeatRule[];
  readonly crosses: readonly string[];
  readonly lowCap: number;
  readonly cap: number;
  readonly isRelieved: boolean;
}

/** What it says of each code it knows. */
export function rulesByCode(policy: Policy): Map<string, CodeRules> {
  return new Map(Object.entries(policy.base).map(([code, base]) => [code, rulesOf(policy, code, base)]));
}

function rulesOf(policy: Policy, code: string, base: number): CodeRules {
  const stream = code.slice(0, 3);
  const { climb, help_seeking: relief } = policy;
  return {
    stream,
    base,
    repeat: (policy.repeat ?? []).filter((rule) => rule.code === code),
    crosses: climb.final_crosses.includes(stream) ? climb.final_crosses : [],
    lowCap: climb.low_cap.codes.includes(code) ? climb.low_cap.max : Infinity,
    cap: policy.cap[stream] ?? Infinity,
    isRelieved: relief.streams.includes(stream) && !relief.except.includes(code),
  };
}
