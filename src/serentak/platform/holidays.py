"""Which days are no working days: the catalogue of holidays, which an installation may replace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import Among, Keyed, Named

from .catalogue import load


def holidays() -> frozenset[date]:
    """Return public holidays, collective leave and voting days, for `kernel.workdays`."""
    return frozenset(day.date for day in load("platform", "holidays", Calendar).days)


class _Kind(StrEnum):
    HOLIDAY = "HOLIDAY"
    LEAVE = "LEAVE"
    ELECTION = "ELECTION"


@dataclass(frozen=True, slots=True)
class _Day:
    date: Keyed[date]
    kind: _Kind
    source: Annotated[str, Named("from"), Among("sources")]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Each day once, of a known kind, with a source."""

    sources: Mapping[str, object]
    days: tuple[_Day, ...]
