"""Working days: Monday to Friday without the holidays that the caller names."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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


@dataclass(frozen=True, slots=True)
class DaysOff(Container[date]):
    """The days on which a clock stands still: all but working days.

    From `first` to `last`, both included, no day is off.
    """

    holidays: Container[date]
    first: date = date.max
    last: date = date.min

    def __contains__(self, day: object) -> bool:
        """Tell whether `day` is off."""
        return (
            isinstance(day, date)
            and not self.first <= day <= self.last
            and not is_working_day(day, holidays=self.holidays)
        )


def add_hours(start: datetime, hours: int, *, off: Container[date]) -> datetime:
    """Return when a clock has run for `hours` that began at `start` and stands still on days `off`.

    `start` is in local time: its date says which day it is.
    """
    if hours < 0:
        raise ValueError("a term has no negative length")
    left = timedelta(hours=hours)
    while True:
        midnight = datetime.combine(start.date() + _DAY, time(), tzinfo=start.tzinfo)
        if start.date() not in off:
            if left <= midnight - start:
                return start + left
            left -= midnight - start
        start = midnight
