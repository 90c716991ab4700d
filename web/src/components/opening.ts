// How an entry begins on this phone: with an id and a time of its own, or with those it had when it was left unfinished.

import type { Opening } from "../lib/entry-draft.ts";
import { newId } from "../lib/ids.ts";
import { deviceId } from "../offline/device.ts";
import type { Draft } from "../offline/drafts.ts";

export async function newOpening(author: string): Promise<Opening> {
  const device = await deviceId();
  return { id: newId(), author, device, openedAt: new Date(), openedTick: performance.now(), over: [] };
}

/** The steady clock that ran when the draft was begun may have stopped with the app. */
export async function openingOf(draft: Draft): Promise<Opening> {
  const { id, author, over } = draft;
  return { id, author, device: await deviceId(), openedAt: new Date(draft.openedAt), openedTick: null, over };
}
