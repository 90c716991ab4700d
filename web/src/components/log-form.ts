// The log form on the phone: opens an entry, keeps it as it grows, and saves it on this phone. It needs no signal. The form
// is never emptied by an error; only a saved entry takes its place. It opens for the person whose vault is open and for
// nobody else: before that is locked, what stands in the form is kept as a draft, and then it is gone from the screen.

import type { Reference } from "../generated/shapes.ts";
import { namedDraft, nameDraft } from "../lib/address.ts";
import { part } from "../lib/page.ts";
import { forgetDraftPhotos } from "../offline/draft-photos.ts";
import { type Draft, findDraft, hiddenDraft, hideOldDraft, onDraftsChange, throwAway, versionsOf } from "../offline/drafts.ts";
import { keyOf } from "../offline/item.ts";
import { asNotSaved } from "../offline/not-saved.ts";
import { onChange, prepareToSave, type Saved, save, takeBack } from "../offline/outbox.ts";
import { current, onReferenceChange, refresh } from "../offline/reference.ts";
import { onVaultChange, opened } from "../offline/vault.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { EntryForm } from "./entry-form.ts";
import { FormNotes } from "./form-notes.ts";
import { newOpening, openingOf } from "./opening.ts";
import { SavedEntry } from "./saved-entry.ts";
import { SoleWindow } from "./sole-window.ts";
import { Undo } from "./undo.ts";
import { UnfinishedList } from "./unfinished-list.ts";

/**
 * `closed`: nothing is open. `fresh`: an entry that nobody has begun, opened anew from time to time so that "Now" is now.
 * `open`: one that is begun, or a saved one to be changed. `elsewhere`: another window writes it. `saved`: it is saved.
 */
type State = "closed" | "fresh" | "open" | "elsewhere" | "saved";

export class LogForm {
  readonly #place: HTMLElement;
  readonly #form: EntryForm;
  readonly #keeper: DraftKeeper;
  readonly #window: SoleWindow;
  readonly #unfinished: UnfinishedList;
  readonly #notes: FormNotes;
  readonly #saved: SavedEntry;
  readonly #undo: Undo;
  #state: State = "closed";
  #isSaving = false;
  #isFinding = false;
  #latest: Saved | null = null;
  #loading: Promise<void> = Promise.resolve();

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#form = new EntryForm(place, () => this.#changed(), () => void this.#picked());
    this.#keeper = new DraftKeeper(this.#form.element, () => this.#toKeep());
    this.#window = new SoleWindow(place, () => this.#then(() => this.#readAgain(true)));
    this.#unfinished = new UnfinishedList(place, (draft) => this.#then(() => this.#goOn(draft)));
    this.#notes = new FormNotes(place, () => this.#then(() => this.#throwAway()));
    this.#saved = new SavedEntry(part(place, "[data-saved-part]"));
    this.#undo = new Undo(place, () => this.#then(() => this.#bringBack()), () => this.#then(() => this.#another()));
    this.#form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    this.#listen();
    void this.#find();
  }

  #listen(): void {
    document.addEventListener("visibilitychange", () => this.#load());
    onReferenceChange(() => this.#load());
    onVaultChange(() => this.#load());
    for (const hear of [onDraftsChange, onChange]) {
      hear(() => (this.#state === "elsewhere" ? this.#then(() => this.#readAgain(false)) : null));
    }
  }

  /** One thing after the other: what is opened is never half of this entry and half of that. */
  #then(work: () => Promise<void>): void {
    this.#loading = this.#loading.then(work).catch((error: unknown) => reportError(error));
  }

  #load(): void {
    this.#then(async () => {
      const person = (await opened())?.person ?? null;
      const reference = person === null ? null : await current().catch(() => null);
      if (person === null || (this.#form.opening?.author ?? person) !== person) {
        this.#close();
      }
      await this.#form.offer(reference);
      if (this.#state === "fresh") {
        this.#form.openAnew();
        await this.#unfinished.show();
      } else if (reference !== null && this.#state === "closed" && !this.#isSaving) {
        await this.#open(reference);
      }
      this.#showParts();
      this.#showInstead(person !== null && reference === null);
    });
  }

  /** Where the residents are not on this phone yet, ask for them before saying so. */
  async #find(): Promise<void> {
    this.#isFinding = true;
    this.#load();
    await refresh().catch(() => null);
    this.#isFinding = false;
    this.#load();
  }

  /** What stands in the place of a form that cannot be opened. */
  #showInstead(isMissing: boolean): void {
    part(this.#place, "[data-finding]").hidden = !isMissing || !this.#isFinding;
    part(this.#place, "[data-no-roster]").hidden = !isMissing || this.#isFinding;
  }

  /** The entry that the address names, where it is this person's and unfinished; otherwise a new one. */
  async #open(reference: Reference): Promise<void> {
    await hideOldDraft().catch(() => null);
    const named = namedDraft();
    const draft = named === null ? null : await findDraft(named).catch(() => null);
    await this.#begin(reference.me.id, draft);
  }

  async #begin(author: string, draft: Draft | null): Promise<void> {
    const opening = draft === null ? await newOpening(author) : await openingOf(draft);
    const isOurs = await this.#window.take(opening.id);
    this.#state = isOurs ? (draft === null ? "fresh" : "open") : "elsewhere";
    this.#form.isBegun = draft !== null && isOurs;
    nameDraft(draft?.id ?? null);
    const isFound = await this.#form.open(opening, draft);
    void prepareToSave();
    if (draft === null) {
      this.#notes.showNew();
      await this.#unfinished.show();
    } else {
      this.#unfinished.hide();
      this.#showBack(draft, isFound);
    }
  }

  #showBack(draft: Draft, isFound: boolean): void {
    if (this.#state === "elsewhere") {
      this.#notes.showNew();
    } else {
      this.#notes.showBack(draft.over.length > 0, isFound ? "" : draft.residentName);
    }
    this.#showParts();
    this.#form.putCaret(draft);
  }

  #showParts(): void {
    part(this.#place, "[data-form-part]").hidden = this.#state === "saved";
    part(this.#place, "[data-saved-part]").hidden = this.#state !== "saved";
    part(this.#place, "[data-form-title]").hidden = this.#state === "saved";
    this.#form.element.hidden = this.#state === "closed";
  }

  /** The person has changed something: from now on it is kept, and the address leads back to it. */
  #changed(): void {
    if (this.#state === "fresh" || this.#state === "open") {
      this.#state = "open";
      this.#form.isBegun = true;
      nameDraft(this.#form.opening?.id ?? null);
    }
  }

  async #picked(): Promise<void> {
    this.#changed();
    this.#form.follow();
    await this.#keeper.keep();
    await this.#unfinished.offer(this.#form.resident, this.#form.opening?.id ?? "");
  }

  #toKeep(): Draft | null {
    return this.#state === "open" && this.#form.isBegun ? this.#form.draft() : null;
  }

  /** The button may be tapped twice: the second tap finds the first at work, and both mean the one entry. */
  async #save(): Promise<void> {
    if (this.#isSaving || (this.#state !== "fresh" && this.#state !== "open")) {
      return;
    }
    const faults = this.#form.faults();
    if (faults.length > 0) {
      this.#form.errors.showFaults(faults);
      return;
    }
    this.#isSaving = true;
    try {
      this.#showSaved(await save(await this.#form.saving()));
    } catch (error) {
      this.#form.errors.showNotSaved(asNotSaved(error).message);
      void this.#keeper.keep(); // The draft may have gone with what was not kept.
    } finally {
      this.#isSaving = false;
    }
  }

  #showSaved(saved: Saved): void {
    if (this.#state === "closed") {
      return; // Locked meanwhile: what is saved is nobody's to read now.
    }
    this.#latest = saved;
    this.#state = "saved";
    this.#form.isBegun = false;
    this.#form.errors.hide();
    nameDraft(null);
    this.#showParts();
    this.#undo.offer();
    this.#saved.show(saved, this.#form.suggestedWords);
  }

  /** Undo: the form as it was. What may be on its way stays saved, and the form changes it. */
  async #bringBack(): Promise<void> {
    const [item, draft] = [this.#latest?.item, this.#form.draft()];
    if (this.#state !== "saved" || item === undefined || draft === null) {
      return;
    }
    const over = (await versionsOf(item.id)).filter((sha256) => sha256 !== item.sha256);
    const isBack = await takeBack(keyOf(item), await hiddenDraft({ ...draft, over }));
    this.#form.goOnOver(isBack ? over : [...over, item.sha256]);
    this.#state = "open";
    this.#form.isBegun = isBack;
    nameDraft(isBack ? item.id : null);
    if (isBack) {
      this.#notes.showTakenBack(over.length > 0);
    } else {
      this.#notes.showChange();
    }
    this.#unfinished.hide();
    this.#showForm();
  }

  async #another(): Promise<void> {
    await this.#leave();
    this.#load();
    this.#then(async () => this.#showForm());
  }

  /** From the top, as a page that was just opened. */
  #showForm(): void {
    this.#showParts();
    this.#focusTitle();
  }

  #focusTitle(): void {
    part(this.#place, "[data-form-title]").focus();
    window.scrollTo(0, 0);
  }

  async #goOn(draft: Draft): Promise<void> {
    await ((await this.#form.isBare()) ? this.#forget() : this.#keeper.keep());
    this.#close();
    await this.#begin(draft.author, await findDraft(draft.id));
    this.#showParts();
    if (document.activeElement === document.body) {
      this.#focusTitle(); // The button that was tapped is gone.
    }
  }

  async #throwAway(): Promise<void> {
    await this.#forget();
    await this.#another();
  }

  /** Throw away what is kept of the form. What is saved of it stays. */
  async #forget(): Promise<void> {
    const opening = this.#form.opening;
    this.#form.isBegun = false;
    if (opening !== null) {
      await this.#keeper.keep(); // What is being kept just now goes with the rest.
      await throwAway(opening);
      await forgetDraftPhotos(opening.id);
    }
  }

  /** What the other window has made of it. `isOver`: that one has let go, and this one takes it over. */
  async #readAgain(isOver: boolean): Promise<void> {
    const opening = this.#form.opening;
    const draft = opening && (await findDraft(opening.id).catch(() => null));
    if (opening === null || draft === null) {
      this.#window.showGone();
    } else if (isOver) {
      await this.#begin(opening.author, draft);
    } else {
      this.#window.showOpen();
      await this.#form.open(opening, draft);
    }
  }

  async #leave(): Promise<void> {
    await this.#form.photos.end().catch(() => null);
    nameDraft(null);
    this.#close();
  }

  /** Nothing of it is left on the screen. The address stays, so that it comes back where it was kept. */
  #close(): void {
    this.#state = "closed";
    this.#latest = null;
    this.#form.clear();
    this.#window.letGo();
    this.#unfinished.hide();
    this.#notes.showNew();
  }
}
