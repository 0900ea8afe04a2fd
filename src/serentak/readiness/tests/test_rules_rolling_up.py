"""From activities to a place, from regencies to the province."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.status import Status
from serentak.readiness.rules.rolling_up import Part, parent_status, place_status

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
        ([DONE] * 30 + [LATE_IN_REACH], Status.ON_TRACK),
        ([DONE] * 5 + [SILENT] * 5, Status.NO_REPORT),
        ([DONE] * 30 + [ON_TRACK, AT_RISK_AHEAD] + [SILENT], Status.NO_REPORT),
        ([DONE] * 30 + [ON_TRACK] * 2 + [SILENT], Status.ON_TRACK),
        ([SILENT] * 3 + [FUTURE] * 50, Status.NO_REPORT),
        ([SILENT] * 9 + [LATE_BEYOND], Status.LATE),
        ([FUTURE] * 5 + [DONE], Status.ON_TRACK),
        ([FUTURE] * 5 + [SILENT], Status.NO_REPORT),
        ([Part(Status.NO_REPORT, "B", begun=False)] + [ON_TRACK] * 9, Status.ON_TRACK),
        ([replace(LATE_BEYOND, miss="G")] + [DONE] * 30, Status.ON_TRACK),
        ([replace(LATE_BEYOND, status=Status.AT_RISK)] + [DONE] * 30, Status.ON_TRACK),
        ([DONE] * 30 + [LATE_AND_SILENT] * 2 + [LATE], Status.NO_REPORT),
        ([DONE] * 30 + [LATE_AND_SILENT] + [LATE] * 9, Status.LATE),
    ],
)
def test_status_of_a_place(parts: list[Part], expected: Status) -> None:
    assert place_status(parts, thresholds=THRESHOLDS) is expected


@pytest.mark.parametrize(
    ("children", "own", "expected"),
    [
        ([(Status.DONE, 100), (Status.DONE, 300)], Status.DONE, Status.DONE),
        ([(Status.DONE, 100), (Status.DONE, 300)], Status.ON_TRACK, Status.ON_TRACK),
        ([(Status.DONE, 100), (Status.DONE, 300)], None, Status.DONE),
        ([(Status.LATE, 100), (Status.ON_TRACK, 300)], None, Status.LATE),
        ([(Status.LATE, 99), (Status.ON_TRACK, 301)], None, Status.ON_TRACK),
        ([(Status.AT_RISK, 140), (Status.ON_TRACK, 260)], None, Status.AT_RISK),
        ([(Status.NO_REPORT, 200), (Status.ON_TRACK, 200)], None, Status.NO_REPORT),
        (
            [(Status.NO_REPORT, 199), (Status.LATE, 20), (Status.ON_TRACK, 201)],
            None,
            Status.ON_TRACK,
        ),
        ([(Status.LATE, 100), (Status.DONE, 140)], Status.DONE, Status.LATE),
        ([(Status.LATE, 100), (Status.DONE, 180)], Status.DONE, Status.ON_TRACK),
        ([], Status.LATE, Status.LATE),
        ([], None, Status.NO_REPORT),
    ],
)
def test_status_of_a_province_goes_by_stations(
    children: list[tuple[Status, int]], own: Status | None, expected: Status
) -> None:
    assert parent_status(children, own, thresholds=THRESHOLDS) is expected


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
    status = place_status(parts, thresholds=THRESHOLDS)
    assert (status is Status.DONE) == all(p.status is Status.DONE for p in parts)
