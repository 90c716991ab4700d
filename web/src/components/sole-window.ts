// A draft is written in one window. In any other it is shown as it grows, and can be taken over once that one lets go.

import { part } from "../lib/page.ts";
import { type Claim, claim } from "../offline/claim.ts";

export class SoleWindow {
  readonly #banner: HTMLElement;
  readonly #open: HTMLElement;
  readonly #free: HTMLElement;
  readonly #gone: HTMLElement;
  readonly #controls: HTMLFieldSetElement;
  #id = "";
  #held: Claim | null = null;
  #waiting: Claim | null = null;

  constructor(place: HTMLElement, goOn: () => void) {
    this.#banner = part(place, "[data-elsewhere]");
    this.#open = part(this.#banner, "[data-elsewhere-open]");
    this.#free = part(this.#banner, "[data-elsewhere-free]");
    this.#gone = part(this.#banner, "[data-elsewhere-gone]");
    this.#controls = part<HTMLFieldSetElement>(place, "fieldset[data-controls]");
    part(this.#free, "button").addEventListener("click", goOn);
  }

  /** Ask for the draft of this id; whether it is this window's. What was this window's before is let go. */
  async take(id: string): Promise<boolean> {
    if (this.#held === null || this.#id !== id) {
      this.letGo();
      this.#id = id;
      const claimed = claim(id);
      if (!(await claimed.isOurs())) {
        this.#wait(claimed);
        return false;
      }
      this.#held = claimed;
    }
    return true;
  }

  /** The other window goes on writing. */
  showOpen(): void {
    if (!this.#free.hidden) {
      this.#wait(claim(this.#id));
    }
  }

  /** What was open in the other window has been saved or thrown away there. */
  showGone(): void {
    this.#show(this.#gone);
  }

  letGo(): void {
    this.#held?.release();
    this.#waiting?.release();
    [this.#held, this.#waiting, this.#id] = [null, null, ""];
    this.#controls.disabled = false;
    this.#banner.hidden = true;
  }

  /** Once it is free it is left so: the other window may only be loading anew, and wants it back. */
  #wait(claimed: Claim): void {
    this.#waiting = claimed;
    this.#controls.disabled = true;
    this.#banner.hidden = false;
    this.#show(this.#open);
    void claimed.isFree.then(() => {
      claimed.release();
      if (this.#waiting === claimed && this.#gone.hidden) {
        this.#show(this.#free);
      }
    });
  }

  #show(one: HTMLElement): void {
    for (const each of [this.#open, this.#free, this.#gone]) {
      each.hidden = each !== one;
    }
  }
}
