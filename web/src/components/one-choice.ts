// Radios that fold away when one is tapped. With a keyboard they stay: there, moving through them is choosing.

import { FoldedChoice } from "./folded-choice.ts";

export class OneChoice {
  readonly #folded: FoldedChoice;
  #isTapped = false;

  constructor(place: HTMLElement) {
    this.#folded = new FoldedChoice(place);
    place.addEventListener("pointerdown", () => {
      this.#isTapped = true;
    });
    place.addEventListener("keydown", () => {
      this.#isTapped = false;
    });
    place.addEventListener("click", (event) => this.#clicked(event.target));
    place.closest("form")?.addEventListener("reset", () => this.#folded.open());
    const chosen = place.querySelector<HTMLInputElement>("input:checked");
    if (chosen !== null) {
      this.#folded.show(saidBy(chosen));
    }
  }

  /** A click and not a change: tapping what is chosen already means "yes, that one". */
  #clicked(target: EventTarget | null): void {
    if (this.#isTapped && target instanceof HTMLInputElement && target.checked) {
      this.#folded.fold(saidBy(target));
    }
  }
}

function saidBy(input: HTMLInputElement): string {
  return input.dataset["said"] ?? input.value;
}
