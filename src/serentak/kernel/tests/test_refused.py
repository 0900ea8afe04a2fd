"""Refusals carry every fault, and the first still reads as before."""

import pytest

from serentak.kernel.refused import Conflict, Fault, Refused, noting

FIRST = Fault("a.is_missing", "a", {"most": 3})
SECOND = Fault("b.is_wrong", row=7)


def test_one_fault_is_raised_as_code_field_and_parameters() -> None:
    refused = Refused("a.is_missing", field="a", most=3)
    assert refused.faults == (FIRST,)
    assert (refused.code, refused.field, refused.params) == ("a.is_missing", "a", {"most": 3})
    assert str(refused) == "a.is_missing {'most': 3}"


def test_of_several_the_first_reads_as_the_refusal() -> None:
    refused = Conflict.of(FIRST, SECOND)
    assert isinstance(refused, Conflict)
    assert refused.faults == (FIRST, SECOND)
    assert (refused.code, refused.field, refused.params) == ("a.is_missing", "a", {"most": 3})
    assert str(refused) == "a.is_missing {'most': 3}; b.is_wrong"
    assert refused.args[0] == "a.is_missing"
    assert Refused.of(SECOND).faults == (SECOND,)


def test_what_is_refused_in_a_row_is_noted_and_all_else_goes_through() -> None:
    faults: list[Fault] = []
    for row in (1, 2, 3):
        with noting(faults, row=row, file="photo"):
            if row == 1:
                raise Refused.of(FIRST, SECOND)
            if row == 3:
                raise Refused("c.is_empty", field="file")
    assert faults == [
        Fault("a.is_missing", "a", {"most": 3}, row=1),
        Fault("b.is_wrong", row=1),
        Fault("c.is_empty", "photo", row=3),
    ]
    with pytest.raises(ValueError, match="no refusal"), noting(faults, row=4):
        raise ValueError("no refusal")
    assert len(faults) == 3
