"""The shape of a row of `routes.py`: one method of one path, who may use it, and what the audit trail calls it."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.permissions import Permission
from ap_log.security.limits import FORM_BYTES

Handler = Callable[[Request], Awaitable[Response]]

_METHODS = ("GET", "POST", "PUT")
_EVENT = re.compile(r"[a-z-]+\.[a-z-]+")
_PARAMETER = re.compile(r"{([a-z_]+)}")


class BadRow(Exception):
    """A row that would leave a door open or unrecorded; the app does not start with it."""


@dataclass(frozen=True)
class Row:
    """`audit` is the event of a read (`resident.viewed`), or the one that the action of a write records.

    `limit` is the most bytes a body may have. A row that is `throttled` counts tries for each address. What is
    `same_for_all` is answered without asking the database who wants it, so also while that does not answer. Of what a
    page of ours asks again and again, which is `recorded_once`, the trail holds the first for each person and subject.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission
    audit: str = field(kw_only=True)
    limit: int = field(default=FORM_BYTES, kw_only=True)
    throttled: bool = field(default=False, kw_only=True)
    same_for_all: bool = field(default=False, kw_only=True)
    recorded_once: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.method not in _METHODS or not self.path.startswith("/"):
            raise BadRow(f"{self.method} {self.path}: only {', '.join(_METHODS)} of a path are served")
        if not isinstance(self.permission, Permission):
            raise BadRow(f"{self.method} {self.path} asks for no permission")
        if self.same_for_all and self.permission is not Permission.ANYONE:
            raise BadRow(f"{self.method} {self.path} cannot be the same for all and ask for a permission")
        if not _EVENT.fullmatch(self.audit or ""):
            raise BadRow(f"{self.method} {self.path} has no audit event such as resident.viewed")

    @property
    def name(self) -> str:
        """The row as logs name it, without the ids that a real address holds."""
        return f"{self.method} {self.path}"

    @property
    def shows_page(self) -> bool:
        """Whether it answers a person who reads, and neither a program nor a form that was sent."""
        return self.method == "GET" and not self.path.startswith("/api/")

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_PARAMETER.findall(self.path))


def by_path(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    """The rows of each path together, in the order the paths were first named. Raises `BadRow` for a repeated row."""
    paths: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row.method in paths[row.path]:
            raise BadRow(f"{row.name} is there twice")
        paths[row.path][row.method] = row
    return {path: tuple(methods.values()) for path, methods in paths.items()}
