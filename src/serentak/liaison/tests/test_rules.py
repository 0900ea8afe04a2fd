"""What is still missing of a request, and on which day the clock of a crime ends."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.entries import read
from serentak.liaison import queries
from serentak.liaison.rules import (
    CRIME_TRANSITIONS,
    ENDS,
    AidState,
    CrimeEvent,
    Crimes,
    CrimeState,
    Stage,
    Unit,
    answer_due,
    shortage,
)
from serentak.platform.holidays import holidays

CRIMES = files("serentak.liaison") / "catalogue" / "crimes.yaml"


def counted(start: date, days: int, unit: Unit, off: frozenset[date]) -> date:
    """Count day by day, as a clerk does with a calendar."""
    day, left = start, days
    while left:
        day += timedelta(days=1)
        if unit is Unit.CALENDAR or (day.weekday() < 5 and day not in off):
            left -= 1
    return day


@given(
    st.dates(date(2024, 9, 1), date(2025, 4, 30)),
    st.sampled_from(list(queries.crimes_catalogue().stages.values())),
    st.booleans(),
)
def test_clocks_end_where_a_clerk_counts_them_to(start: date, stage: Stage, extended: bool) -> None:
    days = stage.days + (stage.more if extended else 0)
    expected = counted(start, days, stage.unit, holidays())
    assert stage.due(start, is_extended=extended, holidays=holidays()) == expected


@pytest.mark.parametrize(
    ("state", "start", "extended", "due"),
    [
        # Friday: the supervisor's days run over the weekend, the police's do not.
        ("STUDY", date(2024, 10, 25), False, date(2024, 10, 28)),
        ("STUDY", date(2024, 10, 25), True, date(2024, 10, 30)),
        ("INVESTIGATION", date(2024, 10, 28), False, date(2024, 11, 15)),
        # 27 November 2024, the day of the vote, is no working day.
        ("PROSECUTION", date(2024, 11, 25), False, date(2024, 11, 29)),
        ("PROSECUTION", date(2024, 11, 25), True, date(2024, 12, 4)),
        # Christmas and its leave, then New Year.
        ("COURT", date(2024, 12, 20), False, date(2025, 1, 3)),
        ("KNOWN", date(2024, 12, 24), False, date(2024, 12, 31)),
    ],
)
def test_clocks_over_weekends_and_holidays(
    state: str, start: date, extended: bool, due: date
) -> None:
    stage = queries.crimes_catalogue().stages[CrimeState(state)]
    assert stage.due(start, is_extended=extended, holidays=holidays()) == due


@pytest.mark.parametrize(
    ("granted", "state", "missing"),
    [
        (None, AidState.ASKED, 6),
        (4, AidState.PROMISED, 2),
        (6, AidState.ARRIVED, 0),
        (None, AidState.REFUSED, 6),
        (4, AidState.WITHDRAWN, 0),
    ],
)
def test_what_is_missing(granted: int | None, state: AidState, missing: int) -> None:
    assert shortage(6, granted, state) == missing


def test_every_crime_comes_to_an_end() -> None:
    reached = {CrimeState.KNOWN}
    while True:
        more = {after for (at, _), after in CRIME_TRANSITIONS.items() if at in reached}
        if more <= reached:
            break
        reached |= more
    assert reached == set(CrimeState)
    assert all(not CRIME_TRANSITIONS.events_at(state) for state in ENDS)


def test_the_reader_refuses_a_stage_without_a_clock() -> None:
    raw: Any = yaml.safe_load(CRIMES.read_text("utf-8"))
    del raw["stages"]["COURT"], raw["stages"]["STUDY"]["more"]
    with pytest.raises(ValueError, match="each stage has its clock") as caught:
        read(Crimes, raw)
    assert "may be extended" in str(caught.value)
    assert CrimeEvent.EXTEND in {event for _, event in CRIME_TRANSITIONS}


def test_levels_rise_and_things_have_givers() -> None:
    found = queries.settings()
    assert list(found.levels) == ["normal", "watch", "alert", "emergency"]
    assert all(thing.of for thing in found.things.values())


def test_what_is_needed_later_may_be_answered_within_a_day() -> None:
    now, hour = datetime(2024, 10, 28, 2, tzinfo=UTC), timedelta(hours=1)
    assert answer_due(now, now + hour, 2) == now + hour, "never after it is needed"
    assert answer_due(now, now + 48 * hour, 2) == now + 2 * hour
    assert answer_due(now, now + 23 * 24 * hour, 2) == now + 24 * hour
