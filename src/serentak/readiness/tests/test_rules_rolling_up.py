"""From activities to a place, from regencies to the province."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.status import Status, Verdict
from serentak.readiness.rules.rolling_up import Ground, Part, parent_judgement, place_judgement

from .builders import shipped_thresholds

THRESHOLDS = shipped_thresholds()
DONE = Part(Status.DONE, "B", begun=True)
ON_TRACK = Part(Status.ON_TRACK, "B", begun=True)
FUTURE = Part(Status.ON_TRACK, "B", begun=False)
AT_RISK = Part(Status.AT_RISK, "B", begun=True)
AT_RISK_AHEAD = Part(Status.AT_RISK, "B", begun=False)
LATE = Part(Status.LATE, "B", begun=True)
LATE_BEYOND = Part(Status.LATE, "A", begun=True, slack_to_deadline=-1)
LATE_IN_REACH = Part(Status.LATE, "A", begun=True, slack_to_deadline=0)
LATE_AND_SILENT = Part(Status.LATE, "B", begun=True, silent=True)
LATE_THEN_SILENT = replace(LATE_AND_SILENT, late_when_heard=True)
SILENT = Part(Status.NO_REPORT, "B", begun=True)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], Status.NO_REPORT),
        ([FUTURE] * 5, Status.ON_TRACK),
        ([DONE] * 5, Status.DONE),
        ([DONE] * 5 + [FUTURE], Status.ON_TRACK),
        ([DONE] * 5 + [ON_TRACK], Status.ON_TRACK),
        ([DONE] * 18 + [LATE] * 2, Status.ON_TRACK),
        ([DONE] * 17 + [LATE] * 3, Status.LATE),
        ([DONE] * 17 + [LATE] * 3 + [FUTURE] * 100, Status.LATE),
        ([DONE] * 16 + [AT_RISK] * 4, Status.ON_TRACK),
        ([DONE] * 15 + [AT_RISK] * 5, Status.AT_RISK),
        ([DONE] * 15 + [AT_RISK_AHEAD] * 5 + [FUTURE] * 50, Status.AT_RISK),
        ([DONE] * 30 + [LATE_BEYOND], Status.LATE),
        ([DONE] * 30 + [LATE_IN_REACH], Status.AT_RISK),
        ([DONE] * 5 + [SILENT] * 5, Status.NO_REPORT),
        ([DONE] * 30 + [ON_TRACK, AT_RISK_AHEAD] + [SILENT], Status.NO_REPORT),
        ([DONE] * 30 + [ON_TRACK] * 2 + [SILENT], Status.ON_TRACK),
        ([SILENT] * 3 + [FUTURE] * 50, Status.NO_REPORT),
        ([SILENT] * 9 + [LATE_BEYOND], Status.LATE),
        ([FUTURE] * 5 + [DONE], Status.ON_TRACK),
        ([FUTURE] * 5 + [SILENT], Status.NO_REPORT),
        ([Part(Status.NO_REPORT, "B", begun=False)] + [ON_TRACK] * 9, Status.ON_TRACK),
        ([replace(LATE_BEYOND, miss="G")] + [DONE] * 30, Status.ON_TRACK),
        ([replace(LATE_BEYOND, status=Status.AT_RISK)] + [DONE] * 30, Status.AT_RISK),
        ([replace(SILENT, miss="A")] + [ON_TRACK] * 30, Status.AT_RISK),
        ([replace(LATE, past_the_law=True)] + [DONE] * 30, Status.AT_RISK),
        ([replace(DONE, past_the_law=True)] + [DONE] * 30, Status.DONE),
        ([DONE] * 30 + [LATE_AND_SILENT] * 2 + [LATE], Status.NO_REPORT),
        ([DONE] * 30 + [LATE_AND_SILENT] + [LATE] * 9, Status.LATE),
        ([DONE] * 9 + [LATE_THEN_SILENT] * 2, Status.LATE),
        ([DONE] * 9 + [LATE_AND_SILENT] * 2, Status.NO_REPORT),
    ],
)
def test_status_of_a_place(parts: list[Part], expected: Status) -> None:
    assert place_judgement(parts, thresholds=THRESHOLDS).status is expected


def stands(status: Status) -> Verdict:
    return Verdict(status, status, 1, 1)


@pytest.mark.parametrize(
    ("children", "own", "expected"),
    [
        ([(Status.DONE, 100), (Status.DONE, 300)], Status.DONE, Status.DONE),
        ([(Status.DONE, 100), (Status.DONE, 300)], Status.ON_TRACK, Status.ON_TRACK),
        ([(Status.DONE, 100), (Status.DONE, 300)], None, Status.DONE),
        ([(Status.LATE, 100), (Status.ON_TRACK, 300)], None, Status.LATE),
        ([(Status.LATE, 99), (Status.ON_TRACK, 301)], None, Status.AT_RISK),
        ([(Status.AT_RISK, 140), (Status.ON_TRACK, 260)], None, Status.AT_RISK),
        ([(Status.NO_REPORT, 200), (Status.ON_TRACK, 200)], None, Status.NO_REPORT),
        (
            [(Status.NO_REPORT, 199), (Status.LATE, 20), (Status.ON_TRACK, 201)],
            None,
            Status.AT_RISK,
        ),
        ([(Status.LATE, 100), (Status.DONE, 140)], Status.DONE, Status.LATE),
        ([(Status.LATE, 100), (Status.DONE, 180)], Status.DONE, Status.AT_RISK),
        ([], Status.LATE, Status.LATE),
        ([], None, Status.NO_REPORT),
    ],
)
def test_status_of_a_province_goes_by_stations(
    children: list[tuple[Status, int]], own: Status | None, expected: Status
) -> None:
    found = parent_judgement(
        [(stands(status), stations) for status, stations in children],
        stands(own) if own else None,
        thresholds=THRESHOLDS,
    )
    assert found.status is expected
    assert found.with_own is (own is not None)


def test_a_vote_that_cannot_be_held_in_one_regency_makes_the_province_late() -> None:
    stopped = place_judgement([DONE] * 30 + [LATE_BEYOND], thresholds=THRESHOLDS)
    assert (stopped.ground, stopped.verdict.count) == (Ground.STOPPED, 1)
    others = [(stands(Status.ON_TRACK), 800)] * 16
    found = parent_judgement([(stopped.verdict, 4), *others], None, thresholds=THRESHOLDS)
    assert (found.status, found.ground) == (Status.LATE, Ground.STOPPED)
    assert (found.verdict.count, found.verdict.of) == (1, 17)


@pytest.mark.parametrize(
    ("parts", "ground", "count", "of"),
    [
        ([], Ground.NOT_SET_UP, 0, 0),
        ([FUTURE] * 5, Ground.NOTHING_DUE, 0, 5),
        ([DONE] * 2 + [FUTURE] * 3, Ground.NOTHING_DUE, 2, 5),
        ([DONE] * 5, Ground.ALL_DONE, 5, 5),
        ([DONE] * 4 + [ON_TRACK], Ground.ON_PACE, 1, 1),
        ([DONE] * 8 + [LATE] * 2, Ground.LATE, 2, 2),
        # One vetoes; the rows beside it that are late too are counted as well.
        ([replace(LATE, past_the_law=True)] + [LATE] * 2 + [ON_TRACK] * 40, Ground.LATE, 3, 43),
        ([DONE] * 30 + [ON_TRACK] + [SILENT] * 2, Ground.SILENT, 2, 3),
        ([DONE] * 15 + [AT_RISK] * 5, Ground.TIGHT, 5, 5),
    ],
)
def test_a_status_names_what_decides_it(
    parts: list[Part], ground: Ground, count: int, of: int
) -> None:
    found = place_judgement(parts, thresholds=THRESHOLDS)
    assert (found.ground, found.verdict.count, found.verdict.of) == (ground, count, of)


@given(
    st.lists(
        st.builds(
            Part,
            st.sampled_from(list(Status)),
            st.sampled_from("ABCDEFG"),
            begun=st.booleans(),
            slack_to_deadline=st.integers(-5, 5),
        ),
        min_size=1,
    )
)
def test_no_place_is_done_while_anything_is_open(parts: list[Part]) -> None:
    status = place_judgement(parts, thresholds=THRESHOLDS).status
    assert (status is Status.DONE) == all(p.status is Status.DONE for p in parts)
