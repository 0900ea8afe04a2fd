"""Which days are no working days: a kept library's calendar, and what the catalogue corrects.

The library `holidays` holds Indonesia's public holidays, collective leave and voting days as the
joint decrees of three ministers and the President set them, decree by decree (docs/adr/0021).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated

from holidays import GOVERNMENT, PUBLIC, country_holidays

from serentak.kernel.entries import Among, Keyed, Named

from .catalogue import load

YEARS = range(2000, 2051)
"""Years whose days are counted; holidays of the Islamic calendar are estimates until decreed."""


def holidays() -> frozenset[date]:
    """Return public holidays, collective leave and voting days, for `kernel.workdays`."""
    calendar = load("platform", "holidays", Calendar)
    on_duty = {day.date for day in calendar.days if day.kind is _Kind.WORKING}
    return (_days_off() | {day.date for day in calendar.days}) - on_duty


def is_decreed(year: int) -> bool:
    """Tell whether a year's collective leave is known: before the decree a term may shift."""
    return year in _decreed() or year in load("platform", "holidays", Calendar).decreed


@cache
def _days_off() -> frozenset[date]:
    return frozenset(country_holidays("ID", years=YEARS, categories=(PUBLIC, GOVERNMENT)))


@cache
def _decreed() -> frozenset[int]:
    leave = country_holidays("ID", years=YEARS, categories=(GOVERNMENT,))
    return frozenset(day.year for day in leave)


class _Kind(StrEnum):
    HOLIDAY = "HOLIDAY"
    LEAVE = "LEAVE"
    ELECTION = "ELECTION"
    WORKING = "WORKING"


@dataclass(frozen=True, slots=True)
class _Day:
    date: Keyed[date]
    kind: _Kind
    source: Annotated[str, Named("from"), Among("sources")]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Corrections: each day once, of a known kind, with a source; years decreed since."""

    sources: Mapping[str, object]
    days: tuple[_Day, ...]
    decreed: tuple[int, ...] = ()
