// Offers to install the app where the browser can: it shows itself when the browser says so, and goes once used.

/** Chromium's event, which the standard types lack. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

export class Install {
  #offer: InstallPromptEvent | null = null;

  constructor(place: HTMLElement) {
    window.addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.#offer = event as InstallPromptEvent;
      place.hidden = false;
    });
    window.addEventListener("appinstalled", () => {
      place.hidden = true;
    });
    place.querySelector("button")?.addEventListener("click", () => {
      void this.#offer?.prompt();
      this.#offer = null; // A browser lets one offer be used once.
      place.hidden = true;
    });
  }
}
