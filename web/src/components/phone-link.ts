// A link that works without scripts, and leads to the phone's own form where there are some.

export class PhoneLink {
  constructor(place: HTMLElement) {
    place.setAttribute("href", place.dataset["to"] ?? "/app/log");
  }
}
