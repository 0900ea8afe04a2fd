"""Terms in working days, around weekends and holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.kernel.workdays import (
    DaysOff,
    add_hours,
    add_working_days,
    is_working_day,
    working_days_between,
)

FRIDAY = date(2024, 10, 25)
MONDAY = date(2024, 10, 28)
VOTE = date(2024, 11, 27)
HOLIDAYS = frozenset({VOTE})

DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 31))
SETS = st.frozensets(DAYS, max_size=40)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (date(2024, 10, 26), 1, MONDAY),
        (FRIDAY, 3, date(2024, 10, 30)),
        (date(2024, 11, 26), 1, date(2024, 11, 28)),
        (date(2024, 11, 22), 10, date(2024, 12, 9)),
    ],
)
def test_a_term_leaves_out_weekends_and_holidays(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count, holidays=HOLIDAYS) == end


def test_a_term_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^a term has no negative length$"):
        add_working_days(FRIDAY, -1, holidays=HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2024, 10, 27), 0),
        (FRIDAY, MONDAY, 1),
        (MONDAY, FRIDAY, -1),
        (date(2024, 11, 26), date(2024, 11, 28), 1),
    ],
)
def test_days_between(start: date, end: date, count: int) -> None:
    assert working_days_between(start, end, holidays=HOLIDAYS) == count


@settings(deadline=None)
@given(DAYS, st.integers(0, 60), SETS)
def test_adding_and_counting_agree(start: date, count: int, holidays: frozenset[date]) -> None:
    end = add_working_days(start, count, holidays=holidays)
    assert working_days_between(start, end, holidays=holidays) == count
    assert count == 0 or is_working_day(end, holidays=holidays)
    assert (
        count == 0
        or working_days_between(start, end - timedelta(days=1), holidays=holidays) == count - 1
    )


@settings(deadline=None)
@given(DAYS, DAYS, SETS)
def test_counting_back_is_counting_with_a_minus(
    one: date, other: date, holidays: frozenset[date]
) -> None:
    if one != other:
        there = working_days_between(one, other, holidays=holidays)
        assert there == -working_days_between(other, one, holidays=holidays)


@settings(deadline=None)
@given(DAYS, st.integers(0, 23), st.integers(0, 400), SETS, st.tuples(DAYS, DAYS))
def test_a_clock_runs_hour_by_hour_on_all_days_but_those_off(
    day: date, hour: int, hours: int, holidays: frozenset[date], every_day: tuple[date, date]
) -> None:
    off = DaysOff(holidays, *every_day)
    at = datetime.combine(day, time(hour), tzinfo=UTC)
    end = add_hours(at, hours, off=off)
    while at.date() in off:
        at += timedelta(hours=1)
    while hours:
        hours -= at.date() not in off
        at += timedelta(hours=1)
    assert end == at


def test_a_clock_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^a term has no negative length$"):
        add_hours(datetime(2024, 10, 25, tzinfo=UTC), -1, off=())


def test_only_days_are_off() -> None:
    off = DaysOff(HOLIDAYS, date(2024, 11, 20), date(2024, 11, 28))
    assert VOTE not in off
    assert date(2024, 11, 30) in off
    assert "2024-11-30" not in off
