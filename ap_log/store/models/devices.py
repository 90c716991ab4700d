"""The phones that AP Log is used on, and what each said it holds, so that a loss is noticed instead of guessed."""

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, NAME, WORD, fk, own_id


class Device(Model):
    """One browser on one phone, by the id it made for itself. Only the hash of its token is kept.

    `free_bytes` and `is_persisted` are what the browser said last. A revoked one is told to destroy what it can read.
    `lost_unnamed` counts unsent entries that the phone found missing and had never announced, so nobody knows whose.
    `cleared_at`: the same phone said under another id that the storage of this one was cleared.
    """

    id = fields.CharField(ID, primary_key=True)
    token_hash = fields.CharField(64)
    person = fk("Person")
    person_id: str
    premises = fk("Premises", null=True)
    premises_id: str | None
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    build = fields.CharField(WORD, default="")
    is_persisted = fields.BooleanField(null=True)
    can_lock = fields.BooleanField(null=True)
    free_bytes = fields.BigIntField(null=True)
    is_shared = fields.BooleanField(default=False)
    revoked_at = fields.DatetimeField(null=True)
    revoked_by = fk("Person", null=True)
    revoked_by_id: str | None
    lost_unnamed = fields.IntField(default=0, db_default=0)
    lost_unnamed_at = fields.DatetimeField(null=True)
    cleared_at = fields.DatetimeField(null=True)

    class Meta:
        table = "device"


class DevicePerson(Model):
    """A person whose vault is on a device. `wipe_asked_at` later than `wiped_at` means that it is to go."""

    id = own_id()
    device = fk("Device", related_name="people")
    device_id: str
    person = fk("Person")
    person_id: str
    seen_at = fields.DatetimeField()
    wipe_asked_at = fields.DatetimeField(null=True)
    wiped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "device_person"
        unique_together = (("device_id", "person_id"),)


class DeviceItem(Model):
    """An unsent entry that a device said it holds: `held` until it has `arrived`, or is there no more: `lost`.

    Or a photo that a stored entry says is still on that device: `item_id` is the photo's then, and `photo_of` its
    entry's. `saved_at` is the phone's clock. `told_at`: its author has been shown that it is lost.
    """

    id = own_id()
    device = fk("Device", related_name="items")
    device_id: str
    item_id = fields.CharField(ID, db_index=True)
    photo_of = fields.CharField(ID, null=True)
    sha256 = fields.CharField(64)
    author = fk("Person")
    author_id: str
    saved_at = fields.DatetimeField()
    announced_at = fields.DatetimeField()
    last_said_at = fields.DatetimeField()
    state = fields.CharField(WORD)
    lost_at = fields.DatetimeField(null=True)
    told_at = fields.DatetimeField(null=True)

    class Meta:
        table = "device_item"
        unique_together = (("device_id", "item_id", "sha256"),)
        # What has arrived stays, and is the most of it: what is asked for again and again is what has not.
        indexes = (("state", "device_id"), ("state", "author_id"))


class PhoneReminder(Model):
    """An e-mail to one manager: a phone that holds unsent entries has been silent since `silent_since`. Once a silence.

    It is claimed and tried again as an `OutboxMessage` is, which has a notice about a resident that this has not.
    """

    id = own_id()
    device = fk("Device")
    device_id: str
    recipient = fk("Person")
    recipient_id: str
    silent_since = fields.DatetimeField()
    made_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    last_error = fields.CharField(NAME, null=True)
    sent_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "phone_reminder"
        unique_together = (("device_id", "recipient_id", "silent_since"),)
        indexes = (("sent_at", "failed_at", "due_at"),)
