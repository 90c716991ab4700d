// What is said above the log form of the entry in it: new, come back, taken back, or a change of one that was saved.

import { made, part, say } from "../lib/page.ts";
import { throwAwayButton } from "./throw-away.ts";

const NEW = "Log what happened";
const CHANGE = "Change what you saved";
const BACK = "Your unfinished entry is back.";
const TAKEN_BACK = "Taken back. It is not saved until you tap Save.";
const CHANGES =
  "It may have been sent already, so it cannot be taken back. What you save now takes its place, and the record keeps both.";

export class FormNotes {
  readonly #title: HTMLElement;
  readonly #note: HTMLElement;
  readonly #words: HTMLElement;
  readonly #way: HTMLElement;
  readonly #throwAway: () => void;

  /** `throwAway`: the person is sure that what stands in the form is not to be kept. */
  constructor(place: HTMLElement, throwAway: () => void) {
    this.#title = part(place, "[data-form-title]");
    this.#note = part(place, "[data-form-note]");
    this.#words = part(this.#note, "[data-form-note-words]");
    this.#way = part(this.#note, "[data-form-note-way]");
    this.#throwAway = throwAway;
  }

  showNew(): void {
    this.#say(NEW, "");
  }

  /** `missing`: the resident it was about, where they are not on this phone's list any more. */
  showBack(isChange: boolean, missing: string): void {
    const more = missing === "" ? "" : ` ${missing} is not on this phone’s list any more.`;
    this.#say(isChange ? CHANGE : NEW, BACK + more, throwAwayButton("the unfinished entry", this.#throwAway));
  }

  showTakenBack(isChange: boolean): void {
    this.#say(isChange ? CHANGE : NEW, TAKEN_BACK, throwAwayButton("the entry taken back", this.#throwAway));
  }

  /** The change of an entry that may have been sent. */
  showChange(): void {
    const leave = made("button", "app-link-button", "Leave it as it was");
    leave.type = "button";
    leave.addEventListener("click", this.#throwAway);
    this.#say(CHANGE, CHANGES, leave);
  }

  #say(title: string, words: string, ...way: readonly HTMLElement[]): void {
    say(this.#title, title);
    document.title = `${title} – AP Log`;
    say(this.#words, words);
    this.#way.replaceChildren(...way);
    this.#note.hidden = words === "";
  }
}
