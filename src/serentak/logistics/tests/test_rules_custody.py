"""Loads: which way leads where, what a record must say, seals, and how a load stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.status import Status
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.rules.custody import (
    LONGEST_SEAL,
    MOST_SEALS,
    ConsignmentState,
    Counted,
    Custody,
    counted_faults,
    load_status,
    seal_faults,
    split_seals,
)
from serentak.logistics.rules.ledger import MOST_PIECES

AT = datetime(2024, 11, 20, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("origin", "destination", "leg"),
    [
        ("16", "16.02", "province-store"),
        ("16.02", "16.02.14", "store-district"),
        ("16.02.14", "16.02.14.2001", "district-village"),
        ("16.02.14.2001", "16.02.14.2001.001", "village-station"),
        ("16.02.14.2001.001", "16.02.14", "station-district"),  # back
        ("16.02.14", "16.02", "district-store"),
        ("16.02", "16.07", "store-store"),  # aside
        ("16.02", "17.02", None),  # of another province
        ("16.02", "16.02", None),  # to itself
        ("16.02.14", "16.02.15", "district-district"),
        ("16.02", "16.07.14", None),  # of another regency
        ("16.02.14", "16.07", None),
        ("16.02", "16.02.14.2001", None),  # past the district
        ("16.02.14.2001.001", "16.02.14.2001", None),  # no such leg in the catalogue
        ("16", "17", None),  # two provinces
    ],
)
def test_a_load_goes_down_back_or_aside(origin: str, destination: str, leg: str | None) -> None:
    found = custody().leg(PlaceCode(origin), PlaceCode(destination))
    assert (found.key if found else None) == leg


def test_two_legs_of_the_same_ends_are_refused_by_name() -> None:
    known = custody()
    twin = replace(known.legs["store-district"], key="by-boat")
    with pytest.raises(ValueError, match="from REGENCY to DISTRICT") as caught:
        Custody(known.legs | {"by-boat": twin}, known.reasons)
    assert [line.split(": ")[:2] for line in str(caught.value).splitlines()] == [
        ["legs", "store-district"],
        ["legs", "by-boat"],
    ]
    assert twin.giver is Level.REGENCY


@pytest.mark.parametrize(
    ("counted", "faults"),
    [
        (Counted(10), []),
        (Counted(7, 1, 2, 0, "WET"), []),
        (Counted(10, surplus=1, reason="SURPLUS"), []),
        (Counted(10, reason="WET"), []),  # a reason without a difference
        (Counted(9), ["sum_is_open accepted_3"]),
        (Counted(10, surplus=1), ["difference_needs_a_reason reason_3"]),
        (Counted(9, rejected=1), ["difference_needs_a_reason reason_3"]),
        (Counted(9, missing=1), ["difference_needs_a_reason reason_3"]),
        (Counted(9, 1, 0, 0, "RAIN"), ["reason_is_unknown reason_3"]),
        (
            Counted(9, 1, 1, 0, "RAIN"),
            ["sum_is_open accepted_3", "reason_is_unknown reason_3"],
        ),
        (Counted(11, -1, 0, 0, "WET"), ["pieces_are_absurd rejected_3"]),
        (Counted(-1, 11, 0, 0, "WET"), ["pieces_are_absurd accepted_3"]),
        (Counted(11, 0, -1, 0, "WET"), ["pieces_are_absurd missing_3"]),
        (Counted(10, 0, 0, -1, "WET"), ["pieces_are_absurd surplus_3"]),
        (Counted(10, 0, 0, MOST_PIECES, "SURPLUS"), []),
        (Counted(10, 0, 0, MOST_PIECES + 1, "SURPLUS"), ["pieces_are_absurd surplus_3"]),
    ],
)
def test_a_line_of_a_record_closes_and_says_why(counted: Counted, faults: list[str]) -> None:
    found = list(counted_faults(counted, 10, number=3, reasons=iter(["WET", "SURPLUS"])))
    assert [f"{f.code.removeprefix('logistics.')} {f.field}" for f in found] == faults
    assert {fault.row for fault in found} <= {3}


def test_what_a_line_says_is_told_with_its_numbers() -> None:
    (fault,) = counted_faults(Counted(4, 3, 2, 1, "WET"), 10, number=1, reasons=["WET"])
    assert fault.params == {"shipped": 10, "together": 9}
    (fault,) = counted_faults(Counted(-1), 10, number=1, reasons=[])
    assert fault.params == {"least": 0, "most": MOST_PIECES}


@pytest.mark.parametrize(
    ("text", "seals"),
    [
        ("", ()),
        (" a1,b2;c3 d4\ne5 ", ("A1", "B2", "C3", "D4", "E5")),
        ("a1, ;b2", ("A1", "B2")),
    ],
)
def test_seals_are_read_by_what_stands_between_them(text: str, seals: tuple[str, ...]) -> None:
    assert split_seals(text) == seals


MANY = [f"S{number}" for number in range(MOST_SEALS)]


@pytest.mark.parametrize(
    ("seals", "faults"),
    [
        ([], []),
        (MANY, []),
        ([*MANY, "X"], [("too_many_seals", {"most": MOST_SEALS})]),
        (["A" * LONGEST_SEAL], []),
        (
            ["B", "A" * (LONGEST_SEAL + 1)],
            [("seal_is_too_long", {"seal": "A" * LONGEST_SEAL, "most": LONGEST_SEAL})],
        ),
        (["C", "A", "B", "C", "A"], [("seal_stands_twice", {"seals": "A, C"})]),
        ([*"ABCDEF", *"ABCDEF"], [("seal_stands_twice", {"seals": "A, B, C, D, E"})]),
    ],
)
def test_seals_are_told_apart(
    seals: list[str], faults: list[tuple[str, dict[str, object]]]
) -> None:
    found = list(seal_faults(iter(seals), field="seals"))
    assert [(f.code.removeprefix("logistics."), dict(f.params)) for f in found] == faults
    assert {fault.field for fault in found} <= {"seals"}


@pytest.mark.parametrize(
    ("state", "due_at", "status"),
    [
        (ConsignmentState.PACKED, AT, Status.ON_TRACK),
        (ConsignmentState.PACKED, AT - SECOND, Status.LATE),
        (ConsignmentState.UNDER_WAY, AT, Status.ON_TRACK),
        (ConsignmentState.DIFFERENT, AT, Status.AT_RISK),
        (ConsignmentState.DIFFERENT, AT - SECOND, Status.LATE),
        (ConsignmentState.HANDED_OVER, AT - SECOND, Status.DONE),
        (ConsignmentState.SETTLED, AT - SECOND, Status.DONE),
        (ConsignmentState.TURNED_BACK, AT - SECOND, Status.DONE),
        (ConsignmentState.UNPACKED, AT - SECOND, Status.DONE),
    ],
)
def test_a_load_is_late_when_its_hour_has_passed(
    state: ConsignmentState, due_at: datetime, status: Status
) -> None:
    assert load_status(state, due_at=due_at, at=AT) is status
