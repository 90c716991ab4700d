// Every entry saved on this phone, what became of it, and a way on for those that need a person or a sign-in.

import { made, part } from "../lib/page.ts";
import { saidTime } from "../lib/said.ts";
import { drainNow, onStatus, status } from "../offline/drain.ts";
import { list, onChange, type OutboxItem, othersUnsentCount, retry } from "../offline/outbox.ts";
import { onReferenceChange } from "../offline/reference.ts";
import { itemWords } from "./outbox-words.ts";

export class OutboxList {
  readonly #items: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #send: HTMLElement;
  readonly #signIn: HTMLElement;

  constructor(place: HTMLElement) {
    this.#items = part(place, "[data-items]");
    this.#empty = part(place, "[data-empty]");
    this.#send = part(place, "[data-send]");
    this.#signIn = part(place, "[data-sign-in]");
    this.#send.addEventListener("click", () => void drainNow());
    onChange(() => void this.#show());
    onStatus(() => void this.#show());
    onReferenceChange(() => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    const [items, others] = await Promise.all([list(), othersUnsentCount()]);
    const wantsSignIn = status().state === "sign-in";
    const isWaiting = items.some((item) => item.state === "waiting");
    const focused = document.activeElement?.id ?? "";
    this.#items.replaceChildren(...items.map((item) => row(item)));
    this.#empty.hidden = items.length + others > 0;
    this.#send.hidden = wantsSignIn || !isWaiting;
    this.#signIn.hidden = !wantsSignIn || !(isWaiting || others > 0);
    document.getElementById(focused)?.focus(); // The list is new; a button in it that had the focus keeps it.
  }
}

function row(item: OutboxItem): HTMLLIElement {
  const words = itemWords(item, status().state, new Date());
  const happened = saidTime(new Date(item.occurredAt), new Date());
  const state = made("strong", `govuk-tag govuk-tag--${words.tone} app-status`, words.state);
  const line = made(
    "li",
    "app-list__row",
    made("p", "app-list__line", state),
    made("p", "app-list__line", made("bdi", "app-name", item.residentName)),
    made("p", "app-list__line", `${item.words}, ${happened}`),
    made("p", "app-list__line", words.next),
  );
  if (words.canRetry) {
    line.append(retryButton(item));
  }
  return line;
}

function retryButton(item: OutboxItem): HTMLParagraphElement {
  const button = made("button", "govuk-button govuk-button--secondary", "Try again");
  button.type = "button";
  button.id = `retry-${item.id}`;
  button.addEventListener("click", () => void retry(item.id, item.sha256));
  return made("p", "app-list__line", button);
}
