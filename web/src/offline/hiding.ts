// How something is hidden in a vault, found again there, and moved to another vault of the same person.

import { toBytes } from "../lib/bytes.ts";
import type { OpenVault } from "./keyring.ts";
import { listUnfinished } from "./rows/drafts.ts";
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
 * Hide in `to` what `from` opens, another vault of the same person, and put `kept` in the place of theirs in the same
 * transaction: a phone that is killed in the middle has the old one, with all that was in it. What neither opens goes,
 * unless `kept` has a lock of an earlier key.
 */
export async function moveHidden(from: OpenVault | null, to: OpenVault, kept: Vault): Promise<void> {
  const { facts, unfinished, items } = await findHiddenOf(to.person);
  const settled: HiddenOf = {
    facts: await eachThat(facts, async (row) => (await moved(row, from, to)) ?? ((await opens(to, row)) ? row : null)),
    unfinished: await eachThat(
      unfinished,
      async (row) => (await movedInside(row, from, to)) ?? ((await opens(to, row.hidden)) ? row : null),
    ),
    items: await eachThat(items, async (row) => movedInside(row, from, to)), // No row of these ever goes.
  };
  await replaceHiddenOf(to.person, settled, kept);
}

/** Whether this person has an unfinished entry that none of these vaults opens. */
export async function hasClosed(person: string, vaults: readonly OpenVault[]): Promise<boolean> {
  for (const { hidden } of await listUnfinished(person)) {
    const found = await Promise.all(vaults.map((vault) => opens(vault, hidden)));
    if (!found.includes(true)) {
      return true;
    }
  }
  return false;
}

async function opens(vault: OpenVault, hidden: Hidden): Promise<boolean> {
  return (await revealedIn(vault, hidden)) !== null;
}

async function eachThat<Row>(rows: readonly Row[], settle: (row: Row) => Promise<Row | null>): Promise<Row[]> {
  const found = [];
  for (const row of rows) {
    found.push(await settle(row)); // One after the other: some are photos.
  }
  return found.filter((row) => row !== null);
}

async function moved<Row extends Hidden>(row: Row, from: OpenVault | null, to: OpenVault): Promise<Row | null> {
  const bytes = from && (await revealedIn(from, row));
  return bytes && { ...row, ...(await hiddenIn(to, bytes)) };
}

type Hiding = { readonly hidden: Hidden | null };

async function movedInside<Row extends Hiding>(row: Row, from: OpenVault | null, to: OpenVault): Promise<Row | null> {
  const hidden = row.hidden && (await moved(row.hidden, from, to));
  return hidden && { ...row, hidden };
}

function under(person: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: toBytes(person) };
}
