// What stands in the log form: who, what, when and the rest, the step that the policy suggests for it, and what is missing.

import type { Entry, Fault, Reference } from "../generated/shapes.ts";
import { draftFrom, faultsIn, occurredFrom, type Opening } from "../lib/entry-draft.ts";
import { findHappening } from "../lib/entries.ts";
import { part } from "../lib/page.ts";
import { isoWithOffset } from "../lib/times.ts";
import { phoneClock } from "../offline/clock.ts";
import type { Draft } from "../offline/drafts.ts";
import type { Saving } from "../offline/outbox.ts";
import { textOf } from "./copy-out.ts";
import { FormErrors } from "./form-errors.ts";
import { caretIn, empty, fieldsOf, fill, putCaret } from "./form-fields.ts";
import { PhoneClock } from "./phone-clock.ts";
import { PhotoChooser } from "./photo-chooser.ts";
import { ResidentPicker } from "./resident-picker.ts";
import { SuggestedStep } from "./suggested-step.ts";
import { showTimes } from "./time-choices.ts";

export class EntryForm {
  readonly element: HTMLFormElement;
  readonly errors: FormErrors;
  readonly photos: PhotoChooser;
  readonly #picker: ResidentPicker;
  readonly #suggestion: SuggestedStep;
  readonly #clock: PhoneClock;
  #reference: Reference | null = null;
  #opening: Opening | null = null;
  #atFirst = "";
  #isFilling = false;

  /** `onChange`: the person has changed something; `onPicked`: it is the resident. */
  constructor(place: HTMLElement, onChange: () => void, onPicked: () => void) {
    this.element = part<HTMLFormElement>(place, "form.app-form");
    this.errors = new FormErrors(place, () => textOf(this.element, this.#residentName));
    this.photos = new PhotoChooser(part(place, "[data-photos]"));
    this.#picker = new ResidentPicker(part(place, "[data-resident-picker]"), onPicked);
    this.#suggestion = new SuggestedStep(place);
    this.#clock = new PhoneClock(place);
    for (const event of ["input", "change"]) {
      this.element.addEventListener(event, () => (this.#isFilling ? null : onChange()));
    }
    this.element.addEventListener("change", () => this.follow());
  }

  get opening(): Opening | null {
    return this.#opening;
  }

  /** The resident's id, empty where nobody is chosen. */
  get resident(): string {
    return this.#picker.chosen?.id ?? "";
  }

  get suggestedWords(): string {
    return this.#suggestion.wordsAfter;
  }

  /** Whether somebody has begun to fill it in. Other parts of the page ask the attribute. */
  get isBegun(): boolean {
    return this.element.hasAttribute("data-dirty");
  }

  set isBegun(value: boolean) {
    this.element.toggleAttribute("data-dirty", value);
  }

  /** Whether nothing but the resident was chosen since the form was opened. */
  async isBare(): Promise<boolean> {
    return JSON.stringify(fieldsOf(this.element)) === this.#atFirst && (await this.photos.prepared()).length === 0;
  }

  /** What the phone knows now: residents to choose from, and how right its clock is. */
  async offer(reference: Reference | null): Promise<void> {
    this.#reference = reference;
    this.#picker.offer(reference?.residents ?? []);
    await this.#clock.check();
  }

  /** Begin an entry, empty or as it was left in `draft`. Whether the resident of the draft is still on the roster. */
  async open(opening: Opening, draft: Draft | null): Promise<boolean> {
    this.#opening = opening;
    this.#isFilling = true;
    showTimes(this.element, opening.openedAt, new Date());
    this.#atFirst = JSON.stringify(fieldsOf(this.element));
    const isFound = draft === null || draft.resident === "" || this.#picker.restore(draft.resident);
    if (draft !== null) {
      fill(this.element, draft.fields);
    }
    this.#isFilling = false;
    this.follow();
    await this.photos.open(opening.id);
    return isFound;
  }

  /** An entry that nobody has begun is opened now, however long the page has been there. */
  openAnew(): void {
    if (this.#opening !== null) {
      const openedAt = new Date();
      this.#opening = { ...this.#opening, openedAt, openedTick: performance.now() };
      showTimes(this.element, openedAt);
      this.#atFirst = JSON.stringify(fieldsOf(this.element));
    }
  }

  /** The same form goes on, from now on over these saved versions of the entry. */
  goOnOver(over: readonly string[]): void {
    this.#opening = this.#opening && { ...this.#opening, over };
  }

  putCaret(draft: Draft): void {
    if (draft.caret !== null) {
      putCaret(this.element, draft.caret);
    }
  }

  /** As it stands, to be kept; null while nothing is open. */
  draft(): Draft | null {
    if (this.#opening === null || this.#isFilling) {
      return null;
    }
    const { id, author, openedAt, over } = this.#opening;
    const kept = { resident: this.resident, residentName: this.#residentName, fields: fieldsOf(this.element) };
    return { id, author, over, openedAt: openedAt.toISOString(), ...kept, caret: caretIn(this.element) };
  }

  /** Nothing is left on the screen. */
  clear(): void {
    this.#opening = null;
    this.isBegun = false;
    empty(this.element);
    this.#picker.clear();
    this.photos.clear();
    this.errors.keep([]);
    this.follow();
  }

  /** The suggestion and what is missing follow what stands in the form now. */
  follow(): void {
    const resident = this.#picker.chosen;
    const entry = this.#entry();
    if (this.#reference !== null && resident !== null && entry !== null && entry.happening !== "") {
      void this.#suggestion.show(this.#reference, resident, entry);
    } else {
      this.#suggestion.hide();
    }
    if (this.errors.areShown) {
      this.errors.keep(this.faults());
    }
  }

  faults(): Fault[] {
    const entry = this.#entry();
    return entry === null ? [] : faultsIn(new FormData(this.element), entry, this.#opened.openedAt, this.#clock.now);
  }

  /** What is saved of it, with what the phone knows of the time. */
  async saving(): Promise<Saving> {
    const entry = this.#entry();
    if (entry === null) {
      throw new Error("No entry is open");
    }
    const fields = fieldsOf(this.element);
    const openTick = this.#opened.openedTick;
    const clock = {
      ...(await phoneClock()),
      opened_at: isoWithOffset(this.#opened.openedAt),
      form_ms: openTick === null ? null : Math.round(performance.now() - openTick),
      occurred_from: occurredFrom(new FormData(this.element)),
    };
    const words = findHappening(entry.happening)?.words ?? entry.happening;
    const label = { residentName: this.#residentName, words };
    return { entry: { ...entry, clock }, label, fields, photos: await this.photos.prepared() };
  }

  get #opened(): Opening {
    if (this.#opening === null) {
      throw new Error("No entry is open");
    }
    return this.#opening;
  }

  get #residentName(): string {
    const resident = this.#picker.chosen;
    return resident === null ? "" : `${resident.room} ${resident.name}`;
  }

  #entry(): Entry | null {
    return this.#opening && draftFrom(new FormData(this.element), this.resident, this.#opening, new Date());
  }
}
