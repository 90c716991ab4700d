// Keeps the log form as it is being filled in: soon after each key, and at once when the page is hidden or locked.

import { part } from "../lib/page.ts";
import { type Draft, keepDraft } from "../offline/drafts.ts";
import { beforeLock, Locked } from "../offline/vault.ts";

/** After the last key of somebody who types, and at the latest after the first. */
const PAUSE_MS = 250;
const LONGEST_MS = 1_000;

export class DraftKeeper {
  readonly #draft: () => Draft | null;
  readonly #warning: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitsSince: number | null = null;
  #keeping: Promise<unknown> = Promise.resolve();

  /** `draft` gives what is to be kept now, null where there is nothing: the form is not begun, or not this window's. */
  constructor(form: HTMLFormElement, draft: () => Draft | null) {
    this.#draft = draft;
    this.#warning = part(form, "[data-not-kept]");
    form.addEventListener("input", () => this.keepSoon());
    form.addEventListener("change", () => void this.keep());
    document.addEventListener("selectionchange", () => (form.contains(document.activeElement) ? this.keepSoon() : null));
    document.addEventListener("visibilitychange", () => void this.keep());
    window.addEventListener("pagehide", () => void this.keep());
    beforeLock(() => this.keep());
  }

  keepSoon(): void {
    this.#waitsSince ??= Date.now();
    clearTimeout(this.#timer);
    const wait = Math.min(PAUSE_MS, this.#waitsSince + LONGEST_MS - Date.now());
    this.#timer = setTimeout(() => void this.keep(), wait);
  }

  /** Keep it as it is now. One after the other, so that an older state never comes last; never rejects. */
  keep(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#waitsSince = null;
    const draft = this.#draft();
    if (draft !== null) {
      this.#keeping = keepDraft(draft, this.#keeping).then(() => this.#warn(false), (error: unknown) => this.#failed(error));
    }
    return this.#keeping;
  }

  /** The form is still on the screen, unless it has just been locked. */
  #failed(error: unknown): void {
    this.#warn(!(error instanceof Locked));
  }

  #warn(isNotKept: boolean): void {
    this.#warning.hidden = !isNotKept;
  }
}
