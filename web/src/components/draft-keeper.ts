// Keeps the log form as it is being filled in, and gives it back to its author after a reload.

import type { Opening } from "../lib/entry-draft.ts";
import { part } from "../lib/page.ts";
import { claim, type Draft, findDraftOf, forgetDraftOf, keepDraft } from "../offline/drafts.ts";

/** After the last key of somebody who types. */
const PAUSE_MS = 400;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class DraftKeeper {
  readonly #form: HTMLFormElement;
  readonly #banner: HTMLElement;
  readonly #isOurs = claim();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #draft: (() => Draft | null) | null = null;
  #author = "";

  constructor(place: HTMLElement, form: HTMLFormElement) {
    this.#form = form;
    this.#banner = part(place, "[data-restored]");
    part(this.#banner, "[data-start-again]").addEventListener("click", () => void this.#startAgain());
    form.addEventListener("change", () => void this.#keep());
    form.addEventListener("input", () => this.keepSoon());
    window.addEventListener("pagehide", () => void this.#keep());
    document.addEventListener("visibilitychange", () => void this.#keep());
  }

  /** The author's unfinished form, where this page may have it. */
  async find(author: string): Promise<Draft | null> {
    this.#author = author;
    return (await this.#isOurs) ? findDraftOf(author).catch(() => null) : null;
  }

  /** From now on keep what the form holds. */
  begin(opening: () => Opening | null, resident: () => string): void {
    this.#draft = () => {
      const open = opening();
      const kept = { resident: resident(), fields: fieldsOf(this.#form) };
      return open && { id: open.id, author: open.author, openedAt: open.openedAt.toISOString(), ...kept };
    };
  }

  /** The entry is saved, and the draft went with it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#draft = null;
    this.#banner.hidden = true;
  }

  /** Put back what was filled in, and say so. */
  restore(draft: Draft): void {
    for (const control of this.#form.elements) {
      if (isControl(control)) {
        fill(control, draft.fields);
      }
    }
    this.#banner.hidden = false;
  }

  keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(), PAUSE_MS);
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    const draft = this.#form.hasAttribute("data-dirty") ? (this.#draft?.() ?? null) : null;
    if (draft !== null && (await this.#isOurs)) {
      await keepDraft(draft).catch(() => null); // The form itself is still on the screen.
    }
  }

  async #startAgain(): Promise<void> {
    this.end();
    await forgetDraftOf(this.#author);
    location.reload();
  }
}

function fieldsOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter((field): field is [string, string] => typeof field[1] === "string");
}

function isControl(control: Element): control is Control {
  return /^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName) && control.getAttribute("name") !== null;
}

/** The form follows each change as if it were made by hand. */
function fill(control: Control, fields: Draft["fields"]): void {
  const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
  if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) {
    const isChecked = values.includes(control.value);
    if (control.checked === isChecked) {
      return;
    }
    control.checked = isChecked;
    unfold(control, isChecked);
  } else {
    control.value = values[0] ?? "";
  }
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function unfold(control: Element, isChecked: boolean): void {
  const fold = control.closest("details");
  if (fold !== null && isChecked) {
    fold.open = true;
  }
}
