// What stands in a form and where the person is writing in it: read, put back, and emptied.

import type { Caret, Draft } from "../offline/drafts.ts";

type Fields = Draft["fields"];
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Writable = HTMLInputElement | HTMLTextAreaElement;

/** The controls by name with their values, as they would be sent; files are left out. */
export function fieldsOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter((field): field is [string, string] => typeof field[1] === "string");
}

/** Put values back. The page follows each change as if it were made by hand. */
export function fill(form: HTMLFormElement, fields: Fields): void {
  for (const control of form.elements) {
    if (isControl(control)) {
      fillOne(control, fields);
    }
  }
}

/** As the page was loaded, with everything that follows the fields. */
export function empty(form: HTMLFormElement): void {
  form.reset();
  for (const place of form.querySelectorAll("[data-module]")) {
    place.dispatchEvent(new Event("change")); // It does not bubble: nobody has changed the form.
  }
  form.querySelectorAll("textarea").forEach(recount);
}

/** Where in the form somebody is writing, or null. */
export function caretIn(form: HTMLFormElement): Caret | null {
  const active = document.activeElement;
  if (!isWritable(active) || active.form !== form || active.name === "") {
    return null;
  }
  const { name, selectionStart: start, selectionEnd: end } = active;
  return start === null || end === null ? null : { name, start, end };
}

export function putCaret(form: HTMLFormElement, caret: Caret): void {
  const control = form.elements.namedItem(caret.name);
  if (isWritable(control)) {
    control.focus();
    control.setSelectionRange(caret.start, caret.end);
  }
}

function fillOne(control: Control, fields: Fields): void {
  const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
  if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) {
    const isChecked = values.includes(control.value);
    if (control.checked === isChecked) {
      return;
    }
    control.checked = isChecked;
    unfold(control, isChecked);
  } else if (control.value !== (values[0] ?? "")) {
    control.value = values[0] ?? "";
    recount(control);
  }
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The framework counts characters when a key is let go. */
function recount(control: Element): void {
  control.dispatchEvent(new Event("keyup"));
}

function unfold(control: Element, isChecked: boolean): void {
  const fold = control.closest("details");
  if (fold !== null && isChecked) {
    fold.open = true;
  }
}

function isControl(control: Element): control is Control {
  return /^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName) && control.getAttribute("name") !== null;
}

function isWritable(control: unknown): control is Writable {
  return control instanceof HTMLTextAreaElement || control instanceof HTMLInputElement;
}
