// The button of the sign-in page and of an invitation: runs the ceremony and says plainly what went wrong.

import { made, part } from "../lib/page.ts";
import { register, signIn } from "../lib/passkey-ceremony.ts";
import { type CeremonyName, type Words, wordsFor } from "../lib/passkey-words.ts";

export class Passkey {
  readonly #button: HTMLButtonElement;
  readonly #problem: HTMLElement;
  readonly #ceremony: CeremonyName;
  readonly #code: string;
  readonly #to: string;

  constructor(place: HTMLElement) {
    this.#button = part(place, "button");
    this.#problem = part(place, "[data-problem]");
    this.#code = place.dataset["code"] ?? "";
    this.#to = place.dataset["to"] ?? "/";
    this.#ceremony = place.dataset["ceremony"] === "registration" ? "registration" : "sign-in";
    this.#button.addEventListener("click", () => void this.#run());
    this.#button.disabled = false;
  }

  async #run(): Promise<void> {
    this.#button.disabled = true;
    this.#problem.hidden = true;
    try {
      await (this.#ceremony === "registration" ? register(this.#code) : signIn());
      location.assign(this.#to);
    } catch (error) {
      this.#show(wordsFor(error, this.#ceremony));
      this.#button.disabled = false;
      this.#button.focus();
    }
  }

  #show(words: Words): void {
    this.#problem.replaceChildren(made("strong", "", words.title), made("p", "", words.wayOn));
    this.#problem.hidden = false;
  }
}
