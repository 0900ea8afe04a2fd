"""Rules: what the lines of districts say of the whole of an activity."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.readiness.rules.lines import Told, heard_of_whole, quantity_of_whole

DAY = datetime(2024, 10, 1, tzinfo=UTC)


def told(quantity: int | None = None, day: int | None = None, target: int = 10) -> Told:
    return Told(quantity, None if day is None else DAY + timedelta(day), target)


@pytest.mark.parametrize(
    ("own", "lines", "quantity"),
    [
        (None, [None, None], None),
        (4, [None, None], 4),
        (None, [3, None], 3),
        (20, [3, None], 20),
        (2, [3, None], 3),
        (20, [3, 4], 7),
        (None, [0, 0], 0),
        (9, [0, None], 9),
        (None, [0, None], 0),
    ],
)
def test_a_silent_district_is_not_zero(own, lines, quantity) -> None:
    assert quantity_of_whole(told(own), [told(q) for q in lines]) == quantity


@pytest.mark.parametrize(
    ("own", "lines", "share", "day"),
    [
        (None, [(1, None), (1, None)], 0, None),
        (None, [(1, 5), (1, None)], 0, None),
        (None, [(1, 5), (1, 3)], 0, 3),
        (None, [(1, 5), (10, 3)], 0, 5),
        (None, [(10, 5), (10, 3)], 0, 5),
        (4, [(1, 5), (1, None)], 0, 4),
        (4, [(1, 5), (1, 6)], 0, 5),
        (7, [(1, 5), (1, 6)], 0, 7),
        (None, [(1, None)] + [(1, 6)] * 9, 0.1, 6),
        (None, [(1, None)] * 2 + [(1, 6)] * 8, 0.1, None),
        (None, [(1, None)] * 8 + [(1, 6)] * 1, 0.1, None),
        (2, [(1, None)] * 17 + [(1, 6)] * 1, 0.1, 2),
        (None, [], 0, None),
        (4, [], 0, 4),
    ],
)
def test_one_district_does_not_speak_for_the_others(own, lines, share, day) -> None:
    heard = heard_of_whole(told(day=own), [told(q, at) for q, at in lines], silent_share=share)
    assert heard == (None if day is None else DAY + timedelta(day))


@pytest.mark.parametrize(
    ("quantity", "target", "is_open"),
    [(None, 1, True), (0, 1, True), (1, 1, False), (2, 1, False), (None, 0, False)],
)
def test_a_line_is_open_until_its_target(quantity, target, is_open) -> None:
    assert told(quantity, target=target).is_open is is_open


days = st.none() | st.integers(0, 30)


@given(
    own=days,
    lines=st.lists(st.tuples(st.integers(0, 12), days), min_size=1),
    share=st.sampled_from([0, 0.1, 0.5]),
)
def test_the_whole_is_never_heard_later_than_somebody_spoke(own, lines, share) -> None:
    parts = [told(quantity if day is not None else None, day) for quantity, day in lines]
    heard = heard_of_whole(told(day=own), parts, silent_share=share)
    newest = max((part.at for part in [told(day=own), *parts] if part.at), default=None)
    assert heard is None or (newest is not None and heard <= newest)
    strict = heard_of_whole(told(day=own), parts, silent_share=0)
    assert strict is None or (heard is not None and strict <= heard)
