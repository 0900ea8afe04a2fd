"""Which days and moments are taken: those of this century, all others are slips of the finger."""

from datetime import UTC, date, datetime

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
"""Whatever is planned, promised or proven lies in these years, and so does all that follows."""

FIRST_MOMENT = datetime(FIRST.year - 1, 12, 31, tzinfo=UTC)
LAST_MOMENT = datetime(LAST.year + 1, 1, 1, tzinfo=UTC)
"""Around those days wherever in Indonesia they begin, which is before Greenwich."""


def is_of_this_century(when: date) -> bool:
    """Tell whether a day, or a moment with its zone, lies in the years that are taken."""
    if isinstance(when, datetime):
        return FIRST_MOMENT <= when <= LAST_MOMENT
    return FIRST <= when <= LAST


def read_day(text: str) -> date:
    """Return the day of 2024-11-27; ValueError for what is none, or none of this century."""
    day = date.fromisoformat(text)
    if not is_of_this_century(day):
        raise ValueError(f"{text!r} lies outside of {FIRST.year} to {LAST.year}")
    return day
