"""One JSON line for each request and each failure: ids and codes. No names, bodies, addresses or query strings."""

import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that cannot be taken for each other when read out on the telephone."""


class RequestLog:
    """Gives each request its time and a reference, and writes its line when it has been answered.

    The reference is what an error page shows: by it the line, and the failure's own, are found.
    """

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        self.app = app
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state.update(now=self.now(), reference=new_reference(), actor=None)
        status, began = 0, time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            _log.info("request", extra={"fields": _line(scope, status, time.perf_counter() - began)})


def new_reference() -> str:
    """Eight characters a person can read out, such as `K7QD-3M2X`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def log_failure(state: dict[str, object], error: BaseException) -> None:
    """Write what failed and where. The error's own words are left out: a database puts people's names in them."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    fields = {"error": type(error).__name__, "where": where[-20:], **_who(state)}
    _log.error("%s at %s", type(error).__name__, where[-1] if where else "an unknown place", extra={"fields": fields})


class JsonLines(logging.Formatter):
    """A log record as one JSON object. Control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def write_json_lines(level: int = logging.INFO) -> None:
    """Send this process's log to standard error, as JSON lines. For the start of a process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _line(scope: Scope, status: int, seconds: float) -> dict[str, object]:
    return {"method": scope["method"], "status": status, "ms": round(seconds * 1000, 1), **_who(scope["state"])}


def _who(state: dict[str, object]) -> dict[str, object]:
    actor = state.get("actor")
    return {
        "reference": state.get("reference"),
        "route": state.get("route"),
        "actor": getattr(actor, "id", None),
    }
