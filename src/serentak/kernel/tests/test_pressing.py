"""What presses: the order of alerts, step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.pressing import Harm, Press, joint

PRESSES = st.builds(
    Press,
    st.sampled_from(list(Harm)),
    st.integers(0, 200),
    st.booleans(),
    st.booleans(),
    st.integers(0, 15_000),
)
STEPS = [
    Press(Harm.LIFE, 30),
    Press(Harm.VOTE, 0, is_final=True),
    Press(Harm.VOTE, 0, reach=900),
    Press(Harm.VOTE, 0, reach=12),
    Press(Harm.VOTE, 9, is_final=True, reach=900),
    Press(Harm.VOTE, 0, is_final=True, is_answered=True),
    Press(Harm.TIMETABLE, 0),
    Press(Harm.PAPER, 0, is_final=True, reach=13_000),
]


def test_each_step_decides_only_among_equals_of_those_before_it() -> None:
    backwards = STEPS[::-1]
    assert sorted(backwards) == STEPS


@given(PRESSES, PRESSES, st.integers(0, 10_000))
def test_no_number_and_no_delay_lifts_a_lesser_harm(one: Press, other: Press, reach: int) -> None:
    if one.harm.rank < other.harm.rank:
        assert one < Press(other.harm, other.days_left, other.is_final, False, reach)


@given(st.lists(PRESSES, min_size=1))
def test_the_same_thing_in_several_places_presses_as_the_gravest(presses: list[Press]) -> None:
    found = joint(presses)
    assert found.reach == sum(press.reach for press in presses)
    assert found <= min(presses)


def test_what_is_too_late_presses_as_what_ends_today() -> None:
    with pytest.raises(ValueError, match="days_left"):
        Press(days_left=-1)
