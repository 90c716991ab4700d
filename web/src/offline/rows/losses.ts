// The losses among the facts: entries and photos that were saved on this phone, never reached the server and are gone
// from here.

import { using, write } from "../database.ts";

const LOSSES = "losses";
const KEPT = 500;

/** Entries and photos known to be lost. */
export interface Loss {
  /** The entry's or photo's id; where nobody knows which, the id this phone had when its storage was cleared. */
  readonly id: string;
  readonly isCleared: boolean;
  /** Entries. */
  readonly count: number;
  /** Photos whose entries were sent. */
  readonly photos: number;
  /** The phone that lost it, as the server says; empty where it was not asked yet. */
  readonly device: string;
  /** Whether that is another phone than this one is and was. */
  readonly isElsewhere: boolean;
  /** The author's id, null where nobody knows whose they were. */
  readonly author: string | null;
  /** When the last of the entries, or the entry of the photo, was saved, ISO 8601. */
  readonly savedAt: string;
  /** Whether the server knows of it. */
  readonly isReported: boolean;
  /** Who has said that they have seen it; an empty id for whoever it was while nobody was unlocked. */
  readonly seenBy: readonly string[];
}

export async function listLosses(): Promise<readonly Loss[]> {
  return using(async (database) => lossesIn(await database.get("facts", LOSSES)));
}

/** Change what is known in one strict transaction, from what is stored now. The same array back means no change. */
export async function changeLosses(change: (losses: readonly Loss[]) => readonly Loss[]): Promise<void> {
  await write(["facts"], async ({ store }) => {
    const before = lossesIn(await store.get(LOSSES));
    const after = change(before);
    if (after !== before) {
      await store.put(after.slice(-KEPT), LOSSES);
    }
  });
}

function lossesIn(kept: unknown): readonly Loss[] {
  return ((kept as readonly Loss[] | undefined) ?? []).map(asKeptNow);
}

/** An older version of the app knew of entries on this phone alone. */
function asKeptNow(loss: Loss): Loss {
  return { ...loss, photos: loss.photos ?? 0, device: loss.device ?? "", isElsewhere: loss.isElsewhere ?? false };
}
