// Questions that only some happenings ask: signs, and whether the person was under the influence.

import { asksSigns, findHappening } from "../lib/entries.ts";

export class FollowUps {
  readonly #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    place.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** What is not asked is disabled too, so that it says nothing in the entry. */
  #show(): void {
    const chosen = this.#place.querySelector<HTMLInputElement>("input[name=happening]:checked");
    const happening = findHappening(chosen?.value ?? "");
    const isAsked = { signs: asksSigns(happening), intoxicated: happening?.asks_intoxicated === true };
    for (const section of this.#place.querySelectorAll<HTMLFieldSetElement>("fieldset[data-follows]")) {
      const asks = isAsked[section.dataset["follows"] as keyof typeof isAsked];
      section.hidden = !asks;
      section.disabled = !asks;
    }
  }
}
