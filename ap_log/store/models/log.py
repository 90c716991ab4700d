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

    class Meta:
        table = "entry"
        unique_together = (("entry_id", "version"), ("entry_id", "sha256"))
        indexes = (("resident_id", "occurred_at"),)
