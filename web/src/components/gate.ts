// Stands before what only an open vault can show: the way to unlock or to sign in, and nothing of anybody's.

import { listen } from "../lib/news.ts";
import { made, part } from "../lib/page.ts";
import { wordsFor } from "../lib/passkey-words.ts";
import { STORAGE_ENDED } from "../offline/database.ts";
import { isOwed, onPaid } from "../offline/owed.ts";
import { isSigningOut } from "../offline/sign-out.ts";
import { unlock } from "../offline/unlock.ts";
import { hasVaults, onVaultChange, type Opened, opened } from "../offline/vault.ts";

export class Gate {
  readonly #place: HTMLElement;
  readonly #inside: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #problem: HTMLElement;
  #shown: Opened | null = null;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#inside = part(place, "[data-gate-inside]");
    this.#button = part<HTMLButtonElement>(place, "[data-gate-unlock]");
    this.#problem = part(place, "[data-gate-problem]");
    this.#button.addEventListener("click", () => void this.#unlock());
    for (const link of place.querySelectorAll("[data-gate-sign-in]")) {
      link.setAttribute("href", `/sign-in?again=1&to=${encodeURIComponent(location.pathname)}`);
    }
    onVaultChange(() => void this.#show());
    onPaid(() => void this.#show());
    listen(STORAGE_ENDED, () => void this.#show()); // There may be no vault to unlock any more.
    window.addEventListener("pagehide", () => this.#close()); // A page that comes back shows nothing before it has looked.
    window.addEventListener("pageshow", (event) => (event.persisted ? void this.#show() : null));
    void this.#show();
  }

  async #show(): Promise<void> {
    const open = await opened().catch(() => null);
    if (this.#shown !== null && open?.person !== this.#shown.person) {
      this.#clear();
      return;
    }
    this.#shown = open;
    this.#inside.hidden = open === null;
    part(this.#place, "[data-gate-passing]").hidden = open?.isKept !== false;
    await this.#showLocked(open === null);
    this.#place.dataset["decided"] = "";
  }

  async #showLocked(isLocked: boolean): Promise<void> {
    const hasAny = await hasVaults().catch(() => null); // Storage that does not answer says so itself.
    part(this.#place, "[data-gate-locked]").hidden = !isLocked || hasAny !== true;
    part(this.#place, "[data-gate-empty]").hidden = !isLocked || hasAny !== false;
    part(this.#place, "[data-gate-owed]").hidden = !isLocked || !(await isOwed().catch(() => false));
  }

  /** What stands on the page is another person's now, or nobody's: it goes at once, and from memory with the page. */
  #clear(): void {
    this.#close();
    this.#inside.replaceChildren();
    this.#shown = null;
    if (navigator.serviceWorker?.controller && !isSigningOut()) {
      location.reload();
    } else {
      void this.#showLocked(true);
    }
  }

  #close(): void {
    this.#inside.hidden = true;
  }

  async #unlock(): Promise<void> {
    this.#button.disabled = true;
    this.#problem.hidden = true;
    try {
      await unlock();
    } catch (error) {
      const words = wordsFor(error, "unlock");
      this.#problem.replaceChildren(made("strong", "", words.title), made("p", "", words.wayOn));
      this.#problem.hidden = false;
      await this.#show();
    } finally {
      this.#button.disabled = false;
    }
  }
}
