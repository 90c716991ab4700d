from tortoise import migrations
from tortoise.migrations import operations as ops
from ap_log.store.models.columns import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('store', '0002_policies')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Device',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=36)),
                ('token_hash', fields.CharField(max_length=64)),
                ('person', fields.ForeignKeyField('store.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('premises', fields.ForeignKeyField('store.Premises', source_field='premises_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('first_seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('build', fields.CharField(default='', max_length=64)),
                ('is_persisted', fields.BooleanField(null=True)),
                ('can_lock', fields.BooleanField(null=True)),
                ('free_bytes', fields.BigIntField(null=True)),
                ('is_shared', fields.BooleanField(default=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('revoked_by', fields.ForeignKeyField('store.Person', source_field='revoked_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('lost_unnamed', fields.IntField(default=0, db_default=0)),
                ('lost_unnamed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'device', 'app': 'store', 'pk_attr': 'id', 'table_description': 'One browser on one phone, by the id it made for itself. Only the hash of its token is kept.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeviceItem',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('device', fields.ForeignKeyField('store.Device', source_field='device_id', db_index=True, db_constraint=True, to_field='id', related_name='items', on_delete=OnDelete.RESTRICT)),
                ('entry_id', fields.CharField(db_index=True, max_length=36)),
                ('sha256', fields.CharField(max_length=64)),
                ('author', fields.ForeignKeyField('store.Person', source_field='author_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('saved_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('announced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_said_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('state', fields.CharField(max_length=64)),
                ('lost_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'device_item', 'app': 'store', 'unique_together': (('device_id', 'entry_id', 'sha256'),), 'indexes': [Index(fields=['state', 'device_id']), Index(fields=['state', 'author_id'])], 'pk_attr': 'id', 'table_description': 'An unsent entry that a device said it holds: `held` until it has `arrived`, or is there no more: `lost`.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DevicePerson',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('device', fields.ForeignKeyField('store.Device', source_field='device_id', db_index=True, db_constraint=True, to_field='id', related_name='people', on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('store.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('wipe_asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('wiped_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'device_person', 'app': 'store', 'unique_together': (('device_id', 'person_id'),), 'pk_attr': 'id', 'table_description': 'A person whose vault is on a device. `wipe_asked_at` later than `wiped_at` means that it is to go.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='HeldEntry',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('entry_id', fields.CharField(db_index=True, max_length=36)),
                ('sha256', fields.CharField(max_length=64)),
                ('body', fields.TextField(unique=False)),
                ('author', fields.ForeignKeyField('store.Person', source_field='author_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('courier', fields.ForeignKeyField('store.Person', source_field='courier_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('device', fields.CharField(max_length=64)),
                ('resident', fields.ForeignKeyField('store.Resident', source_field='resident_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('premises', fields.ForeignKeyField('store.Premises', source_field='premises_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('author_premises', fields.ForeignKeyField('store.Premises', source_field='author_premises_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('why', fields.CharField(max_length=64)),
                ('occurred_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('clock_offset_ms', fields.BigIntField(null=True)),
                ('since_contact_ms', fields.BigIntField(null=True)),
                ('doubt_ms', fields.BigIntField(default=0, db_default=0)),
                ('outcome', fields.CharField(default='', db_default='', max_length=64)),
                ('reason', fields.TextField(default='', db_default='', unique=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by', fields.ForeignKeyField('store.Person', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'held_entry', 'app': 'store', 'unique_together': (('entry_id', 'sha256'),), 'pk_attr': 'id', 'table_description': 'A well-formed entry of a known author who may no longer log about its resident. A manager decides.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PhoneReminder',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('device', fields.ForeignKeyField('store.Device', source_field='device_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('recipient', fields.ForeignKeyField('store.Person', source_field='recipient_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('silent_since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('last_error', fields.CharField(null=True, max_length=200)),
                ('sent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'phone_reminder', 'app': 'store', 'unique_together': (('device_id', 'recipient_id', 'silent_since'),), 'indexes': [Index(fields=['sent_at', 'failed_at', 'due_at'])], 'pk_attr': 'id', 'table_description': 'An e-mail to one manager: a phone that holds unsent entries has been silent since `silent_since`. Once a silence.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Photo',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=36)),
                ('entry_id', fields.CharField(db_index=True, max_length=36)),
                ('author', fields.ForeignKeyField('store.Person', source_field='author_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sha256', fields.CharField(max_length=64)),
                ('size', fields.BigIntField()),
                ('state', fields.CharField(db_index=True, max_length=64)),
                ('sealed_size', fields.BigIntField(null=True)),
                ('received_bytes', fields.BigIntField(default=0)),
                ('declared_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('complete_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('content', fields.BinaryField(null=True)),
                ('drawing', fields.BinaryField(null=True)),
                ('drawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('width', fields.IntField(null=True)),
                ('height', fields.IntField(null=True)),
            ],
            options={'table': 'photo', 'app': 'store', 'pk_attr': 'id', 'table_description': 'A photo that an entry says it has. `sha256` and `size` are of the picture as the phone drew it, unsealed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PhotoPiece',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('photo', fields.ForeignKeyField('store.Photo', source_field='photo_id', db_index=True, db_constraint=True, to_field='id', related_name='pieces', on_delete=OnDelete.RESTRICT)),
                ('start', fields.BigIntField()),
                ('content', fields.BinaryField()),
            ],
            options={'table': 'photo_piece', 'app': 'store', 'unique_together': (('photo_id', 'start'),), 'pk_attr': 'id', 'table_description': 'Sealed bytes of a photo that is not whole yet, from `start` on.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Entry',
            name='clock_offset_ms',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='Entry',
            name='confirmed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Entry',
            name='disowned_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Entry',
            name='disowned_because',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AddField(
            model_name='Entry',
            name='doubt_ms',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Entry',
            name='since_contact_ms',
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Entry',
            index=Index(fields=['author_id', 'confirmed_at', 'courier_id']),
        ),
        ops.AddIndex(
            model_name='Entry',
            index=Index(fields=['premises_id', 'disowned_at']),
        ),
        ops.AlterModelOptions(
            name='Installation',
            options={'table': 'installation', 'app': 'store', 'pk_attr': 'id', 'table_description': 'One row: what this database was created as, and how much of it is safe elsewhere.'},
        ),
        ops.AddField(
            model_name='Installation',
            name='backed_up_to',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Installation',
            name='backup_verified_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Installation',
            name='restore_epoch',
            field=fields.CharField(default='', db_default='', max_length=36),
        ),
    ]
