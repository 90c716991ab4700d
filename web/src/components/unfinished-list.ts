// The entries that this person has begun and not saved: listed where a new one is opened, and offered once more where
// somebody is picked whom one of them is about.

import { findHappening } from "../lib/entries.ts";
import { made, part } from "../lib/page.ts";
import { saidTime } from "../lib/said.ts";
import { claim } from "../offline/claim.ts";
import { forgetDraftPhotos } from "../offline/draft-photos.ts";
import { countClosed, type KeptDraft, listDrafts, throwAway } from "../offline/drafts.ts";
import { throwAwayButton } from "./throw-away.ts";

const NOBODY_YET = "Nobody chosen yet";

export class UnfinishedList {
  readonly #section: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #offer: HTMLElement;
  readonly #goOn: (draft: KeptDraft) => void;

  constructor(place: HTMLElement, goOn: (draft: KeptDraft) => void) {
    this.#section = part(place, "[data-unfinished]");
    this.#rows = part(this.#section, "[data-unfinished-rows]");
    this.#offer = part(place, "[data-unfinished-offer]");
    this.#goOn = goOn;
  }

  /** All of them, beside a form that nobody has begun. */
  async show(): Promise<void> {
    const [drafts, closed] = await Promise.all([listDrafts().catch(() => []), countClosed().catch(() => 0)]);
    this.#rows.replaceChildren(...drafts.map((draft) => this.#row(draft)), ...closedRow(closed));
    this.#section.hidden = drafts.length + closed === 0;
    this.#offer.hidden = true;
  }

  /** The last one about this resident, besides the one that is open. */
  async offer(resident: string, open: string): Promise<void> {
    const drafts = await listDrafts().catch(() => []);
    const draft = drafts.find((one) => one.resident === resident && one.id !== open);
    this.#offer.hidden = draft === undefined;
    if (draft !== undefined) {
      const words = made("p", "app-list__line", `There is an unfinished one: ${whatAndWhen(draft)}.`);
      this.#offer.replaceChildren(words, this.#goOnButton(draft));
    }
  }

  hide(): void {
    this.#section.hidden = true;
    this.#offer.hidden = true;
    this.#rows.replaceChildren();
    this.#offer.replaceChildren();
  }

  #row(draft: KeptDraft): HTMLLIElement {
    const buttons = made("p", "app-list__line app-unfinished__buttons", this.#goOnButton(draft));
    buttons.append(throwAwayButton(aboutWords(draft), () => void this.#throwAway(draft)));
    return made(
      "li",
      "app-list__row",
      made("p", "app-list__line", made("bdi", "app-name govuk-!-font-weight-bold", draft.residentName || NOBODY_YET)),
      made("p", "app-list__line", whatAndWhen(draft)),
      buttons,
    );
  }

  #goOnButton(draft: KeptDraft): HTMLButtonElement {
    const hidden = made("span", "govuk-visually-hidden", ` ${aboutWords(draft)}`);
    const button = made("button", "govuk-button govuk-button--secondary app-unfinished__go-on", "Go on", hidden);
    button.type = "button";
    button.addEventListener("click", () => this.#goOn(draft));
    return button;
  }

  /** One that is open in another window stays: it would be kept again at the next key there. */
  async #throwAway(draft: KeptDraft): Promise<void> {
    const claimed = claim(draft.id);
    if (await claimed.isOurs()) {
      await throwAway(draft);
      await forgetDraftPhotos(draft.id);
    }
    claimed.release();
    await this.show();
  }
}

/** What only another passkey of this person opens: how many, and how to go on with it. */
function closedRow(count: number): HTMLLIElement[] {
  if (count === 0) {
    return [];
  }
  const more = count === 1 ? "1 opens" : `${count} open`;
  const words = `${more} only with another passkey of yours. Lock this phone and unlock it with that one.`;
  return [made("li", "app-list__row", made("p", "app-list__line", words))];
}

function aboutWords(draft: KeptDraft): string {
  return draft.residentName === "" ? "the entry about nobody yet" : `the entry about ${draft.residentName}`;
}

function whatAndWhen(draft: KeptDraft): string {
  const happening = draft.fields.find(([name]) => name === "happening")?.[1] ?? "";
  const kept = saidTime(new Date(draft.keptAt), new Date());
  const words = findHappening(happening)?.words;
  return words === undefined ? `left ${kept}` : `${words}, left ${kept}`;
}
