"""Photos that belong to entries: the bytes as a phone sent them, and the drawing of them that people are shown."""

from tortoise import fields
from tortoise.models import Model

from ap_log.store.models.columns import ID, WORD, fk, own_id


class Photo(Model):
    """A photo that an entry says it has. `sha256` and `size` are of the picture as the phone drew it, unsealed.

    `content` is the exhibit, never shown; `drawing` what this server drew from it in a boxed process, as JPEG of
    `width` times `height`. `state` is a code of `domain/photos.py`; while it is `whole`, `drawn_at` is when a worker
    took it on. `entry_id` is the entry's id as its phone made it, not a row: it may be held. `device_id` is the phone
    that the entry says it was made on, and `saved_at` when, as it was put right.
    """

    id = fields.CharField(ID, primary_key=True)
    entry_id = fields.CharField(ID, db_index=True)
    author = fk("Person")
    author_id: str
    device_id = fields.CharField(ID, null=True)
    saved_at = fields.DatetimeField(null=True)
    sha256 = fields.CharField(64)
    size = fields.BigIntField()
    state = fields.CharField(WORD, db_index=True)
    sealed_size = fields.BigIntField(null=True)
    received_bytes = fields.BigIntField(default=0)
    declared_at = fields.DatetimeField()
    complete_at = fields.DatetimeField(null=True)
    content = fields.BinaryField(null=True)
    drawing = fields.BinaryField(null=True)
    drawn_at = fields.DatetimeField(null=True)
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)

    class Meta:
        table = "photo"
        indexes = (("device_id", "state"),)


class PhotoPiece(Model):
    """Sealed bytes of a photo that is not whole yet, from `start` on."""

    id = own_id()
    photo = fk("Photo", related_name="pieces")
    photo_id: str
    start = fields.BigIntField()
    content = fields.BinaryField()

    class Meta:
        table = "photo_piece"
        unique_together = (("photo_id", "start"),)
