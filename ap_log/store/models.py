"""The tables. Only `store/` sees them.

The log's own tables (entries, decisions, voids, withdrawals, answers, audit) are only ever added to; columns that are
set later (`superseded_at`, `sent_at`, …) say what became of a row and never change what it said.
Ids made by us or by a phone are UUIDs as text, the same text on every border.
The first line of a table's docstring becomes its comment in the database, and Tortoise splits that at semicolons.
"""

from typing import Any
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

ID = 36
NAME = 200
WORD = 64


def new_id() -> str:
    return str(uuid4())


def _own_id() -> Any:
    return fields.CharField(ID, primary_key=True, default=new_id)


def _fk(model: str, *, null: bool = False, related_name: Any = False, is_indexed: bool = True) -> Any:
    """A foreign key that is indexed (neither database does that by itself) and never cascades: nothing is deleted."""
    options: dict[str, Any] = {"null": null, "related_name": related_name, "db_index": is_indexed}
    return fields.ForeignKeyField(f"store.{model}", on_delete=fields.RESTRICT, **options)


def _one_to_one(model: str, *, null: bool = False, related_name: str) -> Any:
    """A foreign key that at most one row may hold."""
    options: dict[str, Any] = {"null": null, "related_name": related_name}
    return fields.OneToOneField(f"store.{model}", on_delete=fields.RESTRICT, **options)


class Installation(Model):
    """One row: what this database was created as."""

    id = fields.IntField(primary_key=True)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "installation"


class PolicyVersion(Model):
    """A published policy, kept as the text that was published. Nothing published is edited.

    `examples` are the worked examples that it passed; `published_by` is None for the policy AP Log came with.
    """

    id = _own_id()
    label = fields.CharField(WORD * 2, unique=True)
    version = fields.IntField()
    effective_from = fields.DatetimeField()
    text = fields.TextField()
    examples = fields.JSONField[list[dict[str, Any]]](null=True)
    published_by = _fk("Person", null=True, is_indexed=False)  # a table of some ten rows
    published_by_id: str | None
    reason = fields.TextField(null=True)
    published_at = fields.DatetimeField()

    class Meta:
        table = "policy_version"


class PolicyDraft(Model):
    """A policy being written: its document as JSON, wrong values kept as they were typed, and its worked examples.

    `revision` counts its changes. It ends discarded, or as the version it was published as.
    """

    id = _own_id()
    based_on = _fk("PolicyVersion")
    based_on_id: str
    document = fields.JSONField[dict[str, Any]]()
    examples = fields.JSONField[list[dict[str, Any]]]()
    revision = fields.IntField(default=1)
    started_by = _fk("Person")
    started_by_id: str
    started_at = fields.DatetimeField()
    changed_by = _fk("Person")
    changed_by_id: str
    changed_at = fields.DatetimeField()
    discarded_at = fields.DatetimeField(null=True)
    published_as = _one_to_one("PolicyVersion", null=True, related_name="draft")
    published_as_id: str | None

    class Meta:
        table = "policy_draft"


class PolicyReading(Model):
    """A person confirmed that they have read what a published policy changes."""

    id = _own_id()
    person = _fk("Person")
    person_id: str
    policy = _fk("PolicyVersion")
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

    id = _own_id()
    draft = _fk("PolicyDraft")
    draft_id: str
    draft_revision = fields.IntField()
    text = fields.TextField()
    premises = fields.JSONField[list[str]]()
    since = fields.DatetimeField()
    asked_by = _fk("Person")
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

    id = _own_id()
    rehearsal = _fk("Rehearsal", related_name="differences")
    rehearsal_id: str
    resident = _fk("Resident")
    resident_id: str
    premises = _fk("Premises")
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


class Premises(Model):
    id = _own_id()
    name = fields.CharField(NAME)

    class Meta:
        table = "premises"


class Person(Model):
    """Someone who may sign in: staff and officers alike. `user_handle` is WebAuthn's, random and never shown."""

    id = _own_id()
    name = fields.CharField(NAME)
    email = fields.CharField(NAME, unique=True)
    user_handle = fields.BinaryField()
    deputy = _fk("Person", null=True)
    deputy_id: str | None
    senior = _fk("Person", null=True)
    senior_id: str | None
    created_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "person"


class Posting(Model):
    """A role a person holds, at one premises or at none, from one time to another."""

    id = _own_id()
    person = _fk("Person", related_name="postings")
    person_id: str
    premises = _fk("Premises", null=True)
    premises_id: str | None
    role = fields.CharField(WORD)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "posting"


class Invitation(Model):
    """A single-use link to create a passkey. Only the hash of its code is kept."""

    id = _own_id()
    code_hash = fields.CharField(64, unique=True)
    person = _fk("Person")
    person_id: str
    invited_by = _fk("Person", null=True)
    invited_by_id: str | None
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitation"


class Passkey(Model):
    id = _own_id()
    person = _fk("Person", related_name="passkeys")
    person_id: str
    credential_id = fields.CharField(1400, unique=True)
    public_key = fields.BinaryField()
    sign_count = fields.BigIntField(default=0)
    device_type = fields.CharField(WORD)
    backed_up = fields.BooleanField()
    made_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "passkey"


class Challenge(Model):
    """A WebAuthn challenge, taken (deleted) before it is verified, so that it serves once."""

    id = _own_id()
    challenge = fields.CharField(WORD * 2, unique=True)
    purpose = fields.CharField(WORD)
    person = _fk("Person", null=True)
    person_id: str | None
    expires_at = fields.DatetimeField()

    class Meta:
        table = "challenge"


class Session(Model):
    """A signed-in browser. Only the hash of its token is kept."""

    id = _own_id()
    token_hash = fields.CharField(64, unique=True)
    person = _fk("Person")
    person_id: str
    started_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class Resident(Model):
    """A person living at a premises. `crn` is the case reference number that probation knows them by."""

    id = _own_id()
    premises = _fk("Premises", related_name="residents")
    premises_id: str
    name = fields.CharField(NAME)
    room = fields.CharField(WORD)
    crn = fields.CharField(7, unique=True)
    legal_status = fields.CharField(WORD)
    recalled_for_intoxicated_aggression = fields.BooleanField(default=False)
    antipsychotic = fields.BooleanField(default=False)
    officer = _fk("Person", null=True)
    officer_id: str | None
    key_worker = _fk("Person", null=True)
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
    resident = _fk("Resident", related_name="entries")
    resident_id: str
    premises = _fk("Premises")
    premises_id: str
    author = _fk("Person")
    author_id: str
    courier = _fk("Person")
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


class Recommendation(Model):
    """What the policy recommended for one episode as it was then known, and why. A newer one supersedes it.

    `facts` are the entries, decisions and voids it rests on, as they were then (None: from before they were kept).
    `faults` is set instead of a step where the policy could not judge (SPEC section 6, "Refused").
    `decision` is the decision made on this recommendation, or the earlier one that it puts in question.
    `waiting_since` is when the episode began to wait for a person, whichever recommendation it had then.
    """

    id = _own_id()
    resident = _fk("Resident", related_name="recommendations")
    resident_id: str
    premises = _fk("Premises")
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
    decision = _fk("Decision", null=True)
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
    resident = _fk("Resident", related_name="decisions")
    resident_id: str
    entry_id = fields.CharField(ID)
    step = fields.IntField()
    recommended = fields.IntField(null=True)
    reason = fields.TextField()
    heads = fields.JSONField[dict[str, Any]](null=True)
    unheld = fields.JSONField[list[str]](null=True)
    decided_by = _fk("Person")
    decided_by_id: str
    decided_at = fields.DatetimeField()

    class Meta:
        table = "decision"


class Void(Model):
    """A warning that a person declared void, from `at` on."""

    id = fields.CharField(ID, primary_key=True)
    decision = _one_to_one("Decision", related_name="void")
    decision_id: str
    reason = fields.TextField()
    voided_by = _fk("Person")
    voided_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "void"


class Withdrawal(Model):
    """A decision taken back by a person, as if it had not been made. It stays on the record."""

    id = fields.CharField(ID, primary_key=True)
    decision = _one_to_one("Decision", related_name="withdrawal")
    decision_id: str
    reason = fields.TextField()
    withdrawn_by = _fk("Person")
    withdrawn_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "withdrawal"


class KeptDecision(Model):
    """A person looked again at a decision that the facts had put in question, and let it stand."""

    id = fields.CharField(ID, primary_key=True)
    decision = _fk("Decision", related_name="kept")
    decision_id: str
    recommendation = _one_to_one("Recommendation", related_name="kept")
    recommendation_id: str
    reason = fields.TextField()
    kept_by = _fk("Person")
    kept_by_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "kept_decision"


class Notice(Model):
    """Something one person has to see or answer by a time.

    `wanted`: `review` (decide an episode), `seen`, `comment` or `decision`. `remaining` is who comes next, in turn,
    if no answer comes; `passes_on` is the notice that this one took over from, and a notice is passed on once.
    `undeliverable_at` is when its message was refused for good: the recipient may not know of it.
    """

    id = _own_id()
    reference = fields.CharField(WORD, unique=True)
    key = fields.CharField(NAME, unique=True)
    resident = _fk("Resident", related_name="notices")
    resident_id: str
    premises = _fk("Premises")
    premises_id: str
    recommendation = _fk("Recommendation")
    recommendation_id: str
    decision = _fk("Decision", null=True)
    decision_id: str | None
    recipient = _fk("Person", related_name="notices")
    recipient_id: str
    duty = fields.CharField(WORD)
    wanted = fields.CharField(WORD)
    step = fields.IntField(null=True)
    made_at = fields.DatetimeField()
    tell_by = fields.DatetimeField()
    answer_by = fields.DatetimeField()
    remaining = fields.JSONField[list[str]](default=list)
    passes_on = _one_to_one("Notice", null=True, related_name="passed_on")
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
    notice = _fk("Notice", related_name="answers")
    notice_id: str
    person = _fk("Person")
    person_id: str
    kind = fields.CharField(WORD)
    choice = fields.CharField(WORD, null=True)
    reason = fields.TextField()
    at = fields.DatetimeField()

    class Meta:
        table = "notice_answer"


class OutboxMessage(Model):
    """A message to be sent, stored with what caused it. `key` stays the same at every try."""

    id = _own_id()
    key = fields.CharField(NAME, unique=True)
    channel = fields.CharField(WORD)
    notice = _fk("Notice")
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


class AuditRecord(Model):
    """Who did or saw what, and when. It holds ids, never content."""

    sequence = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    event = fields.CharField(WORD)
    actor = _fk("Person", null=True)
    actor_id: str | None
    subject_kind = fields.CharField(WORD)
    subject = fields.CharField(WORD, null=True)
    premises = _fk("Premises", null=True)
    premises_id: str | None
    details = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "audit_record"
