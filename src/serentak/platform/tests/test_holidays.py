"""The calendar of holidays: what it knows, what an installation corrects, and what it refuses."""

from datetime import date

import pytest

from serentak.kernel.entries import read
from serentak.kernel.workdays import add_working_days, is_working_day
from serentak.platform.holidays import Calendar, holidays, is_decreed


@pytest.mark.parametrize(
    ("year", "public", "leave", "votes"),
    [
        (2023, 16, 11, 0),  # joint decree 1066/2022, changed by 624/2023
        (2024, 17, 10, 2),  # joint decree 855/2023; Keppres 10/2024 and 33/2024
        (2025, 17, 11, 0),  # joint decree 1017/2024, changed by 933/2025
    ],
)
def test_a_year_has_the_days_that_were_decreed(
    year: int, public: int, leave: int, votes: int
) -> None:
    assert sum(day.year == year for day in holidays()) == public + leave + votes
    assert is_decreed(year)


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 12, 25),
        date(2023, 12, 26),
        date(2024, 11, 27),
        date(2025, 3, 31),
        date(2026, 3, 20),
        date(2026, 3, 23),
    ],
)
def test_a_clock_stands_on_holidays_and_collective_leave(day: date) -> None:
    assert not is_working_day(day, holidays=holidays())


def test_a_term_over_christmas_of_2023_and_over_idulfitri_of_2026() -> None:
    off = holidays()
    assert add_working_days(date(2023, 12, 22), 3, holidays=off) == date(2023, 12, 29)
    assert add_working_days(date(2026, 3, 17), 3, holidays=off) == date(2026, 3, 27)


def test_a_year_without_a_decree_is_known_as_such() -> None:
    assert not is_decreed(2029)
    assert date(2029, 12, 25) in holidays()


def test_an_installation_corrects_single_days(monkeypatch: pytest.MonkeyPatch) -> None:
    corrected = {
        "sources": {"sk": {}},
        "days": [
            {"date": date(2029, 4, 11), "kind": "ELECTION", "from": "sk"},
            {"date": date(2029, 12, 25), "kind": "WORKING", "from": "sk"},
        ],
        "decreed": [2029],
    }
    monkeypatch.setattr("serentak.platform.holidays.load", lambda *_: read(Calendar, corrected))
    assert is_decreed(2029)
    assert date(2029, 4, 11) in holidays()
    assert date(2029, 12, 25) not in holidays()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "FEAST"}, "days: 2024-01-02: kind: 'FEAST' is none of"),
        ({"from": "rumour"}, "days: 2024-01-02: from: 'rumour' stands nowhere under sources"),
        ({"date": date(2024, 1, 1)}, "days: 2024-01-01: date: stands twice"),
    ],
)
def test_a_wrong_catalogue_is_refused(change: dict[str, object], fault: str) -> None:
    first = {"date": date(2024, 1, 1), "kind": "HOLIDAY", "from": "decree"}
    second = {**first, "date": date(2024, 1, 2), **change}
    with pytest.raises(ValueError, match=fault):
        read(Calendar, {"sources": {"decree": {}}, "days": [first, second]})
