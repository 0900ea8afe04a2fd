"""Which days and moments are taken."""

from datetime import UTC, date, datetime

import pytest

from serentak.kernel.century import is_of_this_century, read_day


@pytest.mark.parametrize(
    ("when", "is_taken"),
    [
        (date.min, False),
        (date(1999, 12, 31), False),
        (date(2000, 1, 1), True),
        (date(2100, 12, 31), True),
        (date(2101, 1, 1), False),
        (date.max, False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(2024, 11, 27, 7, tzinfo=UTC), True),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), False),
    ],
)
def test_days_and_moments_of_this_century_are_taken(when: date, is_taken: bool) -> None:
    assert is_of_this_century(when) is is_taken


@pytest.mark.parametrize("text", ["", "2024-13-01", "0001-01-01", "1999-12-31", "9999-12-31"])
def test_other_days_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"lies outside|isoformat|month"):
        read_day(text)
    assert read_day("2024-11-27") == date(2024, 11, 27)
