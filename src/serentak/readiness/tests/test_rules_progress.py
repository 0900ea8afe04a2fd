"""Status of an activity, and when its report is due."""

import pytest

from serentak.kernel.status import Status
from serentak.readiness.rules.progress import (
    activity_status,
    days_unheard,
    has_begun,
    is_report_due,
    is_silent,
)
from serentak.readiness.rules.schedule import Slot, Work

from .builders import shipped_thresholds

THRESHOLDS = shipped_thresholds()


def slot(to_target: int = 2, to_deadline: int = 4) -> Slot:
    return Slot(
        ready=-31,
        remaining=5,
        finish=-26,
        latest=-20,
        slack_to_target=to_target,
        slack_to_deadline=to_deadline,
        startable=True,
        waits_for=(),
        dependents=frozenset(),
    )


@pytest.mark.parametrize(
    ("work", "where", "last_day", "expected"),
    [
        # finished, whatever else
        (Work(10, 10, -20), None, None, Status.DONE),
        (Work(10, 12, -40), None, -100, Status.DONE),
        # dropped: counts nowhere
        (Work(10, 3, -20, dropped=True), None, -31, None),
        # past its target: late once heard of, else silent
        (Work(10, 9, -31), slot(-5, 3), -31, Status.LATE),
        (Work(10, 9, -31), slot(-5, 3), -60, Status.LATE),
        (Work(10, None, -31), slot(-5, 3), None, Status.NO_REPORT),
        # on the day of its target it is not yet late
        (Work(10, 9, -30), slot(0, 3), -30, Status.ON_TRACK),
        # silent: reports every three days, last heard four days ago
        (Work(10, 5, -28), slot(2, 4), -34, Status.NO_REPORT),
        (Work(10, 5, -28), slot(-2, -4), -34, Status.NO_REPORT),
        (Work(10, 5, -28), slot(2, 4), -33, Status.ON_TRACK),
        # heard of, but the forecast misses target or deadline
        (Work(10, 5, -28), slot(-1, 4), -31, Status.AT_RISK),
        (Work(10, 5, -28), slot(3, -1), -31, Status.AT_RISK),
        (Work(10, 5, -28), slot(0, 0), -31, Status.ON_TRACK),
        # its time has not come: nobody owes a report
        (Work(10, None, -10), slot(9, 9), None, Status.ON_TRACK),
        (Work(10, None, -10), slot(-1, 9), None, Status.AT_RISK),
    ],
)
def test_status_of_an_activity_on_h_30(
    work: Work, where: Slot | None, last_day: int | None, expected: Status | None
) -> None:
    unheard = days_unheard(work, last_day, likely=10, today=-30)
    status = activity_status(
        work,
        where,
        was_heard=last_day is not None,
        silent=is_silent(unheard, every=3),
        today=-30,
        thresholds=THRESHOLDS,
    )
    assert status is expected


@pytest.mark.parametrize(
    ("target_day", "done", "begun"),
    [(-21, None, True), (-20, None, False), (-10, None, False), (-10, 1, True), (-10, 0, False)],
)
def test_work_of_ten_days_should_begin_ten_days_before_its_target(
    target_day: int, done: int | None, begun: bool
) -> None:
    assert has_begun(Work(10, done, target_day), likely=10, today=-30) is begun


@pytest.mark.parametrize(
    ("last_day", "unheard", "due", "silent"),
    [
        (-30, 0, False, False),
        (-31, 1, False, False),
        (-32, 2, False, False),
        (-33, 3, True, False),
        (-34, 4, True, True),
        (-99, 9, True, True),  # counted from when it should have begun
        (None, 9, True, True),
        (-29, 0, False, False),  # a report from after midnight elsewhere
    ],
)
def test_a_report_is_due_after_its_interval_and_silence_begins_the_day_after(
    last_day: int | None, unheard: int, due: bool, silent: bool
) -> None:
    found = days_unheard(Work(10, 5, -29), last_day, likely=10, today=-30)
    assert found == unheard
    assert is_report_due(found, every=3) is due
    assert is_silent(found, every=3) is silent


@pytest.mark.parametrize(
    "work", [Work(10, 10, -25), Work(10, 5, -25, dropped=True), Work(10, None, -5)]
)
def test_nobody_owes_a_report_on_what_is_finished_dropped_or_not_begun(work: Work) -> None:
    unheard = days_unheard(work, None, likely=10, today=-30)
    assert unheard is None
    assert not is_report_due(unheard, every=1)
    assert not is_silent(unheard, every=1)


def test_daily_reports_are_due_on_the_first_day_and_missed_on_the_second() -> None:
    unheard = [days_unheard(Work(10, None, -21), None, likely=10, today=d) for d in (-31, -30, -29)]
    assert [is_report_due(days, every=1) for days in unheard] == [False, True, True]
    assert [is_silent(days, every=1) for days in unheard] == [False, False, True]
