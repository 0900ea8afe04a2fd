"""Days around the vote: people speak of a day as H-30, so every date can say its distance."""

import re
from datetime import date, timedelta

_SHAPE = re.compile(r"H(?:([+-])(\d{1,4}))?")


def days_after_vote(day: date, *, vote_date: date) -> int:
    """Return whole days from the vote to `day`; negative before the vote."""
    return (day - vote_date).days


def countdown_label(day: date, *, vote_date: date) -> str:
    """Return `H-30`, `H` or `H+2`."""
    return countdown_text(days_after_vote(day, vote_date=vote_date))


def countdown_text(days: int) -> str:
    """Return how a day so many days after the vote is called: `H-30`, `H` or `H+2`."""
    return f"H{days:+d}" if days else "H"


def parse_countdown(text: str) -> int:
    """Return the days after the vote that `H-30`, `H` or `H+2` means; ValueError otherwise."""
    match = _SHAPE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not of the form H-30, H or H+2")
    return int(f"{match[1]}{match[2]}") if match[1] else 0


def day_of(countdown: int, *, vote_date: date) -> date:
    """Return the date `countdown` days after the vote (negative: before)."""
    return vote_date + timedelta(days=countdown)
