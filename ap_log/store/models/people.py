"""Who may sign in, which duties they hold, and how they come in."""

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import NAME, WORD, fk, own_id


class Person(Model):
    """Someone who may sign in: staff and officers alike. `user_handle` is WebAuthn's, random and never shown."""

    id = own_id()
    name = fields.CharField(NAME)
    email = fields.CharField(NAME, unique=True)
    user_handle = fields.BinaryField()
    deputy = fk("Person", null=True)
    deputy_id: str | None
    senior = fk("Person", null=True)
    senior_id: str | None
    created_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "person"


class Posting(Model):
    """A role a person holds, at one premises or at none, from one time to another."""

    id = own_id()
    person = fk("Person", related_name="postings")
    person_id: str
    premises = fk("Premises", null=True)
    premises_id: str | None
    role = fields.CharField(WORD)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "posting"


class Invitation(Model):
    """A single-use link to create a passkey. Only the hash of its code is kept."""

    id = own_id()
    code_hash = fields.CharField(64, unique=True)
    person = fk("Person")
    person_id: str
    invited_by = fk("Person", null=True)
    invited_by_id: str | None
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitation"


class Passkey(Model):
    id = own_id()
    person = fk("Person", related_name="passkeys")
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

    id = own_id()
    challenge = fields.CharField(WORD * 2, unique=True)
    purpose = fields.CharField(WORD)
    person = fk("Person", null=True)
    person_id: str | None
    expires_at = fields.DatetimeField()

    class Meta:
        table = "challenge"


class Session(Model):
    """A signed-in browser. Only the hash of its token is kept."""

    id = own_id()
    token_hash = fields.CharField(64, unique=True)
    person = fk("Person")
    person_id: str
    started_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
