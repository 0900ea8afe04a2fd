"""Rows of the database as frozen dataclasses: each field is the column of its name."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_type_hints

from django.db.models import QuerySet

C = TypeVar("C")


@cache
def _columns(kind: Any) -> dict[str, Callable[[Any], Any] | None]:
    """Return the fields of a dataclass, each with the enum of which it holds a member, if any."""
    hints = get_type_hints(kind)
    enums = {n: h for n, h in hints.items() if isinstance(h, type) and issubclass(h, Enum)}
    return {field.name: enums.get(field.name) for field in fields(kind)}


def rows_as(kind: Callable[..., C], rows: QuerySet[Any], **named: str) -> list[C]:
    """Return rows as `kind`; one query. `named` gives the column of a field that is called else."""
    columns = _columns(kind)
    makes = tuple(columns.values())
    return [
        kind(*(make(value) if make else value for make, value in zip(makes, values, strict=True)))
        for values in rows.values_list(*(named.get(name, name) for name in columns))
    ]
