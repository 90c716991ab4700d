// Passkeys, from our server to the browser's own window and back, and without any server where one opens a vault.
// Nothing is kept here: the answer comes with a cookie.

import type { Problem } from "../generated/shapes.ts";
import { givesSecretLater, prfExtension, usedPasskey } from "./prf.ts";
import type { UsedPasskey } from "./vault-key.ts";

const CHALLENGE_BYTES = 32;

/** Our server said no; the problem has the words. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** The browser cannot do this at all. */
export class Unsupported extends Error {}

/** This phone keeps nothing that the passkey opens: its person has to sign in. */
export class MustSignIn extends Error {}

/** What is done when the passkey was used, just before the server is asked to let the person in. */
type Threshold = (used: UsedPasskey) => Promise<void>;

/** Who was let in, by which passkey, and the page that the server wants read first, if there is one. */
export interface Arrival {
  readonly person: string;
  /** ISO 8601. */
  readonly serverTime: string;
  readonly used: UsedPasskey;
  readonly readFirst: string | null;
}

/** Sign in with any passkey of ours on this device. Throws Refused, Unsupported, or the browser's DOMException. */
export async function signIn(threshold: Threshold): Promise<Arrival> {
  requireSupport();
  const options = await post("/api/passkeys/sign-in/options", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await use({ ...publicKey, extensions: prfExtension() });
  const used = usedPasskey(credential);
  await threshold(used);
  return arrival(await post("/api/passkeys/sign-in", { credential: toPlain(credential) }), used);
}

/**
 * Make a passkey for whom the code invites, and sign in with it. `device`: this phone's id, if it has one; on a phone
 * that is known to be shared the server asks for a passkey of the person's own. Returns and throws as `signIn` does.
 */
export async function register(code: string, device: string | null, threshold: Threshold): Promise<Arrival> {
  requireSupport();
  const options = await post("/api/passkeys/registration/options", { code, device });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const asked = { ...publicKey, extensions: { ...publicKey.extensions, ...prfExtension() } };
  const credential = (await navigator.credentials.create({ publicKey: asked })) as PublicKeyCredential;
  const used = await firstUse(credential);
  await threshold(used);
  return arrival(await post("/api/passkeys/registration", { code, credential: toPlain(credential) }), used);
}

/**
 * Ask one of these passkeys for its secret, with or without signal: no server sees the signature. Throws Unsupported or
 * the browser's DOMException.
 */
export async function unlockingUse(credentials: readonly string[]): Promise<UsedPasskey> {
  requireSupport();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    challenge: "",
    allowCredentials: credentials.map((id) => ({ id, type: "public-key" })),
    userVerification: "required", // Without it a passkey gives another secret.
  });
  const challenge = crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES));
  return usedPasskey(await use({ ...publicKey, challenge, extensions: prfExtension() }));
}

/** Most passkeys give their secret when they are used and not when they are made. Who does not want to use it now need not. */
async function firstUse(made: PublicKeyCredential): Promise<UsedPasskey> {
  if (!givesSecretLater(made)) {
    return usedPasskey(made);
  }
  return unlockingUse([made.id]).catch(() => usedPasskey(made));
}

async function use(publicKey: PublicKeyCredentialRequestOptions): Promise<PublicKeyCredential> {
  return (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
}

function arrival(said: Record<string, unknown>, used: UsedPasskey): Arrival {
  const { person, server_time: serverTime, read_first: readFirst } = said;
  if (typeof person !== "string" || typeof serverTime !== "string") {
    throw new TypeError("No answer of ours");
  }
  return { person, serverTime, used, readFirst: typeof readFirst === "string" ? readFirst : null };
}

function requireSupport(): void {
  if (typeof PublicKeyCredential === "undefined" || !("parseCreationOptionsFromJSON" in PublicKeyCredential)) {
    throw new Unsupported();
  }
}

/** The credential as JSON, without what a PRF extension gave: a secret of this device that no server may see. */
function toPlain(credential: PublicKeyCredential): object {
  const plain = credential.toJSON();
  const results: Record<string, unknown> = { ...plain.clientExtensionResults };
  delete results["prf"];
  return { ...plain, clientExtensionResults: results };
}

async function post(address: string, content: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(content),
  });
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok && isObject(said)) {
    return said;
  }
  throw isProblem(said) ? new Refused(said) : new TypeError(`No answer of ours: ${answer.status}`);
}

function isObject(said: unknown): said is Record<string, unknown> {
  return typeof said === "object" && said !== null;
}

/** A sign-in page of somebody's wireless network answers too, and not in our shape. */
function isProblem(said: unknown): said is Problem {
  return isObject(said) && typeof said["title"] === "string" && typeof said["way_on"] === "string";
}
