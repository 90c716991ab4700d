// The page "What this phone holds": one answer a row, looked up anew with every change, and the few things to do about it.

import { isInSafariTab } from "../lib/browser.ts";
import { buildOf } from "../lib/build.ts";
import { made, part, say } from "../lib/page.ts";
import { lastContact } from "../offline/connection.ts";
import { deviceId } from "../offline/device.ts";
import { drainNow, onStatus } from "../offline/drain.ts";
import { lookAtAll } from "../offline/held.ts";
import { countLost, listUnseen, onLossesChange } from "../offline/losses.ts";
import { onChange } from "../offline/outbox.ts";
import { onPhotos } from "../offline/photos.ts";
import { current, onReferenceChange } from "../offline/reference.ts";
import { isShared, onPhoneChange, reportPhone } from "../offline/report.ts";
import { askToPersist, isPersisted, onStorageChange, room } from "../offline/storage.ts";
import { lock, onVaultChange, opened } from "../offline/vault.ts";
import { type Answer, type Copy, type PhoneFacts, ROWS } from "./phone-words.ts";

const FOLLOWED = [
  onChange, onStatus, onPhotos, onLossesChange, onReferenceChange, onPhoneChange, onStorageChange, onVaultChange,
] as const;
const LOOK_AGAIN_MS = 20_000;
const CANNOT_READ = "This phone’s storage does not answer. Close other AP Log windows, then open this page again.";

const PROMISED = "The browser has promised to keep it.";
const NOT_PROMISED =
  "The browser did not promise it. It may when you use AP Log more often, or have put it on the home screen.";

export class PhonePage {
  readonly #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#on("[data-send]", () => sendAndReport());
    this.#on("[data-lock]", () => lock());
    this.#on("[data-ask]", () => this.#ask());
    const show = () => void this.#show();
    FOLLOWED.forEach((follow) => follow(show));
    window.setInterval(show, LOOK_AGAIN_MS); // Space and times change without any news.
    show();
  }

  #on(selector: string, work: () => Promise<unknown>): void {
    part(this.#place, selector).addEventListener("click", () => void work());
  }

  async #show(): Promise<void> {
    try {
      const facts = await look();
      for (const [name, answer] of Object.entries(ROWS)) {
        fill(part(this.#place, `[data-row="${name}"]`), answer(facts));
      }
      part(this.#place, "[data-lock]").hidden = facts.open === null;
      part(this.#place, "[data-ask]").hidden = facts.isPersisted !== false || facts.isInTab;
      part(this.#place, "[data-send]").hidden = facts.held.unsent.length + facts.held.photos.length === 0;
      say(part(this.#place, "[data-problem]"), "");
    } catch {
      say(part(this.#place, "[data-problem]"), CANNOT_READ);
    }
    this.#place.hidden = false;
  }

  async #ask(): Promise<void> {
    const answer = await askToPersist();
    say(part(this.#place, "[data-asked]"), answer === true ? PROMISED : NOT_PROMISED);
  }
}

async function sendAndReport(): Promise<void> {
  await drainNow();
  await reportPhone();
}

async function look(): Promise<PhoneFacts> {
  const open = await opened();
  const losses = listUnseen(open?.person ?? "");
  const [held, copy, lost, contact] = await Promise.all([lookAtAll(), readable(), losses, lastContact()]);
  const [persisted, space, device, shared] = await Promise.all([isPersisted(), room(), deviceId(), isShared()]);
  const registration = await navigator.serviceWorker?.getRegistration();
  return {
    held,
    open,
    copy,
    lost: countLost(lost),
    contact,
    isPersisted: persisted,
    isInTab: isInSafariTab(),
    room: space,
    device,
    isShared: shared,
    build: buildOf(document),
    isUpdateWaiting: (registration?.waiting ?? null) !== null,
    now: new Date(),
  };
}

/** Null where nobody is unlocked, and on a phone that has never had it. */
async function readable(): Promise<Copy | null> {
  const reference = await current().catch(() => null);
  if (reference === null) {
    return null;
  }
  const inForce = reference.policies
    .map(({ version, effective_from: from }) => ({ version: Number(version), from: Date.parse(String(from)) }))
    .filter(({ from }) => from <= Date.now())
    .sort((one, other) => other.from - one.from || other.version - one.version)[0];
  return { residents: reference.residents.length, policy: inForce?.version ?? null, readAt: reference.read_at };
}

function fill(place: HTMLElement, { main, more = "" }: Answer): void {
  if (place.childElementCount === 0) {
    place.append(made("p", "app-held__main"), made("p", "app-held__more"));
  }
  const [first, second] = [...place.children] as [HTMLElement, HTMLElement];
  say(first, main);
  say(second, more);
  second.hidden = more === "";
}
