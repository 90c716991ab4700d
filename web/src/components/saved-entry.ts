// What stands in the form's place after saving: where the entry is now. "Sent" comes by itself, against the receipt.

import { part, say } from "../lib/page.ts";
import { saidTime } from "../lib/said.ts";
import { onStatus, status } from "../offline/drain.ts";
import { keyOf } from "../offline/item.ts";
import { onChange, type OutboxItem, type Saved } from "../offline/outbox.ts";
import { onPhotos, progress } from "../offline/photos.ts";
import { findItem } from "../offline/rows/items.ts";
import { listPhotos } from "../offline/rows/photos.ts";
import { itemWords, sentWords } from "./outbox-words.ts";
import { photosWords } from "./photo-words.ts";

const WITHOUT_PHOTOS =
  "The photos are not saved: this phone is full. Delete pictures or apps from it, choose Undo, add the photos and save again.";

export class SavedEntry {
  readonly #place: HTMLElement;
  #item: OutboxItem | null = null;
  #arePhotosKept = true;

  constructor(place: HTMLElement) {
    this.#place = place;
    onChange(() => void this.#follow());
    onStatus(() => void this.#follow());
    onPhotos(() => void this.#follow());
  }

  /** `step`: what the phone suggested and what follows from it, in one line, or nothing. */
  show({ item, said, arePhotosKept }: Saved, step: string): void {
    this.#item = item;
    this.#arePhotosKept = arePhotosKept;
    const when = saidTime(new Date(said.entry.occurred_at), new Date());
    say(part(this.#place, "[data-saved-what]"), `${said.label.residentName}. ${said.label.words}, ${when}.`);
    say(part(this.#place, "[data-saved-step]"), step);
    this.#say(item);
    void this.#sayPhotos(item);
    this.#place.hidden = false;
    this.#place.focus();
    window.scrollTo(0, 0);
  }

  async #follow(): Promise<void> {
    const shown = this.#item;
    const item = shown === null || this.#place.hidden ? null : await findItem(keyOf(shown));
    if (item !== null && this.#item === shown && !this.#place.hidden) {
      this.#say(item);
      await this.#sayPhotos(item);
    }
  }

  /** They follow the text, which is "Sent" before them. Not read out: each per cent would be. */
  async #sayPhotos({ id }: OutboxItem): Promise<void> {
    const photos = (await listPhotos()).filter((photo) => photo.entry === id);
    const place = part(this.#place, "[data-saved-photos]");
    say(place, photosWords(photos, progress()));
    place.hidden = photos.length === 0;
  }

  #say(item: OutboxItem): void {
    const isSent = item.state === "sent";
    const next = isSent ? sentWords(item, new Date()) : itemWords(item, status().state, new Date()).next;
    say(part(this.#place, "[data-saved-title]"), isSent ? "Sent" : "On this phone");
    say(part(this.#place, "[data-saved-next]"), this.#arePhotosKept ? next : `${next} ${WITHOUT_PHOTOS}`);
    this.#place.classList.toggle("app-outcome--sent", isSent);
    document.title = `${isSent ? "Sent" : "On this phone"} – AP Log`;
  }
}
