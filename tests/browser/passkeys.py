"""Passkeys in a real browser: Chromium's virtual authenticator, and what stands in for it after a restart.

The virtual authenticator belongs to one page of one run. Its credentials can be carried over a restart, but not the
secret that their PRF extension works with, so after a restart every vault would stay shut. So each page here notes what
a passkey gave, and where the browser is asked for a passkey that has given something before, this phone gives the same
again, as a real authenticator would. Signing in always goes to the authenticator: the server checks what it signs.
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Page

_STAND_IN = """(() => {
  const passkeys = navigator.credentials;
  const get = passkeys?.get.bind(passkeys);
  const create = passkeys?.create.bind(passkeys);
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
  const url = (text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const noted = async (credential) => {
    const first = credential.getClientExtensionResults().prf?.results?.first;
    if (first) await passkeyGave(credential.id, text(first));
    return credential;
  };
  if (passkeys === undefined) return;
  passkeys.create = async (options) => noted(await create(options));
  passkeys.get = async (options) => {
    const ids = (options.publicKey?.allowCredentials ?? []).map(({ id }) => url(text(id.buffer ?? id)));
    const known = ids.length === 0 ? null : await passkeyGives(ids);
    if (known === "cancelled") throw new DOMException("Cancelled", "NotAllowedError");
    if (known === null) return noted(await get(options));
    const results = known.secret === "" ? {} : { results: { first: bytes(known.secret) } };
    return { id: known.id, getClientExtensionResults: () => ({ prf: results }) };
  };
})()"""


@dataclass
class Passkeys:
    """What the passkeys of one phone gave: base64 by credential id, in the order they first did.

    `in_hand`: the one that is used where several would do; `is_cancelled`: the person closes the window;
    `gives_secret`: without, it is a passkey or a browser that has no PRF.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    in_hand: str | None = None
    is_cancelled: bool = False
    gives_secret: bool = True

    async def install(self, context: BrowserContext) -> None:
        await context.expose_function("passkeyGave", self._gave)
        await context.expose_function("passkeyGives", self._gives)
        await context.add_init_script(_STAND_IN)

    @property
    def newest(self) -> str:
        return next(reversed(self.secrets))

    def _gave(self, credential: str, secret: str) -> None:
        self.secrets[credential] = secret

    def _gives(self, credentials: list[str]) -> dict[str, str] | str | None:
        if self.is_cancelled:
            return "cancelled"
        known = [one for one in credentials if one in self.secrets]
        if not known:
            return None
        used = self.in_hand if self.in_hand in known else known[0]
        return {"id": used, "secret": self.secrets[used] if self.gives_secret else ""}


async def add_authenticator(page: Page, *, prf: bool = True) -> None:
    """Give the page an authenticator that verifies its user by itself. It lives as long as the page."""
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("WebAuthn.enable")
    await chrome.send("WebAuthn.addVirtualAuthenticator", {"options": _OPTIONS | {"hasPrf": prf}})


_OPTIONS: dict[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
