// When it happened: the date and the time are asked for only where none of the ready choices fits.

import { part } from "../lib/page.ts";

export class Occurred {
  readonly #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    place.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show(): void {
    const isOther = part<HTMLInputElement>(this.#place, "input[name=when][value=other]").checked;
    part(this.#place, "[data-other-time]").hidden = !isOther;
  }
}
