// Names what was lost from this phone, on every page of the app, until somebody says that they have seen it.
// It only adds itself above what is on the screen: a form that is being filled in stays as it is.

import { made, part } from "../lib/page.ts";
import { countLost, listUnseen, type Loss, markSeen, onLossesChange } from "../offline/losses.ts";
import { onVaultChange, opened } from "../offline/vault.ts";
import { lossSentences } from "./lost-words.ts";

export class LostEntries {
  readonly #place: HTMLElement;
  #shown: readonly Loss[] = [];
  #person = "";

  constructor(place: HTMLElement) {
    this.#place = place;
    part(place, "button").addEventListener("click", () => void this.#seen());
    const show = () => void this.#show().catch(() => null); // Storage that does not answer says so where it is used.
    onLossesChange(show);
    onVaultChange(show);
    show();
  }

  async #show(): Promise<void> {
    this.#person = (await opened())?.person ?? "";
    this.#shown = await listUnseen(this.#person);
    const sentences = lossSentences(this.#shown, this.#person, new Date());
    part(this.#place, "[data-sentences]").replaceChildren(...sentences.map((words) => made("li", "", words)));
    const lost = countLost(this.#shown);
    part(this.#place, "[data-write-again]").hidden = lost.entries === 0;
    part(this.#place, "[data-take-again]").hidden = lost.photos === 0;
    this.#place.hidden = sentences.length === 0;
  }

  async #seen(): Promise<void> {
    await markSeen(this.#shown.map(({ id }) => id), this.#person);
    document.querySelector<HTMLElement>("h1")?.scrollIntoView();
  }
}
