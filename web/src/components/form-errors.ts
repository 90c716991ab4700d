// The error summary at the top of the log form: what is missing, each line leading to its field.

import type { Fault } from "../generated/shapes.ts";
import { made, part, say } from "../lib/page.ts";

export class FormErrors {
  readonly #summary: HTMLElement;
  readonly #title: HTMLElement;
  readonly #words: HTMLElement;
  readonly #list: HTMLElement;

  constructor(place: HTMLElement) {
    this.#summary = part(place, "[data-errors]");
    this.#title = part(place, "[data-errors-title]");
    this.#words = part(place, "[data-errors-words]");
    this.#list = part(place, "[data-errors-list]");
  }

  showFaults(faults: readonly Fault[]): void {
    this.#show("There is a problem", "", faults);
  }

  /** The entry is not on this phone; what to do is in `words`. */
  showNotSaved(words: string): void {
    this.#show("Not saved", words.replace(/^Not saved\. /, ""), []);
  }

  hide(): void {
    this.#summary.hidden = true;
  }

  #show(title: string, words: string, faults: readonly Fault[]): void {
    say(this.#title, title);
    say(this.#words, words);
    this.#list.replaceChildren(...faults.map(faultLine));
    this.#summary.hidden = false;
    document.title = document.title.replace(/^(Error: )?/, "Error: ");
    this.#summary.focus();
    this.#summary.scrollIntoView({ block: "start" });
  }
}

function faultLine(fault: Fault): HTMLLIElement {
  const link = made("a", "", fault.message);
  link.href = `#${fault.field}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    lead(document.getElementById(fault.field));
  });
  return made("li", "", link);
}

/** Into the field, out of whatever it is folded in, with its question in view. */
function lead(field: HTMLElement | null): void {
  const fold = field?.closest("details");
  if (fold != null) {
    fold.open = true;
  }
  field?.closest(".app-section")?.scrollIntoView({ block: "start" });
  field?.focus({ preventScroll: true });
}
