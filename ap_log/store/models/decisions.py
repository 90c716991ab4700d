"""What the policy recommended, what a person decided, and what became of that."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, WORD, fk, one_to_one, own_id


class Recommendation(Model):
    """What the policy recommended for one episode as it was then known, and why. A newer one supersedes it.

    `facts` are the entries, decisions and voids it rests on, as they were then (None: from before they were kept).
    `faults` is set instead of a step where the policy could not judge (SPEC section 6, "Refused").
    `decision` is the decision made on this recommendation, or the earlier one that it puts in question.
    `waiting_since` is when the episode began to wait for a person, whichever recommendation it had then.
    """

    id = own_id()
    resident = fk("Resident", related_name="recommendations")
    resident_id: str
    premises = fk("Premises")
    premises_id: str
    policy = fields.CharField(WORD * 2)
    episode = fields.JSONField[list[str]]()
    deciding_entry = fields.CharField(ID)
    started_at = fields.DatetimeField()
    stream = fields.CharField(3)
    step = fields.IntField(null=True)
    outcome = fields.CharField(WORD)
    answer = fields.JSONField[dict[str, Any]]()
    reasons = fields.JSONField[list[dict[str, Any]]]()
    facts = fields.JSONField[list[dict[str, Any]]](null=True)
    faults = fields.JSONField[list[str]](default=list)
    made_at = fields.DatetimeField()
    waiting_since = fields.DatetimeField()
    decision = fk("Decision", null=True)
    decision_id: str | None
    look_again = fields.BooleanField(default=False)
    superseded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recommendation"
        indexes = (("premises_id", "superseded_at"),)


class Decision(Model):
    """What a person did with an episode: the step they issued, and why. `heads` is the completed recommendation.

    `unheld` are the duties that the policy wanted told of it and nobody held.
    """

    id = fields.CharField(ID, primary_key=True)
    resident = fk("Resident", related_name="decisions")
    resident_id: str
    entry_id = fields.CharField(ID)
    step = fields.IntField()
    recommended = fields.IntField(null=True)
    reason = fields.TextField()
    heads = fields.JSONField[dict[str, Any]](null=True)
    unheld = fields.JSONField[list[str]](null=True)
    decided_by = fk("Person")
    decided_by_id: str
    decided_at = fields.DatetimeField()

    class Meta:
        table = "decision"


class Void(Model):
    """A warning that a person declared void, from `at` on."""

    id = fields.CharField(ID, primary_key=True)
    decision = one_to_one("Decision", related_name="void")
    decision_id: str
    reason = fields.TextField()
    voided_by = fk("Person")
    voided_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "void"


class Withdrawal(Model):
    """A decision taken back by a person, as if it had not been made. It stays on the record."""

    id = fields.CharField(ID, primary_key=True)
    decision = one_to_one("Decision", related_name="withdrawal")
    decision_id: str
    reason = fields.TextField()
    withdrawn_by = fk("Person")
    withdrawn_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "withdrawal"


class KeptDecision(Model):
    """A person looked again at a decision that the facts had put in question, and let it stand."""

    id = fields.CharField(ID, primary_key=True)
    decision = fk("Decision", related_name="kept")
    decision_id: str
    recommendation = one_to_one("Recommendation", related_name="kept")
    recommendation_id: str
    reason = fields.TextField()
    kept_by = fk("Person")
    kept_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "kept_decision"
