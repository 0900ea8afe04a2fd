"""Cards: what pages show of a row, apart from the row."""

from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def filled(kind: type[T], row: object, /, **told: Any) -> T:
    """Return the dataclass `kind` with what is `told`, and its other fields as the row has them.

    A foreign key is told, or taken by its `…_id`: its name alone would ask the database.
    """
    whole: Any = kind
    names = [field.name for field in fields(whole) if field.name not in told]
    return kind(**{name: getattr(row, name) for name in names}, **told)
