"""`POST /api/sync`: a phone pushes what it saved, and is told of each entry what became of it."""

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions.log_entries import log_entries
from ap_log.domain.errors import Failed, Fault, Invalid, Refusal, TooLarge
from ap_log.domain.sync import (
    ENTRIES_LIMIT,
    ENTRY_BYTES_LIMIT,
    Problem,
    Push,
    PushAnswer,
    PushedEntry,
    PushResult,
)
from ap_log.handlers import forms
from ap_log.handlers.errors import problem_of
from ap_log.security.request_log import log_failure


class UnreadPush(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A push whose entries are not read yet: one that is malformed must not take the others with it."""

    entries: tuple[msgspec.Raw, ...]


async def push(request: Request) -> Response:
    """Store every entry that can be stored. The answer is 200 whatever became of each; the results say what."""

    def problem(refusal: Refusal) -> Problem:
        if isinstance(refusal, Failed):
            log_failure(request.scope["state"], refusal.__cause__ or refusal)
        return problem_of(refusal, request.state.reference)

    unread = (await forms.read_json(request, UnreadPush)).entries
    if len(unread) > ENTRIES_LIMIT:
        raise TooLarge(Fault("entries", f"A push holds at most {ENTRIES_LIMIT} entries."))
    read = [_read(entry, problem) for entry in unread]
    good = Push(tuple(one for one in read if isinstance(one, PushedEntry)))
    stored = iter(await log_entries(good, request.state.actor, request.state.now, problem))
    results = tuple(next(stored) if isinstance(one, PushedEntry) else one for one in read)
    return forms.json(PushAnswer(results, request.state.now))


def _read(unread: msgspec.Raw, problem: Callable[[Refusal], Problem]) -> PushedEntry | PushResult:
    """The entry, or its refusal under the id it gives; under an empty one where it gives none."""
    try:
        pushed = msgspec.json.decode(unread, type=PushedEntry)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        return _refused(_id_of(unread), problem, Invalid(Fault(place.strip("`") or "entry", f"{message}.")))
    except UnicodeError:
        return _refused("", problem, Invalid(Fault("entry", "This is not UTF-8.")))
    if len(pushed.body.encode()) > ENTRY_BYTES_LIMIT:
        return _refused(pushed.id, problem, TooLarge(Fault("body", f"An entry is at most {ENTRY_BYTES_LIMIT} bytes.")))
    return pushed


def _refused(entry_id: str, problem: Callable[[Refusal], Problem], refusal: Refusal) -> PushResult:
    return PushResult(entry_id, "refused", problem=problem(refusal))


def _id_of(unread: msgspec.Raw) -> str:
    try:
        content = msgspec.json.decode(unread)
    except UnicodeError:
        return ""
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""
