// The secret that a passkey gives to this phone alone: the same 32 bytes each time it is used for the same salt, with or
// without signal, and other ones to every other site. They never leave this phone.

import { toBytes } from "./bytes.ts";
import type { UsedPasskey } from "./vault-key.ts";

/** What comes back, in the shapes that browsers have for it. */
interface Results {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: ArrayBuffer | ArrayBufferView } };
}

/** Fixed for ever: another salt is another secret, and opens none of the vaults that are kept. */
const SALT = toBytes("ap-log vault v1");
const SECRET_BYTES = 32;

/** What to ask a passkey for besides its signature. */
export function prfExtension(): AuthenticationExtensionsClientInputs {
  return { prf: { eval: { first: SALT } } } as AuthenticationExtensionsClientInputs;
}

export function usedPasskey(credential: PublicKeyCredential): UsedPasskey {
  return { credential: credential.id, secret: secretIn(credential) };
}

/** Null where the passkey or the browser has none to give. */
function secretIn(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | null {
  const first = prfOf(credential)?.results?.first;
  if (first === undefined) {
    return null;
  }
  const view = ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : first;
  const bytes = new Uint8Array(view as ArrayBuffer).slice();
  return bytes.length === SECRET_BYTES ? bytes : null;
}

/** Whether a passkey that was just made gives its secret when it is used, though it gave none when it was made. */
export function givesSecretLater(credential: PublicKeyCredential): boolean {
  return prfOf(credential)?.enabled === true && secretIn(credential) === null;
}

function prfOf(credential: PublicKeyCredential): Results["prf"] {
  return (credential.getClientExtensionResults() as Results).prf;
}
