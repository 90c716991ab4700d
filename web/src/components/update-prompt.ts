// Says that a new version is ready and changes to it when asked; never over a form that somebody has begun to fill in.

import { onChange } from "../offline/outbox.ts";
import { onNewVersion, useNewVersion } from "../offline/update.ts";

const BEGUN_FORM = "form[data-dirty]";

export class UpdatePrompt {
  readonly #banner: HTMLElement;
  #isReady = false;

  constructor(banner: HTMLElement) {
    this.#banner = banner;
    banner.querySelector("[data-update]")?.addEventListener("click", () => this.#use());
    document.addEventListener("input", () => this.#show());
    document.addEventListener("reset", () => this.#show());
    onChange(() => this.#show());
    void onNewVersion(() => {
      this.#isReady = true;
      this.#show();
    });
  }

  #show(): void {
    this.#banner.hidden = !this.#isReady || document.querySelector(BEGUN_FORM) !== null;
  }

  #use(): void {
    this.#show();
    if (!this.#banner.hidden) {
      void useNewVersion();
    }
  }
}
