// Finding what a template promised to hold, and saying which template lied when it does not.

/** The one element in `place` that the selector names. Throws where the template lacks it. */
export function part<Kind extends HTMLElement = HTMLElement>(place: ParentNode, selector: string): Kind {
  const found = place.querySelector<Kind>(selector);
  if (found === null) {
    throw new Error(`The template has no ${selector}`);
  }
  return found;
}

/** A new element with words and a class. */
export function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  element.append(...content);
  return element;
}

/** Change an element's words only where they differ, so that a screen reader says nothing twice. */
export function say(element: HTMLElement, words: string): void {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}
