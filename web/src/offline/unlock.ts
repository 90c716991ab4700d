// Unlocking this phone with a passkey, with or without signal: each passkey opens the vault of its own person.

import { MustSignIn, Unsupported, unlockingUse } from "../lib/passkey-ceremony.ts";
import { unlockWith } from "./doors.ts";
import { hasBeenTooLongAlone } from "./expiry.ts";
import { hideOldReference } from "./reference.ts";
import { listVaults, locksOf } from "./rows/vaults.ts";
import { forgetAll } from "./vault.ts";

/** Open the vault of whose passkey is used. Throws MustSignIn, Unsupported, or the browser's DOMException. */
export async function unlock(): Promise<void> {
  if (await hasBeenTooLongAlone()) {
    await forgetAll();
  }
  const vaults = await listVaults();
  if (vaults.length === 0) {
    throw new MustSignIn();
  }
  const used = await unlockingUse(vaults.flatMap(locksOf).map(({ credential }) => credential));
  if (used.secret === null) {
    throw new Unsupported();
  }
  if (!(await unlockWith(used))) {
    throw new MustSignIn();
  }
  await hideOldReference();
}
