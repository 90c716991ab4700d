"""Published policies, drafts of the next, who has read which, and rehearsals of drafts on real history."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import WORD, fk, one_to_one, own_id


class PolicyVersion(Model):
    """A published policy, kept as the text that was published. Nothing published is edited.

    `examples` are the worked examples that it passed; `published_by` is None for the policy AP Log came with. One that
    was withdrawn before it took effect stays, and nothing is judged by it.
    """

    id = own_id()
    label = fields.CharField(WORD * 2, unique=True)
    version = fields.IntField()
    effective_from = fields.DatetimeField()
    text = fields.TextField()
    examples = fields.JSONField[list[dict[str, Any]]](null=True)
    published_by = fk("Person", null=True, is_indexed=False)  # a table of some ten rows
    published_by_id: str | None
    reason = fields.TextField(null=True)
    published_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by = fk("Person", null=True, is_indexed=False)
    withdrawn_by_id: str | None
    withdrawn_because = fields.TextField(null=True)

    class Meta:
        table = "policy_version"


class PolicyDraft(Model):
    """A policy being written: its document as JSON, wrong values kept as they were typed, and its worked examples.

    `revision` counts its changes. It ends discarded, or as the version it was published as.
    """

    id = own_id()
    based_on = fk("PolicyVersion")
    based_on_id: str
    document = fields.JSONField[dict[str, Any]]()
    examples = fields.JSONField[list[dict[str, Any]]]()
    revision = fields.IntField(default=1)
    started_by = fk("Person")
    started_by_id: str
    started_at = fields.DatetimeField()
    changed_by = fk("Person")
    changed_by_id: str
    changed_at = fields.DatetimeField()
    discarded_at = fields.DatetimeField(null=True)
    published_as = one_to_one("PolicyVersion", null=True, related_name="draft")
    published_as_id: str | None

    class Meta:
        table = "policy_draft"


class PolicyReading(Model):
    """A person confirmed that they have read what a published policy changes."""

    id = own_id()
    person = fk("Person")
    person_id: str
    policy = fk("PolicyVersion")
    policy_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "policy_reading"
        unique_together = (("person", "policy"),)


class Rehearsal(Model):
    """A draft run over the history of some premises since a time, as if it had been in force then.

    `text` is the draft as it was then. A worker takes it on (`worked_at` says when it last got on with it) and counts
    residents; `faults` says why it could not be finished.
    """

    id = own_id()
    draft = fk("PolicyDraft")
    draft_id: str
    draft_revision = fields.IntField()
    text = fields.TextField()
    premises = fields.JSONField[list[str]]()
    since = fields.DatetimeField()
    asked_by = fk("Person")
    asked_by_id: str
    asked_at = fields.DatetimeField()
    worked_at = fields.DatetimeField(null=True)
    residents = fields.IntField(null=True)
    residents_done = fields.IntField(default=0)
    summary = fields.JSONField[dict[str, Any]](null=True)
    faults = fields.JSONField[list[str]](null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rehearsal"


class RehearsalDifference(Model):
    """One episode that a rehearsed draft judges otherwise. A step is None where that side could not judge it."""

    id = own_id()
    rehearsal = fk("Rehearsal", related_name="differences")
    rehearsal_id: str
    resident = fk("Resident")
    resident_id: str
    premises = fk("Premises")
    premises_id: str
    kind = fields.CharField(WORD)
    started_at = fields.DatetimeField()
    entries = fields.JSONField[list[str]]()
    code = fields.CharField(8)
    step_then = fields.IntField(null=True)
    outcome_then = fields.CharField(WORD)
    step_draft = fields.IntField(null=True)
    outcome_draft = fields.CharField(WORD)

    class Meta:
        table = "rehearsal_difference"
