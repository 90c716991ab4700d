// What an older version of the app kept in the clear: hidden and sealed as soon as there is a vault and a key for it. And
// what was sealed in a way that the server cannot open: sealed anew, where its author's vault still knows what it says.

import type { SealingKey } from "../generated/shapes.ts";
import { announce } from "../lib/news.ts";
import { hideOldDraft } from "./drafts.ts";
import { type Key, keyOf, type OutboxItem } from "./item.ts";
import { unwrap, wrap } from "./parcel.ts";
import { current } from "./reference.ts";
import { findItem, findParcel, hideReadable, listItems, replaceParcel } from "./rows/items.ts";
import { type Label, read, type Said } from "./said.ts";
import { sealedEntry } from "./sealing.ts";
import { hideAs, opened } from "./vault.ts";

/** Problems that other bytes of the same entry would not have. */
const OF_ITS_BYTES = ["bytes-lost", "seal-broken", "unknown-sealing-key"];

/** Call after each unlock. What fails stays as it is until the next one. */
export async function hideOlder(): Promise<void> {
  await hideOldDraft();
  const [person, keys] = [(await opened())?.person, (await current())?.sealing ?? []];
  const items = (await listItems()).filter((item) => item.readable !== undefined || item.hidden === null);
  for (const item of items) {
    if (item.author === person && item.readable !== undefined) {
      await hideReadable(keyOf(item), await hideAs(person, await saidIn(item, item.readable)));
    }
    await sealOlder(item, keys);
  }
  if (items.length > 0) {
    announce("outbox");
  }
}

/** Seal an entry once more that was refused because of its bytes, where the open vault knows what it says. */
export async function sealAnew(key: Key): Promise<void> {
  const item = await findItem(key);
  const said = item !== null && OF_ITS_BYTES.includes(item.problem?.code ?? "") ? await read(item) : null;
  const wrapped = said?.entry ? await wrap(said.entry) : null;
  const keys = (await current())?.sealing ?? [];
  if (wrapped?.sha256 === key[1] && keys.length > 0) {
    await replaceParcel(await sealedEntry(key[0], wrapped, keys));
  }
}

async function saidIn(item: OutboxItem, { residentName, words }: Label): Promise<Said> {
  const parcel = await findParcel(keyOf(item));
  return { label: { residentName, words }, entry: parcel?.isPlain ? unwrap(parcel) : null, fields: [] };
}

async function sealOlder(item: OutboxItem, keys: readonly SealingKey[]): Promise<void> {
  const parcel = keys.length > 0 ? await findParcel(keyOf(item)) : null;
  if (parcel?.isPlain) {
    await replaceParcel(await sealedEntry(item.id, parcel, keys));
  }
}
