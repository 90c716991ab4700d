// Shows the evidence level that the ticked signs give, as they are ticked, and why.

import { evidenceWords } from "../lib/evidence-words.ts";
import { part, say } from "../lib/page.ts";

export class Signs {
  readonly #place: HTMLElement;
  readonly #level: HTMLElement;
  readonly #why: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#level = part(place, "[data-evidence-level]");
    this.#why = part(place, "[data-evidence-why]");
    part(place, "[data-evidence]").hidden = false;
    place.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show(): void {
    const ticked = [...this.#place.querySelectorAll<HTMLInputElement>("input[name=signs]:checked")];
    const isConsidered = part<HTMLInputElement>(this.#place, "input[name=alternatives_considered]").checked;
    const { level, why } = evidenceWords(ticked.map((input) => input.value), isConsidered);
    say(this.#level, `Evidence: ${level}`);
    say(this.#why, why);
  }
}
