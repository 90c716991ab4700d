// What an entry on this phone says, for the person who wrote it while their vault is open.

import type { Entry } from "../generated/shapes.ts";
import { nameOf, type OutboxItem } from "./item.ts";
import { onVaultChange, reveal } from "./vault.ts";

/** Whom it is about and what happened, in a few words for the list. */
export interface Label {
  readonly residentName: string;
  readonly words: string;
}

/**
 * Hidden with each item under its author's vault. `fields` are the form's controls by name, as FormData lists them. Of
 * what an older version of the app had sent there is no `entry` any more.
 */
export interface Said {
  readonly label: Label;
  readonly entry: Entry | null;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface WholeSaid extends Said {
  readonly entry: Entry;
}

/** What was read already, until the vault is locked or another one opened. */
let known = new Map<string, Said>();

onVaultChange(() => {
  known = new Map();
});

/** What an item says; null where the open vault is another one, or it was hidden under a key that is gone. */
export async function read(item: OutboxItem): Promise<Said | null> {
  const readSoFar = known;
  const before = readSoFar.get(nameOf(item));
  if (before !== undefined || item.hidden === null) {
    return before ?? null;
  }
  const said = (await reveal(item.hidden).catch(() => null)) as Said | null;
  if (said !== null) {
    readSoFar.set(nameOf(item), said);
  }
  return said;
}

/** Whether both say the same, whenever either was saved. */
export function isSameSaid(said: Said | null, entry: Entry): said is WholeSaid {
  return said !== null && said.entry !== null && meaning(said.entry) === meaning(entry);
}

function meaning(entry: Entry): string {
  const lasting = { ...entry, recorded_at: "", clock: null, blind: "", photos: entry.photos ?? [] };
  return JSON.stringify(Object.entries(lasting).sort(([one], [other]) => (one < other ? -1 : 1)));
}
