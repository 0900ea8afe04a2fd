"""Contradictions: weighed, opened, settled, gone and back; who may see and settle them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from serentak.elections.actions import set_up_election
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Share
from serentak.kernel.differing import Differs, Says
from serentak.kernel.entries import read
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import PUBLIC, SYSTEM
from serentak.platform import areas
from serentak.platform.models import AuditEvent
from serentak.reporting import actions, public
from serentak.reporting.models import Contradiction, ContradictionStep
from serentak.reporting.queries import differing
from serentak.reporting.rules.differing import (
    CONTRADICTION_TRANSITIONS,
    Checks,
    ComesBack,
    ContradictionEvent,
    ContradictionState,
    Tolerance,
    Used,
    event_for,
    is_tolerated,
    strength,
    weight_of,
)
from serentak.reporting.words import catalogue
from tests.cast import AT, OGAN_ILIR, OKI, PROVINCE, Cast
from tests.room import room

TODAY = date(2024, 10, 28)
S, E = ContradictionState, ContradictionEvent


def differs(a: float = 10, b: float = 12, **changes: Any) -> Differs:
    given: dict[str, Any] = {
        "place": OKI,
        "subject": "voters",
        "a": Says(value=a, link="/16.02/figures#voters"),
        "b": Says(value=b, link="/16.02/"),
        "amount": abs(a - b),
    }
    return Differs(**{**given, **changes})


# --- rules


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "is_one"),
    [
        (10, 10.5, Tolerance(units=1), True),
        (10, 12, Tolerance(units=1), False),
        (100, 103, Tolerance(share=0.03), True),
        (100, 104, Tolerance(share=0.03), False),
        (0, 0, Tolerance(), False),
        (0, 5, Tolerance(share=0.1), False),
    ],
)
def test_small_differences_are_none(a: float, b: float, tolerance: Tolerance, is_one: bool) -> None:
    assert is_tolerated(differs(a, b), tolerance, at=AT) is is_one


def test_young_differences_are_none() -> None:
    young = differs(since=AT - timedelta(hours=1))
    assert is_tolerated(young, Tolerance(minutes=120), at=AT)
    assert not is_tolerated(young, Tolerance(minutes=30), at=AT)


@given(st.floats(0.1, 50), st.floats(0, 1e9), st.integers(0, 400))
def test_more_weighs_more_and_a_week_halves_it(base: float, amount: float, days: int) -> None:
    power = strength(base, amount)
    assert power >= base
    assert strength(base, amount + 1e6) >= power
    near = TODAY + timedelta(days=days)
    now = weight_of(power, near=near, today=TODAY, half_life_days=7)
    later = weight_of(power, near=near + timedelta(days=7), today=TODAY, half_life_days=7)
    assert later == pytest.approx(now / 2)
    assert weight_of(power, near=None, today=TODAY, half_life_days=7) == power


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_an_amount_divided_by_nothing_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="amount"):
        strength(5, amount)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(E)), max_size=30))
def test_a_walk_agrees_with_an_oracle(walk: list[tuple[bool, bool, ContradictionEvent]]) -> None:
    """The oracle knows three facts only: whether the sides differ, were settled, are equal since."""
    state, is_settled, was_equal = S.OPEN, False, False
    for is_other, is_changed, by_hand in walk:
        event = event_for(
            state,
            differs=is_other,
            changed=is_changed,
            was_equal=was_equal,
            rule=ComesBack.CHANGED,
        )
        if event:
            state = CONTRADICTION_TRANSITIONS[state, event]
        if is_other and (state in (S.OPEN,) and is_settled):
            is_settled = False
        was_equal = not is_other
        if not is_other:
            assert state in (S.GONE, S.SETTLED)
        elif not is_settled and state is not S.SETTLED:
            assert state in (S.OPEN, S.ACKNOWLEDGED, S.ANSWERED)
        if by_hand in (E.ACKNOWLEDGE, E.ANSWER, E.SETTLE) and (
            new := CONTRADICTION_TRANSITIONS.after(state, by_hand)
        ):
            state, is_settled = new, new is S.SETTLED


def test_each_check_of_today_is_asked_once() -> None:
    asked = [check.asks for check in catalogue().asked.values()]
    assert len(asked) == len(set(asked))
    assert set(asked) == set(areas.checks())


def test_a_faulty_catalogue_names_row_and_rule() -> None:
    raw = {"common": [], "half_life_days": 0, "contradictions": [{"key": "a", "stands": "TODAY"}]}
    with pytest.raises(ValueError, match="half_life_days") as fault:
        read(Checks, raw)
    assert "half_life_days: must be greater than 0" in str(fault.value)
    assert "contradictions: a: name: is missing" in str(fault.value)


# --- the job


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Differs]:
    """What the check of voters finds; every other check finds nothing."""
    found: list[Differs] = []

    def voters(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
        return list(found)

    def none(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
        return ()

    asks: Mapping[str, Any] = {
        **dict.fromkeys(areas.checks(), none),
        "reporting.voters-sum": voters,
    }
    monkeypatch.setattr(areas, "checks", lambda: asks)
    return found


@pytest.fixture
def people(db: None) -> Cast:
    return room()


def compare(at: datetime = AT) -> Any:
    return actions.compare_sides(place=PROVINCE, actor=SYSTEM, at=at)


def row() -> Contradiction:
    return Contradiction.objects.get()


def settle(at: datetime = AT, **changes: Any) -> None:
    actions.acknowledge_contradiction(key=row().key, version=row().version, actor=SYSTEM, at=at)
    given: dict[str, Any] = {"reason": "BA nomor 3", "proof": "", "used": Used.A}
    actions.settle_contradiction(
        key=row().key, version=row().version, actor=SYSTEM, at=at, **{**given, **changes}
    )


def test_it_opens_changes_ends_and_comes_back(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    assert compare().opened == 1
    assert (row().state, row().owner is not None) == ("OPEN", True)
    before = AuditEvent.objects.count()
    assert compare().is_quiet
    assert AuditEvent.objects.count() == before
    told[:] = [differs(10, 15)]
    assert compare().changed == 1
    told.clear()
    assert compare().gone == 1
    assert row().state == "GONE"
    told[:] = [differs()]
    assert compare(AT + timedelta(days=1)).reopened == 1
    assert (row().state, row().reopened) == ("OPEN", 1)
    assert ContradictionStep.objects.count() == 4


def test_settled_stays_until_a_side_changes(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    settle()
    assert compare().is_quiet
    told[:] = [differs(11, 12)]
    assert compare().reopened == 1
    assert (row().state, row().reason) == ("OPEN", "")


def test_a_faulty_check_leaves_what_is_known(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    told[:] = [differs(amount=float("nan"))]
    done = compare()
    assert "voters-figure-sum" in done.faulty["voters-figure-sum"]
    assert row().state == "OPEN"


def test_every_check_runs_in_a_fixed_number_of_queries(people: Cast) -> None:
    compare()
    with CaptureQueriesContext(connection) as asked:
        for ask in areas.checks().values():
            list(ask(parent=PROVINCE, at=AT))
    assert len(asked) < 150


# --- people


def test_who_may_not_see_it_finds_nothing(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    with pytest.raises(OutOfScope):
        actions.acknowledge_contradiction(key=row().key, version=1, actor=PUBLIC, at=AT)
    assert differing.standing(PROVINCE, viewer=PUBLIC, at=AT).open == 0


def test_only_the_owner_answers(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    desk = people.regent_desk.viewer
    with pytest.raises(Refused, match="owner_settles"):
        actions.answer_contradiction(key=row().key, version=1, answer="x", actor=desk, at=AT)
    assert row().state == "OPEN"


def test_two_at_once_and_a_step_out_of_order(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    with pytest.raises(Conflict):
        actions.answer_contradiction(key=row().key, version=9, answer="x", actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="elsewhere"):
        actions.settle_contradiction(
            key=row().key, version=1, reason="x", proof="", used=Used.A, actor=SYSTEM, at=AT
        )
    with pytest.raises(Refused, match="answer_is_missing"):
        actions.answer_contradiction(key=row().key, version=1, answer=" ", actor=SYSTEM, at=AT)
    assert ContradictionStep.objects.count() == 1


def test_an_audience_is_told_alone(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs(audience=frozenset({1_000_000}))]
    compare()
    viewer = people.governor_desk.viewer
    assert differing.standing(PROVINCE, viewer=viewer, at=AT).open == 0
    assert public.differing_alerts(PROVINCE, viewer=viewer, at=AT) == ()
    told[:] = [differs()]
    compare()
    assert differing.standing(PROVINCE, viewer=viewer, at=AT).open == 1
    (alert,) = public.differing_alerts(PROVINCE, viewer=viewer, at=AT)
    assert alert.place == OKI


def test_steps_stay_as_written(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContradictionStep.objects.update(text="x")


def test_days_are_counted_for_quality(people: Cast, told: list[Differs]) -> None:
    told[:] = [differs()]
    compare()
    settle(AT + timedelta(hours=1))
    found = public.settlements(PROVINCE, first=TODAY, last=TODAY + timedelta(days=1))
    assert sum(one.opened for one in found.values()) == 1
    assert sum(one.in_time for one in found.values()) == 1


def test_what_ends_in_time_counts_of_all_that_opened(people: Cast, told: list[Differs]) -> None:
    count = areas.counts()["reporting.contradictions-settled"]
    assert count(parent=PROVINCE, at=AT) == {}
    told[:] = [
        differs(),
        differs(subject="late"),
        differs(subject="open"),
        differs(subject="confided", audience=frozenset({1_000_000})),
        differs(place=PROVINCE),
    ]
    compare()
    for subject, at in (("voters", AT + timedelta(hours=1)), ("late", AT + timedelta(days=30))):
        found = Contradiction.objects.get(subject=subject, place=OKI)
        actions.answer_contradiction(key=found.key, version=1, answer="x", actor=SYSTEM, at=at)
        actions.settle_contradiction(
            key=found.key, version=2, reason="x", proof="", used=Used.A, actor=SYSTEM, at=at
        )
    counts = count(parent=PROVINCE, at=AT + timedelta(days=30))
    assert {place: one.whole for place, one in counts.items()} == {
        OKI: Share(1, 3),
        PROVINCE: Share(0, 1),
    }
    # A side changes: the settled one opens again, and that counts as one more.
    told[0] = differs(10, 14)
    compare(AT + timedelta(days=31))
    counts = count(parent=OKI, at=AT + timedelta(days=31))
    assert {place: one.whole for place, one in counts.items()} == {OKI: Share(1, 4)}
    assert count(parent=OGAN_ILIR, at=AT + timedelta(days=31)) == {}


@pytest.mark.django_db(transaction=True)
def test_two_comparisons_at_once_leave_one_row_for_each_difference(
    cast: Cast, told: list[Differs]
) -> None:
    set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    told[:] = [differs(subject=f"{n}") for n in range(5)]
    both = Barrier(2)

    def run(_: int) -> int:
        try:
            both.wait()
            return int(compare().opened)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(run, range(2)))
    assert sorted(opened) == [0, 5]
    assert Contradiction.objects.count() == ContradictionStep.objects.count() == 5
    assert AuditEvent.objects.filter(name="reporting.ContradictionsCompared").count() == 1


def test_who_entered_a_side_does_not_settle_it(people: Cast, told: list[Differs]) -> None:
    user = people.governor_desk.user_id
    told[:] = [replace(differs(), a=Says(value=3, link="/", by=user))]
    compare()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contradiction.objects.update(
            state="SETTLED", reason="x", used="A", settled_values=[1], settled_by=user, ended_at=AT
        )
