"""Who is told what, what they answered, and the messages on their way."""

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, NAME, WORD, fk, one_to_one, own_id


class Notice(Model):
    """Something one person has to see or answer by a time.

    `wanted`: `review` (decide an episode), `seen`, `comment` or `decision`. `remaining` is who comes next, in turn,
    if no answer comes; `passes_on` is the notice that this one took over from, and a notice is passed on once.
    `undeliverable_at` is when its message was refused for good: the recipient may not know of it.
    """

    id = own_id()
    reference = fields.CharField(WORD, unique=True)
    key = fields.CharField(NAME, unique=True)
    resident = fk("Resident", related_name="notices")
    resident_id: str
    premises = fk("Premises")
    premises_id: str
    recommendation = fk("Recommendation")
    recommendation_id: str
    decision = fk("Decision", null=True)
    decision_id: str | None
    recipient = fk("Person", related_name="notices")
    recipient_id: str
    duty = fields.CharField(WORD)
    wanted = fields.CharField(WORD)
    step = fields.IntField(null=True)
    made_at = fields.DatetimeField()
    tell_by = fields.DatetimeField()
    answer_by = fields.DatetimeField()
    remaining = fields.JSONField[list[str]](default=list)
    passes_on = one_to_one("Notice", null=True, related_name="passed_on")
    passes_on_id: str | None
    told_at = fields.DatetimeField(null=True)
    seen_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    overdue_at = fields.DatetimeField(null=True)
    undeliverable_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        indexes = (("closed_at", "answer_by"),)


class NoticeAnswer(Model):
    """What a recipient answered: `acknowledged`, `comment`, `needs-more`, or `decision` with their choice."""

    id = fields.CharField(ID, primary_key=True)
    notice = fk("Notice", related_name="answers")
    notice_id: str
    person = fk("Person")
    person_id: str
    kind = fields.CharField(WORD)
    choice = fields.CharField(WORD, null=True)
    reason = fields.TextField()
    at = fields.DatetimeField()

    class Meta:
        table = "notice_answer"


class OutboxMessage(Model):
    """A message to be sent, stored with what caused it. `key` stays the same at every try."""

    id = own_id()
    key = fields.CharField(NAME, unique=True)
    channel = fields.CharField(WORD)
    notice = fk("Notice")
    notice_id: str
    made_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    last_error = fields.CharField(NAME, null=True)
    sent_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox_message"
        indexes = (("sent_at", "failed_at", "due_at"),)
