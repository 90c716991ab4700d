// A button that throws an unfinished entry away, and asks first: there is no way back from it.

import { made } from "../lib/page.ts";

const QUESTION = "Throw it away? It cannot be brought back.";

/** `about` says which one to somebody who hears the button alone. */
export function throwAwayButton(about: string, onSure: () => void): HTMLElement {
  const place = made("span", "app-throw-away");
  const asking = linkButton("Throw away", about, () => place.replaceChildren(question, sure, keep));
  const question = made("span", "app-throw-away__question", QUESTION);
  const sure = linkButton("Yes, throw it away", about, onSure);
  const keep = linkButton("Keep it", about, () => place.replaceChildren(asking));
  asking.addEventListener("click", () => keep.focus());
  keep.addEventListener("click", () => asking.focus());
  place.append(asking);
  return place;
}

function linkButton(words: string, about: string, onClick: () => void): HTMLButtonElement {
  const button = made("button", "app-link-button", words, made("span", "govuk-visually-hidden", ` ${about}`));
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}
