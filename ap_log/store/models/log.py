"""Where people live, who lives there, and every version of every entry about them."""

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, NAME, WORD, fk, own_id


class Premises(Model):
    id = own_id()
    name = fields.CharField(NAME)

    class Meta:
        table = "premises"


class Resident(Model):
    """A person living at a premises. `crn` is the case reference number that probation knows them by."""

    id = own_id()
    premises = fk("Premises", related_name="residents")
    premises_id: str
    name = fields.CharField(NAME)
    room = fields.CharField(WORD)
    crn = fields.CharField(7, unique=True)
    legal_status = fields.CharField(WORD)
    recalled_for_intoxicated_aggression = fields.BooleanField(default=False)
    antipsychotic = fields.BooleanField(default=False)
    officer = fk("Person", null=True)
    officer_id: str | None
    key_worker = fk("Person", null=True)
    key_worker_id: str | None
    arrived_at = fields.DatetimeField()
    departed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "resident"


class Entry(Model):
    """One version of one entry: `body` is what the phone saved, `sequence` the server's order of arrival.

    The same id with other bytes is another version of the entry; the newest has no `superseded_at`.
    `recorded_at` is the phone's clock put right by `clock_offset_ms`, the server's lead over it as the phone last knew;
    `doubt_ms` is how far the phone's own clocks and the server's disagree about when it was made. One that came in
    another person's session (`courier`) is unconfirmed until its author confirms or disowns it; one that its author
    brought is confirmed by that.
    """

    sequence = fields.BigIntField(primary_key=True)
    entry_id = fields.CharField(ID, db_index=True)
    version = fields.IntField(default=1)
    resident = fk("Resident", related_name="entries")
    resident_id: str
    premises = fk("Premises")
    premises_id: str
    author = fk("Person")
    author_id: str
    courier = fk("Person")
    courier_id: str
    device = fields.CharField(WORD)
    happening = fields.CharField(WORD)
    code = fields.CharField(8, null=True)
    evidence = fields.CharField(2, null=True)
    occurred_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    intoxicated = fields.BooleanField()
    body = fields.TextField()
    sha256 = fields.CharField(64)
    superseded_at = fields.DatetimeField(null=True)
    clock_offset_ms = fields.BigIntField(null=True)
    since_contact_ms = fields.BigIntField(null=True)
    doubt_ms = fields.BigIntField(default=0, db_default=0)
    confirmed_at = fields.DatetimeField(null=True)
    disowned_at = fields.DatetimeField(null=True)
    disowned_because = fields.TextField(default="", db_default="")

    class Meta:
        table = "entry"
        unique_together = (("entry_id", "version"), ("entry_id", "sha256"))
        # What is not confirmed is asked for with every page, what is disowned with every look at what is held: both
        # are few, however long the log.
        indexes = (
            ("resident_id", "occurred_at"),
            ("author_id", "confirmed_at", "courier_id"),
            ("premises_id", "disowned_at"),
        )


class HeldEntry(Model):
    """A well-formed entry of a known author who may no longer log about its resident. A manager decides.

    `premises` is the resident's, `author_premises` where the author works now: the managers of both see it. `why` is a
    code of `domain/holding.py`, `outcome` too, empty until somebody has decided.
    """

    id = own_id()
    entry_id = fields.CharField(ID, db_index=True)
    sha256 = fields.CharField(64)
    body = fields.TextField()
    author = fk("Person")
    author_id: str
    courier = fk("Person")
    courier_id: str
    device = fields.CharField(WORD)
    resident = fk("Resident", null=True)
    resident_id: str | None
    premises = fk("Premises", null=True)
    premises_id: str | None
    author_premises = fk("Premises", null=True)
    author_premises_id: str | None
    why = fields.CharField(WORD)
    occurred_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    clock_offset_ms = fields.BigIntField(null=True)
    since_contact_ms = fields.BigIntField(null=True)
    doubt_ms = fields.BigIntField(default=0, db_default=0)
    outcome = fields.CharField(WORD, default="", db_default="")
    reason = fields.TextField(default="", db_default="")
    decided_at = fields.DatetimeField(null=True)
    decided_by = fk("Person", null=True)
    decided_by_id: str | None

    class Meta:
        table = "held_entry"
        unique_together = (("entry_id", "sha256"),)
