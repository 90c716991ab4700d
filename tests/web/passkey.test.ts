// Passkeys in the browser: what is asked, what is sent, and the words for everything that can go wrong.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { MustSignIn, Refused, register, signIn, unlockingUse, Unsupported } from "../../web/src/lib/passkey-ceremony.ts";
import { wordsFor } from "../../web/src/lib/passkey-words.ts";

const PROBLEM = { code: "passkey-refused", title: "Not accepted", way_on: "Try again.", status: 403, reference: "A-B" };

const posted: { address: string; content: unknown }[] = [];

/** Answers in turn; what was posted is kept. */
function serve(...answers: { status: number; content: string }[]): void {
  vi.stubGlobal("fetch", async (address: string, asked: RequestInit) => {
    posted.push({ address, content: JSON.parse(String(asked.body)) });
    const answer = answers.shift();
    return new Response(answer?.content ?? "", { status: answer?.status ?? 500 });
  });
}

const good = (content: unknown) => ({ status: 200, content: JSON.stringify(content) });

const SECRET = new Uint8Array(32).fill(7);
const PERSON = { person: "asha", server_time: "2026-11-20T01:40:00Z" };

type Prf = { readonly enabled?: boolean; readonly results?: { readonly first: ArrayBuffer } } | null;
const GIVES: Prf = { enabled: true, results: { first: SECRET.buffer } };

/** As browsers have it: `toJSON()` holds the secret of the PRF extension like everything else. */
function credential(prf: Prf = GIVES) {
  const results = { prf, credProps: { rk: true } };
  return {
    id: "key",
    getClientExtensionResults: () => results,
    toJSON: () => ({ id: "key", clientExtensionResults: { ...results, prf: { results: { first: "BwcHBwcHBw" } } } }),
  };
}

/** A browser whose passkeys answer so; returns what they were asked, `create` and `get` in turn. */
function passkeys({ get = GIVES, create = GIVES }: { get?: Prf | Error; create?: Prf } = {}): CredentialRequestOptions[] {
  const asked: CredentialRequestOptions[] = [];
  const answer = (given: Prf | Error) => async (options: CredentialRequestOptions) => {
    asked.push(options);
    if (given instanceof Error) {
      throw given;
    }
    return credential(given);
  };
  vi.stubGlobal("navigator", { credentials: { get: answer(get), create: answer(create) } });
  return asked;
}

const threshold = vi.fn(async () => {
  postedAtThreshold = posted.length;
});
let postedAtThreshold = 0;

beforeEach(() => {
  posted.length = 0;
  threshold.mockClear();
  vi.stubGlobal("PublicKeyCredential", {
    parseRequestOptionsFromJSON: (options: unknown) => options,
    parseCreationOptionsFromJSON: (options: unknown) => options,
  });
  passkeys();
});

describe("signing in", () => {
  it("posts the passkey's answer without the secret of the PRF extension", async () => {
    serve(good({ challenge: "c" }), good(PERSON));

    await signIn(threshold);

    expect(posted.map((one) => one.address)).toEqual(["/api/passkeys/sign-in/options", "/api/passkeys/sign-in"]);
    expect(posted[1]?.content).toEqual({
      credential: { id: "key", clientExtensionResults: { credProps: { rk: true } } },
    });
  });

  it("says so when the passkey was used, before the server lets the person in", async () => {
    serve(good({ challenge: "c" }), good(PERSON));

    await signIn(threshold);

    expect([threshold.mock.calls.length, postedAtThreshold, posted.length]).toEqual([1, 1, 2]);
  });

  it("does not take the person for somebody else where the passkey's window was closed", async () => {
    const closed = async () => Promise.reject(new DOMException("Closed", "NotAllowedError"));
    vi.stubGlobal("navigator", { credentials: { get: closed, create: closed } });
    serve(good({ challenge: "c" }), good({ challenge: "c" }));

    await expect(signIn(threshold)).rejects.toBeInstanceOf(DOMException);
    await expect(register("code", null, threshold)).rejects.toBeInstanceOf(DOMException);
    expect(threshold).not.toHaveBeenCalled();
  });

  it("says what the server refused in the server's words", async () => {
    serve(good({ challenge: "c" }), { status: 403, content: JSON.stringify(PROBLEM) });

    const error = await signIn(threshold).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Refused);
    expect(wordsFor(error, "sign-in")).toEqual({ title: "Not accepted", wayOn: "Try again." });
  });

  it("returns the page that the server wants read first, and nothing where it wants none", async () => {
    serve(good({}), good({ ...PERSON, read_first: "/policies/p/changes" }), good({}), good(PERSON));

    expect((await signIn(threshold)).readFirst).toBe("/policies/p/changes");
    expect((await register("code", null, threshold)).readFirst).toBeNull();
  });

  it("asks for the secret of this phone, always under the same salt, and says who was let in", async () => {
    const asked = passkeys();
    serve(good({}), good(PERSON), good({}), good(PERSON));

    const arrived = await signIn(threshold);
    await signIn(threshold);

    expect(arrived).toEqual({
      person: "asha",
      serverTime: PERSON.server_time,
      used: { credential: "key", secret: SECRET },
      readFirst: null,
    });
    expect(threshold).toHaveBeenCalledWith(arrived.used);
    const salts = asked.map(({ publicKey }) => JSON.stringify(publicKey?.extensions));
    expect(salts[0]).toContain("prf");
    expect(salts[0]).toBe(salts[1]);
  });

  it.each([
    ["gives none", null],
    ["gives one that is too short to be one", { results: { first: new ArrayBuffer(16) } }],
  ])("goes on without a secret where the passkey %s", async (_, given) => {
    passkeys({ get: given });
    serve(good({}), good(PERSON));

    expect((await signIn(threshold)).used.secret).toBeNull();
  });

  it("posts no byte of the secret, however it is written", async () => {
    serve(good({}), good(PERSON));

    await signIn(threshold);

    expect(JSON.stringify(posted)).not.toMatch(/BwcHBw|7,7,7|070707/);
  });

  it("takes a wireless network's own page for no answer of ours", async () => {
    serve({ status: 200, content: "<html>Welcome to the hotel" });

    const error = await signIn(threshold).catch((thrown: unknown) => thrown);

    expect(wordsFor(error, "sign-in").title).toBe("AP Log could not be reached");
  });
});

describe("making a passkey", () => {
  it("posts the code of the invitation with both requests", async () => {
    serve(good({ challenge: "c" }), good(PERSON));

    await register("code", null, threshold);

    expect(posted.map((one) => one.content)).toEqual([
      { code: "code", device: null },
      { code: "code", credential: { id: "key", clientExtensionResults: { credProps: { rk: true } } } },
    ]);
  });

  it("asks the new passkey at once for the secret that making it did not give", async () => {
    const asked = passkeys({ create: { enabled: true } });
    serve(good({}), good(PERSON));

    expect((await register("code", null, threshold)).used).toEqual({ credential: "key", secret: SECRET });
    expect(asked[1]?.publicKey?.allowCredentials).toEqual([{ id: "key", type: "public-key" }]);
    expect(asked[1]?.publicKey?.userVerification).toBe("required");
    expect(asked[1]?.publicKey?.challenge.byteLength).toBe(32);
  });

  it("asks once where making it gave the secret, or where it will never give one", async () => {
    for (const create of [GIVES, { enabled: false }, null]) {
      const asked = passkeys({ create });
      serve(good({}), good(PERSON));
      await register("code", null, threshold);
      expect(asked).toHaveLength(1);
    }
  });

  it("lets a person in who does not want to use it a second time", async () => {
    passkeys({ create: { enabled: true }, get: new DOMException("Closed", "NotAllowedError") });
    serve(good({}), good(PERSON));

    expect((await register("code", null, threshold)).used.secret).toBeNull();
  });

  it("asks nothing of a browser that has no passkeys", async () => {
    vi.stubGlobal("PublicKeyCredential", undefined);
    serve();

    await expect(register("code", null, threshold)).rejects.toBeInstanceOf(Unsupported);
    expect(posted).toEqual([]);
  });
});

describe("unlocking", () => {
  it("asks for one of these passkeys, its person verified, and no server", async () => {
    const asked = passkeys();
    serve();

    expect(await unlockingUse(["one", "two"])).toEqual({ credential: "key", secret: SECRET });
    expect(asked[0]?.publicKey?.allowCredentials?.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(asked[0]?.publicKey?.userVerification).toBe("required");
    expect(asked[0]?.publicKey?.extensions).toEqual({ prf: { eval: { first: new TextEncoder().encode("ap-log vault v1") } } });
    expect(posted).toEqual([]);
  });
});

describe("the words", () => {
  const thrown = (name: string) => new DOMException("", name);

  it.each([
    [thrown("NotAllowedError"), "sign-in", "You are not signed in"],
    [thrown("NotAllowedError"), "registration", "No passkey was made"],
    [thrown("AbortError"), "registration", "No passkey was made"],
    [thrown("NotAllowedError"), "unlock", "The phone is still locked"],
    [new Unsupported(), "unlock", "This browser or passkey cannot unlock the phone"],
    [new MustSignIn(), "unlock", "This passkey opens nothing here any more"],
    [thrown("InvalidStateError"), "registration", "This device already has your passkey"],
    [thrown("ConstraintError"), "registration", "This device cannot check that it is you"],
    [thrown("NotSupportedError"), "sign-in", "This browser cannot use passkeys"],
    [new Unsupported(), "sign-in", "This browser cannot use passkeys"],
    [new TypeError("Failed to fetch"), "sign-in", "AP Log could not be reached"],
    [thrown("SecurityError"), "sign-in", "The passkey did not work"],
    ["nonsense", "sign-in", "The passkey did not work"],
  ] as const)("for %s at %s are %s", (error, ceremony, title) => {
    const words = wordsFor(error, ceremony);

    expect(words.title).toBe(title);
    expect(words.wayOn).toMatch(/\.$/);
  });
});
