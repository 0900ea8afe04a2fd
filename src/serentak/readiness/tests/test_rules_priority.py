"""The four groups, one row for each way into them."""

import pytest

from serentak.kernel.pressing import Harm, Press
from serentak.readiness import words
from serentak.readiness.rules.priority import (
    RANKING,
    Group,
    Priority,
    Reason,
    prioritise,
)
from serentak.readiness.rules.schedule import Slot, Work

from .builders import catalogue_of, raw_activity, shipped_thresholds

THRESHOLDS = shipped_thresholds()
CATALOGUE = catalogue_of(
    raw_activity("needed"),
    raw_activity("part", drop="partly", miss="G"),
    raw_activity("guards", drop="partly", miss="F"),
    raw_activity("fixed", deadline={"kind": "LEGAL", "at": "H-3"}),
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


BEHIND = {"startable": False, "to_target": -1}
TWINS: list[tuple[Reason, dict[str, object], dict[str, object], Reason]] = [
    # what holds, what makes it not hold any more, and the later reason that then decides
    (Reason.NOTHING_HANGS_ON_IT, {"key": "extra"}, {"key": "part"}, Reason.HAS_TIME),
    (
        Reason.NOTHING_HANGS_ON_IT,
        {"key": "extra", "dependents": frozenset({"extra"})},
        {"dependents": frozenset({"extra", "part"})},
        Reason.HAS_TIME,
    ),
    (
        Reason.REST_MAY_BE_DROPPED,
        {"key": "part", "work": Work(10, 5, -10), **BEHIND},
        {"work": Work(10, 4, -10)},
        Reason.TARGET_OUT_OF_REACH,
    ),
    (
        Reason.REST_MAY_BE_DROPPED,
        {"key": "part", "work": Work(10, 5, -10), **BEHIND},
        {"to_target": 0},
        Reason.HAS_TIME,
    ),
    (
        Reason.REST_MAY_BE_DROPPED,
        {"key": "part", "work": Work(10, 5, -10), **BEHIND},
        {"dependents": frozenset({"needed"})},
        Reason.TARGET_OUT_OF_REACH,
    ),
    (
        Reason.REST_MAY_BE_DROPPED,
        {"key": "part", "work": Work(10, 5, -10), **BEHIND},
        {"key": "needed"},
        Reason.TARGET_OUT_OF_REACH,
    ),
    (Reason.OVERDUE, {"work": Work(10, 1, -31)}, {"work": Work(10, 1, -30)}, Reason.DUE_SOON),
    (
        Reason.OVERDUE,
        {"work": Work(10, 1, -31), **BEHIND},
        {"work": Work(10, 0, -31)},
        Reason.WAITS,
    ),
    (
        Reason.DEADLINE_OUT_OF_REACH,
        {"to_deadline": -1, "to_target": -1},
        {"to_deadline": 0},
        Reason.TARGET_OUT_OF_REACH,
    ),
    (
        Reason.DEADLINE_OUT_OF_REACH,
        {"to_deadline": -1, "to_target": -1},
        {"startable": False},
        Reason.WAITS,
    ),
    (
        Reason.TARGET_OUT_OF_REACH,
        {"to_target": -1, "to_deadline": 3},
        {"to_target": 0},
        Reason.NO_SLACK,
    ),
    (Reason.TARGET_OUT_OF_REACH, {"to_target": -1}, {"startable": False}, Reason.WAITS),
    (Reason.NO_SLACK, {"to_deadline": 3}, {"to_deadline": 4}, Reason.HAS_TIME),
    (Reason.NO_SLACK, {"to_deadline": 0}, {"startable": False}, Reason.HAS_TIME),
    (
        Reason.DUE_SOON,
        {"work": Work(10, 8, -27)},
        {"work": Work(10, 8, -26)},
        Reason.STARTS_SOON,
    ),
    (
        Reason.DUE_SOON,
        {"work": Work(10, None, -27)},
        {"startable": False},
        Reason.UNDER_WAY,
    ),
    (
        Reason.WAITS,
        {"work": Work(10, None, -28), **BEHIND},
        {"to_target": 0},
        Reason.UNDER_WAY,
    ),
    (
        Reason.UNDER_WAY,
        {"work": Work(10, 1, -22), "remaining": 9},
        {"remaining": 8},
        Reason.STARTS_SOON,
    ),
    (
        Reason.STARTS_SOON,
        {"work": Work(10, None, -13)},
        {"work": Work(10, None, -12)},
        Reason.HAS_TIME,
    ),
]


@pytest.mark.parametrize(("reason", "case", "change", "then"), TWINS)
def test_where_a_reason_holds_no_more_a_later_one_decides(
    reason: Reason, case: dict[str, object], change: dict[str, object], then: Reason
) -> None:
    assert judged(**case).reason is reason  # type: ignore[arg-type]
    assert judged(**{**case, **change}).reason is then  # type: ignore[arg-type]
    order = [rank.reason for rank in RANKING]
    assert order.index(reason) < order.index(then)


def test_every_reason_has_its_row_its_twin_and_its_words() -> None:
    order = [rank.reason for rank in RANKING]
    assert sorted(order) == sorted(Reason)
    assert {reason for reason, *_ in TWINS} == {*order[:-1]}, "the last row always holds"
    assert set(words.REASONS) == set(Reason)
    pressing = {rank.reason for rank in RANKING if rank.group is Group.FINISH_NOW}
    assert {f"readiness.{reason}" for reason in pressing} <= set(words.ALERTS)


def test_a_miss_touches_the_open_share_rounded_up() -> None:
    priority = judged(work=Work(3, 1, -10))
    assert (priority.stations, priority.voters) == (67, 26_667)
    whole = judged(dependents=frozenset({"part", "extra"}))
    assert (whole.stations, whole.voters, whole.dependents) == (100, 40_000, 2)


@pytest.mark.parametrize(
    ("key", "case", "press"),
    [
        ("legal", {}, Press(Harm.VOTE, 20, reach=100)),
        ("fixed", {}, Press(Harm.VOTE, 20, is_final=True, reach=100)),
        ("part", {}, Press(Harm.PAPER, 20, reach=100)),
        ("needed", {"to_deadline": 0}, Press(Harm.VOTE, 0, reach=100)),
        ("needed", {"to_deadline": -90, "to_target": -120}, Press(Harm.VOTE, 0, reach=100)),
        ("needed", {"to_target": -120}, Press(Harm.VOTE, 20, reach=100)),
        ("needed", {"work": Work(10, 9, -10)}, Press(Harm.VOTE, 20, reach=10)),
    ],
)
def test_work_presses_by_what_is_at_stake_and_the_days_left_to_begin(
    key: str, case: dict[str, object], press: Press
) -> None:
    assert judged(key, **case).press == press  # type: ignore[arg-type]


def test_the_missing_half_of_what_guards_the_vote_is_never_dropped_by_a_rule() -> None:
    guards = {"work": Work(709, 380, -31), "to_target": -1}
    assert judged("guards", **guards).group is Group.FINISH_NOW  # type: ignore[arg-type]
    assert judged("part", **guards).group is Group.MAY_BE_DROPPED  # type: ignore[arg-type]
