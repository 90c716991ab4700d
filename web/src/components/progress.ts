// How sending goes, on every page of the app that says so. The words on the screen follow each change; what is read out
// follows the steps, and no faster than somebody can listen.

import { SENDS_WHEN_CLOSED } from "../lib/browser.ts";
import { part, say } from "../lib/page.ts";
import { lastContact } from "../offline/connection.ts";
import { onStatus, status } from "../offline/drain.ts";
import { lookAtAll } from "../offline/held.ts";
import { countLost, listUnseen, onLossesChange } from "../offline/losses.ts";
import { onChange } from "../offline/outbox.ts";
import { onPhotos, progress } from "../offline/photos.ts";
import { onVaultChange, opened } from "../offline/vault.ts";
import { contactWords, progressWords } from "./progress-words.ts";

const READ_OUT_APART_MS = 5_000;

/** Words about time go stale without anything happening. */
const LOOK_AGAIN_MS = 20_000;

export class Progress {
  readonly #place: HTMLElement;
  #told = "";
  #telling: number | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    const show = () => void this.#show().catch(() => null); // What cannot be read now is read with the next change.
    [onChange, onStatus, onPhotos, onLossesChange, onVaultChange].forEach((follow) => follow(show));
    window.setInterval(show, LOOK_AGAIN_MS);
    show();
  }

  async #show(): Promise<void> {
    const [held, contact, open] = await Promise.all([lookAtAll(), lastContact(), opened()]);
    const me = open?.person ?? null;
    const lost = countLost(await listUnseen(me ?? ""));
    const now = new Date();
    const going = { draining: status(), photo: progress(), sendsWhenClosed: SENDS_WHEN_CLOSED };
    const { shown, told, wantsSignIn } = progressWords({ held, me, lost, now, ...going });
    say(part(this.#place, "[data-shown]"), shown);
    say(part(this.#place, "[data-contact]"), contactWords(contact, now));
    part(this.#place, "[data-sign-in]").hidden = !wantsSignIn;
    this.#tell(told);
  }

  #tell(words: string): void {
    this.#told = words;
    this.#telling ??= window.setTimeout(() => {
      this.#telling = undefined;
      say(part(this.#place, "[data-told]"), this.#told);
    }, READ_OUT_APART_MS);
  }
}
