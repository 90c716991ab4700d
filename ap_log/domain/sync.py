"""The shapes of the sync protocol: what the phone pushes, what it is answered, and what it holds for reference.

`docs/protocol.md` says in words what these mean. TypeScript types are generated from them.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from .errors import Fault

ENTRIES_LIMIT = 50
"""Entries in one push: an evening's queue of a whole house."""

ENTRY_BYTES_LIMIT = 32_768
"""Bytes of one entry: its longest words in four-byte characters, and room for the rest."""

PUSH_BYTES_LIMIT = ENTRIES_LIMIT * ENTRY_BYTES_LIMIT + 65_536
"""Bytes of one push: as many entries as it may hold, and what is around them."""


class PushedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry as saved on the phone: `body` is the JSON text itself, `sha256` the hex digest of its UTF-8 bytes.

    The text travels as a string so that both sides hash the same bytes and nothing has to be made canonical.
    """

    id: str
    sha256: str
    body: str


class Push(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/sync`."""

    entries: tuple[PushedEntry, ...]


class Receipt(msgspec.Struct, frozen=True):
    """Proof that the server holds these bytes under this id: the only thing that turns an entry into "Sent"."""

    id: str
    sha256: str
    sequence: int
    received_at: datetime


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refusal in JSON, the one shape for every endpoint. `reference` finds it in the server's log."""

    code: str
    title: str
    way_on: str
    status: int
    reference: str
    faults: tuple[Fault, ...] = ()


class PushResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one pushed entry: `stored` with a receipt, or `refused` with the problem. Never left out."""

    id: str
    result: Literal["stored", "refused"]
    receipt: Receipt | None = None
    problem: Problem | None = None


class PushAnswer(msgspec.Struct, frozen=True):
    """The answer to a push, one result for each entry in the order they came."""

    results: tuple[PushResult, ...]
    server_time: datetime


class Me(msgspec.Struct, frozen=True):
    """The person signed in on this phone."""

    id: str
    name: str


class ResidentReference(msgspec.Struct, frozen=True):
    """What the phone holds of one resident: enough to pick them, and to judge an entry without signal.

    `timeline` is the policy's own input (policy SPEC section 6), `assume_issued` false.
    """

    id: str
    name: str
    room: str
    premises: str
    legal_status: str
    antipsychotic: bool
    timeline: dict[str, Any]


class Reference(msgspec.Struct, frozen=True):
    """`GET /api/reference`: the roster, the histories and the policies in force, with the time they were read."""

    me: Me
    read_at: datetime
    residents: tuple[ResidentReference, ...]
    policies: tuple[dict[str, Any], ...]
