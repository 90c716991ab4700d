// What is missing in the log form: a summary at the top, each line leading to its field, and a message beside the field.

import type { Fault } from "../generated/shapes.ts";
import { made, part, say } from "../lib/page.ts";
import { CopyOut } from "./copy-out.ts";

const ERROR_TITLE = /^(Error: )?/;

export class FormErrors {
  readonly #place: HTMLElement;
  readonly #summary: HTMLElement;
  readonly #title: HTMLElement;
  readonly #words: HTMLElement;
  readonly #list: HTMLElement;
  readonly #copyOut: CopyOut;
  #isOfFaults = false;

  /** `text`: what stands in the form, to take along where it cannot be kept. */
  constructor(place: HTMLElement, text: () => string) {
    this.#place = place;
    this.#summary = part(place, "[data-errors]");
    this.#title = part(place, "[data-errors-title]");
    this.#words = part(place, "[data-errors-words]");
    this.#list = part(place, "[data-errors-list]");
    this.#copyOut = new CopyOut(part(place, "[data-copy-out]"), text);
  }

  /** Whether the summary names faults, which what is filled in meanwhile may have mended. */
  get areShown(): boolean {
    return this.#isOfFaults && !this.#summary.hidden;
  }

  showFaults(faults: readonly Fault[]): void {
    this.keep(faults);
    this.#show("There is a problem", "");
  }

  /** Those of the faults that are left, without moving the person; the summary goes with the last. */
  keep(faults: readonly Fault[]): void {
    this.#isOfFaults = true;
    this.#copyOut.hide();
    this.#list.replaceChildren(...faults.map(faultLine));
    this.#place.querySelectorAll("[data-field-error]").forEach(takeBack);
    faults.forEach(markField);
    if (faults.length === 0) {
      this.hide();
    }
  }

  /** The entry is not on this phone; what to do is in `words`. */
  showNotSaved(words: string): void {
    this.keep([]);
    this.#isOfFaults = false;
    this.#copyOut.show();
    this.#show("Not saved", words.replace(/^Not saved\. /, ""));
  }

  hide(): void {
    this.#summary.hidden = true;
    document.title = document.title.replace(ERROR_TITLE, "");
  }

  #show(title: string, words: string): void {
    say(this.#title, title);
    say(this.#words, words);
    this.#summary.hidden = false;
    document.title = document.title.replace(ERROR_TITLE, "Error: ");
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

/** The message where the server's page has it too: after the label of one field, or the question of several. */
function markField({ field, message }: Fault): void {
  const input = document.getElementById(field);
  const group = input?.closest<HTMLElement>(".govuk-form-group, fieldset");
  if (input == null || group == null) {
    return;
  }
  const said = made("p", "govuk-error-message", made("span", "govuk-visually-hidden", "Error:"), ` ${message}`);
  said.id = `${field}-error`;
  said.dataset["fieldError"] = "";
  const isQuestion = group instanceof HTMLFieldSetElement;
  (isQuestion ? group.querySelector("legend") : group.querySelector("label"))?.after(said);
  const described = isQuestion ? group : input;
  described.setAttribute("aria-describedby", [...describers(described), said.id].join(" "));
  if (!isQuestion) {
    input.setAttribute("aria-invalid", "true"); // A question of radios has no such state.
  }
}

function takeBack(said: Element): void {
  const described = document.querySelector(`[aria-describedby~="${said.id}"]`);
  const left = describers(described).filter((id) => id !== said.id);
  if (left.length > 0) {
    described?.setAttribute("aria-describedby", left.join(" "));
  } else {
    described?.removeAttribute("aria-describedby");
  }
  described?.removeAttribute("aria-invalid");
  said.remove();
}

function describers(element: Element | null): string[] {
  return (element?.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== "");
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
