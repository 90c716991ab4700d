// A choice that folds away once made: what was chosen stands in its place, with a button to change it.

import { part, say } from "../lib/page.ts";

export class FoldedChoice {
  readonly #place: HTMLElement;
  readonly #chosen: HTMLElement;
  readonly #words: HTMLElement;
  readonly #more: HTMLElement;
  readonly #change: HTMLButtonElement;
  readonly #choices: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#chosen = part(place, "[data-chosen]");
    this.#words = part(place, "[data-chosen-words]");
    this.#more = part(place, "[data-chosen-more]");
    this.#change = part<HTMLButtonElement>(place, "[data-change]");
    this.#choices = part(place, "[data-choices]");
    this.#change.addEventListener("click", () => this.unfold());
  }

  /** Fold without moving the person: the page has just opened with the choice already made. */
  show(words: string, more = ""): void {
    say(this.#words, words);
    say(this.#more, more);
    this.#more.hidden = more === "";
    this.#chosen.hidden = false;
    this.#choices.hidden = true;
  }

  /** Fold after a tap. What had the focus is gone now, so the focus goes to "Change", and the next question comes up. */
  fold(words: string, more = ""): void {
    this.show(words, more);
    this.#change.focus({ preventScroll: true });
    this.#place.scrollIntoView({ block: "start" });
  }

  /** All choices again, without moving the person: nothing is chosen any more. */
  open(): void {
    this.#chosen.hidden = true;
    this.#choices.hidden = false;
    say(this.#words, "");
    say(this.#more, "");
  }

  unfold(): void {
    this.#chosen.hidden = true;
    this.#choices.hidden = false;
    const checked = this.#choices.querySelector<HTMLElement>(":checked");
    (checked ?? this.#choices.querySelector<HTMLElement>("input, button"))?.focus();
  }
}
