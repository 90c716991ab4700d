// Photos in the log form: takes what is chosen, has it drawn small enough to send, and shows it with a way to remove it.
// What is refused is said in words, and keeps nobody from saving the rest.

import { PHOTOS_LIMIT } from "../generated/shapes.ts";
import { made, part, say } from "../lib/page.ts";
import { draftPhotosOf, forgetDraftPhoto, forgetDraftPhotos, forgetStrayPhotos, keepDraftPhoto } from "../offline/draft-photos.ts";
import { drawPhoto, drawThumbnail, NotDrawn } from "../offline/photo-drawing.ts";
import type { PreparedPhoto } from "../offline/rows/photos.ts";
import { hasRoomFor } from "../offline/storage.ts";
import { Locked } from "../offline/vault.ts";
import { limitWords, sizeWords, type WhyNotAdded, whyNotWords } from "./photo-words.ts";

const THUMBNAIL_PIXELS = 144;

/** Once with the draft, once sealed with the entry. */
const COPIES = 2;

export class PhotoChooser {
  readonly #place: HTMLElement;
  readonly #list: HTMLElement;
  readonly #refused: HTMLElement;
  readonly #choose: HTMLInputElement;
  #photos: PreparedPhoto[] = [];
  #entry = "";
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#list = part(place, "[data-list]");
    this.#refused = part(place, "[data-refused]");
    this.#choose = part<HTMLInputElement>(place, "[data-choose]");
    part(place, "[data-camera]").hidden = !("capture" in this.#choose); // Only browsers with a camera to offer know it.
    for (const input of place.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      input.addEventListener("change", () => this.#take(input));
    }
    this.#show();
  }

  /** Begin an entry, with the photos that were kept for it. */
  async open(entry: string): Promise<void> {
    this.clear();
    this.#entry = entry;
    const kept = await draftPhotosOf(entry).catch(() => []);
    for (const photo of kept) {
      await this.#add(photo, entry).catch(() => null); // It cannot be shown, so nobody could say whether to keep it.
    }
    void forgetStrayPhotos().catch(() => null);
  }

  /** The photos of the entry, once those chosen last are drawn. */
  async prepared(): Promise<readonly PreparedPhoto[]> {
    await this.#work;
    return this.#photos;
  }

  /** The entry is saved, or begun anew: its photos are not kept with a draft any more. */
  async end(): Promise<void> {
    await this.#work;
    await forgetDraftPhotos(this.#entry);
  }

  /** Nothing is left on the screen or in memory; what is kept with the draft stays. */
  clear(): void {
    this.#entry = "";
    this.#photos = [];
    this.#list.replaceChildren();
    this.#refuse([]);
    this.#show();
  }

  /** One after the other: two large pictures decoded at once are more than a small phone has memory for. */
  #take(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    input.value = ""; // The same file can be chosen again after it was removed.
    const room = Math.max(0, PHOTOS_LIMIT - this.#photos.length - this.#waiting);
    const tooMany = files.length > room ? [limitWords(files.length - room)] : [];
    this.#refuse(tooMany);
    this.#waiting += Math.min(room, files.length);
    this.#show();
    for (const file of files.slice(0, room)) {
      this.#work = this.#work.then(() => this.#draw(file, this.#entry));
    }
  }

  async #draw(file: File, entry: string): Promise<void> {
    try {
      const photo = await drawPhoto(file);
      await this.#keep(photo, entry);
      await this.#add(photo, entry);
      this.#place.dispatchEvent(new Event("change", { bubbles: true }));
    } catch (error) {
      this.#refuse([...this.#refusals, whyNotWords(file.name, whyNot(error))]);
    } finally {
      this.#waiting -= 1;
      this.#show();
    }
  }

  /** What there is no room for is refused now, not when the entry is saved. */
  async #keep(photo: PreparedPhoto, entry: string): Promise<void> {
    if (!(await hasRoomFor(COPIES * photo.bytes.length))) {
      throw new DOMException("Storage is low", "QuotaExceededError");
    }
    await keepDraftPhoto(entry, photo).catch((error: unknown) => {
      if (!(error instanceof Locked)) {
        throw error;
      }
    });
  }

  async #add(photo: PreparedPhoto, entry: string): Promise<void> {
    const picture = await drawThumbnail(photo, THUMBNAIL_PIXELS);
    if (entry === this.#entry) {
      this.#photos.push(photo);
      this.#list.append(this.#row(photo, picture));
      this.#show();
    }
  }

  #row(photo: PreparedPhoto, picture: HTMLCanvasElement): HTMLLIElement {
    const remove = made("button", "govuk-button govuk-button--secondary app-photos__remove", "Remove");
    remove.type = "button";
    remove.append(made("span", "govuk-visually-hidden"));
    picture.className = "app-photos__thumbnail";
    picture.setAttribute("role", "img");
    const size = made("span", "app-photos__size", sizeWords(photo.bytes.length));
    const row = made("li", "app-photos__photo", picture, made("p", "app-photos__words govuk-!-margin-0", made("span", ""), size), remove);
    remove.addEventListener("click", () => this.#remove(photo, row));
    return row;
  }

  #remove(photo: PreparedPhoto, row: HTMLLIElement): void {
    const place = this.#photos.indexOf(photo);
    this.#photos = this.#photos.filter((other) => other !== photo);
    row.remove();
    this.#refuse([]);
    this.#show();
    void forgetDraftPhoto(this.#entry, photo.claim.id).catch(() => null);
    const next = this.#list.children[Math.min(place, this.#photos.length - 1)];
    (next?.querySelector("button") ?? this.#choose).focus();
    this.#place.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get #refusals(): string[] {
    return [...this.#refused.children].map((line) => line.textContent ?? "");
  }

  #refuse(lines: readonly string[]): void {
    this.#refused.replaceChildren(...lines.map((line) => made("p", "app-photos__why", line)));
    this.#refused.hidden = lines.length === 0;
  }

  #show(): void {
    const isFull = this.#photos.length + this.#waiting >= PHOTOS_LIMIT;
    [...this.#list.children].forEach((row, place) => number(row, place + 1));
    this.#list.hidden = this.#photos.length === 0;
    part(this.#place, "[data-ways]").hidden = isFull;
    say(part(this.#place, "[data-status]"), this.#status(isFull));
  }

  #status(isFull: boolean): string {
    if (this.#waiting > 0) {
      return this.#waiting === 1 ? "Making the photo ready…" : `Making ${this.#waiting} photos ready…`;
    }
    return isFull ? `An entry can have ${PHOTOS_LIMIT} photos. Remove one to add another.` : "";
  }
}

function whyNot(error: unknown): WhyNotAdded {
  if (error instanceof NotDrawn) {
    return error.why;
  }
  return error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "not-kept";
}

function number(row: Element, place: number): void {
  const name = `Photo ${place}`;
  row.querySelector("canvas")?.setAttribute("aria-label", name);
  row.querySelector(".app-photos__words span")?.replaceChildren(name);
  row.querySelector("button span")?.replaceChildren(` photo ${place}`);
}
