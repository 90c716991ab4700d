"""The kinds of columns that the tables share: ids made by us, words of a known length, and keys to other tables."""

from typing import Any
from uuid import uuid4

from tortoise import fields

ID = 36
NAME = 200
WORD = 64


def new_id() -> str:
    return str(uuid4())


def own_id() -> Any:
    return fields.CharField(ID, primary_key=True, default=new_id)


def fk(model: str, *, null: bool = False, related_name: Any = False, is_indexed: bool = True) -> Any:
    """A foreign key that is indexed (neither database does that by itself) and never cascades: nothing is deleted."""
    options: dict[str, Any] = {"null": null, "related_name": related_name, "db_index": is_indexed}
    return fields.ForeignKeyField(f"store.{model}", on_delete=fields.RESTRICT, **options)


def one_to_one(model: str, *, null: bool = False, related_name: str) -> Any:
    """A foreign key that at most one row may hold."""
    options: dict[str, Any] = {"null": null, "related_name": related_name}
    return fields.OneToOneField(f"store.{model}", on_delete=fields.RESTRICT, **options)
