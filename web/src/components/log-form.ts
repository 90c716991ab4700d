// The log form on the phone: opens an entry, follows what is filled in, and saves it on this phone. It needs no signal.
// The form is never emptied by an error; only a saved entry takes its place.

import type { Entry, Reference } from "../generated/shapes.ts";
import { draftFrom, faultsIn, type Opening } from "../lib/entry-draft.ts";
import { findHappening } from "../lib/entries.ts";
import { newId } from "../lib/ids.ts";
import { part } from "../lib/page.ts";
import { deviceId } from "../offline/device.ts";
import { NotSaved, save } from "../offline/outbox.ts";
import { current, onReferenceChange } from "../offline/reference.ts";
import { FormErrors } from "./form-errors.ts";
import { ResidentPicker } from "./resident-picker.ts";
import { SavedEntry } from "./saved-entry.ts";
import { SuggestedStep } from "./suggested-step.ts";
import { showTimes } from "./time-choices.ts";

const TRY_AGAIN = "Something went wrong. Your form is still here: try again.";

export class LogForm {
  readonly #place: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #picker: ResidentPicker;
  readonly #suggestion: SuggestedStep;
  readonly #errors: FormErrors;
  readonly #saved: SavedEntry;
  #reference: Reference | null = null;
  #opening: Opening | null = null;
  #isSaving = false;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#form = part<HTMLFormElement>(place, "form");
    this.#picker = new ResidentPicker(part(place, "[data-resident-picker]"), () => this.#changed());
    this.#suggestion = new SuggestedStep(place);
    this.#errors = new FormErrors(place);
    this.#saved = new SavedEntry(part(place, "[data-saved-part]"));
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    document.addEventListener("visibilitychange", () => void this.#load());
    onReferenceChange(() => void this.#load());
    void this.#load();
  }

  get #isBegun(): boolean {
    return this.#form.hasAttribute("data-dirty");
  }

  /** A form that nobody has begun opens anew, so that "Now" is now. One that is begun keeps its id, author and time. */
  async #load(): Promise<void> {
    this.#reference = await current().catch(() => this.#reference);
    if (this.#reference !== null && !this.#isBegun && !this.#isSaving) {
      await this.#open(this.#reference);
    }
    this.#picker.offer(this.#reference?.residents ?? []);
    const isUsable = this.#reference !== null || this.#isBegun;
    part(this.#place, "[data-no-roster]").hidden = isUsable;
    this.#form.hidden = !isUsable;
    this.#place.hidden = false;
  }

  async #open(reference: Reference): Promise<void> {
    const openedAt = new Date();
    this.#opening = { id: newId(), author: reference.me.id, device: await deviceId(), openedAt };
    showTimes(this.#form, openedAt);
  }

  #changed(): void {
    this.#form.setAttribute("data-dirty", "");
    const resident = this.#picker.chosen;
    const draft = this.#draft();
    if (this.#reference !== null && resident !== null && draft !== null && draft.happening !== "") {
      void this.#suggestion.show(this.#reference, resident, draft);
    } else {
      this.#suggestion.hide();
    }
  }

  #draft(): Entry | null {
    const resident = this.#picker.chosen?.id ?? "";
    return this.#opening && draftFrom(new FormData(this.#form), resident, this.#opening, new Date());
  }

  /** The button may be tapped twice: the second tap finds the first at work, and both mean the one entry. */
  async #save(): Promise<void> {
    const draft = this.#draft();
    if (this.#isSaving || draft === null || this.#opening === null) {
      return;
    }
    const faults = faultsIn(new FormData(this.#form), draft, this.#opening.openedAt, new Date());
    if (faults.length > 0) {
      this.#errors.showFaults(faults);
      return;
    }
    this.#isSaving = true;
    try {
      await this.#keep(draft);
    } catch (error) {
      this.#errors.showNotSaved(error instanceof NotSaved ? error.message : TRY_AGAIN);
    } finally {
      this.#isSaving = false;
    }
  }

  async #keep(draft: Entry): Promise<void> {
    const resident = this.#picker.chosen;
    const words = findHappening(draft.happening)?.words ?? draft.happening;
    const item = await save(draft, { residentName: `${resident?.room} ${resident?.name}`, words });
    this.#errors.hide();
    part(this.#place, "[data-form-part]").hidden = true;
    this.#form.removeAttribute("data-dirty");
    this.#saved.show(item, this.#suggestion.words);
  }
}
