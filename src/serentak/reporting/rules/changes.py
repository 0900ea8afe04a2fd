"""What changed since yesterday: each figure before and now, and whether that is worse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from serentak.kernel.area import Better
from serentak.kernel.briefing import Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status


@dataclass(frozen=True, slots=True)
class Change:
    """A figure on two days; `is_worse` is None where neither way is better."""

    focus: Focus
    code: str
    unit: str
    before: float
    now: float
    is_worse: bool | None

    @property
    def difference(self) -> float:
        """Now minus before."""
        return self.now - self.before


SAME_HOUR = timedelta(hours=2)
"""How far apart two moments of the day may lie to be compared: a morning is no evening."""


def is_same_hour(before: datetime, now: datetime) -> bool:
    """Tell whether a moment is compared with the day before at the same hour of the day."""
    return abs(now - before - timedelta(days=1)) <= SAME_HOUR


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A place whose status in an area is another one than yesterday."""

    focus: Focus
    place: PlaceCode
    before: Status
    now: Status


def figure_changes(
    before: Mapping[Focus, tuple[Figure, ...]],
    now: Mapping[Focus, tuple[Figure, ...]],
    better: Mapping[str, Better | None],
) -> list[Change]:
    """Return the figures that both days have, in the order of today's; equal ones included."""
    found = []
    for focus, figures in now.items():
        old = {figure.code: figure.value for figure in before.get(focus, ())}
        for figure in figures:
            was = old.get(figure.code)
            if figure.value is None or was is None:
                continue
            worse = is_worse(was, figure.value, better.get(figure.code))
            found.append(Change(focus, figure.code, figure.unit, was, figure.value, worse))
    return found


def is_worse(before: float, now: float, better: Better | None) -> bool | None:
    """Tell whether a figure got worse; None where neither way is better."""
    if better is None:
        return None
    return now < before if better is Better.UP else now > before


def status_changes(
    before: Mapping[tuple[PlaceCode, Focus], Status], now: Mapping[tuple[PlaceCode, Focus], Status]
) -> list[StatusChange]:
    """Return the places whose status changed, in the order of their codes."""
    return [
        StatusChange(focus, place, before[place, focus], status)
        for (place, focus), status in sorted(now.items())
        if (place, focus) in before and before[place, focus] is not status
    ]
