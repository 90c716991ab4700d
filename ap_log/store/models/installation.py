"""What this database was created as, and the trail of who did or saw what in it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import WORD, fk


class Installation(Model):
    """One row: what this database was created as."""

    id = fields.IntField(primary_key=True)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

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
