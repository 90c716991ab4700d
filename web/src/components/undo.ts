// "Undo" on the panel that stands in the form's place after saving, and the taps that came too late for "Save".

import { part } from "../lib/page.ts";

/** Somebody who taps "Save" in a hurry taps it again; what has come up under the thumb by then was not meant. */
const DEAF_MS = 400;

export class Undo {
  readonly #ways: HTMLElement;
  #shownAt = 0;

  /** `undo` brings the form back, `another` opens a new one. */
  constructor(place: HTMLElement, undo: () => void, another: () => void) {
    this.#ways = part(place, "[data-saved-ways]");
    this.#ways.addEventListener("click", (event) => this.#listen(event), { capture: true });
    part(this.#ways, "[data-undo]").addEventListener("click", undo);
    part(this.#ways, "[data-another]").addEventListener("click", (event) => {
      event.preventDefault();
      another();
    });
  }

  /** The panel has just come up. */
  offer(): void {
    this.#shownAt = performance.now();
    this.#ways.inert = true;
    setTimeout(() => {
      this.#ways.inert = false;
    }, DEAF_MS);
  }

  /** A tap from before the panel was there can arrive late on a slow phone. */
  #listen(event: Event): void {
    if (event.timeStamp < this.#shownAt) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }
}
