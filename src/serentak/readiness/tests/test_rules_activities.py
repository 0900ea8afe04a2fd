"""The catalogue of activities: what is shipped, and what is refused with which words."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import Level
from serentak.kernel.entries import read
from serentak.readiness.rules.activities import (
    After,
    Catalogue,
    Drop,
    Where,
    find_cycle,
    folded,
)
from serentak.readiness.rules.quantities import Of, Term
from serentak.readiness.rules.thresholds import parse_thresholds

from .builders import catalogue_of, raw_activity, raw_catalogue, raw_shipped, shipped_activities

KINDS = frozenset(
    {
        *(
            "GOVERNOR_DESK",
            "REGENT_DESK",
            "TREASURY",
            "KPU",
            "BAWASLU",
            "PPK",
            "PPS",
            "KPPS",
            "PANWASCAM",
        ),
        *("POLICE", "ARMY", "PROSECUTOR", "DUKCAPIL", "DISKOMINFO", "DISHUB", "DINKES", "BPBD"),
        *("SATPOL_PP", "BKD", "DPMD", "KESBANGPOL", "GOVERNMENT_BUREAU", "INSPECTORATE", "PLN"),
        *("TELECOMS", "POST", "PRISONS", "BKN", "BMKG", "CAMAT", "VILLAGE_HEAD"),
    }
)


def test_shipped_catalogue_covers_every_aspect_with_known_owners() -> None:
    catalogue = shipped_activities()
    assert len(catalogue.activities) == 81
    assert {a.aspect for a in catalogue.activities.values()} == set(catalogue.aspects)
    assert {a.unit for a in catalogue.activities.values()} == set(catalogue.units)
    assert {a.miss for a in catalogue.activities.values()} == set("ABCDEFG")
    assert {a.source for a in catalogue.activities.values()} == set(catalogue.sources)
    for activity in catalogue.activities.values():
        owners = {*activity.owner.values(), *activity.others, activity.district_owner or "KPU"}
        assert owners <= KINDS, activity.key


def test_shipped_targets_leave_each_step_its_likely_days() -> None:
    activities = shipped_activities().activities
    assert sum(len(a.after) for a in activities.values()) == 117
    short = [
        f"{link.key} {activities[link.key].target} → {key} {activity.target}"
        for key, activity in activities.items()
        for link in activity.after
        if activity.target - activities[link.key].target < activity.durations.likely
    ]
    assert short == []


def test_an_entry_is_read_field_by_field() -> None:
    ship = shipped_activities().activities["ship-t"]
    assert ship.name["id"] == "Kotak suara tiba di TPS"
    assert ship.name["en"] == "Boxes at the stations"
    assert ship.owner == {Level.REGENCY: "KPU"}
    assert (ship.district_owner, ship.by_district) == ("PPK", True)
    assert ship.quantity == (Term(Of.STATIONS, 1, per_race=True),)
    assert ship.after == (After("ship-v", Where.SAME), After("list-copy", Where.SAME))
    assert (ship.target, ship.deadline, ship.deadline_kind) == (-1, -1, DeadlineKind.LEGAL)
    assert (ship.drop, ship.miss, ship.report_every) == (Drop.NEVER, "A", 1)
    assert ship.durations.figure_class is FigureClass.ASSUMED
    assert replace(ship.durations, sourced=frozenset({"likely"})).figure_class is (
        FigureClass.SOURCED
    )
    percent = Term(Of.PERCENT, 1)
    found = [replace(ship, split="", district_owner=None, quantity=q).is_percent
             for q in ((percent,), (Term(Of.ONE, 1), percent), (Term(Of.ONE, 1),))]  # fmt: skip
    assert found == [True, True, False]


def test_owner_may_differ_by_level_and_predecessor_may_bind_both_levels() -> None:
    activities = shipped_activities().activities
    assert activities["service-on"].owner == {
        Level.PROVINCE: "GOVERNOR_DESK",
        Level.REGENCY: "REGENT_DESK",
    }
    assert After("ballot-print", Where.OWN_AND_PROVINCE) in activities["ballot-arrive"].after


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ship-t", "ship-t"),
        ("Kotak suara tiba di TPS", "ship-t"),
        ("  kotak  TIBA di tps ", "ship-t"),
        ("Boxes at the stations", "ship-t"),
        ("distribusi ke TPS", "ship-t"),
        ("kotak tiba", None),
        ("", None),
    ],
)
def test_a_row_is_recognised_by_key_name_or_alias(text: str, key: str | None) -> None:
    assert shipped_activities().names.get(folded(text)) == key


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"after": ["b"]}, "a: after: 'b' is no activity of this catalogue"),
        ({"target": "D-3"}, "activities: a: target: 'D-3' is not of the form H-30, H or H+2"),
        (
            {"durations": {"optimistic": 1, "likely": -4, "pessimistic": 8}},
            "activities: a: durations: likely: must be at least 1",
        ),
        (
            {"durations": {"optimistic": 5, "likely": 4, "pessimistic": 8}},
            "activities: a: durations: optimistic must not exceed likely, nor likely pessimistic",
        ),
        (
            {"durations": {"optimistic": 1, "likely": 4, "pessimistic": 8, "sourced": ["mean"]}},
            "activities: a: durations: sourced: can name optimistic, likely, pessimistic",
        ),
        ({"aspect": "sport"}, "activities: a: aspect: 'sport' stands nowhere under aspects"),
        ({"unit": "kg"}, "activities: a: unit: 'kg' stands nowhere under units"),
        ({"miss": "Z"}, "activities: a: miss: 'Z' stands nowhere under consequences"),
        ({"source": "rumour"}, "activities: a: source: 'rumour' stands nowhere under sources"),
        ({"name": {"id": "a"}}, "activities: a: name: needs a text in both languages, {id:, en:}"),
        ({"owner": None}, "activities: a: owner: is missing"),
        (
            {"owner": 3},
            "activities: a: owner: must be a kind of institution, or one for each level",
        ),
        (
            {"owner": {"province": "KPU"}},
            "activities: a: owner: must be a kind of institution, or one for each level",
        ),
        ({"levels": ["village"]}, "activities: a: levels: must name province, regency or both"),
        ({"levels": []}, "activities: a: levels: must name province, regency or both"),
        ({"quantity": []}, "activities: a: quantity: there must be at least one"),
        (
            {"quantity": [{"of": "horses"}]},
            "activities: a: quantity: 1: of: 'horses' is none of one, percent, stations, voters, villages, "
            "districts, regencies, contests, ballots",
        ),
        (
            {"quantity": [{"of": "stations", "times": 0}]},
            "activities: a: quantity: 1: times: must be at least 1",
        ),
        (
            {"split": "district", "district_owner": "PPK", "quantity": [{"of": "percent"}]},
            "activities: a: quantity: districts can only share what is counted district by district",
        ),
        (
            {"split": "district"},
            "activities: a: district_owner: is named where, and only where, there are districts",
        ),
        (
            {"split": "village", "district_owner": "PPK"},
            "activities: a: split: only a regency's activity can be split, and only by district",
        ),
        (
            {"deadline": {"kind": "MORAL"}},
            "activities: a: deadline: kind: 'MORAL' is none of LEGAL, PHYSICAL, ADMINISTRATIVE",
        ),
        (
            {"deadline": {"kind": "LEGAL", "at": "H-9"}},
            "activities: a: target: lies after the activity's own deadline",
        ),
        ({"drop": "maybe"}, "activities: a: drop: 'maybe' is none of never, partly, fully"),
        ({"report_every": 0}, "activities: a: report_every: must be at least 1"),
        ({"confidence": None}, "activities: a: confidence: is missing"),
        ({"confidence": "SURE"}, "activities: a: confidence: 'SURE' is none of HIGH, MEDIUM, LOW"),
        ({"fixed": "yes"}, "activities: a: fixed: 'yes' is not true or false"),
        ({"predecessors": ["b"]}, "activities: a: predecessors: is not a field of this entry"),
        ({"target": "H+2"}, "a: deadline: work after the vote needs a last day (at)"),
        ({"target": "H"}, "a: deadline: work after the vote needs a last day (at)"),
        (
            {"levels": {"regency": "KPU"}},
            "activities: a: levels: must name province, regency or both",
        ),
        (
            {"levels": ["regency", "regency"]},
            "activities: a: levels: must name province, regency or both",
        ),
        (
            {"owner": ""},
            "activities: a: owner: must be a kind of institution, or one for each level",
        ),
        (
            {"owner": {"regency": "KPU", "village": "PPS"}},
            "activities: a: owner: must be a kind of institution, or one for each level",
        ),
        (
            {"owner": {"regency": "KPU", "province": "KPU"}},
            "activities: a: owner: must be a kind of institution, or one for each level",
        ),
        (
            {"split": "district", "district_owner": "PPK", "levels": ["province"]},
            "activities: a: split: only a regency's activity can be split, and only by district",
        ),
        (
            {"district_owner": "PPK"},
            "activities: a: district_owner: is named where, and only where, there are districts",
        ),
        (
            {
                "split": "district",
                "district_owner": "PPK",
                "quantity": [{"of": "stations"}, {"of": "one"}],
            },
            "activities: a: quantity: districts can only share what is counted district by district",
        ),
        (
            {"after": [{"key": "a2", "place": "OWN_AND_PROVINCE"}]},
            "a: after: 'a2' does not exist on both levels",
        ),
        ({"aliases": ["kegiatan a2"]}, "a2: aliases: 'kegiatan a2' already means a"),
    ],
)
def test_a_faulty_entry_is_refused_by_entry_field_and_rule(
    changes: dict[str, Any], fault: str
) -> None:
    raw = raw_catalogue(raw_activity("a", **changes), raw_activity("a2"))
    with pytest.raises(ValueError, match="a") as caught:
        read(Catalogue, raw)
    assert fault in str(caught.value).splitlines()


def test_all_faults_are_told_at_once() -> None:
    raw = raw_catalogue(
        raw_activity("a", target="later", miss="Z"), raw_activity("b", unit="kg"), raw_activity("b")
    )
    with pytest.raises(ValueError, match="later") as caught:
        read(Catalogue, raw)
    told = str(caught.value)
    assert all(
        part in told
        for part in ("a: target", "activities: a: miss", "b: unit", "b: key: stands twice")
    )


@pytest.mark.parametrize("raw", [None, [], "activities", {"activities": [3]}, {"activities": {}}])
def test_what_is_no_catalogue_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        read(Catalogue, raw)


def test_a_circle_is_named_step_by_step() -> None:
    raw = raw_catalogue(
        raw_activity("a", after=["c"]),
        raw_activity("b", after=["a"]),
        raw_activity("c", after=["b"]),
    )
    with pytest.raises(ValueError, match="wait for each other") as caught:
        read(Catalogue, raw)
    circle = str(caught.value).rpartition(": ")[2].split(" → ")
    assert len(circle) == 4
    assert circle[0] == circle[-1]
    assert str(caught.value).startswith(f"{circle[0]}: after: ")
    assert set(circle) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("levels", "of_link", "fault"),
    [
        (["regency"], ["province", "regency"], None),
        (["regency"], ["regency"], "a: after: 'b' does not exist on both levels"),
        (["regency"], ["province"], "a: after: 'b' does not exist on both levels"),
        (["province"], ["province", "regency"], "a: after: 'b' does not exist on both levels"),
        (
            ["province", "regency"],
            ["province", "regency"],
            "a: after: 'b' does not exist on both levels",
        ),
    ],
)
def test_a_regency_may_wait_for_itself_and_its_province(
    levels: list[str], of_link: list[str], fault: str | None
) -> None:
    link = {"key": "b", "place": "OWN_AND_PROVINCE"}
    raw = raw_catalogue(
        raw_activity("a", levels=levels, after=[link]), raw_activity("b", levels=of_link)
    )
    if fault is None:
        (found,) = read(Catalogue, raw).activities["a"].after
        assert found == After("b", Where.OWN_AND_PROVINCE)
        return
    with pytest.raises(ValueError, match="b") as caught:
        read(Catalogue, raw)
    assert str(caught.value) == fault


def test_a_predecessor_named_alone_is_one_at_the_same_place() -> None:
    found = catalogue_of(raw_activity("a"), raw_activity("b", after=["a"]))
    assert found.activities["b"].after == (After("a", Where.SAME),)


def test_find_cycle_follows_who_waits_for_whom() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": []}) is None
    before = {"a": ["b"], "b": ["c"], "c": ["a"]}
    steps = find_cycle(before) or []
    assert len(steps) == 4
    assert all(then in before[one] for one, then in pairwise(steps))
    circle = find_cycle({"a": ["b"], "b": ["a"]})
    assert circle is not None
    assert set(circle) == {"a", "b"}


def test_work_after_the_vote_may_lean_on_what_waits_for_it() -> None:
    parsed = catalogue_of(
        raw_activity("a", target="H+2"),
        raw_activity("b", target="H+6", after=["a"], deadline={"kind": "LEGAL", "at": "H+6"}),
    )
    assert parsed.activities["a"].deadline is None
    bounded = catalogue_of(
        raw_activity("a", target="H"),
        raw_activity("b", target="H+2", after=["a"]),
        raw_activity("c", target="H+6", after=["b"], deadline={"kind": "LEGAL", "at": "H+6"}),
    )
    assert [a.deadline for a in bounded.activities.values()] == [None, None, 6]


def test_shipped_thresholds_say_where_each_number_is_from() -> None:
    settings = parse_thresholds(raw_shipped("rules"))
    thresholds = settings.values
    assert thresholds.last_day_before_vote == -1
    assert thresholds.goals == ("opening", "recap-p")
    assert set(thresholds.consequence_weights) == set(thresholds.harms) == set("ABCDEFG")
    assert all(
        origin.replace["id"] and origin.meaning["en"] for origin in settings.origins.values()
    )
    assert {o.figure_class for o in settings.origins.values()} == {FigureClass.ASSUMED}


def test_faulty_thresholds_are_refused_all_at_once() -> None:
    raw = raw_shipped("rules")
    by_key = {rule["key"]: rule for rule in raw["rules"]}
    by_key["now_days"]["value"] = -1
    by_key["children_roll_up"]["value"]["late_share"] = 25
    by_key["harms"]["value"]["A"] = "LIVES"
    by_key["next_days"]["key"] = "soon_days"
    with pytest.raises(ValueError, match="now_days") as caught:
        parse_thresholds(raw)
    assert set(str(caught.value).splitlines()) == {
        "rules: now_days: must be at least 0",
        "rules: children_roll_up: late_share: must lie between 0 and 1",
        "rules: harms: A: 'LIVES' is none of LIFE, VOTE, TIMETABLE, PAPER",
        "rules: next_days: is missing",
        "rules: soon_days: is not a field of this entry",
    }


def test_names_are_compared_in_lower_case_with_single_spaces() -> None:
    assert folded("  Kotak \t TIBA ") == "kotak tiba"


def test_all_three_durations_may_be_published() -> None:
    days = {"optimistic": 4, "likely": 4, "pessimistic": 4}
    found = catalogue_of(raw_activity("a", durations={**days, "sourced": list(days)}))
    assert found.activities["a"].durations.sourced == set(days)
