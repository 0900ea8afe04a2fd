"""What a correction says of the days before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.readiness.rules.mending import as_corrected
from serentak.readiness.rules.reporting import ReportKind

Q, C, N = ReportKind.QUANTITY, ReportKind.CORRECTION, ReportKind.NO_CHANGE


@pytest.mark.parametrize(
    ("reports", "amounts"),
    [
        ([], []),
        ([(Q, 5), (Q, 9)], [5, 9]),
        ([(Q, 57), (C, 37)], [37, 37]),
        ([(Q, 5), (C, 57)], [57, 57]),
        ([(Q, 4), (Q, 57), (N, 57), (C, 37)], [4, 37, 37, 37]),
        ([(Q, 4), (Q, 5), (C, 57), (Q, 60)], [4, 57, 57, 60]),
        ([(Q, 4), (Q, 57), (C, 37), (C, 47)], [4, 47, 47, 47]),
        ([(Q, 40), (Q, 57), (C, 37), (Q, 45)], [37, 37, 37, 45]),
        ([(C, 3)], [3]),
    ],
)
def test_a_correction_mends_what_it_corrects(
    reports: list[tuple[ReportKind, int]], amounts: list[int]
) -> None:
    assert as_corrected(reports) == amounts


@given(st.lists(st.tuples(st.sampled_from([True, False]), st.integers(0, 99)), max_size=30))
def test_no_day_falls_below_the_one_before_it(turns: list[tuple[bool, int]]) -> None:
    reports: list[tuple[ReportKind, int]] = []
    total = 0
    for corrects, amount in turns:
        total = amount if corrects else max(total, amount)
        reports.append((C if corrects else Q, total))
    found = as_corrected(reports)
    assert found == sorted(found)
    assert len(found) == len(reports)
    assert not reports or found[-1] == reports[-1][1]
