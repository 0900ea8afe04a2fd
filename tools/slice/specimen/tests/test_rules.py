"""Checks: what is plausible, and which status and press follow."""

from datetime import date
from typing import Any

import pytest

from serentak.kernel.pressing import Harm, Press
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.specimen.rules import (
    Checks,
    Thresholds,
    press_of,
    require_plausible,
    status_of,
)

TODAY = date(2024, 10, 28)
NUMBERS = Thresholds(unheard_days=7, late_below=0.8, silent_share=0.5)
GIVEN: dict[str, Any] = {
    "looked_at": 10,
    "in_order": 8,
    "checked_date": TODAY,
    "source": "Officer",
    "today": TODAY,
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"looked_at": 1, "in_order": 0},
        {"looked_at": 100_000},
        {"in_order": 10},
        {"checked_date": date(2024, 1, 1)},
    ],
)
def test_what_can_be_true_is_taken(changes: dict[str, Any]) -> None:
    require_plausible(**{**GIVEN, **changes})


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"looked_at": 0, "in_order": 0}, "count_is_absurd", "looked_at"),
        ({"looked_at": 100_001}, "count_is_absurd", "looked_at"),
        ({"in_order": -1}, "more_in_order_than_looked_at", "in_order"),
        ({"in_order": 11}, "more_in_order_than_looked_at", "in_order"),
        ({"checked_date": date(2024, 10, 29)}, "day_lies_ahead", "checked_date"),
        ({"source": "  "}, "source_is_missing", "source"),
    ],
)
def test_what_cannot_be_true_is_refused(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        require_plausible(**{**GIVEN, **changes})
    assert (refused.value.code, refused.value.field) == (f"specimen.{code}", field)


@pytest.mark.parametrize(
    ("checks", "status", "amiss"),
    [
        (Checks(), Status.NO_REPORT, 0),
        (Checks(10, 10), Status.ON_TRACK, 0),
        (Checks(10, 9), Status.AT_RISK, 1),
        (Checks(10, 8), Status.AT_RISK, 2),
        (Checks(10, 7), Status.LATE, 3),
        (Checks(10, 0), Status.LATE, 10),
    ],
)
def test_status_and_press_follow_from_the_share(checks: Checks, status: Status, amiss: int) -> None:
    assert status_of(checks, silent=0, below=0, thresholds=NUMBERS) is status
    assert press_of(checks) == Press(Harm.TIMETABLE, reach=amiss)


def test_checks_add_up() -> None:
    assert Checks(10, 8) + Checks(5, 5) == Checks(15, 13)
    assert (Checks(15, 13).amiss, Checks().share) == (2, None)


@pytest.mark.parametrize(
    ("checks", "silent", "below", "status"),
    [
        (Checks(), 0, 4, "NO_REPORT"),
        (Checks(10, 10), 0, 4, "ON_TRACK"),
        (Checks(10, 10), 1, 4, "ON_TRACK"),
        (Checks(10, 10), 2, 4, "NO_REPORT"),
        (Checks(10, 10), 4, 4, "NO_REPORT"),
        (Checks(10, 9), 4, 4, "AT_RISK"),
        (Checks(10, 7), 4, 4, "LATE"),
    ],
)
def test_silence_is_never_green_and_hides_no_bad_news(
    checks: Checks, silent: int, below: int, status: str
) -> None:
    found = status_of(checks, silent=silent, below=below, thresholds=NUMBERS)
    assert found is Status(status)
