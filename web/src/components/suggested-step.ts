// Shows, while the form is being filled in, the step that the policy suggests on this phone, with its reason.

import type { Entry, Reference, ResidentReference } from "../generated/shapes.ts";
import { asksSigns, findHappening } from "../lib/entries.ts";
import { evidenceWords } from "../lib/evidence-words.ts";
import { part, say } from "../lib/page.ts";
import { unsentEntriesOf } from "../offline/outbox.ts";
import { suggest, type Suggestion } from "../policy/suggestion.ts";

const HAND_OVER = "A manager decides. Tell the on-duty manager at handover.";
const CALL_THE_MANAGER = "Call the on-duty manager now.";

export class SuggestedStep {
  readonly #section: HTMLElement;
  readonly #reason: HTMLElement;
  readonly #source: HTMLElement;
  readonly #step: HTMLElement;
  readonly #evidence: HTMLElement;
  #shown: Suggestion | null = null;

  constructor(place: HTMLElement) {
    this.#section = part(place, "[data-suggestion]");
    this.#reason = part(place, "[data-reason]");
    this.#source = part(place, "[data-source]");
    this.#step = part(place, "[data-step]");
    this.#evidence = part(place, "[data-evidence-brief]");
    this.hide();
  }

  /** What is suggested now, in one line; empty where nothing is. */
  get words(): string {
    const step = this.#shown?.step ?? null;
    const parts = [this.#shown?.isNow === true ? CALL_THE_MANAGER : "", step === null ? "" : `${step}.`];
    return parts.filter((words) => words !== "").join(" ");
  }

  /** The same once the entry is saved, with what is left for the person to do. */
  get wordsAfter(): string {
    return this.#shown?.isForManager === true ? `${this.words} ${HAND_OVER}` : this.words;
  }

  async show(reference: Reference, resident: ResidentReference, draft: Entry): Promise<void> {
    const unsent = await unsentEntriesOf(resident.id).catch(() => []);
    try {
      this.#shown = suggest(reference, resident, unsent, draft, new Date());
    } catch (error) {
      this.hide(); // What stands there was suggested for other answers.
      throw error;
    }
    this.#section.hidden = false;
    say(this.#reason, this.#shown.reason);
    say(this.#source, this.#shown.source);
    this.#step.classList.toggle("app-sticky__now", this.#shown.isNow);
    say(this.#evidence, evidenceOf(draft));
    say(this.#step, this.words || this.#shown.reason);
  }

  hide(): void {
    this.#shown = null;
    this.#section.hidden = true;
    say(this.#evidence, "");
    this.#step.classList.remove("app-sticky__now");
    say(this.#step, "");
  }
}

/** The evidence level once more, for the eyes: it stands among the signs too, which may be out of sight by then. */
function evidenceOf(draft: Entry): string {
  const { signs = [], alternatives_considered = false } = draft;
  const isShown = signs.length > 0 && asksSigns(findHappening(draft.happening));
  return isShown ? `${evidenceWords(signs, alternatives_considered).level}.` : "";
}
