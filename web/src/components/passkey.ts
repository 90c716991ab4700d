// The button of the sign-in page and of an invitation: runs the ceremony and says plainly what went wrong.

import { made, part } from "../lib/page.ts";
import { register, signIn } from "../lib/passkey-ceremony.ts";
import { type CeremonyName, type Words, wordsFor } from "../lib/passkey-words.ts";
import { confirm, doubt } from "../offline/reference.ts";

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
      const first = await (this.#ceremony === "registration" ? register(this.#code, doubted) : signIn(doubted));
      await arrived();
      location.assign(first === null ? this.#to : `${first}?to=${encodeURIComponent(this.#to)}`);
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

/** From here on the phone does not take anybody for signed in. Storage that fails must not keep a person out. */
async function doubted(): Promise<void> {
  await doubt().catch(() => null);
}

/** Once more, in case somebody asked who is here while the server was still deciding; then ask it. */
async function arrived(): Promise<void> {
  await doubted();
  await confirm().catch(() => null);
}
