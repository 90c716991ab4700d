// Opens "Call 999 now if…" as soon as something in the form says that this may be the time to read it.

const SAYS_SO: readonly (readonly [name: string, value: string])[] = [
  ["signs", "frozen"],
  ["signs", "drowsy"],
  ["done", "naloxone"],
];

export class Emergency {
  constructor(place: HTMLElement) {
    place.closest("form")?.addEventListener("change", ({ target }) => {
      const fold = place.querySelector("details");
      if (fold !== null && target instanceof HTMLInputElement && saysSo(target)) {
        fold.open = true;
      }
    });
  }
}

function saysSo({ checked, name, value }: HTMLInputElement): boolean {
  return checked && SAYS_SO.some(([field, code]) => field === name && code === value);
}
