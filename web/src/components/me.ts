// Says whose entries are made on this phone, with a way out for anybody else.

import { part, say } from "../lib/page.ts";
import { me, onReferenceChange } from "../offline/reference.ts";
import { lock } from "../offline/vault.ts";

export class MeLine {
  readonly #known: HTMLElement;
  readonly #name: HTMLElement;

  constructor(place: HTMLElement) {
    this.#known = part(place, "[data-me-known]");
    this.#name = part(place, "[data-me-name]");
    part(place, "[data-me-lock]").addEventListener("click", () => void lock());
    onReferenceChange(() => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    const person = await me();
    say(this.#name, person?.name ?? "");
    this.#known.hidden = person === null;
  }
}
