// Why an entry could not be kept on this phone, in sentences for the person who wrote it.

import { StorageStuck } from "./database.ts";
import { NoSealingKey } from "./sealing.ts";
import { Locked } from "./vault.ts";

/** The entry is not on this phone. `message` is a sentence for the person; the form has to stay as it is. */
export class NotSaved extends Error {}

const KEEP_IT_OPEN = "Keep this page open, and write down the main points on paper.";

export const WHY_NOT = {
  notKept: `Not saved. This phone did not keep the entry. ${KEEP_IT_OPEN} Then try again.`,
  full: `Not saved. This phone is full. ${KEEP_IT_OPEN} Then delete something else from the phone and try again.`,
  anotherPerson:
    "Not saved. AP Log is not open in your name on this phone any more. Unlock it with your passkey, then save again.",
  locked: "Not saved. AP Log has locked itself on this phone. Unlock it with your passkey, then save again.",
  noKey:
    `Not saved. This phone has not been given the key that entries are sealed with. ${KEEP_IT_OPEN} ` +
    "Open AP Log with signal, then save again.",
  tooLong: "Not saved. The words are too long. Shorten them and save again.",
} as const;

/** Whether the browser gives no more room. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

export function asNotSaved(error: unknown): NotSaved {
  if (error instanceof NotSaved) {
    return error;
  }
  return new NotSaved(whyNot(error), { cause: error });
}

function whyNot(error: unknown): string {
  if (error instanceof StorageStuck) {
    return `Not saved. ${error.message}`;
  }
  if (error instanceof Locked) {
    return WHY_NOT.locked;
  }
  if (error instanceof NoSealingKey) {
    return WHY_NOT.noKey;
  }
  return isFull(error) ? WHY_NOT.full : WHY_NOT.notKept;
}
