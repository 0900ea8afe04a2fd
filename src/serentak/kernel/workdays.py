"""Working days: Monday to Friday without the holidays that the caller names."""

from collections.abc import Container
from datetime import date, timedelta

SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date, *, holidays: Container[date]) -> bool:
    """Tell whether offices work on `day`."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(day: date, count: int, *, holidays: Container[date]) -> date:
    """Return the day on which a term of `count` working days that began on `day` ends.

    The day on which it begins is not counted, as in Indonesian procedure; 0 gives `day` itself.
    """
    if count < 0:
        raise ValueError("a term has no negative length")
    while count:
        day += _DAY
        count -= is_working_day(day, holidays=holidays)
    return day


def working_days_between(start: date, end: date, *, holidays: Container[date]) -> int:
    """Return how many working days lie after `start` up to `end`, negative when `end` is earlier.

    The counterpart of `add_working_days`: a term of so many days that began on `start` ends no
    later than `end`.
    """
    if end < start:
        return -working_days_between(end, start, holidays=holidays)
    days = (start + _DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays=holidays) for day in days)
