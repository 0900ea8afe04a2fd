"""Rows of the database: those of a place, and as frozen dataclasses."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_type_hints

from django.db.models import Q, QuerySet

from serentak.kernel.codes import PlaceCode, subtree_range

C = TypeVar("C")


def within(place: PlaceCode, field: str = "place") -> Q:
    """Return the condition for rows with `field` at or under a place."""
    low, high = subtree_range(place)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


@cache
def _columns(kind: Any) -> dict[str, Callable[[Any], Any] | None]:
    """Return the fields of a dataclass, each with what finds the member of its enum, if it is one.

    A member is looked up in the enum's table of values: calling the enum takes ten times as long.
    """
    hints = get_type_hints(kind)
    enums = {n: h for n, h in hints.items() if isinstance(h, type) and issubclass(h, Enum)}
    return {
        field.name: enums[field.name]._value2member_map_.__getitem__
        if field.name in enums
        else None
        for field in fields(kind)
    }


def rows_as(kind: Callable[..., C], rows: QuerySet[Any], **named: str) -> list[C]:
    """Return rows as `kind`; one query. `named` gives the column of a field that is called else."""
    columns = _columns(kind)
    stored = zip(*rows.values_list(*(named.get(name, name) for name in columns)), strict=True)
    made = [map(make, v) if make else v for make, v in zip(columns.values(), stored, strict=False)]
    return list(map(kind, *made)) if made else []
