"""The catalogue of holidays: what it holds, and what it refuses."""

from datetime import date

import pytest

from serentak.kernel.entries import read
from serentak.platform.holidays import Calendar, holidays


def test_holidays_leave_and_voting_days_are_known() -> None:
    known = holidays()
    assert {date(2024, 11, 27), date(2024, 12, 26), date(2025, 3, 31)} <= known
    assert date(2024, 11, 28) not in known
    assert sum(day.year == 2024 for day in known) == 17 + 10 + 2
    assert sum(day.year == 2025 for day in known) == 17 + 10 + 1


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
