// The entries that the person who is unlocked here has saved on this phone, what became of each, and a way on for those
// that need a person. Other people's are counted above the list, and nothing of them is shown.

import { made, part } from "../lib/page.ts";
import { saidTime } from "../lib/said.ts";
import { drainNow, onStatus, status } from "../offline/drain.ts";
import { isRetryable, isSendable } from "../offline/item.ts";
import { list, type Listed, onChange, type OutboxItem, othersUnsentCount, retry } from "../offline/outbox.ts";
import { onPhotos, progress, retryPhoto } from "../offline/photos.ts";
import { listPhotos, type PhotoItem } from "../offline/rows/photos.ts";
import { onVaultChange } from "../offline/vault.ts";
import { changeEntry, isChangeable } from "./change-entry.ts";
import { itemWords, UNREADABLE, versionWords } from "./outbox-words.ts";
import { photosWords } from "./photo-words.ts";

export class OutboxList {
  readonly #items: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #send: HTMLElement;

  constructor(place: HTMLElement) {
    this.#items = part(place, "[data-items]");
    this.#empty = part(place, "[data-empty]");
    this.#send = part(place, "[data-send]");
    this.#send.addEventListener("click", () => void drainNow());
    [onChange, onStatus, onPhotos, onVaultChange].forEach((follow) => follow(() => void this.#show()));
    void this.#show();
  }

  async #show(): Promise<void> {
    const [all, others, photos] = await Promise.all([list(), othersUnsentCount(), listPhotos()]);
    const isWaiting = others > 0 || all.some(({ item }) => item.state === "waiting") || photos.some(isSendable);
    const rows = needingPersonFirst(all, photos).map((listed) => row(listed, all, photos));
    replaceRows(this.#items, rows);
    this.#empty.hidden = all.length + others > 0;
    this.#send.hidden = status().state === "sign-in" || !isWaiting;
  }
}

/** What needs a person would be overlooked below what goes by itself. Apart from that the newest is first. */
function needingPersonFirst(all: readonly Listed[], photos: readonly PhotoItem[]): Listed[] {
  const refused = new Set(photos.filter(({ state }) => state === "needs-person").map(({ entry }) => entry));
  const needsPerson = ({ item }: Listed) => item.state === "needs-person" || refused.has(item.id);
  return [...all.filter(needsPerson), ...all.filter((listed) => !needsPerson(listed))];
}

/** The rows are new each time; what was open in them stays open, and a button that had the focus keeps it. */
function replaceRows(place: HTMLElement, rows: readonly HTMLElement[]): void {
  const focused = document.activeElement?.id ?? "";
  const open = [...place.querySelectorAll("details[open]")].map(({ id }) => id);
  place.replaceChildren(...rows);
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  document.getElementById(focused)?.focus();
}

function row(listed: Listed, all: readonly Listed[], photos: readonly PhotoItem[]): HTMLLIElement {
  const { item } = listed;
  const versions = all.map((other) => other.item).filter(({ id }) => id === item.id);
  const words = itemWords(item, status().state, new Date());
  const lines = [
    made("p", "app-list__line", made("strong", `govuk-tag govuk-tag--${words.tone} app-status`, words.state)),
    ...saidLines(listed, versions.length),
    made("p", "app-list__line", words.next),
    ...photoLines(photos.filter((photo) => photo.entry === item.id)),
    ...ownWords(listed),
    ...(isRetryable(item, versions) ? [waysOn(listed)] : []),
  ];
  return made("li", "app-list__row", ...lines);
}

/** Whom it is about and what happened or, where nobody can read that any more, when it was saved. */
function saidLines({ item, said }: Listed, versions: number): HTMLElement[] {
  const now = new Date();
  if (said === null) {
    const saved = `Saved ${saidTime(new Date(item.savedAt), now)}`;
    return [made("p", "app-list__line", saved), made("p", "app-list__line govuk-hint", UNREADABLE)];
  }
  const happened = said.entry === null ? "" : saidTime(new Date(said.entry.occurred_at), now);
  const what = [said.label.words, happened, versionWords(item, versions)].filter((words) => words !== "");
  return [
    made("p", "app-list__line", made("bdi", "app-name", said.label.residentName)),
    made("p", "app-list__line", what.join(", ")),
  ];
}

/** What was written, to be read or copied out whatever becomes of the entry. */
function ownWords({ item, said }: Listed): HTMLElement[] {
  const words = said?.entry?.words ?? "";
  if (words === "") {
    return [];
  }
  const summary = made("summary", "govuk-details__summary", made("span", "govuk-details__summary-text", "What you wrote"));
  const text = made("div", "govuk-details__text app-own-words", words);
  const details = made("details", "govuk-details app-list__line", summary, text);
  details.id = idOf("wrote", item);
  return [details];
}

function photoLines(photos: readonly PhotoItem[]): HTMLElement[] {
  const words = photosWords(photos, progress());
  const refused = photos.filter(({ state }) => state === "needs-person");
  const retries = refused.map(({ id }) => button("Try the photo again", `retry-photo-${id}`, () => retryPhoto(id)));
  return words === "" ? [] : [made("p", "app-list__line", words), ...retries];
}

/** Of one that needs a person: send it as it is, or change it first. */
function waysOn({ item, said }: Listed): HTMLParagraphElement {
  const line = made("p", "app-list__line", button("Try again", idOf("retry", item), () => retry(item.id, item.sha256)));
  if (said !== null && isChangeable(said)) {
    line.append(" ", button("Change it", idOf("change", item), () => changeEntry(said)));
  }
  return line;
}

function button(words: string, id: string, act: () => Promise<void>): HTMLButtonElement {
  const one = made("button", "govuk-button govuk-button--secondary", words);
  one.type = "button";
  one.id = id;
  one.addEventListener("click", () => void act());
  return one;
}

function idOf(part: string, item: OutboxItem): string {
  return `${part}-${item.id}-${item.version}`;
}
