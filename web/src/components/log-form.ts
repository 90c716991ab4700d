// The log form on the phone: opens an entry, follows what is filled in, and saves it on this phone. It needs no signal.
// The form is never emptied by an error; only a saved entry takes its place. It opens for a person the server has
// confirmed since the last sign-in, and for nobody else.

import type { Entry, Fault, Reference } from "../generated/shapes.ts";
import { draftFrom, faultsIn, type Opening } from "../lib/entry-draft.ts";
import { findHappening } from "../lib/entries.ts";
import { newId } from "../lib/ids.ts";
import { part } from "../lib/page.ts";
import { deviceId } from "../offline/device.ts";
import { NotSaved, save } from "../offline/outbox.ts";
import { current, onReferenceChange, refresh, type Standing, standing } from "../offline/reference.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { FormErrors } from "./form-errors.ts";
import { PhoneClock } from "./phone-clock.ts";
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
  readonly #clock: PhoneClock;
  readonly #keeper: DraftKeeper;
  #reference: Reference | null = null;
  #opening: Opening | null = null;
  #isSaving = false;
  #isOpening = false;
  #isFinding = false;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#form = part<HTMLFormElement>(place, "form.app-form");
    this.#picker = new ResidentPicker(part(place, "[data-resident-picker]"), () => this.#picked());
    this.#suggestion = new SuggestedStep(place);
    this.#errors = new FormErrors(place);
    this.#saved = new SavedEntry(part(place, "[data-saved-part]"));
    this.#clock = new PhoneClock(place);
    this.#form.addEventListener("change", () => this.#changed());
    part(this.#form, "#words").addEventListener("input", () => this.#form.setAttribute("data-dirty", ""));
    this.#keeper = new DraftKeeper(place, this.#form); // After the line above: what is kept is marked as begun by then.
    this.#keeper.begin(() => this.#opening, () => this.#picker.chosen?.id ?? "");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    document.addEventListener("visibilitychange", () => void this.#load());
    onReferenceChange(() => void this.#load());
    void this.#find();
  }

  get #isBegun(): boolean {
    return this.#form.hasAttribute("data-dirty");
  }

  /** A form that nobody has begun opens anew, so that "Now" is now. One that is begun keeps its id, author and time. */
  async #load(): Promise<void> {
    this.#reference = await current().catch(() => this.#reference);
    await this.#clock.check();
    this.#picker.offer(this.#reference?.residents ?? []);
    if (this.#reference !== null && !this.#isBegun && !this.#isSaving && !this.#isOpening) {
      this.#isOpening = true;
      await this.#open(this.#reference).finally(() => {
        this.#isOpening = false;
      });
    }
    const isUsable = this.#reference !== null || this.#isBegun;
    this.#showInstead(isUsable ? "confirmed" : await standing().catch(() => "nobody" as const));
    this.#form.hidden = !isUsable;
    this.#place.hidden = false;
  }

  /** Where it is not known who this is, ask before saying so: somebody may have signed in on the page before. */
  async #find(): Promise<void> {
    this.#isFinding = (await current().catch(() => null)) === null;
    await this.#load();
    if (this.#isFinding) {
      await refresh().catch(() => null);
      this.#isFinding = false;
      await this.#load();
    }
  }

  /** What stands in the place of a form that cannot be opened. */
  #showInstead(found: Standing): void {
    const isMissing = found !== "confirmed";
    part(this.#place, "[data-finding]").hidden = !isMissing || !this.#isFinding;
    part(this.#place, "[data-no-roster]").hidden = found !== "nobody" || this.#isFinding;
    part(this.#place, "[data-unconfirmed]").hidden = found !== "unconfirmed" || this.#isFinding;
  }

  /** As it was left, where this person left one unfinished. */
  async #open(reference: Reference): Promise<void> {
    const draft = await this.#keeper.find(reference.me.id);
    const openedAt = draft === null ? new Date() : new Date(draft.openedAt);
    this.#opening = { id: draft?.id ?? newId(), author: reference.me.id, device: await deviceId(), openedAt };
    showTimes(this.#form, openedAt, new Date());
    if (draft !== null) {
      this.#picker.restore(draft.resident);
      this.#keeper.restore(draft);
    }
  }

  #picked(): void {
    this.#changed();
    this.#keeper.keepSoon();
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
    if (this.#errors.areShown) {
      this.#errors.keep(this.#faults(draft));
    }
  }

  #draft(): Entry | null {
    const resident = this.#picker.chosen?.id ?? "";
    return this.#opening && draftFrom(new FormData(this.#form), resident, this.#opening, new Date());
  }

  #faults(draft: Entry | null): Fault[] {
    const { openedAt } = this.#opening ?? {};
    return draft && openedAt ? faultsIn(new FormData(this.#form), draft, openedAt, this.#clock.now) : [];
  }

  /** The button may be tapped twice: the second tap finds the first at work, and both mean the one entry. */
  async #save(): Promise<void> {
    const draft = this.#draft();
    if (this.#isSaving || draft === null) {
      return;
    }
    const faults = this.#faults(draft);
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
    this.#keeper.end();
    this.#saved.show(item, this.#suggestion.wordsAfter);
  }
}
