// The log forms that somebody has begun and not saved: one for each entry, so that a reload, a wrong tap on "Back" or a
// phone that runs out of memory loses nothing. They are hidden under their author's vault, and nobody else is given them.

import { announce, listen } from "../lib/news.ts";
import { isoWithOffset } from "../lib/times.ts";
import {
  deleteUnfinished,
  findOldDraft,
  findUnfinished,
  listUnfinished,
  listVersions,
  putUnfinished,
  replaceOldDraft,
  type Unfinished,
} from "./rows/drafts.ts";
import { mayOpen } from "./rows/vaults.ts";
import { hideAs, opened, otherLocks, reveal } from "./vault.ts";

/** Where the person was writing: the control's name, and what was selected in it, in UTF-16 units. */
export interface Caret {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** `id` and `openedAt` are those of the entry it will be; `fields` the form's controls by name, as FormData lists them. */
export interface Draft {
  readonly id: string;
  readonly author: string;
  /** ISO 8601. */
  readonly openedAt: string;
  /** The resident's id and how the roster names them, both empty where nobody is chosen yet. */
  readonly resident: string;
  readonly residentName: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly caret: Caret | null;
  /** Digests of the versions of the entry that were saved when the form was begun: none where it is new. */
  readonly over: readonly string[];
}

/** A draft and when it was last kept, ISO 8601. */
export interface KeptDraft extends Draft {
  readonly keptAt: string;
}

const TOPIC = "drafts";

/** The draft as a row, hidden under its author's vault. Throws Locked where that is not open. */
export async function hiddenDraft(draft: Draft): Promise<Unfinished> {
  const { id, author, over } = draft;
  return { id, author, over, keptAt: isoWithOffset(new Date()), hidden: await hideAs(author, draft) };
}

/**
 * Keep it in place of what was kept of it before, once `before` has settled; false where it has been saved as an entry
 * meanwhile, or moved to a key that lasts longer. It is hidden at once: the page may go, and the key with it, before
 * its turn comes.
 */
export async function keepDraft(draft: Draft, before: Promise<unknown> = Promise.resolve()): Promise<boolean> {
  const [row] = await Promise.all([hiddenDraft(draft), before]);
  const isKept = await putUnfinished(row);
  announce(TOPIC);
  return isKept;
}

/** The open person's draft of this id, or null. */
export async function findDraft(id: string): Promise<KeptDraft | null> {
  const person = (await opened())?.person;
  const row = person === undefined ? null : await findUnfinished(person, id);
  return row === null ? null : revealed(row);
}

/** The open person's drafts, the last one kept first. One that their vault does not open is passed over. */
export async function listDrafts(): Promise<KeptDraft[]> {
  const person = (await opened())?.person;
  const rows = person === undefined ? [] : await listUnfinished(person);
  const drafts = await Promise.all(rows.map(revealed));
  return drafts.filter((draft) => draft !== null);
}

/** How many more the open person has, which only another passkey of theirs opens. What nothing opens is not counted. */
export async function countClosed(): Promise<number> {
  const person = (await opened())?.person;
  if (person === undefined) {
    return 0;
  }
  const [rows, locks] = await Promise.all([listUnfinished(person), otherLocks(person)]);
  const closed = await Promise.all(rows.filter(({ hidden }) => mayOpen(locks, hidden)).map(revealed));
  return closed.filter((draft) => draft === null).length;
}

export async function throwAway(draft: Pick<Draft, "author" | "id">): Promise<void> {
  await deleteUnfinished(draft.author, draft.id);
  announce(TOPIC);
}

/** The digests of what is saved of this entry, for a draft that is to change it. */
export const versionsOf: (id: string) => Promise<string[]> = listVersions;

/** Hide what an older version of the app kept readable of the open person's form. */
export async function hideOldDraft(): Promise<void> {
  const person = (await opened())?.person;
  const old = person === undefined ? null : await findOldDraft(person);
  if (old !== null) {
    await replaceOldDraft(await hiddenDraft({ ...old, residentName: "", caret: null, over: [] }));
    announce(TOPIC);
  }
}

/** Hear of every draft kept or gone, in whichever tab; call what is returned to stop. */
export function onDraftsChange(listener: () => void): () => void {
  return listen(TOPIC, listener);
}

async function revealed(row: Unfinished): Promise<KeptDraft | null> {
  const draft = (await reveal(row.hidden).catch(() => null)) as Draft | null;
  return draft && { ...draft, keptAt: row.keptAt };
}
