"""`POST /api/sync`: a phone pushes what it saved, and is told of each entry what became of it.

`POST /api/receipts`: a phone offers what it keeps, after the server's database was restored.
"""

import base64
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions.log_entries import log_entries
from ap_log.domain.entries import Time
from ap_log.domain.errors import Failed, Fault, Invalid, Refusal, TooLarge
from ap_log.domain.sync import (
    ENTRIES_LIMIT,
    ENTRY_BYTES_LIMIT,
    SEALED_BYTES_LIMIT,
    Problem,
    Push,
    PushAnswer,
    PushedEntry,
    PushResult,
    ReceiptsAnswer,
    ReceiptsOffer,
)
from ap_log.domain.sync_errors import SealBroken
from ap_log.handlers import forms
from ap_log.handlers.errors import problem_of
from ap_log.security.request_log import log_failure
from ap_log.security.sealing import SealingKeys
from ap_log.store import entries, installation

_SEALED_CHARACTERS = -(-SEALED_BYTES_LIMIT // 3) * 4
"""The longest seal in base64."""


class UnreadPush(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A push whose entries are not read yet: one that is malformed must not take the others with it."""

    entries: tuple[msgspec.Raw, ...]
    sent_at: Time | None = None


async def push(request: Request) -> Response:
    """Store or hold every entry that can be. The answer is 200 whatever became of each; the results say what."""

    def problem(refusal: Refusal) -> Problem:
        if isinstance(refusal, Failed):
            log_failure(request.scope["state"], refusal.__cause__ or refusal)
        return problem_of(refusal, request.state.reference)

    unread = await forms.read_json(request, UnreadPush)
    if len(unread.entries) > ENTRIES_LIMIT:
        raise TooLarge(Fault("entries", f"A push holds at most {ENTRIES_LIMIT} entries."))
    sealing: SealingKeys = request.app.state.sealing
    read = [_read(entry, sealing, problem) for entry in unread.entries]
    good = Push(tuple(one for one in read if isinstance(one, PushedEntry)), unread.sent_at)
    stored = iter(await log_entries(good, request.state.actor, request.state.now, problem))
    results = tuple(next(stored) if isinstance(one, PushedEntry) else one for one in read)
    safe = await installation.get_safekeeping()
    return forms.json(PushAnswer(results, request.state.now, safe.restore_epoch, safe.backed_up_to))


async def compare_receipts(request: Request) -> Response:
    """Which of the offered entries the database does not hold. What another phone brought counts too."""
    offer = await forms.read_json(request, ReceiptsOffer)
    held = await entries.list_here(kept.id for kept in offer.receipts)
    missing = tuple(kept for kept in offer.receipts if (kept.id, kept.sha256) not in held)
    safe = await installation.get_safekeeping()
    return forms.json(ReceiptsAnswer(missing, request.state.now, safe.restore_epoch))


def _read(unread: msgspec.Raw, sealing: SealingKeys, problem: Callable[[Refusal], Problem]) -> PushedEntry | PushResult:
    """The entry in the clear, or its refusal under the id it gives; under an empty one where it gives none."""
    try:
        pushed = msgspec.json.decode(unread, type=PushedEntry)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        return _refused(_id_of(unread), problem, Invalid(Fault(place.strip("`") or "entry", f"{message}.")))
    except UnicodeError:
        return _refused("", problem, Invalid(Fault("entry", "This is not UTF-8.")))
    try:
        return _in_the_clear(pushed, sealing)
    except Refusal as refusal:
        return _refused(pushed.id, problem, refusal)


def _in_the_clear(pushed: PushedEntry, sealing: SealingKeys) -> PushedEntry:
    """Raises Invalid: not exactly one of body and seal. TooLarge. SealBroken."""
    if (pushed.body is None) == (pushed.sealed is None):
        raise Invalid(Fault("sealed", "An entry comes either sealed or as its body."))
    body = _opened(pushed.id, pushed.sealed, sealing) if pushed.sealed is not None else pushed.body or ""
    if len(body.encode()) > ENTRY_BYTES_LIMIT:
        raise TooLarge(Fault("body", f"An entry is at most {ENTRY_BYTES_LIMIT} bytes."))
    return PushedEntry(pushed.id, pushed.sha256, body)


def _opened(entry_id: str, sealed: str, sealing: SealingKeys) -> str:
    """The text of an entry, without the spaces that hide how long it is."""
    if len(sealed) > _SEALED_CHARACTERS:
        raise TooLarge(Fault("sealed", f"A sealed entry is at most {SEALED_BYTES_LIMIT} bytes."))
    try:
        blob = base64.b64decode(sealed, validate=True)
        return sealing.open_sealed(blob, "entry", entry_id).rstrip(b" ").decode()
    except ValueError as error:
        raise SealBroken from error


def _refused(entry_id: str, problem: Callable[[Refusal], Problem], refusal: Refusal) -> PushResult:
    return PushResult(entry_id, "refused", problem=problem(refusal))


def _id_of(unread: msgspec.Raw) -> str:
    try:
        content = msgspec.json.decode(unread)
    except UnicodeError:
        return ""
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""
