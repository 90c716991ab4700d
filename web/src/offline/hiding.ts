// How something is hidden in a vault, found again there, and moved to another vault of the same person.

import { toBytes } from "../lib/bytes.ts";
import type { OpenVault } from "./keyring.ts";
import { findHiddenOf, type Hidden, type HiddenOf, replaceHiddenOf, type Vault } from "./rows/vaults.ts";

const IV_BYTES = 12;

export async function hiddenIn(vault: OpenVault, bytes: Uint8Array<ArrayBuffer>): Promise<Hidden> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const hidden = await crypto.subtle.encrypt(under(vault.person, iv), vault.key, bytes);
  return { person: vault.person, iv, bytes: new Uint8Array(hidden) };
}

/** Null where it was hidden under another key. */
export async function revealedIn(vault: OpenVault, hidden: Hidden): Promise<Uint8Array<ArrayBuffer> | null> {
  const revealing = crypto.subtle.decrypt(under(hidden.person, hidden.iv), vault.key, hidden.bytes);
  return revealing.then((bytes) => new Uint8Array(bytes)).catch(() => null);
}

/**
 * Hide what `from` opens in `to`, another vault of the same person. Where `kept` is given, that vault takes the place of
 * theirs in the same transaction: a phone that is killed in the middle has the old vault, with all that was in it.
 */
export async function moveHidden(from: OpenVault, to: OpenVault, kept: Vault | null): Promise<void> {
  const { facts, unfinished, items } = await findHiddenOf(from.person);
  const moved: HiddenOf = {
    facts: await eachMoved(facts, async (row) => move(row, from, to)),
    unfinished: await eachMoved(unfinished, async (row) => moveInside(row, from, to)),
    items: await eachMoved(items, async (row) => moveInside(row, from, to)),
  };
  await replaceHiddenOf(from.person, moved, kept);
}

async function eachMoved<Row>(rows: readonly Row[], moving: (row: Row) => Promise<Row | null>): Promise<Row[]> {
  const moved = [];
  for (const row of rows) {
    moved.push(await moving(row)); // One after the other: some are photos.
  }
  return moved.filter((row) => row !== null);
}

async function move<Row extends Hidden>(row: Row, from: OpenVault, to: OpenVault): Promise<Row | null> {
  const bytes = await revealedIn(from, row);
  return bytes && { ...row, ...(await hiddenIn(to, bytes)) };
}

async function moveInside<Row extends { readonly hidden: Hidden | null }>(row: Row, from: OpenVault, to: OpenVault): Promise<Row | null> {
  const hidden = row.hidden && (await move(row.hidden, from, to));
  return hidden && { ...row, hidden };
}

function under(person: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: toBytes(person) };
}
