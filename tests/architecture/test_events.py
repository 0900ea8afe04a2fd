"""What stands in an event for ever is nobody's words: each text is declared, or kept apart."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from importlib import import_module
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from serentak.kernel.codes import PlaceCode
from serentak.platform.audit import HARMLESS, PERSONAL, Code, Event

from .house import SOURCE

PLAIN = (bool, int, float, date, datetime, Decimal, Enum, type(None))
HOLDERS = (tuple, list, set, frozenset, Sequence, Mapping, dict)


def is_declared(kind: Any) -> bool:
    """Tell whether a type cannot hold people's words, or says that it holds none."""
    if HARMLESS in getattr(kind, "__metadata__", ()) or kind in (PlaceCode, ...):
        return True
    if get_origin(kind) in (Union, types.UnionType, *HOLDERS):
        return all(is_declared(part) for part in get_args(kind))
    return isinstance(kind, type) and issubclass(kind, PLAIN)


def undeclared(event: type[Event]) -> list[str]:
    """Return the fields of an event that are neither personal nor declared harmless."""
    hints = get_type_hints(event, include_extras=True)
    common = {item.name for item in fields(Event)}
    return [
        f"{event.__name__}.{item.name}"
        for item in fields(event)
        if item.name not in common
        and not item.metadata.get("personal")
        and not is_declared(hints[item.name])
    ]


def events() -> Iterator[type[Event]]:
    """Yield every event of the house."""
    for path in sorted(SOURCE.glob("*/events.py")):
        module = import_module(f"serentak.{path.parent.name}.events")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
                yield kind


def test_every_text_of_an_event_is_declared() -> None:
    assert len(list(events())) > 50
    assert [fault for event in events() for fault in undeclared(event)] == [], (
        "say in events.py what each of these texts is: people's words or names are "
        "`field(metadata=PERSONAL)` and are kept apart; a code, key or document's number is a `Code`; "
        "what else can hold no words is `Annotated[…, HARMLESS]`"
    )


class Planted(Event):
    """An event with four faults, and everything that is none."""

    text: str
    rows: Sequence[Mapping[str, Any]]
    names: tuple[str, ...]
    said: str | None
    state: Code
    states: tuple[Code, ...]
    day: date | None
    where: tuple[PlaceCode, ...]
    counts: Mapping[Code, int]
    table: Annotated[Sequence[Mapping[str, Any]], HARMLESS]
    note: str = field(metadata=PERSONAL)


def test_a_text_that_is_not_declared_is_caught() -> None:
    assert undeclared(Planted) == [f"Planted.{name}" for name in ("text", "rows", "names", "said")]
