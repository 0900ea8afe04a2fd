"""Which order a page follows: phases, the one scale of alerts, each thing once, what moved."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from serentak.desk import rules
from serentak.desk.queries.needs import ordering
from serentak.desk.rules import LAYOUTS, Change, Ordering
from serentak.kernel.area import Phase, Scale
from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import read
from serentak.kernel.status import Status
from serentak.platform import catalogue

VOTE = date(2024, 11, 27)
TODAY = date(2024, 10, 28)
ORDERING = Ordering(
    scales={
        "heavy": Scale(gravest=40, worth=100, holds_nearness=True),
        "light": Scale(gravest=10, worth=50, holds_nearness=False),
        "deeds": Scale(gravest=6, worth=60, holds_nearness=True),
    },
    half_life_days=5,
    least=0.25,
    most=4,
)


def alert(
    code: str, weight: float, *, due: date | None = None, link: str = "", place: str = "16"
) -> Alert:
    return Alert(code, PlaceCode(place), Status.LATE, due, link or f"/{code}", weight)


@pytest.mark.parametrize(
    ("today", "vote", "phase"),
    [
        (TODAY, None, Phase.BEFORE),
        (TODAY, VOTE, Phase.BEFORE),
        (date(2024, 11, 26), VOTE, Phase.BEFORE),
        (VOTE, VOTE, Phase.ON_THE_DAY),
        (date(2024, 11, 28), VOTE, Phase.AFTER),
    ],
)
def test_the_phase_follows_the_day_of_the_vote(
    today: date, vote: date | None, phase: Phase
) -> None:
    assert rules.phase_of(today, vote_date=vote) is phase


@pytest.mark.parametrize(
    ("phase", "wide", "narrow"),
    [
        (Phase.BEFORE, "alerts", "children"),
        (Phase.ON_THE_DAY, "feed", "silent"),
        (Phase.AFTER, "promises", "discrepancies"),
    ],
)
def test_each_phase_has_its_first_things(phase: Phase, wide: str, narrow: str) -> None:
    layout = LAYOUTS[phase]
    assert (layout.wide[0], layout.narrow[0]) == (wide, narrow)
    parts = {*layout.wide, *layout.narrow} - {"promises"}
    assert parts == {"alerts", "feed", "children", "silent", "discrepancies"}


@pytest.mark.parametrize(
    ("due", "near"),
    [
        (None, 1.0),
        (TODAY, 1.0),
        (date(2024, 10, 23), 2.0),
        (date(2024, 11, 2), 0.5),
        (date(2024, 1, 1), 4.0),
        (date(2024, 12, 31), 0.25),
    ],
)
def test_nearness_doubles_with_each_half_life(due: date | None, near: float) -> None:
    assert rules.nearness(due, today=TODAY, ordering=ORDERING) == near


@given(due=st.dates(), today=st.dates(), later=st.dates())
def test_nearness_stays_within_its_bounds_on_every_day(due: date, today: date, later: date) -> None:
    near, other = (rules.nearness(day, today=today, ordering=ORDERING) for day in (due, later))
    assert ORDERING.least <= near <= ORDERING.most
    assert near >= other or later < due


@pytest.mark.parametrize(
    ("code", "weight", "due", "points"),
    [
        ("heavy.A", 40, TODAY, 100),
        ("heavy.A", 20, date(2024, 1, 1), 50),
        ("light.A", 10, TODAY, 50),
        ("light.A", 10, date(2024, 10, 23), 100),
        ("light.A", 10, None, 50),
        ("deeds.A", 6, date(2024, 12, 31), 60),
        ("unknown.A", 999, TODAY, 0),
    ],
)
def test_slices_are_weighed_on_one_scale(
    code: str, weight: float, due: date | None, points: float
) -> None:
    given = alert(code, weight, due=due)
    assert rules.pressing(given, today=TODAY, ordering=ORDERING) == points


def test_a_slice_speaks_before_the_first_dot() -> None:
    assert [rules.slice_of(code) for code in ("desk", "readiness.OVERDUE.so")] == [
        "desk", "readiness"]  # fmt: skip


def in_order(*alerts: Alert, made: dict[str, list[str]] | None = None) -> list[tuple[str, float]]:
    found = rules.in_order(alerts, made=made or {}, today=TODAY, ordering=ORDERING)
    return [(a.link, a.weight) for a in found]


def test_the_most_pressing_comes_first_whatever_the_slice() -> None:
    assert in_order(
        alert("heavy.A", 16), alert("light.A", 9), alert("deeds.A", 5), alert("unknown.A", 99)
    ) == [("/deeds.A", 50), ("/light.A", 45), ("/heavy.A", 40), ("/unknown.A", 0)]


def test_ties_go_by_date_place_and_link() -> None:
    early, late = date(2024, 10, 1), date(2024, 11, 1)
    assert in_order(
        alert("heavy.A", 4, due=late, link="/c"),
        alert("heavy.B", 4, due=early, link="/d", place="16.02"),
        alert("heavy.C", 4, due=early, link="/b"),
        alert("heavy.D", 4, due=early, link="/a"),
    ) == [("/a", 10), ("/b", 10), ("/d", 10), ("/c", 10)]


def test_the_same_alert_stands_once_with_its_greater_weight() -> None:
    twice = alert("heavy.A", 4), alert("heavy.A", 8)
    assert in_order(*twice) == [("/heavy.A", 20)]
    assert in_order(*reversed(twice)) == [("/heavy.A", 20)]


def test_an_action_is_told_with_the_alert_that_it_was_made_from() -> None:
    boats, deed = alert("heavy.BOATS", 16, link="/boats"), alert("deeds.LATE", 6, link="/deed/1")
    assert in_order(boats, deed) == [("/deed/1", 60), ("/boats", 40)]
    assert in_order(boats, deed, made={"/boats": ["/deed/1"]}) == [("/boats", 60)]
    assert in_order(deed, made={"/boats": ["/deed/1"]}) == [("/deed/1", 60)]


def test_of_several_alerts_about_an_action_the_heaviest_lifts_its_source() -> None:
    boats = alert("heavy.BOATS", 16, link="/boats")
    heavy, light = alert("deeds.LATE", 6, link="/deed/1"), alert("deeds.SOON", 1, link="/deed/1")
    other = alert("deeds.LATE", 5, link="/deed/2")
    made = {"/boats": ["/deed/1", "/deed/2"]}
    for alerts in ((boats, heavy, light, other), (other, light, heavy, boats)):
        assert in_order(*alerts, made=made) == [("/boats", 60)]
    assert in_order(boats, other, made=made) == [("/boats", 50)]
    assert in_order(boats, light, made=made) == [("/boats", 40)]


def test_an_alert_is_not_told_with_itself_nor_with_an_action_that_nobody_warns_of() -> None:
    boats = alert("heavy.BOATS", 16, link="/boats")
    assert in_order(boats, made={"/boats": ["/boats", "/deed/9"]}) == [("/boats", 40)]


def test_what_weighs_little_is_lifted_by_little() -> None:
    boats, deed = alert("heavy.BOATS", 0.2, link="/boats"), alert("deeds.A", 0.07, link="/deed/1")
    ((link, weight),) = in_order(boats, deed, made={"/boats": ["/deed/1"]})
    assert (link, round(weight, 6)) == ("/boats", 0.7)


def test_a_day_that_has_passed_lifts_what_does_not_hold_its_nearness() -> None:
    past, ahead = date(2024, 10, 23), date(2024, 11, 2)
    assert in_order(
        alert("light.A", 10, due=ahead, link="/a"), alert("light.A", 10, due=past, link="/b")
    ) == [("/b", 100), ("/a", 25)]


def briefing(*values: float | None) -> Briefing:
    figures = tuple(Figure(f"f.{n}", value) for n, value in enumerate(values))
    return Briefing(Focus.READINESS, PlaceCode("16"), Status.LATE, None, figures)


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ((1, 2), (1, 2), None),
        ((1, 2), (1, 5), ("f.1", 3)),
        ((4, 2), (1, 5), ("f.0", -3)),
        ((None, 2), (1, 2), None),
        ((1,), (None, 5), None),
    ],
)
def test_the_first_figure_that_moved_is_told(
    before: tuple[float, ...], now: tuple[float, ...], moved: tuple[str, float] | None
) -> None:
    found = rules.change_since(briefing(*now), briefing(*before).figures)
    assert found == (
        None
        if moved is None
        else Change(next(f for f in briefing(*now).figures if f.code == moved[0]), moved[1])
    )


def test_slices_are_weighed_as_they_declare_unless_the_catalogue_says_otherwise(
    tmp_path: Path, settings: Settings
) -> None:
    declared = ordering().scales
    assert {"readiness", "coordination", "neutrality", "figures", "reporting"} <= set(declared)
    own = tmp_path / "desk" / "order.yaml"
    own.parent.mkdir()
    own.write_text(
        "{scales: {figures: {gravest: 9, worth: 90, holds_nearness: false}},"
        " half_life_days: 5, least: 0.25, most: 4}"
    )
    settings.SERENTAK_CATALOGUE = str(tmp_path)
    catalogue._load.cache_clear()
    found = ordering().scales
    catalogue._load.cache_clear()
    assert found == {**declared, "figures": Scale(gravest=9, worth=90, holds_nearness=False)}


def test_nearness_may_be_left_out_and_a_slice_weigh_little() -> None:
    little = {"a": {"gravest": 0.5, "worth": 0.5, "holds_nearness": True}}
    found = read(rules.Ordering, {**ORDER, "least": 1, "most": 1, "scales": little})
    assert (found.least, found.most, found.scales["a"].worth) == (1, 1, 0.5)


ORDER = {"half_life_days": 5, "least": 0.25, "most": 4}
LIGHT = {"a": {"gravest": 0, "worth": -1, "holds_nearness": True}}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"scales": LIGHT}, ["scales: a: gravest", "scales: a: worth"]),
        ({"half_life_days": 0}, ["half_life_days"]),
        ({"least": 2}, ["least, most"]),
        ({"most": 0.5}, ["least, most"]),
        ({"scales": LIGHT, "half_life_days": -1}, ["half_life_days", "scales: a", "scales: a"]),
    ],
)
def test_a_scale_without_weight_is_refused(change: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(ValueError, match="must") as told:
        read(rules.Ordering, {**ORDER, **change})
    lines = str(told.value).splitlines()
    assert len(lines) == len(faults)
    assert all(line.startswith(fault) for line, fault in zip(lines, faults, strict=True))
