// Opens "Call 999 now if…" as soon as something in the form says that this may be the time to read it.

const SAYS_SO: readonly (readonly [name: string, value: string])[] = [
  ["signs", "frozen"],
  ["signs", "drowsy"],
  ["done", "naloxone"],
];

export class Emergency {
  constructor(place: HTMLElement) {
    place.closest("form")?.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && saysSo(target)) {
        place.setAttribute("open", "");
      }
    });
  }
}

function saysSo({ checked, name, value }: HTMLInputElement): boolean {
  return checked && SAYS_SO.some(([field, code]) => field === name && code === value);
}
