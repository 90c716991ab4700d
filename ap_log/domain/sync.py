"""The shapes of the sync protocol: what the phone pushes, what it is answered, and what it holds for reference.

`docs/protocol.md` says in words what these mean. TypeScript types are generated from them.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from .entries import Id, Sha256, Time
from .errors import Fault

ENTRIES_LIMIT = 50
"""Entries in one push: an evening's queue of a whole house."""

ENTRY_BYTES_LIMIT = 32_768
"""Bytes of one entry: its longest words in four-byte characters, and room for the rest."""

PUSH_BYTES_LIMIT = 2 * ENTRIES_LIMIT * ENTRY_BYTES_LIMIT
"""Bytes of one push: as many entries as it may hold, sealed and in base64, and what is around them."""


SEALED_BYTES_LIMIT = ENTRY_BYTES_LIMIT + 1024
"""Bytes of one sealed entry: what the envelope adds, with room to spare."""

RECEIPTS_LIMIT = 500
"""Receipts in one offer. A phone that keeps more offers them in turn."""

RECEIPTS_BYTES_LIMIT = 200 * RECEIPTS_LIMIT
"""Bytes of one offer: an id and a hash are 130."""


class PushedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry as saved on the phone: `sha256` is the hex digest of the UTF-8 bytes of its JSON text.

    The text comes as `sealed`, in base64 as `security/sealing.py` opens it, or as `body`, in the clear, from phones
    that do not seal. It travels as a whole so that both sides hash the same bytes and nothing has to be made canonical.
    """

    id: str
    sha256: str
    body: str | None = None
    sealed: str | None = None


class Push(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/sync`. `sent_at` is the phone's clock when it began to send."""

    entries: tuple[PushedEntry, ...]
    sent_at: Time | None = None


class Receipt(msgspec.Struct, frozen=True):
    """Proof that the server holds these bytes under this id: the only thing that turns an entry into "Sent".

    `held`: it is kept, and a manager has to decide whether it goes into the log. Its `sequence` is 0.
    """

    id: str
    sha256: str
    sequence: int
    received_at: datetime
    held: bool = False


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
    """The answer to a push, one result for each entry in the order they came.

    A phone keeps what has a receipt until `backed_up_to` is not before the receipt's `received_at`. Where
    `restore_epoch` is not what it was, the database was restored: the phone offers its receipts again.
    """

    results: tuple[PushResult, ...]
    server_time: datetime
    restore_epoch: str = ""
    backed_up_to: datetime | None = None


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes that a phone has a receipt for, and still keeps."""

    id: Id
    sha256: Sha256


class ReceiptsOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/receipts`: what a phone still keeps, after the server's database was restored."""

    receipts: Annotated[tuple[Kept, ...], msgspec.Meta(max_length=RECEIPTS_LIMIT)]


class ReceiptsAnswer(msgspec.Struct, frozen=True):
    """Which of them the server does not hold: they are to be sent again."""

    missing: tuple[Kept, ...]
    server_time: datetime
    restore_epoch: str


class SealingKey(msgspec.Struct, frozen=True):
    """A public key of this server, in base64, that phones seal entries and photos to. `id` is 16 hexadecimal digits."""

    id: str
    kem: Literal["X25519", "P-256"]
    public: str


class Me(msgspec.Struct, frozen=True):
    """The person signed in on this phone. `unconfirmed`: their entries that came in somebody else's session."""

    id: str
    name: str
    unconfirmed: int = 0


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
    sealing: tuple[SealingKey, ...] = ()
    restore_epoch: str = ""
