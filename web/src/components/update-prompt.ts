// Says that a new version is ready and changes to it when asked; never over a form that somebody has begun to fill in.
// One that did not come whole is named too: nothing has changed then, and it is tried again by itself.

import { part } from "../lib/page.ts";
import { onChange } from "../offline/outbox.ts";
import { type NewVersion, onNewVersion, useNewVersion } from "../offline/update.ts";

const BEGUN_FORM = "form[data-dirty]";

export class UpdatePrompt {
  readonly #banner: HTMLElement;
  #found: NewVersion | null = null;

  constructor(banner: HTMLElement) {
    this.#banner = banner;
    part(banner, "[data-update]").addEventListener("click", () => this.#use());
    document.addEventListener("input", () => this.#show());
    document.addEventListener("reset", () => this.#show());
    onChange(() => this.#show());
    void onNewVersion((what) => {
      this.#found = what;
      this.#show();
    });
  }

  #show(): void {
    this.#banner.hidden = this.#found === null || document.querySelector(BEGUN_FORM) !== null;
    part(this.#banner, "[data-version-ready]").hidden = this.#found !== "ready";
    part(this.#banner, "[data-version-failed]").hidden = this.#found !== "failed";
  }

  #use(): void {
    this.#show();
    if (!this.#banner.hidden) {
      void useNewVersion();
    }
  }
}
