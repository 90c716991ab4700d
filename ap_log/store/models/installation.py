"""What this database was created as, and the trail of who did or saw what in it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, WORD, fk


class Installation(Model):
    """One row: what this database was created as, and how much of it is safe elsewhere.

    `restore_epoch` changes when the database was restored from a backup, so that phones offer what they still have.
    Everything received up to `backed_up_to` is in a backup that was opened and compared.
    """

    id = fields.IntField(primary_key=True)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    restore_epoch = fields.CharField(ID, default="", db_default="")
    backed_up_to = fields.DatetimeField(null=True)
    backup_verified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "installation"


class AuditRecord(Model):
    """Who did or saw what, and when. It holds ids, never content."""

    sequence = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    event = fields.CharField(WORD)
    actor = fk("Person", null=True)
    actor_id: str | None
    subject_kind = fields.CharField(WORD)
    subject = fields.CharField(WORD, null=True)
    premises = fk("Premises", null=True)
    premises_id: str | None
    details = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "audit_record"
