// What the browser says of its storage: whether it promised to keep it, and how much room there is.

import { announce, listen } from "../lib/news.ts";

const STORAGE = "storage";
const LOW_BYTES = 50 * 1024 * 1024;
const LOW_SHARE = 0.05;

/** Bytes; `quota` is all that the browser gives us, `used` with everything in it. */
export interface Room {
  readonly used: number;
  readonly quota: number;
}

/** Whether the browser promised to delete nothing by itself; null where it cannot say. */
export async function isPersisted(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

/** Ask for that promise. Browsers decide by how the app is used, and some ask the person. */
export async function askToPersist(): Promise<boolean | null> {
  const answer = (await navigator.storage?.persist?.().catch(() => null)) ?? null;
  announce(STORAGE);
  return answer;
}

/** Hear when the browser has been asked; call what is returned to stop. */
export function onStorageChange(listener: () => void): () => void {
  return listen(STORAGE, listener);
}

/** How much room there is; null where the browser does not tell. */
export async function room(): Promise<Room | null> {
  const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return usage === undefined || quota === undefined ? null : { used: usage, quota };
}

/**
 * Whether so many bytes more leave enough room to go on with: 50 MB, and 5 % of what the browser gives. Ask before
 * adding a photo. Words are never refused for this: where they have no room, warn. True where the browser does not tell.
 */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  const found = await room();
  return found === null || !isLow({ ...found, used: found.used + bytes });
}

export function isLow({ used, quota }: Room): boolean {
  const free = quota - used;
  return free < LOW_BYTES || free < quota * LOW_SHARE;
}
