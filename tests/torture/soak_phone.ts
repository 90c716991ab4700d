// What the soak needs of the app to save entries without its form: the outbox itself, and vaults that are opened without a
// passkey. The page it runs in has the whole app beside it, which sends.

import type { Entry } from "../../web/src/generated/shapes.ts";
import { hold } from "../../web/src/offline/keyring.ts";
import { save } from "../../web/src/offline/outbox.ts";
import { current, refresh } from "../../web/src/offline/reference.ts";

const keys = new Map<string, CryptoKey>();

/** Open this person's vault, which ends with the page. Whether the phone holds what it needs to save for them. */
export async function work(person: string): Promise<boolean> {
  const key = keys.get(person) ?? (await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]));
  keys.set(person, key);
  hold({ person, credential: null, key, isKept: false });
  if ((await current())?.me.id !== person) {
    await refresh({ force: true });
  }
  return (await current())?.me.id === person;
}

/** Save an entry; once this has come back, a person would have seen "On this phone". */
export async function saveOne(entry: Entry): Promise<void> {
  await save({ entry, label: { residentName: "Gwilym Tudor", words: "Seems under the influence" }, fields: [] });
}
