// A way out for what stands in a form that this phone cannot keep: as text, to be pasted where it can be kept.

import { part, say } from "../lib/page.ts";

const COPIED = "Copied, without photos. Paste it where only you can read it, and delete it once it is logged.";
const NOT_COPIED = "This browser does not copy. Write down the main points on paper.";

export class CopyOut {
  readonly #place: HTMLElement;
  readonly #said: HTMLElement;
  readonly #text: () => string;

  constructor(place: HTMLElement, text: () => string) {
    this.#place = place;
    this.#said = part(place, "[data-copied]");
    this.#text = text;
    part(place, "button").addEventListener("click", () => void this.#copy());
  }

  show(): void {
    say(this.#said, "");
    this.#place.hidden = false;
  }

  hide(): void {
    this.#place.hidden = true;
  }

  async #copy(): Promise<void> {
    const isCopied = await navigator.clipboard.writeText(this.#text()).then(() => true, () => false);
    say(this.#said, isCopied ? COPIED : NOT_COPIED);
  }
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What is filled in, a line for each question in the words of the page: "What happened? Violent". */
export function textOf(form: HTMLFormElement, who: string): string {
  const lines = new Map<string, string[]>([["Who?", [who]]]);
  for (const control of form.querySelectorAll<Control>("input[name], select[name], textarea[name]")) {
    const answer = answerIn(control);
    if (answer !== "") {
      const question = questionOf(control);
      lines.set(question, [...(lines.get(question) ?? []), answer]);
    }
  }
  return [...lines].map(([question, answers]) => `${question} ${answers.join(", ")}`.trim()).join("\n");
}

function answerIn(control: Control): string {
  if (control instanceof HTMLSelectElement) {
    return control.value === "" ? "" : words(control.selectedOptions[0]);
  }
  if (control.type === "radio" || control.type === "checkbox") {
    return control instanceof HTMLInputElement && control.checked ? words(control.labels?.[0]) : "";
  }
  const isAsked = control.type !== "file" && control.offsetParent !== null; // What is folded away was not answered.
  return isAsked ? control.value.trim() : "";
}

/** Of one of several its legend, or the heading of its part of the form; of a field alone its own label. */
function questionOf(control: Control): string {
  const legend = control.closest("fieldset:not([data-controls])")?.querySelector<HTMLElement>("legend");
  return words(legend ?? control.closest(".app-section")?.querySelector<HTMLElement>(".app-section__title") ?? control.labels?.[0]);
}

function words(element: HTMLElement | null | undefined): string {
  return (element?.innerText ?? "").replace(/\s+/g, " ").trim();
}
