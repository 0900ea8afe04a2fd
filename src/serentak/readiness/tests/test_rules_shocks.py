"""The catalogue of shocks: what it refuses, and whether its chances are what it says they are."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import day_of
from serentak.readiness.rules.shocks import CONTEST, EACH, ThreePoints, read_shocks

from .builders import raw_shipped, shipped_activities, shipped_shocks

VOTE = date(2024, 11, 27)


def refused(**changes: Any) -> str:
    """Return what is said of the shipped catalogue with a first shock that is changed."""
    raw = deepcopy(raw_shipped("shocks"))
    raw["shocks"][0].update(changes)
    with pytest.raises(ValueError, match=r"flood-rawas|groups") as told:
        read_shocks(raw, shipped_activities())
    return str(told.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"per_week": {"likely": 1.2, "low": 0.1, "high": 1.3}}, "per_week: likely: must lie betw"),
        ({"per_week": {"likely": -0.1, "low": -0.2, "high": 0}}, "per_week: likely: must lie betw"),
        ({"per_week": {"likely": 0.2, "low": 0.3, "high": 0.4}}, "per_week: low must not exceed"),
        ({"within": 2}, "within: must lie between 0 and 1"),
        ({"lasts": {"days": [3, 2, 5]}}, "lasts: days: must be three numbers from 0 up"),
        ({"lasts": {"days": [3, 2]}}, "lasts: days: must be a list of three"),
        ({"effect": {"factor": [0.5, 1, 2]}}, "effect: factor: a shock makes nothing shorter"),
        ({"effect": {"days": [1, 2, 3], "share": [0, 1, 2]}}, "effect: share: must lie between"),
        ({"effect": {"share": [0, 0.1, 0.2]}}, "effect: needs a factor or days"),
        ({"hits": {"activities": ["nothing"]}}, "'nothing' stands nowhere under known_activities"),
        ({"hits": {"aspects": ["nothing"]}}, "'nothing' stands nowhere under known_aspects"),
        ({"hits": {}}, "hits: names neither an activity nor an aspect"),
        ({"group": "NOWHERE"}, "group: 'NOWHERE' stands nowhere under groups"),
        ({"months": [13]}, "months: 1: must lie between 1 and 12"),
        ({"months_weight": {"5": 1}}, "months_weight: 5 is not among months"),
        ({"months_weight": {"11": 9}}, "makes the chance of a week greater than 1"),
        ({"window": {"from": "H+3", "to": "H-30"}}, "window: ends before it begins"),
        ({"with": {"nothing": 0.4}}, "'nothing' stands nowhere under shocks"),
        ({"with": {"road-bridge-cut": 1.4}}, "with: road-bridge-cut: must lie between 0 and 1"),
        ({"with": {"flood-rawas": 0.4}}, "shocks raise each other: flood-rawas"),
    ],
)
def test_what_is_wrong_is_named_with_its_row_and_rule(changes: dict[str, Any], said: str) -> None:
    told = refused(**changes)
    assert "flood-rawas" in told
    assert said in told


def test_a_group_names_regencies_and_provinces() -> None:
    raw = deepcopy(raw_shipped("shocks"))
    raw["groups"]["RAWAS"]["places"] = ["16.13.01"]
    with pytest.raises(ValueError, match=r"groups: RAWAS: places: 16\.13\.01 is no regency"):
        read_shocks(raw, shipped_activities())


@pytest.mark.parametrize("points", [(2, 1, 3), (1, 3, 2), (-1, 1, 2), (float("nan"), 1, 2)])
def test_three_points_out_of_order_are_refused(points: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="none smaller than the one before it"):
        ThreePoints(*points)


def test_what_hits_all_hits_any_province_and_a_group_only_its_places() -> None:
    shocks = shipped_shocks()
    elsewhere, lubuklinggau = PlaceCode("32.01"), PlaceCode("16.73")
    here = {s.key for s in shocks.causes_first() if shocks.can_hit(s, lubuklinggau)}
    there = {s.key for s in shocks.causes_first() if shocks.can_hit(s, elsewhere)}
    assert {"printer-late", "store-hit", "candidate-annulled"} <= here & there
    assert {"landslide", "signal-cut", "blackout"} <= here - there
    assert "flood-rawas" not in here | there
    assert shocks.can_hit(shocks.shocks["flood-rawas"], PlaceCode("16.13"))


def test_causes_come_before_what_they_raise() -> None:
    order = [shock.key for shock in shipped_shocks().causes_first()]
    assert sorted(order) == sorted(shipped_shocks().shocks)
    assert all(
        order.index(key) < order.index(raised)
        for key, shock in shipped_shocks().shocks.items()
        for raised in shock.also or {}
    )


def test_the_check_of_plausibility_is_what_the_chance_of_a_week_means() -> None:
    """As the file says: weeks of window and months around the vote of 2024, and one strike or more."""
    for key, shock in shipped_shocks().shocks.items():
        if shock.in_2024 is None:
            assert shock.calendar, key
            continue
        weights = [
            shock.weight(day_of(day, vote_date=VOTE).month)
            for day in range(shock.window.first, shock.window.last + 1)
        ]
        weeks = sum(weight > 0 for weight in weights) / 7
        alone = shock.independent or shock.group in (EACH, CONTEST)
        per_week = shock.per_week.likely * (shock.within if alone else 1)
        chance = 1 - (1 - per_week) ** (sum(weights) / 7)
        assert weeks == pytest.approx(shock.in_2024.weeks, abs=0.25), key
        assert chance == pytest.approx(shock.in_2024.chance, abs=0.03), key
