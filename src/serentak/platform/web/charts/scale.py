"""From days and shares to coordinates, and where the ticks go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

CHARACTER = 5.7
"""Width of an average character of chart text, in user units; a guess that keeps labels apart."""


def coordinate(value: float) -> str:
    """Write a coordinate with one decimal at most, whatever the reader's language."""
    return f"{value:.1f}".removesuffix(".0")


def text_width(text: str) -> float:
    """Guess how wide `text` is drawn."""
    return len(text) * CHARACTER


@dataclass(frozen=True, slots=True)
class DayScale:
    """Lays the days from `first` to `last`, both whole, between two x coordinates."""

    first: date
    last: date
    left: float
    right: float

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day of a chart comes before its first")

    def start_of(self, day: date) -> float:
        """Return x where `day` begins, kept within the chart."""
        days = (min(max(day, self.first), self.last + timedelta(1)) - self.first).days
        return self.left + days * self.per_day

    def middle_of(self, day: date) -> float:
        """Return x at noon of `day`."""
        return self.start_of(day) + self.per_day / 2

    def end_of(self, day: date) -> float:
        """Return x where `day` ends."""
        return self.start_of(day + timedelta(1))

    @property
    def per_day(self) -> float:
        """Return the width of a day."""
        return (self.right - self.left) / ((self.last - self.first).days + 1)

    def shows(self, day: date) -> bool:
        """Tell whether `day` lies within the chart."""
        return self.first <= day <= self.last

    def month_ticks(self, room: float = 60) -> Iterator[date]:
        """Yield the first and the fifteenth of each month, or only the first where it is tight."""
        halves = self.per_day * 14 >= room
        day = self.first.replace(day=1)
        while day <= self.last:
            for tick in (day, day.replace(day=15)) if halves else (day,):
                if self.shows(tick):
                    yield tick
            day = (day + timedelta(31)).replace(day=1)

    def countdown_ticks(self, vote_date: date, room: float = 46) -> Iterator[date]:
        """Yield days at round distances from the vote, as many as there is room for."""
        steps = (1, 5, 10, 15, 30, 60, 90)
        step = next((s for s in steps if s * self.per_day >= room), 180)
        behind = (vote_date - self.first).days // step
        day = vote_date - timedelta(behind * step)
        while day <= self.last:
            if self.shows(day):
                yield day
            day += timedelta(step)
