"""What a slice tells of a row, taken over from the row's columns by their names."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def card_of(kind: type[T], row: object, /, **said: Any) -> T:
    """Return a dataclass filled with what `row` says under the names of its fields, and `said`.

    `row` is a row of a model, or a mapping as `values()` gives it. A foreign key is said, or taken
    by its `…_id`: its name alone would ask the database.
    """
    named = [field.name for field in fields(kind) if field.name not in said]  # type: ignore[arg-type]
    if isinstance(row, Mapping):
        return kind(**{name: row[name] for name in named}, **said)
    return kind(**{name: getattr(row, name) for name in named}, **said)
