// On the first page: how many entries this phone still holds, and when it last reached the server.

import { part, say } from "../lib/page.ts";
import { lastContact } from "../offline/connection.ts";
import { onStatus, status } from "../offline/drain.ts";
import { list, onChange, othersUnsentCount } from "../offline/outbox.ts";
import { onReferenceChange } from "../offline/reference.ts";
import { contactWords, summaryWords } from "./outbox-words.ts";

export class OutboxSummary {
  readonly #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    onChange(() => void this.#show());
    onStatus(() => void this.#show());
    onReferenceChange(() => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    const [items, others, contact] = await Promise.all([list(), othersUnsentCount(), lastContact()]);
    say(part(this.#place, "[data-summary]"), summaryWords(items, status().state, others));
    say(part(this.#place, "[data-contact]"), contactWords(contact, new Date()));
  }
}
