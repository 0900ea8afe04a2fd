"""A state machine answers from its table alone."""

from enum import StrEnum

import pytest

from serentak.kernel.machine import Machine
from serentak.kernel.refused import Refused


class Door(StrEnum):
    OPEN = "OPEN"
    SHUT = "SHUT"
    LOCKED = "LOCKED"


class Deed(StrEnum):
    SHUT = "SHUT"
    OPEN = "OPEN"
    LOCK = "LOCK"


TRANSITIONS = Machine[Door, Deed](
    {
        (Door.OPEN, Deed.SHUT): Door.SHUT,
        (Door.SHUT, Deed.OPEN): Door.OPEN,
        (Door.SHUT, Deed.LOCK): Door.LOCKED,
        (Door.LOCKED, Deed.LOCK): Door.LOCKED,
    }
)
NO = Refused("kernel.no", field="deed")


@pytest.mark.parametrize("state", list(Door))
@pytest.mark.parametrize("event", list(Deed))
def test_every_state_answers_every_event_from_the_table(state: Door, event: Deed) -> None:
    expected = {
        (Door.OPEN, Deed.SHUT): Door.SHUT,
        (Door.SHUT, Deed.OPEN): Door.OPEN,
        (Door.SHUT, Deed.LOCK): Door.LOCKED,
        (Door.LOCKED, Deed.LOCK): Door.LOCKED,
    }.get((state, event))
    assert TRANSITIONS.after(state, event) is expected
    assert (event in TRANSITIONS.events_at(state)) is (expected is not None)
    if expected is None:
        with pytest.raises(Refused) as refused:
            TRANSITIONS.must(state, event, otherwise=NO)
        assert refused.value is NO
    else:
        assert TRANSITIONS.must(state, event, otherwise=NO) is expected


def test_events_come_in_the_order_of_the_table() -> None:
    assert TRANSITIONS.events_at(Door.SHUT) == (Deed.OPEN, Deed.LOCK)
