"""The four groups, one row for each way into them."""

from __future__ import annotations

import pytest

from serentak.readiness.rules.priority import Group, Priority, Reason, prioritise
from serentak.readiness.rules.schedule import Slot, Work

from .builders import catalogue_of, raw_activity, shipped_thresholds

THRESHOLDS = shipped_thresholds()
CATALOGUE = catalogue_of(
    raw_activity("needed"),
    raw_activity("part", drop="partly", miss="F"),
    raw_activity("extra", drop="fully", miss="G"),
    raw_activity("legal", deadline={"kind": "LEGAL"}),
    raw_activity("office", deadline={"kind": "ADMINISTRATIVE"}),
)


def judged(
    key: str = "needed",
    *,
    work: Work | None = None,
    to_target: int = 20,
    to_deadline: int = 20,
    startable: bool = True,
    remaining: int = 4,
    dependents: frozenset[str] = frozenset(),
) -> Priority:
    return prioritise(
        CATALOGUE.activities[key],
        work or Work(10, None, -10),
        Slot(
            ready=-31,
            remaining=remaining,
            finish=-27,
            latest=-7,
            slack_to_target=to_target,
            slack_to_deadline=to_deadline,
            startable=startable,
            waits_for=(),
            dependents=dependents,
        ),
        stations=100,
        voters=40_000,
        today=-30,
        thresholds=THRESHOLDS,
        catalogue=CATALOGUE,
    )


@pytest.mark.parametrize(
    ("case", "group", "reason", "days"),
    [
        # may be dropped
        ({"key": "extra"}, Group.MAY_BE_DROPPED, Reason.NOTHING_HANGS_ON_IT, 20),
        (
            {"key": "extra", "dependents": frozenset({"extra"})},
            Group.MAY_BE_DROPPED,
            Reason.NOTHING_HANGS_ON_IT,
            20,
        ),
        (
            {"key": "extra", "dependents": frozenset({"needed"}), "to_target": -2},
            Group.FINISH_NOW,
            Reason.TARGET_OUT_OF_REACH,
            2,
        ),
        (
            {"key": "part", "work": Work(10, 5, -31), "to_target": -4},
            Group.MAY_BE_DROPPED,
            Reason.REST_MAY_BE_DROPPED,
            4,
        ),
        (
            {"key": "part", "work": Work(10, 4, -31), "to_target": -4},
            Group.FINISH_NOW,
            Reason.OVERDUE,
            1,
        ),
        (
            {"key": "part", "work": Work(10, 5, -13), "to_target": 3},
            Group.NEXT,
            Reason.STARTS_SOON,
            14,
        ),
        # finish now
        ({"work": Work(10, 9, -153)}, Group.FINISH_NOW, Reason.OVERDUE, 123),
        (
            {"work": Work(10, 9, -35), "startable": False, "to_target": -6},
            Group.FINISH_NOW,
            Reason.OVERDUE,
            5,
        ),
        ({"to_deadline": -1}, Group.FINISH_NOW, Reason.DEADLINE_OUT_OF_REACH, 1),
        ({"to_target": -3, "to_deadline": 5}, Group.FINISH_NOW, Reason.TARGET_OUT_OF_REACH, 3),
        ({"to_target": 1, "to_deadline": 3}, Group.FINISH_NOW, Reason.NO_SLACK, 3),
        ({"work": Work(10, 8, -28), "to_target": 1}, Group.FINISH_NOW, Reason.DUE_SOON, 2),
        ({"work": Work(10, 8, -30), "to_target": 0}, Group.FINISH_NOW, Reason.DUE_SOON, 0),
        # next
        (
            {"work": Work(10, None, -31), "startable": False, "to_target": -9},
            Group.NEXT,
            Reason.WAITS,
            9,
        ),
        ({"to_target": -2, "startable": False}, Group.NEXT, Reason.WAITS, 2),
        ({"work": Work(10, None, -13)}, Group.NEXT, Reason.STARTS_SOON, 14),
        ({"work": Work(10, None, -26), "to_deadline": 9}, Group.NEXT, Reason.STARTS_SOON, 1),
        ({"work": Work(10, 1, -22), "remaining": 9}, Group.NEXT, Reason.UNDER_WAY, 0),
        (
            {"work": Work(10, 2, -28), "to_deadline": 9, "startable": False},
            Group.FINISH_NOW,
            Reason.DUE_SOON,
            2,
        ),
        (
            {"to_deadline": 2, "startable": False, "work": Work(10, None, -20)},
            Group.NEXT,
            Reason.STARTS_SOON,
            7,
        ),
        # later
        ({"work": Work(10, None, -12)}, Group.LATER, Reason.HAS_TIME, 15),
        ({"work": Work(10, None, -2), "startable": False}, Group.LATER, Reason.HAS_TIME, 25),
    ],
)
def test_group_and_reason(case: dict[str, object], group: Group, reason: Reason, days: int) -> None:
    priority = judged(**case)  # type: ignore[arg-type]
    assert (priority.group, priority.reason, priority.days) == (group, reason, days)


def test_a_miss_touches_the_open_share_rounded_up() -> None:
    priority = judged(work=Work(3, 1, -10))
    assert (priority.stations, priority.voters) == (67, 26_667)
    whole = judged(dependents=frozenset({"part", "extra"}))
    assert (whole.stations, whole.voters, whole.dependents) == (100, 40_000, 2)


def test_weight_grows_with_consequence_kind_nearness_and_reach() -> None:
    base = judged("legal").weight
    assert judged("office").weight < base
    assert judged("part").weight < base
    assert judged("legal", to_target=13).weight == pytest.approx(base * 2)
    assert judged("legal", to_target=-7).weight > judged("legal", to_target=0).weight
    assert judged("legal", to_target=-500).weight == judged("legal", to_target=-14).weight
    assert judged("legal", work=Work(10, 9, -10)).weight < base
