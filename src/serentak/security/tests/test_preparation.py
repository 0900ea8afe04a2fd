"""How places stand with survey, classes and posting, by the catalogue's own days."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.countdown import parse_countdown
from serentak.kernel.status import Status
from serentak.security.queries.catalogues import days
from serentak.security.rules.preparation import (
    Prepared,
    judgement_of,
    of_children,
    whole,
)
from serentak.security.rules.standing import Decides, Judgement

FULL = Prepared(
    stations=100,
    surveyed=100,
    classed=100,
    need=60,
    lacking=0,
    planned=100,
    posts=5,
    manned=5,
)
"""A place in which nothing lacks."""

STATUSES = [
    ("H-40", Prepared(stations=9), None),
    ("H-17", Prepared(stations=9), None),
    ("H-16", Prepared(stations=9), (Status.NO_REPORT, Decides.NOTHING_TOLD, 0)),
    ("H-40", replace(FULL, surveyed=0, classed=0), (Status.ON_TRACK, Decides.NOTHING_OWED, 0)),
    ("H-14", FULL, (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H-14", replace(FULL, classed=0), (Status.NO_REPORT, Decides.CLASSES_LACK, 100)),
    ("H-12", replace(FULL, surveyed=0), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H-11", replace(FULL, surveyed=0), (Status.AT_RISK, Decides.SURVEY_LACKS, 100)),
    ("H-11", replace(FULL, surveyed=95), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H-11", replace(FULL, surveyed=94), (Status.AT_RISK, Decides.SURVEY_LACKS, 6)),
    ("H-11", replace(FULL, classed=94), (Status.AT_RISK, Decides.CLASSES_LACK, 6)),
    ("H-15", replace(FULL, lacking=10, planned=0), (Status.AT_RISK, Decides.OFFICERS_LACK, 10)),
    ("H-60", Prepared(stations=9, need=5, lacking=1), (Status.AT_RISK, Decides.OFFICERS_LACK, 1)),
    (
        "H-14",
        replace(FULL, lacking=10, planned=0),
        (Status.AT_RISK, Decides.OFFICERS_LACK, 10),
    ),
    ("H-14", replace(FULL, lacking=10), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H-3", replace(FULL, planned=0), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H-2", replace(FULL, planned=0), (Status.AT_RISK, Decides.POSTING_LACKS, 100)),
    ("H-1", replace(FULL, planned=0), (Status.LATE, Decides.POSTING_LACKS, 100)),
    ("H-2", replace(FULL, uncovered=3), (Status.AT_RISK, Decides.UNCOVERED, 3)),
    ("H-2", replace(FULL, uncovered=3, highly=1), (Status.AT_RISK, Decides.HIGHLY_UNCOVERED, 1)),
    ("H-1", replace(FULL, uncovered=3, highly=1), (Status.LATE, Decides.HIGHLY_UNCOVERED, 1)),
    ("H-1", replace(FULL, manned=1), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H", replace(FULL, manned=4), (Status.AT_RISK, Decides.POSTS_EMPTY, 1)),
    ("H", replace(FULL, manned=0), (Status.AT_RISK, Decides.POSTS_EMPTY, 5)),
    ("H+4", replace(FULL, manned=0), (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H+4", FULL, (Status.ON_TRACK, Decides.IN_ORDER, 0)),
    ("H+5", Prepared(stations=9), (Status.DONE, Decides.ENDED, 0)),
    ("H-1", Prepared(), None),
]


@pytest.mark.parametrize(("day", "place", "found"), STATUSES)
def test_a_place_owes_what_its_day_says(
    day: str, place: Prepared, found: tuple[Status, Decides, int] | None
) -> None:
    judged = judgement_of(place, day=parse_countdown(day), days=days())
    told = judged and (judged.status, judged.decides, judged.count)
    assert told == found


COUNTS = st.integers(0, 20)


@given(
    day=st.integers(-60, 4),
    surveyed=COUNTS,
    classed=COUNTS,
    lacking=st.none() | COUNTS,
    planned=COUNTS,
    uncovered=COUNTS,
)
def test_what_lacks_is_never_green_once_it_is_owed(
    day: int, surveyed: int, classed: int, lacking: int | None, planned: int, uncovered: int
) -> None:
    uncovered = min(planned, uncovered)
    place = Prepared(20, surveyed, classed, 20, lacking, planned, uncovered)
    judged = judgement_of(place, day=day, days=days())
    owed = days()
    lacks = (
        (day > owed.survey_due and surveyed < 19)
        or (day >= owed.classes_due and classed < 19)
        or (day > owed.posting_due and planned < 20)
        or uncovered
        or (lacking and planned < 20)
    )
    if lacks:
        assert judged is not None
        assert judged.status not in (Status.DONE, Status.ON_TRACK)


AT_RISK = Judgement(Status.AT_RISK, Decides.GRAVE_OPEN, 1, 1)
LATE = Judgement(Status.LATE, Decides.GRAVE_PAST, 1, 1)
GREEN = Judgement(Status.ON_TRACK, Decides.IN_ORDER)
SILENT = Judgement(Status.NO_REPORT, Decides.NOTHING_TOLD)


@pytest.mark.parametrize(
    ("told", "owed", "status"),
    [
        (None, None, None),
        (AT_RISK, GREEN, Status.AT_RISK),
        (AT_RISK, SILENT, Status.AT_RISK),
        (AT_RISK, LATE, Status.LATE),
        (None, SILENT, Status.NO_REPORT),
        (GREEN, None, Status.ON_TRACK),
        (GREEN, SILENT, Status.NO_REPORT),
    ],
)
def test_what_is_known_to_be_wrong_comes_first(
    told: Judgement | None, owed: Judgement | None, status: Status | None
) -> None:
    found = whole(told, owed)
    assert (found[0].status if found else None) == status


@pytest.mark.parametrize(
    ("children", "status", "decides"),
    [
        ([Status.ON_TRACK] * 8 + [Status.NO_REPORT] * 9, Status.NO_REPORT, Decides.PLACES_SILENT),
        ([Status.ON_TRACK] * 16 + [Status.NO_REPORT], Status.AT_RISK, Decides.PLACES_SILENT),
        ([Status.ON_TRACK] * 16 + [Status.LATE], Status.AT_RISK, Decides.PLACES_LATE),
        ([Status.ON_TRACK] * 12 + [Status.LATE] * 5, Status.LATE, Decides.PLACES_LATE),
        ([Status.ON_TRACK] * 16 + [Status.AT_RISK], Status.AT_RISK, Decides.PLACES_AT_RISK),
        ([Status.ON_TRACK] * 17, Status.ON_TRACK, Decides.IN_ORDER),
    ],
)
def test_a_whole_follows_the_shares_of_its_parts(
    children: list[Status], status: Status, decides: Decides
) -> None:
    found = of_children(children, days=days())
    assert found is not None
    assert (found.status, found.decides) == (status, decides)


def test_without_parts_there_is_nothing_to_follow() -> None:
    assert of_children([], days=days()) is None
