// The log form that somebody has begun and not saved: one for each author, so that a reload, a wrong tap on "Back" or a
// phone that runs out of memory loses nothing. Only its author is ever given it back.

import { deleteDraft, findDraft, putDraft } from "./database.ts";

/** `id` and `openedAt` are those of the entry it will be; `fields` the form's controls by name, as FormData lists them. */
export interface Draft {
  readonly id: string;
  readonly author: string;
  /** ISO 8601. */
  readonly openedAt: string;
  /** The resident's id, empty where nobody is chosen yet. */
  readonly resident: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const LOCK = "ap-log-draft";
const CLAIM_MS = 500;

/** Whether this page is the one that keeps the draft, until it closes: two forms open at once are two entries. */
export function claim(): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = navigator.locks.request(LOCK, { signal: AbortSignal.timeout(CLAIM_MS) }, () => {
      resolve(true);
      return new Promise(() => null); // Held for as long as the page lives.
    });
    asked.catch(() => resolve(false));
  });
}

export const findDraftOf: (author: string) => Promise<Draft | null> = findDraft;

export const keepDraft: (draft: Draft) => Promise<void> = putDraft;

export const forgetDraftOf: (author: string) => Promise<void> = deleteDraft;
