// Warns before anything is written where it may not stay: in a tab of Safari on a phone, and on a phone that is nearly full.

import { isInSafariTab } from "../lib/browser.ts";
import { part } from "../lib/page.ts";
import { onChange } from "../offline/outbox.ts";
import { hasRoomFor, onStorageChange } from "../offline/storage.ts";

export class StorageWarnings {
  readonly #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    part(place, "[data-tab]").hidden = !isInSafariTab();
    onChange(() => void this.#show());
    onStorageChange(() => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    part(this.#place, "[data-low]").hidden = await hasRoomFor(0);
  }
}
