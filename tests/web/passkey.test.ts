// Passkeys in the browser: what is asked, what is sent, and the words for everything that can go wrong.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { Refused, register, signIn, Unsupported } from "../../web/src/lib/passkey-ceremony.ts";
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

function credential() {
  return { toJSON: () => ({ id: "key", clientExtensionResults: { prf: { results: "secret" }, credProps: { rk: true } } }) };
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
  vi.stubGlobal("navigator", { credentials: { get: async () => credential(), create: async () => credential() } });
});

describe("signing in", () => {
  it("posts the passkey's answer without the secret of the PRF extension", async () => {
    serve(good({ challenge: "c" }), good({ signed_in: true }));

    await signIn(threshold);

    expect(posted.map((one) => one.address)).toEqual(["/api/passkeys/sign-in/options", "/api/passkeys/sign-in"]);
    expect(posted[1]?.content).toEqual({
      credential: { id: "key", clientExtensionResults: { credProps: { rk: true } } },
    });
  });

  it("says so when the passkey was used, before the server lets the person in", async () => {
    serve(good({ challenge: "c" }), good({ signed_in: true }));

    await signIn(threshold);

    expect([threshold.mock.calls.length, postedAtThreshold, posted.length]).toEqual([1, 1, 2]);
  });

  it("does not take the person for somebody else where the passkey's window was closed", async () => {
    const closed = async () => Promise.reject(new DOMException("Closed", "NotAllowedError"));
    vi.stubGlobal("navigator", { credentials: { get: closed, create: closed } });
    serve(good({ challenge: "c" }), good({ challenge: "c" }));

    await expect(signIn(threshold)).rejects.toBeInstanceOf(DOMException);
    await expect(register("code", threshold)).rejects.toBeInstanceOf(DOMException);
    expect(threshold).not.toHaveBeenCalled();
  });

  it("says what the server refused in the server's words", async () => {
    serve(good({ challenge: "c" }), { status: 403, content: JSON.stringify(PROBLEM) });

    const error = await signIn(threshold).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Refused);
    expect(wordsFor(error, "sign-in")).toEqual({ title: "Not accepted", wayOn: "Try again." });
  });

  it("returns the page that the server wants read first, and nothing where it wants none", async () => {
    serve(good({}), good({ signed_in: true, read_first: "/policies/p/changes" }), good({}), good({ signed_in: true }));

    expect(await signIn(threshold)).toBe("/policies/p/changes");
    expect(await register("code", threshold)).toBeNull();
  });

  it("takes a wireless network's own page for no answer of ours", async () => {
    serve({ status: 200, content: "<html>Welcome to the hotel" });

    const error = await signIn(threshold).catch((thrown: unknown) => thrown);

    expect(wordsFor(error, "sign-in").title).toBe("AP Log could not be reached");
  });
});

describe("making a passkey", () => {
  it("posts the code of the invitation with both requests", async () => {
    serve(good({ challenge: "c" }), good({ signed_in: true }));

    await register("code", threshold);

    expect(posted.map((one) => one.content)).toEqual([
      { code: "code" },
      { code: "code", credential: { id: "key", clientExtensionResults: { credProps: { rk: true } } } },
    ]);
  });

  it("asks nothing of a browser that has no passkeys", async () => {
    vi.stubGlobal("PublicKeyCredential", undefined);
    serve();

    await expect(register("code", threshold)).rejects.toBeInstanceOf(Unsupported);
    expect(posted).toEqual([]);
  });
});

describe("the words", () => {
  const thrown = (name: string) => new DOMException("", name);

  it.each([
    [thrown("NotAllowedError"), "sign-in", "You are not signed in"],
    [thrown("NotAllowedError"), "registration", "No passkey was made"],
    [thrown("AbortError"), "registration", "No passkey was made"],
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
