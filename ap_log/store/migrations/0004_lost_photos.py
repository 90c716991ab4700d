from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.schema_generator.state import State


class RenameUniqueField(ops.RenameField):
    """Tortoise's own leaves the old name in `unique_together`, and SQLite cannot drop and make a constraint anew.

    The databases themselves rename the column in the constraint.
    """

    def state_forward(self, app_label: str, state: State) -> None:
        super().state_forward(app_label, state)
        options = self.get_model_state(state, app_label, self.model_name).options
        names = {self.old_name: self.new_name}
        options["unique_together"] = tuple(
            tuple(names.get(field, field) for field in fields) for fields in options["unique_together"]
        )
        state.reload_model(app_label, self.model_name)


_FILL = """
    UPDATE photo SET {column} = COALESCE(
        (SELECT {value} FROM entry WHERE entry.entry_id = photo.entry_id ORDER BY version LIMIT 1),
        (SELECT {value} FROM held_entry WHERE held_entry.entry_id = photo.entry_id ORDER BY received_at LIMIT 1))
"""


class Migration(migrations.Migration):
    dependencies = [('store', '0003_phones')]

    initial = False

    operations = [
        RenameUniqueField(
            model_name='DeviceItem',
            old_name='entry_id',
            new_name='item_id',
        ),
        ops.AddField(
            model_name='DeviceItem',
            name='photo_of',
            field=fields.CharField(null=True, max_length=36),
        ),
        ops.AddField(
            model_name='Photo',
            name='device_id',
            field=fields.CharField(null=True, max_length=36),
        ),
        ops.AddField(
            model_name='Photo',
            name='saved_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        # What has not come of entries that are here is watched from now on.
        ops.RunSQL(_FILL.format(column='device_id', value='device')),
        ops.RunSQL(_FILL.format(column='saved_at', value='recorded_at')),
        ops.AddField(
            model_name='Device',
            name='cleared_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Photo',
            index=Index(fields=['device_id', 'state']),
        ),
    ]
