// The draft that the page's address names, so that a reload or a new start opens exactly this form again.

const NAME = "draft";

export function namedDraft(): string | null {
  return new URLSearchParams(location.search).get(NAME);
}

/** Name the draft in the address, or with null none. The page stays, and so does the way back. */
export function nameDraft(id: string | null): void {
  history.replaceState(history.state, "", id === null ? location.pathname : `${location.pathname}?${NAME}=${id}`);
}
