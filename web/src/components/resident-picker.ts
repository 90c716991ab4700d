// Picking one resident from those the phone holds: tap a row, or type two letters of the name or the room first.

import type { ResidentReference } from "../generated/shapes.ts";
import { made, part, say } from "../lib/page.ts";
import { narrow } from "../lib/roster.ts";
import { FoldedChoice } from "./folded-choice.ts";

const ANTIPSYCHOTIC = "Takes an antipsychotic: say so if you call 999";

export class ResidentPicker {
  readonly #folded: FoldedChoice;
  readonly #search: HTMLInputElement;
  readonly #roster: HTMLElement;
  readonly #none: HTMLElement;
  readonly #count: HTMLElement;
  readonly #onChosen: () => void;
  #residents: readonly ResidentReference[] = [];
  #chosen: ResidentReference | null = null;

  constructor(place: HTMLElement, onChosen: () => void) {
    this.#folded = new FoldedChoice(place);
    this.#search = part<HTMLInputElement>(place, "input[type=search]");
    this.#roster = part(place, "[data-roster]");
    this.#none = part(place, "[data-none]");
    this.#count = part(place, "[data-count]");
    this.#onChosen = onChosen;
    this.#search.addEventListener("input", () => this.#show());
    this.#search.addEventListener("keydown", (event) => this.#onKey(event));
    part(place, "[data-all]").addEventListener("click", () => this.#showAll());
  }

  get chosen(): ResidentReference | null {
    return this.#chosen;
  }

  /** Offer these residents, in the order of the server. One chosen before stays chosen, as the newer list knows them, or as they were. */
  offer(residents: readonly ResidentReference[]): void {
    this.#residents = residents;
    this.#chosen = residents.find((resident) => resident.id === this.#chosen?.id) ?? this.#chosen;
    this.#show();
  }

  /** Choose without moving the person: a form that has come back. Whether that resident is offered still. */
  restore(id: string): boolean {
    this.#chosen = this.#residents.find((resident) => resident.id === id) ?? null;
    if (this.#chosen !== null) {
      this.#folded.show(...rowWords(this.#chosen));
    }
    return this.#chosen !== null;
  }

  /** Nobody is chosen, and nothing typed. */
  clear(): void {
    this.#chosen = null;
    this.#search.value = "";
    this.#folded.open();
    this.#show();
  }

  #show(): void {
    const found = narrow(this.#residents, this.#search.value);
    const isOnePremises = new Set(this.#residents.map((resident) => resident.premises)).size === 1;
    this.#roster.replaceChildren(...found.map((resident) => this.#row(resident, isOnePremises)));
    this.#none.hidden = found.length > 0;
    say(this.#count, `${found.length} ${found.length === 1 ? "resident" : "residents"}`);
  }

  #showAll(): void {
    this.#search.value = "";
    this.#show();
    this.#search.focus();
  }

  /** Enter takes the only one that is left; it never saves a form that has barely begun. */
  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      event.preventDefault();
      const found = narrow(this.#residents, this.#search.value);
      if (found.length === 1 && found[0] !== undefined) {
        this.#choose(found[0]);
      }
    }
  }

  #row(resident: ResidentReference, isOnePremises: boolean): HTMLLIElement {
    const room = made("span", "app-roster__room", made("span", "govuk-visually-hidden", "Room "), resident.room);
    const name = made("span", "app-roster__name", made("bdi", "", resident.name));
    if (!isOnePremises) {
      name.append(made("span", "app-tile__hint", resident.premises));
    }
    const row = made("button", "app-roster__row", room, " ", name);
    row.type = "button";
    row.addEventListener("click", () => this.#choose(resident));
    return made("li", "", row);
  }

  #choose(resident: ResidentReference): void {
    this.#chosen = resident;
    this.#search.value = "";
    this.#show();
    this.#folded.fold(...rowWords(resident));
    this.#onChosen();
  }
}

function rowWords(resident: ResidentReference): [words: string, more: string] {
  return [`${resident.room} ${resident.name}`, resident.antipsychotic ? ANTIPSYCHOTIC : ""];
}
