"""Passkeys as WebAuthn has them: what a browser is asked for, and whether its answer holds. Thin over py_webauthn.

There is no other way in, for anybody. The person is verified by their own device (finger, face, PIN) each time, and
the library is told so at both ends: by itself it asks politely and then does not look.
"""

import hmac
import logging
import secrets
from typing import Annotated, Literal

import msgspec
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ap_log.domain.errors import PasskeyRefused, PlatformPasskey
from ap_log.settings import Settings
from ap_log.store.invitations import Invited
from ap_log.store.passkeys import CHALLENGE_LIFE, Held, New

SIGN_IN = "sign-in"
REGISTRATION = "registration"
SHARED_REGISTRATION = "shared-registration"
"""What a challenge was made for; it answers nothing else."""

_CHALLENGE_BYTES = 32
_LIFE_MS = int(CHALLENGE_LIFE.total_seconds() * 1000)
_log = logging.getLogger(__name__)

CredentialId = Annotated[str, msgspec.Meta(min_length=1, max_length=1400)]
Encoded = Annotated[str, msgspec.Meta(max_length=16_384)]
"""Bytes in base64url, as browsers write them."""

Word = Annotated[str, msgspec.Meta(max_length=64)]


class AttestationResponse(msgspec.Struct, frozen=True):
    client_data: Encoded = msgspec.field(name="clientDataJSON")
    attestation_object: Encoded = msgspec.field(name="attestationObject")
    transports: Annotated[tuple[Word, ...], msgspec.Meta(max_length=20)] = ()


class Attestation(msgspec.Struct, frozen=True):
    """A new passkey: what `navigator.credentials.create()` gives, of which the rest is not read."""

    id: CredentialId
    raw_id: CredentialId = msgspec.field(name="rawId")
    response: AttestationResponse
    type: Literal["public-key"]
    attachment: Word | None = msgspec.field(name="authenticatorAttachment", default=None)


class AssertionResponse(msgspec.Struct, frozen=True):
    client_data: Encoded = msgspec.field(name="clientDataJSON")
    authenticator_data: Encoded = msgspec.field(name="authenticatorData")
    signature: Encoded
    user_handle: Encoded | None = msgspec.field(name="userHandle", default=None)


class Assertion(msgspec.Struct, frozen=True):
    """A passkey in use: what `navigator.credentials.get()` gives, of which the rest is not read."""

    id: CredentialId
    raw_id: CredentialId = msgspec.field(name="rawId")
    response: AssertionResponse
    type: Literal["public-key"]


class _ClientData(msgspec.Struct):
    challenge: Annotated[str, msgspec.Meta(max_length=128)]
    cross_origin: bool = msgspec.field(name="crossOrigin", default=False)


class RelyingParty(msgspec.Struct, frozen=True):
    """Us, as browsers know us: configured, never taken from a request."""

    id: str
    origin: str

    @classmethod
    def of(cls, settings: Settings) -> "RelyingParty":
        return cls(settings.origin_host, settings.origin)


class Use(msgspec.Struct, frozen=True):
    """What a good assertion says of its passkey: the new count, and whether it is kept in a cloud."""

    sign_count: int
    is_backed_up: bool


def new_challenge() -> str:
    """A fresh challenge, in base64url."""
    return bytes_to_base64url(secrets.token_bytes(_CHALLENGE_BYTES))


def sign_in_options(party: RelyingParty, challenge: str) -> str:
    """What to ask a browser for at sign-in, as JSON: any passkey of ours, its person verified."""
    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=base64url_to_bytes(challenge),
            timeout=_LIFE_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def registration_options(
    party: RelyingParty, challenge: str, invited: Invited, held: list[str], *, on_shared: bool = False
) -> str:
    """What to ask a browser for at registration, as JSON: a passkey that it can offer by itself later.

    `held` are the credential ids of the person's passkeys, so that no device makes a second one. `on_shared`: several
    people use this phone, so the passkey must live on something else.
    """
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name="AP Log",
            user_id=invited.user_handle,
            user_name=invited.email,
            user_display_name=invited.name,
            challenge=base64url_to_bytes(challenge),
            timeout=_LIFE_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                authenticator_attachment=AuthenticatorAttachment.CROSS_PLATFORM if on_shared else None,
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in held],
        )
    )


def refuse_platform(credential: Attestation) -> None:
    """Raises `PlatformPasskey` where the new passkey lives on the phone that was asked, as far as its browser says.

    A person's own phone, used by QR code, calls itself `internal` too, and `hybrid` beside it.
    """
    transports = credential.response.transports
    if credential.attachment == "platform" or ("internal" in transports and "hybrid" not in transports):
        raise PlatformPasskey


def challenge_of(credential: Attestation | Assertion) -> str:
    """The challenge that this answers, as the browser signed it. Raises `PasskeyRefused`."""
    try:
        said = msgspec.json.decode(base64url_to_bytes(credential.response.client_data), type=_ClientData)
    except ValueError as error:  # Not base64, not JSON, not that shape.
        raise refused("client data unreadable") from error
    if said.cross_origin:
        raise refused("asked for inside another site")
    return said.challenge


def verify_registration(party: RelyingParty, credential: Attestation, challenge: str) -> New:
    """The new passkey, if everything about it holds. The challenge has been taken already. Raises `PasskeyRefused`."""
    try:
        verified = verify_registration_response(
            credential=msgspec.to_builtins(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # The library's own refusals, and whatever its parsers make of nonsense.
        raise refused(type(error).__name__) from error
    if not verified.user_verified:
        raise refused("person not verified")
    return New(
        bytes_to_base64url(verified.credential_id),
        verified.credential_public_key,
        verified.sign_count,
        verified.credential_device_type.value,
        verified.credential_backed_up,
    )


def verify_sign_in(party: RelyingParty, credential: Assertion, challenge: str, held: Held) -> Use:
    """The use of a passkey, if everything about it but its count holds. Raises `PasskeyRefused`.

    The count is for `store.passkeys.use_passkey`, in the transaction that signs the person in: compared here, two
    sign-ins at once would both pass. So the library is told that the last count was 0.
    """
    _require_owner(credential, held)
    try:
        verified = verify_authentication_response(
            credential=msgspec.to_builtins(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=held.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # The library's own refusals, and whatever its parsers make of nonsense.
        raise refused(type(error).__name__) from error
    if not verified.user_verified:
        raise refused("person not verified")
    return Use(verified.new_sign_count, verified.credential_backed_up)


def refused(why: str) -> PasskeyRefused:
    """The refusal, which tells the browser nothing; why goes to the log."""
    _log.warning("passkey refused", extra={"fields": {"why": why}})
    return PasskeyRefused()


def _require_owner(credential: Assertion, held: Held) -> None:
    """The browser says whose passkey it used; the library does not compare that with whose it is."""
    try:
        claimed = base64url_to_bytes(credential.response.user_handle or "")
    except ValueError as error:
        raise refused("user handle unreadable") from error
    if not hmac.compare_digest(claimed, held.user_handle):
        raise refused("another person's passkey")
