// The rows of `hidden` that are photos of entries not saved yet. Only their author's vault opens them.

import { using, write } from "../database.ts";
import type { Hidden, HiddenFact } from "./vaults.ts";

export async function putDraftPhoto(name: string, hidden: Hidden): Promise<void> {
  await write(["hidden"], async (transaction) => {
    await transaction.objectStore("hidden").put({ ...hidden, name });
  });
}

/** Those of a person whose names begin with `prefix`, in the order of their names. */
export async function listDraftPhotos(person: string, prefix: string): Promise<HiddenFact[]> {
  return using((database) => database.getAll("hidden", namesOf(person, prefix)));
}

export async function deleteDraftPhotos(person: string, prefix: string): Promise<void> {
  await write(["hidden"], async (transaction) => {
    await transaction.objectStore("hidden").delete(namesOf(person, prefix));
  });
}

export async function deleteDraftPhoto(person: string, prefix: string, isMeant: (name: string) => boolean): Promise<void> {
  await write(["hidden"], async (transaction) => {
    const hidden = transaction.objectStore("hidden");
    for (const key of await hidden.getAllKeys(namesOf(person, prefix))) {
      if (isMeant(key[1])) {
        await hidden.delete(key);
      }
    }
  });
}

/** Remove those that belong to no unfinished entry and are old; both are told from the name. */
export async function deleteStrayPhotos(
  person: string,
  prefix: string,
  isOld: (name: string) => boolean,
  entryIn: (name: string) => string,
): Promise<void> {
  await write(["hidden", "unfinished"], async (transaction) => {
    const hidden = transaction.objectStore("hidden");
    for (const [owner, name] of await hidden.getAllKeys(namesOf(person, prefix))) {
      const draft = await transaction.objectStore("unfinished").getKey([owner, entryIn(name)]);
      if (draft === undefined && isOld(name)) {
        await hidden.delete([owner, name]);
      }
    }
  });
}

function namesOf(person: string, prefix: string): IDBKeyRange {
  return IDBKeyRange.bound([person, prefix], [person, `${prefix}\uffff`]);
}
