// The button of the sign-in page and of an invitation: runs the ceremony, opens the person's vault, and says plainly what
// went wrong.

import { made, part } from "../lib/page.ts";
import { type Arrival, register, signIn } from "../lib/passkey-ceremony.ts";
import { type CeremonyName, type Words, wordsFor } from "../lib/passkey-words.ts";
import type { UsedPasskey } from "../lib/vault-key.ts";
import { noteContact } from "../offline/connection.ts";
import { knownDevice } from "../offline/device.ts";
import { approach, comeIn } from "../offline/doors.ts";
import { hideOldReference } from "../offline/reference.ts";
import { noteSignedOut, payOwed } from "../offline/owed.ts";
import { workerIsThere } from "../offline/update.ts";

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
      await payOwed().catch(() => null); // Later it would end the session that begins now.
      const arrived = await (this.#ceremony === "registration" ? this.#register() : signIn(makeWay));
      await settle(arrived);
      await workerIsThere(); // It carries the open vault to the next page.
      const { readFirst } = arrived;
      location.assign(readFirst === null ? this.#to : `${readFirst}?to=${encodeURIComponent(this.#to)}`);
    } catch (error) {
      this.#show(wordsFor(error, this.#ceremony));
      this.#button.disabled = false;
      this.#button.focus();
    }
  }

  async #register(): Promise<Arrival> {
    return register(this.#code, await knownDevice().catch(() => null), makeWay);
  }

  #show(words: Words): void {
    this.#problem.replaceChildren(made("strong", "", words.title), made("p", "", words.wayOn));
    this.#problem.hidden = false;
  }
}

/** Whoever worked here before makes way. Storage that fails must not keep a person out. */
async function makeWay(used: UsedPasskey): Promise<void> {
  await approach(used).catch(() => null);
}

/** The key in the memory of this page goes on to the next one, which takes a worker that runs. */
async function settle({ person, serverTime, used }: Arrival): Promise<void> {
  try {
    await noteSignedOut(); // The session that was to be ended has made way for this one.
    await noteContact(serverTime); // Before there is a vault: it must not be taken for one of a phone too long alone.
    await comeIn(person, used);
    await hideOldReference();
  } catch {
    // They are signed in: pages with signal work, and the phone's own say that it is locked.
  }
}
