// What stands in the form's place after saving: where the entry is now. "Sent" comes by itself, against the receipt.

import { part, say } from "../lib/page.ts";
import { saidTime } from "../lib/said.ts";
import { onStatus, status } from "../offline/drain.ts";
import { list, onChange, type OutboxItem } from "../offline/outbox.ts";
import { waitsWords } from "./outbox-words.ts";

const SENT = "The server has it.";

export class SavedEntry {
  readonly #place: HTMLElement;
  #id = "";

  constructor(place: HTMLElement) {
    this.#place = place;
    onChange(() => void this.#follow());
    onStatus(() => void this.#follow());
  }

  /** `step`: what the phone suggested and what follows from it, in one line, or nothing. */
  show(item: OutboxItem, step: string): void {
    this.#id = item.id;
    const when = saidTime(new Date(item.occurredAt), new Date());
    say(part(this.#place, "[data-saved-what]"), `${item.residentName}. ${item.words}, ${when}.`);
    say(part(this.#place, "[data-saved-step]"), step);
    this.#say(item);
    this.#place.hidden = false;
    this.#place.focus();
    window.scrollTo(0, 0);
  }

  async #follow(): Promise<void> {
    const item = (await list()).find((one) => one.id === this.#id);
    if (item !== undefined) {
      this.#say(item);
    }
  }

  #say(item: OutboxItem): void {
    const isSent = item.state === "sent";
    const refused = item.state === "needs-person" ? `${item.problem?.title ?? "It was not accepted"}. It stays on this phone.` : null;
    say(part(this.#place, "[data-saved-title]"), isSent ? "Sent" : "On this phone");
    say(part(this.#place, "[data-saved-next]"), refused ?? (isSent ? SENT : waitsWords(status().state)));
    this.#place.classList.toggle("app-outcome--sent", isSent);
    document.title = `${isSent ? "Sent" : "On this phone"} – AP Log`;
  }
}
