from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from ap_log.store.models.columns import new_id
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('store', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('based_on', fields.ForeignKeyField('store.PolicyVersion', source_field='based_on_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('document', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('examples', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('revision', fields.IntField(default=1)),
                ('started_by', fields.ForeignKeyField('store.Person', source_field='started_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('changed_by', fields.ForeignKeyField('store.Person', source_field='changed_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('discarded_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('published_as', fields.OneToOneField('store.PolicyVersion', source_field='published_as_id', null=True, db_constraint=True, to_field='id', related_name='draft', on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'policy_draft', 'app': 'store', 'pk_attr': 'id', 'table_description': 'A policy being written: its document as JSON, wrong values kept as they were typed, and its worked examples.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PolicyReading',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('person', fields.ForeignKeyField('store.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('policy', fields.ForeignKeyField('store.PolicyVersion', source_field='policy_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'policy_reading', 'app': 'store', 'unique_together': (('person', 'policy'),), 'pk_attr': 'id', 'table_description': 'A person confirmed that they have read what a published policy changes.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('draft', fields.ForeignKeyField('store.PolicyDraft', source_field='draft_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('draft_revision', fields.IntField()),
                ('text', fields.TextField(unique=False)),
                ('premises', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('asked_by', fields.ForeignKeyField('store.Person', source_field='asked_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('worked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('residents', fields.IntField(null=True)),
                ('residents_done', fields.IntField(default=0)),
                ('summary', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('faults', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'rehearsal', 'app': 'store', 'pk_attr': 'id', 'table_description': 'A draft run over the history of some premises since a time, as if it had been in force then.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RehearsalDifference',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=36)),
                ('rehearsal', fields.ForeignKeyField('store.Rehearsal', source_field='rehearsal_id', db_index=True, db_constraint=True, to_field='id', related_name='differences', on_delete=OnDelete.RESTRICT)),
                ('resident', fields.ForeignKeyField('store.Resident', source_field='resident_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('premises', fields.ForeignKeyField('store.Premises', source_field='premises_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=64)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('entries', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('code', fields.CharField(max_length=8)),
                ('step_then', fields.IntField(null=True)),
                ('outcome_then', fields.CharField(max_length=64)),
                ('step_draft', fields.IntField(null=True)),
                ('outcome_draft', fields.CharField(max_length=64)),
            ],
            options={'table': 'rehearsal_difference', 'app': 'store', 'pk_attr': 'id', 'table_description': 'One episode that a rehearsed draft judges otherwise. A step is None where that side could not judge it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='examples',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='published_by',
            field=fields.ForeignKeyField('store.Person', source_field='published_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='reason',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='withdrawn_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='withdrawn_because',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='PolicyVersion',
            name='withdrawn_by',
            field=fields.ForeignKeyField('store.Person', source_field='withdrawn_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Recommendation',
            name='facts',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
    ]
