// Beside "When?": says so where this phone's clock is wrong, and knows what time it really is.

import { clockWords } from "../lib/clock-words.ts";
import { part, say } from "../lib/page.ts";
import { lastContact } from "../offline/connection.ts";

export class PhoneClock {
  readonly #warning: HTMLElement;
  #offsetMs = 0;

  constructor(place: HTMLElement) {
    this.#warning = part(place, "[data-clock]");
  }

  /** The time by the server's clock, as far as this phone knows. */
  get now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  async check(): Promise<void> {
    this.#offsetMs = (await lastContact().catch(() => null))?.offsetMs ?? 0;
    const words = clockWords(this.#offsetMs);
    say(this.#warning, words);
    this.#warning.hidden = words === "";
  }
}
