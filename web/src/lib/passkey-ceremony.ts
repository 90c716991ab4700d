// Passkeys, from our server to the browser's own window and back. Nothing is kept here: the answer comes with a cookie.

import type { Problem } from "../generated/shapes.ts";

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

/** What is done when the passkey was used, just before the server is asked to let the person in. */
type Threshold = () => Promise<void>;

/**
 * Sign in with any passkey of ours on this device, and return the page that the server wants read first, if there is one.
 * Throws Refused, Unsupported, or the browser's DOMException.
 */
export async function signIn(threshold: Threshold): Promise<string | null> {
  requireSupport();
  const options = await post("/api/passkeys/sign-in/options", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await navigator.credentials.get({ publicKey });
  await threshold();
  return readFirst(await post("/api/passkeys/sign-in", { credential: toPlain(credential) }));
}

/** Make a passkey for whom the code invites, and sign in with it. Returns and throws as `signIn` does. */
export async function register(code: string, threshold: Threshold): Promise<string | null> {
  requireSupport();
  const options = await post("/api/passkeys/registration/options", { code });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await navigator.credentials.create({ publicKey });
  await threshold();
  return readFirst(await post("/api/passkeys/registration", { code, credential: toPlain(credential) }));
}

function readFirst(said: Record<string, unknown>): string | null {
  return typeof said["read_first"] === "string" ? said["read_first"] : null;
}

function requireSupport(): void {
  if (typeof PublicKeyCredential === "undefined" || !("parseCreationOptionsFromJSON" in PublicKeyCredential)) {
    throw new Unsupported();
  }
}

/** The credential as JSON, without what a PRF extension gave: a secret of this device that no server may see. */
function toPlain(credential: Credential | null): object {
  const plain = (credential as PublicKeyCredential).toJSON();
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
