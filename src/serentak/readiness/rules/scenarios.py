"""What somebody tries on the forecast, as it is stored: read, checked, and told to the engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Fault, Refused

if TYPE_CHECKING:
    from .forecast import WhatIf

MOST_CHANGES = 12
"""More at once nobody can judge."""


class ChangeKind(StrEnum):
    """What is changed."""

    PERSON = "PERSON"
    VEHICLE = "VEHICLE"
    DAYS = "DAYS"
    DURATION = "DURATION"
    DROP = "DROP"
    SHOCK = "SHOCK"


AMOUNTS: Mapping[ChangeKind, tuple[float, float]] = {
    ChangeKind.PERSON: (1, 100),
    ChangeKind.VEHICLE: (1, 100),
    ChangeKind.DAYS: (-100, 100),
    ChangeKind.SHOCK: (0, 100),
}
"""Between what the amount of a change lies: people, vehicles, days, chance of 100."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of an activity at a place, or (SHOCK) a shock with its chance of 100 there.

    `amount` counts people, vehicles or days (fewer: below zero); `days` are three durations.
    """

    kind: ChangeKind
    place: PlaceCode
    key: str
    amount: float = 0
    days: tuple[float, float, float] | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def read_changes(stored: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Return changes as they were stored."""
    return tuple(
        Change(
            ChangeKind(one["kind"]),
            PlaceCode(one["place"]),
            str(one["key"]),
            float(one.get("amount") or 0),
            tuple(one["days"]) if one.get("days") else None,
        )
        for one in stored
    )


def check_changes(changes: Sequence[Change]) -> None:
    """Refuse what is no change, each fault with its row; what the engine knows it checks itself."""
    if not changes:
        raise Refused("readiness.scenario_changes_nothing")
    if len(changes) > MOST_CHANGES:
        raise Refused("readiness.scenario_changes_too_much", most=MOST_CHANGES)
    if faults := list(_faults(changes)):
        raise Refused.of(*faults)


def _faults(changes: Sequence[Change]) -> Iterator[Fault]:
    known: dict[tuple[ChangeKind, PlaceCode, str], int] = {}
    for row, one in enumerate(changes, 1):
        if first := known.setdefault((one.kind, one.place, one.key), row) - row:
            yield Fault("readiness.change_is_repeated", "", {"first": row + first}, row)
        if one.kind is ChangeKind.DURATION:
            low, likely, high = one.days or (1, 0, 0)
            if not 0 <= low <= likely <= high:
                yield Fault("readiness.durations_are_out_of_order", "", {}, row)
            continue
        bounds = AMOUNTS.get(one.kind)
        if bounds and not (isfinite(one.amount) and bounds[0] <= one.amount <= bounds[1]):
            params = {"amount": one.amount, "least": bounds[0], "most": bounds[1]}
            yield Fault("readiness.amount_is_out_of_range", "", params, row)
        elif one.kind is ChangeKind.DAYS and not one.amount:
            yield Fault("readiness.days_change_nothing", "", {}, row)


def what_if(changes: Sequence[Change], *, crews: Mapping[str, int]) -> "WhatIf":
    """Return changes as the engine takes them; `crews` says how many people or vehicles there are.

    This loads NumPy.
    """
    from .forecast import Strike, WhatIf
    from .shocks import ThreePoints

    factors: dict[tuple[PlaceCode, str], float] = {}
    for one in changes:
        if one.kind in (ChangeKind.PERSON, ChangeKind.VEHICLE):
            crew = crews[one.kind.value.lower()]
            node = (one.place, one.key)
            factors[node] = factors.get(node, 1.0) * crew / (crew + one.amount)
    return WhatIf(
        durations={
            (one.place, one.key): ThreePoints(*one.days)
            for one in changes
            if one.kind is ChangeKind.DURATION and one.days
        },
        factors=factors,
        days={(one.place, one.key): one.amount for one in changes if one.kind is ChangeKind.DAYS},
        dropped=frozenset((one.place, one.key) for one in changes if one.kind is ChangeKind.DROP),
        strikes=tuple(
            Strike(one.key, (one.place,), one.amount / 100)
            for one in changes
            if one.kind is ChangeKind.SHOCK
        ),
    )
