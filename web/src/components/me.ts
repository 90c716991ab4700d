// Says whose entries are made on this phone, with a way out for anybody else.

import { part, say } from "../lib/page.ts";
import { me, onReferenceChange } from "../offline/reference.ts";

const NO_SIGNAL_PAGE = "/app/offline";

export class MeLine {
  readonly #known: HTMLElement;
  readonly #nobody: HTMLElement;
  readonly #name: HTMLElement;

  constructor(place: HTMLElement) {
    this.#known = part(place, "[data-me-known]");
    this.#nobody = part(place, "[data-me-nobody]");
    this.#name = part(place, "[data-me-name]");
    part(place, "form").addEventListener("submit", (event) => this.#leave(event));
    onReferenceChange(() => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    const person = await me();
    say(this.#name, person?.name ?? "");
    this.#known.hidden = person === null;
    this.#nobody.hidden = person !== null;
  }

  /** Signing out needs the server; without signal the browser would show a page of its own. */
  #leave(event: Event): void {
    if (!navigator.onLine) {
      event.preventDefault();
      location.assign(NO_SIGNAL_PAGE);
    }
  }
}
