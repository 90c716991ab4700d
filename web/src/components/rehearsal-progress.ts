// A rehearsal under way: moves its bar and says how far it is, until the page has something else to show.

import { part, say } from "../lib/page.ts";
import { FIRST_WAIT_MS, nextStep, nextWait } from "../lib/watching.ts";
import type { Next, Progress } from "../lib/watching.ts";

export class RehearsalProgress {
  readonly #address: string;
  readonly #bar: HTMLProgressElement;
  readonly #words: HTMLElement;
  #wait = FIRST_WAIT_MS;

  constructor(place: HTMLElement) {
    this.#address = place.dataset["address"] ?? "";
    this.#bar = part(place, "progress");
    this.#words = part(place, "[data-words]");
    this.#lookLater();
  }

  #lookLater(): void {
    window.setTimeout(() => void this.#look(), this.#wait);
    this.#wait = nextWait(this.#wait);
  }

  async #look(): Promise<void> {
    const next = await ask(this.#address);
    if (next === "reload") {
      window.location.reload();
      return;
    }
    if ("show" in next) {
      this.#show(next.show);
    } else {
      say(this.#words, next.say);
    }
    this.#lookLater();
  }

  #show({ done, total, words }: Progress): void {
    if (total !== null) {
      this.#bar.max = total;
      this.#bar.value = done;
    }
    say(this.#words, words);
  }
}

async function ask(address: string): Promise<Next> {
  try {
    const response = await fetch(address);
    return nextStep(response.status, response.ok ? await response.json() : null);
  } catch {
    return nextStep(0, null);
  }
}
