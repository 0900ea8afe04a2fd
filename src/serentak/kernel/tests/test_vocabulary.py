"""Statuses roll up, days count down, viewers may what their grants say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import countdown_label, day_of, parse_countdown
from serentak.kernel.entries import raise_faults
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.status import Part, RollUp, Status, Verdict, judge
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Permission, Viewer

RULE = RollUp(late_share=0.25, risk_share=0.4, silent_share=0.5)
D, O, R, L, N = Status  # noqa: E741  # letters of the legend
VOTE = date(2024, 11, 27)
READ = Permission("readiness.VIEW_READINESS")
WRITE = Permission("readiness.REPORT_PROGRESS")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], N),
        ([D, D], D),
        ([D, O], O),
        ([O, O, O, L], L),
        ([O, O, O, O, L], O),
        ([O, O, R, R, O], R),
        ([O, O, R, L, O, O, O], O),
        ([O, R, L, O, O], R),
        ([N, N, O, O], N),
        ([N, O, O, O], O),
        ([N, D, D, D], O),
        ([N, N, N], N),
        ([N, L, O, O], L),
        ([N, R, O, O], O),
        ([N, R, R, O], R),
        ([N, N, N, L], L),
        ([N, N, N, N, L], N),
    ],
)
def test_a_parent_follows_the_shares_of_its_parts(parts: list[Status], expected: Status) -> None:
    assert judge(map(Part, parts), rule=RULE).status is expected


@pytest.mark.parametrize(
    ("parts", "silent_share", "expected"),
    [
        ([(D, 0.0)], 0.5, N),
        ([(D, 0.5)], 0.5, D),
        ([(O, 0.6), (N, 0.4)], 0.5, O),
        ([(O, 0.5), (N, 0.5)], 0.5, N),
        ([(N, 1.0)], 1.0, N),
    ],
)
def test_weights_may_be_fractions_and_nobody_heard_is_silence(
    parts: list[tuple[Status, float]], silent_share: float, expected: Status
) -> None:
    rule = RollUp(late_share=0.25, risk_share=0.4, silent_share=silent_share)
    assert judge([Part(*part) for part in parts], rule=rule).status is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([Part(R, at_least=R)] + [Part(O)] * 99, (R, R, 1, 100)),
        ([Part(N, at_least=R)] + [Part(O)] * 99, (R, N, 1, 100)),
        ([Part(L, at_least=R), Part(N, at_least=R)] + [Part(O)] * 98, (R, L, 1, 100)),
        ([Part(D, at_least=R)] + [Part(D)] * 9, (R, D, 1, 10)),
        ([Part(L, at_least=R)] * 3 + [Part(O)] * 9, (L, L, 3, 12)),
        ([Part(L, at_least=L)] + [Part(D)] * 99, (L, L, 1, 100)),
        ([Part(L, at_least=L)] + [Part(N)] * 99, (L, L, 1, 100)),
        ([Part(O, at_least=L)] + [Part(D)] * 99, (L, L, 1, 100)),
        ([Part(L)] * 2 + [Part(R)] + [Part(O)] * 9, (O, O, 9, 12)),
        ([Part(R)] * 4 + [Part(L)] + [Part(O)] * 5, (R, R, 5, 10)),
    ],
)
def test_some_parts_veto_and_the_verdict_names_those_that_decide(
    parts: list[Part], expected: tuple[Status, Status, int, int]
) -> None:
    found = judge(parts, rule=RULE)
    assert (found.status, found.because, found.count, found.of) == expected
    assert found.stops is any(part.at_least is L for part in parts)


@pytest.mark.parametrize(
    ("child", "at_least"),
    [
        (Verdict(D, D, 1, 1), None),
        (Verdict(O, O, 1, 1), None),
        (Verdict(R, R, 1, 1), None),
        (Verdict(L, L, 1, 1), R),
        (Verdict(N, N, 1, 1), R),
        (Verdict(L, L, 1, 1, stops=True), L),
    ],
)
def test_a_place_that_is_late_or_mute_shows_above_it(
    child: Verdict, at_least: Status | None
) -> None:
    assert child.part(3) == Part(child.status, 3, at_least)


@given(st.lists(st.builds(Part, st.sampled_from(list(Status)), st.sampled_from([1.0, 2.5]))))
def test_a_veto_never_makes_a_whole_better(parts: list[Part]) -> None:
    order = [D, O, R, N, L]
    before = judge(parts, rule=RULE).status
    for veto in (R, L):
        after = judge([*parts, Part(O, 0, veto)], rule=RULE).status
        assert order.index(after) >= min(order.index(before), order.index(veto))
        assert after not in (D, O)


@pytest.mark.parametrize("name", ["late_share", "risk_share", "silent_share"])
def test_a_share_lies_between_nothing_and_all(name: str) -> None:
    shares = {"late_share": 0.0, "risk_share": 1.0, "silent_share": 1.0}
    for share in (0, 1):
        assert getattr(RollUp(**(shares | {name: share})), name) == share
    for share in (-0.1, 1.1):
        with pytest.raises(ValueError, match=rf"^{name}: must lie between 0 and 1$"):
            RollUp(**(shares | {name: share}))


def test_the_best_status_ranks_first_and_silence_last() -> None:
    assert [status.rank for status in (D, O, R, L, N)] == [0, 1, 2, 3, 4]


@given(st.lists(st.tuples(st.sampled_from(Status), st.floats(0.1, 100)), min_size=1))
def test_silence_is_never_green(parts: list[tuple[Status, float]]) -> None:
    result = judge([Part(*part) for part in parts], rule=RULE).status
    if any(s is N for s, _ in parts):
        assert result is not D


def test_one_thing_that_stops_the_vote_makes_the_place_late() -> None:
    assert judge([Part(D, at_least=L)], rule=RULE).status is L


@pytest.mark.parametrize(
    ("text", "day"),
    [("H-30", date(2024, 10, 28)), ("H", VOTE), ("H+2", date(2024, 11, 29))],
)
def test_days_are_counted_from_the_vote(text: str, day: date) -> None:
    assert day_of(parse_countdown(text), vote_date=VOTE) == day
    assert countdown_label(day, vote_date=VOTE) == text


@pytest.mark.parametrize("text", ["H30", "h-3", "30", "H-", "H--1", ""])
def test_other_texts_are_no_countdown(text: str) -> None:
    with pytest.raises(ValueError, match="not of the form"):
        parse_countdown(text)


def _viewer() -> Viewer:
    return Viewer(
        user_id=1,
        grants=(
            Grant(7, "REGENT_DESK", frozenset({READ}), (PlaceCode("16.02"),)),
            Grant(
                8, "AGENCY", frozenset({READ, WRITE}), (PlaceCode("16.02.03"), PlaceCode("16.07"))
            ),
        ),
    )


def test_a_permission_holds_inside_the_jurisdiction_only() -> None:
    viewer = _viewer()
    assert viewer.places(READ) == ("16.02", "16.07")
    assert viewer.may(WRITE, PlaceCode("16.02.03.2001"))
    assert not viewer.may(WRITE, PlaceCode("16.02"))
    assert not viewer.may(READ, PlaceCode("16"))
    viewer.require(WRITE, PlaceCode("16.07.01"))
    with pytest.raises(OutOfScope) as refused:
        viewer.require(WRITE, PlaceCode("16.02.04"))
    assert refused.value.args == (WRITE, "16.02.04")


def test_a_permission_is_held_if_any_grant_gives_it() -> None:
    assert _viewer().holds(WRITE)
    assert not _viewer().holds(Permission("readiness.PLAN"))


def test_a_refusal_tells_its_code_its_field_and_what_fills_its_words() -> None:
    refused = Refused("places.code_is_taken", field="code", place="16")
    assert (refused.code, refused.field, refused.params) == (
        "places.code_is_taken", "code", {"place": "16"})  # fmt: skip
    assert refused.args == (refused.code, refused.field, refused.params)
    assert str(refused) == "places.code_is_taken {'place': '16'}"
    assert str(Refused("places.code_is_taken")) == "places.code_is_taken"
    assert Refused("places.code_is_taken").field is None


def test_faults_are_raised_one_a_line_and_none_is_no_error() -> None:
    raise_faults([])
    with pytest.raises(ValueError, match=r"^one\ntwo$"):
        raise_faults(["one", "two"])


def test_a_viewer_acts_for_the_institutions_that_grant_it() -> None:
    viewer = _viewer()
    assert viewer.acts_for(8, WRITE)
    assert not viewer.acts_for(7, WRITE)
    assert viewer.institutions(READ) == {7, 8}


def test_the_public_may_nothing_and_the_system_everything() -> None:
    assert not PUBLIC.holds(READ)
    assert SYSTEM.holds(WRITE)
    assert SYSTEM.acts_for(7, WRITE)
    assert SYSTEM.may(WRITE, PlaceCode("94.01"))
