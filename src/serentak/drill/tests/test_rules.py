"""The story tells the same every time, in reports that could have been."""

import csv
import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serentak.drill.rules.chance import chance
from serentak.drill.rules.coordination import Coordinated
from serentak.drill.rules.distribution import Distributed
from serentak.drill.rules.logistics import Stocked
from serentak.drill.rules.neutrality import NotOpen, Services, StayingOut, pledged
from serentak.drill.rules.people import Account, Ballot, Names, Pair, People, invented
from serentak.drill.rules.reports import (
    OLDER_REPORTS,
    RECENT_DAYS,
    Course,
    Line,
    Turn,
    course_of,
    done_by,
    reports_of,
)
from serentak.drill.rules.scenes import by_system, parse_scenes
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import read
from serentak.kernel.viewer import SYSTEM

TODAY = -30
SEED = "test"
PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "kpu-2024"


def shipped(name: str) -> Any:
    path = files("serentak.drill") / "catalogue" / f"{name}.yaml"
    return yaml.safe_load(path.read_text("utf-8"))


def line(**changes: Any) -> Line:
    given_ = {
        "activity": "kit-one",
        "aspect": "equipment",
        "place": PlaceCode("16.02"),
        "target": 1249,
        "target_day": -42,
        "likely": 20,
        "every": 3,
    }
    return Line(**(given_ | changes))


lines = st.builds(
    line,
    target=st.integers(1, 10**6),
    target_day=st.integers(-60, 10),
    likely=st.integers(1, 60),
    every=st.integers(1, 7),
    fixed=st.booleans(),
)
courses = st.builds(
    Course,
    ends=st.integers(-20, 40),
    takes=st.floats(0.3, 4),
    stops_at=st.floats(0, 1),
    unheard=st.integers(0, 20),
)


@given(lines, courses)
def test_reports_never_fall_nor_exceed_the_target_and_end_before_the_scene(
    work: Line, course: Course
) -> None:
    told = reports_of(work, course, today=TODAY, seed=SEED)
    amounts = [t.done for t in told]
    assert amounts == sorted(amounts)
    assert all(0 <= done <= work.target for done in amounts)
    days = [t.day for t in told]
    assert days == sorted(set(days))
    assert all(day <= TODAY - course.unheard for day in days)


@given(lines, courses)
def test_the_same_seed_tells_the_same(work: Line, course: Course) -> None:
    assert reports_of(work, course, today=TODAY, seed=SEED) == reports_of(
        work, course, today=TODAY, seed=SEED
    )


def test_chance_is_the_same_on_every_machine() -> None:
    assert chance("a", 1) == pytest.approx(0.69725975, abs=1e-8)
    assert 0 <= chance("b") < 1


@pytest.mark.parametrize(
    ("course", "day", "done"),
    [
        (Course(), -62, 0),
        (Course(), -52, 936),
        (Course(), -42, 1249),
        (Course(), 0, 1249),
        (Course(ends=10), -42, 936),
        (Course(ends=10, takes=2), -42, 1170),
        (Course(stops_at=0.5), 0, 624),
        (Course(takes=0.02), -43, 0),  # less than a day is a day
        (Course(takes=0.02), -42, 1249),
    ],
)
def test_much_is_done_first_and_the_rest_slowly(course: Course, day: int, done: int) -> None:
    assert done_by(line(), course, day) == done


def test_finished_work_ends_with_the_report_that_says_so() -> None:
    told = reports_of(line(), Course(), today=TODAY, seed=SEED)
    assert told[-1].day in range(-42, -39)
    assert told[-1].done == 1249
    assert told[-2].done < 1249


def test_a_place_writes_about_all_its_work_on_the_same_days() -> None:
    told = [
        {t.day for t in reports_of(line(activity=key, likely=60), Course(), today=TODAY, seed=SEED)}
        for key in ("kit-one", "site-pick")
    ]
    assert told[0] == told[1]


def test_late_work_reports_nothing_done_from_the_day_that_it_should_have_begun() -> None:
    told = reports_of(line(target_day=-30, likely=10), Course(ends=20), today=TODAY, seed=SEED)
    assert told[0].day in range(-39, -36)
    assert {t.done for t in told} == {0}


def test_places_write_on_days_of_their_own_in_each_telling() -> None:
    def days(place: str, seed: str) -> set[int]:
        work = line(place=PlaceCode(place), every=21, likely=200)
        return {t.day % 21 for t in reports_of(work, Course(stops_at=0.5), today=TODAY, seed=seed)}

    told = [days(place, seed) for place in ("16.02", "16.07") for seed in (SEED, "other")]
    assert [len(one) for one in told] == [1] * 4
    assert told[0] != told[1]
    assert told[0] != told[2]


def test_a_silent_place_is_not_heard_of() -> None:
    told = reports_of(line(target_day=-20), Course(unheard=7), today=TODAY, seed=SEED)
    assert told[-1].day <= -37


@pytest.mark.parametrize(
    ("work", "course", "told"),
    [
        (line(), Course(), [(-53, 871), (-44, 1236), (-41, 1249)]),
        (line(target_day=-35, likely=3, every=1), Course(), [(-37, 693), (-36, 1110), (-35, 1249)]),
        (
            line(target_day=-35, likely=10, every=2),
            Course(ends=2),
            [(-43, 0), (-41, 449), (-39, 799), (-37, 1049), (-35, 1199), (-33, 1249)],
        ),
        (
            line(target_day=-35, likely=10, every=1),
            Course(stops_at=0.5),
            [(-44, 237), (-43, 449), *((day, 624) for day in range(-42, -30))],
        ),
        (
            line(target_day=-26, likely=10, every=3),
            Course(takes=2, unheard=4),
            [(-44, 237), (-41, 546), (-38, 799), (-35, 996)],
        ),
        (line(target_day=5, likely=3, every=1), Course(), []),
    ],
)
def test_reports_come_on_their_days_and_stop_when_all_is_told(
    work: Line, course: Course, told: list[tuple[int, int]]
) -> None:
    found = reports_of(work, course, today=TODAY, seed=SEED)
    assert [(t.day, t.done) for t in found] == told


def test_the_note_goes_with_the_last_report() -> None:
    told = reports_of(line(), Course(stops_at=0.5, note="no boats"), today=TODAY, seed=SEED)
    assert [t.note for t in told if t.note] == ["no boats"]
    assert told[-1].note == "no boats"


def test_of_old_reports_a_few_are_kept() -> None:
    told = reports_of(line(target_day=20, likely=200, every=1), Course(), today=TODAY, seed=SEED)
    recent = [t for t in told if t.day > TODAY - RECENT_DAYS]
    assert len(recent) == RECENT_DAYS - 1
    assert len(told) - len(recent) == OLDER_REPORTS


def test_the_later_turn_wins_field_by_field() -> None:
    turns = (
        Turn(sets={"ends": -3, "takes": 2.0}),
        Turn(places=(PlaceCode("16.02"),), sets={"ends": 8}),
        Turn(activities=frozenset({"other"}), sets={"ends": 99}),
        Turn(aspects=frozenset({"transport"}), sets={"ends": 99}),
    )
    assert course_of(line(), turns, seed=SEED) == Course(ends=8, takes=2.0)
    district = line(place=PlaceCode("16.02.14"))
    assert course_of(district, turns, seed=SEED).ends == 8
    neighbour = line(place=PlaceCode("16.07"))
    assert course_of(neighbour, turns, seed=SEED).ends == -3


def test_give_and_take_stays_within_its_spread() -> None:
    turns = (Turn(sets={"ends": -3, "spread": 2}),)
    assert course_of(line(), turns, seed=SEED).spread == 0
    ends = {course_of(line(activity=str(n)), turns, seed=SEED).ends for n in range(200)}
    assert ends == {-5, -4, -3, -2, -1}


def test_each_line_has_its_own_luck() -> None:
    turns = (Turn(sets={"ends": -3, "spread": 20}),)
    ends = [course_of(line(activity=str(n)), turns, seed=SEED).ends for n in range(6)]
    assert ends == [-16, 14, -8, 14, 16, 17]
    other = course_of(line(activity="0", place=PlaceCode("16.07")), turns, seed=SEED)
    assert other.ends != -16
    assert course_of(line(activity="0"), turns, seed="other").ends != -16


@pytest.mark.parametrize(
    ("turn", "concerned"),
    [
        (Turn(), True),
        (Turn(places=(PlaceCode("16.07"), PlaceCode("16"))), True),
        (Turn(places=(PlaceCode("16.02.14"),)), False),
        (Turn(aspects=frozenset({"equipment", "x"})), True),
        (Turn(activities=frozenset({"kit-one", "x"})), True),
        (Turn(places=(PlaceCode("16.02"),), aspects=frozenset({"x"})), False),
        (Turn(aspects=frozenset({"equipment"}), activities=frozenset({"x"})), False),
        (Turn(places=(PlaceCode("16.07"),), activities=frozenset({"kit-one"})), False),
    ],
)
def test_a_turn_concerns_what_it_names_in_every_way(turn: Turn, concerned: bool) -> None:
    assert turn.concerns(line()) is concerned


def test_what_the_law_fixes_does_not_come_earlier() -> None:
    turns = (Turn(sets={"ends": -3}),)
    assert course_of(line(fixed=True), turns, seed=SEED).ends == 0
    later = (Turn(sets={"ends": 4}),)
    assert course_of(line(fixed=True), later, seed=SEED).ends == 4


# --- the shipped catalogue


def test_the_scenes_go_on_from_one_another() -> None:
    scenes = parse_scenes(shipped("scenes"))
    assert list(scenes) == ["h-30", "h-11", "h-7", "h-1", "h-night"]
    first, *others = scenes.values()
    for other in others:
        assert other.turns[: len(first.turns)] == first.turns
        assert other.meeting == first.meeting
        assert first.at < other.at


def test_the_ballots_short_are_those_of_the_press() -> None:
    """15,539 + 23,383 + 93 = 39,015 (Tribun Sumsel, iNews Palembang, Detik, November 2024)."""
    told = read(Stocked, shipped("logistics"))
    stores = told.ballots.stores.values()
    assert sum(store.governor for store in stores) == 15_539
    assert sum(store.regent for store in stores) == 23_383
    assert sum(store.revote for store in stores) == 93
    assert sum(store.short for store in stores) == 39_015
    fetched = [s for s in stores if s.fetched is not None]
    assert sum(s.regent + s.revote for s in fetched) - 2_000 == 21_476
    moved = {one.destination: one.pieces for one in told.transfers}
    for place, store in told.ballots.stores.items():
        assert (store.fetched is not None) == (store.short > moved.get(PlaceCode(place), 0))


def test_a_turn_sets_what_it_names_and_nothing_else() -> None:
    (told,) = parse_scenes(
        {
            "province": "16",
            "began_on": "2023-10-02",
            "voters_source": "KPU",
            "pairs_on": "2024-09-23",
            "voters_on": "2024-09-24",
            "scenes": [scene(turns=[{"places": ["16.02"], "ends": 4}])],
        }
    ).values()
    (turn,) = told.turns
    assert turn == Turn(places=(PlaceCode("16.02"),), sets={"ends": 4})


def test_what_nobody_in_particular_does_is_invented() -> None:
    at = datetime(2024, 10, 28, tzinfo=UTC)
    assert by_system(at) == {"figure_class": FigureClass.SYNTHETIC, "actor": SYSTEM, "at": at}


def scene(**changes: Any) -> dict[str, Any]:
    return {
        "key": "x",
        "title": {"id": "a", "en": "b"},
        "tells": {"id": "a", "en": "b"},
        "at": "2024-10-28T09:30+07:00",
        "meeting": {"name": "m", "date": "2024-08-21"},
    } | changes


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"turns": ["late"]}, "scenes: x: turns: 1: must be a mapping"),
        ({"turns": [{"end": 3}]}, "scenes: x: turns: 1: end: is not a field"),
        ({"turns": [{"stops_at": 1.2}]}, "scenes: x: turns: 1: stops_at: must lie between 0 and 1"),
        ({"moved": [{"activity": "a", "target": "H-3"}]}, "moved a needs a reason and a day"),
        ({"dropped": [{"activity": "a", "day": "H-3", "reason": "r", "target": "H-2"}]},
         "only a drop has no target"),
        ({"at": "2024-10-28T09:30"}, "with its zone"),
        ({"tells": {"id": "a"}}, "scenes: x: tells: needs a text in both languages"),
        ({"meeting": None}, "scenes: x: meeting: is missing"),
        ({"moved": [{"activity": "a", "target": "H-3", "reason": "r"}]}, "needs a reason and a day"),
        ({"moved": [{"activity": "a", "target": "H-3", "day": "H-9"}]}, "needs a reason and a day"),
        ({"goes_on_from": "y"}, "^scenes: x: goes on from y"),
    ],
)  # fmt: skip
def test_a_scene_that_contradicts_itself_is_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_scenes(
            {
                "province": "16",
                "began_on": "2023-10-02",
                "voters_source": "KPU",
                "pairs_on": "2024-09-23",
                "voters_on": "2024-09-24",
                "scenes": [scene(**changes)],
            }
        )


def test_every_race_has_its_pairs_and_one_has_a_blank_column() -> None:
    people = read(People, shipped("people"))
    ballots = invented(people).ballots
    assert len(ballots) == 18
    blank = [pair for pair in ballots[PlaceCode("16.10")] if not pair.head_name]
    assert [pair.ballot_number for pair in blank] == [2]


def test_invented_people_are_the_same_every_time() -> None:
    races = {
        PlaceCode("16.10"): Ballot(pairs=1, blank=1, holders={}),
        PlaceCode("16"): Ballot(pairs=2, blank=None, holders={2: "b"}),
    }
    taken = Account("a", "Cici Z", "OBSERVER", "KPU", PlaceCode("16"))
    found = invented(
        People("", (taken,), races, Names(("Ani", "Budi"), ("Cici",), tuple("UVWXYZ")))
    )
    assert list(found.holders.items()) == [
        (("16.10", "a"), "Cici W"), (("16.10", "b"), "Ani Z"), (("16.10", "c"), "Cici V"),
        (("16.10", "d"), "Budi U"), (("16", "a"), "Ani W"), (("16", "b"), "Cici Y"),
        (("16", "c"), "Ani X"), (("16", "d"), "Budi V"),
    ]  # fmt: skip
    assert found.ballots == {
        "16.10": (Pair(1, "", ""), Pair(2, "Ani V", "Cici U")),
        "16": (Pair(1, "Cici X", "Budi Z"), Pair(2, "Cici Y", "Budi X")),
    }


def test_a_holder_who_runs_has_one_name() -> None:
    cast = invented(read(People, shipped("people")))
    on_ballot = {p.head_name for p in cast.ballots[PlaceCode("16.13")]}
    assert cast.holders[PlaceCode("16.13"), "a"] in on_ballot


def test_no_two_invented_persons_share_a_name() -> None:
    people = read(People, shipped("people"))
    cast = invented(people)
    runs = {
        cast.holders[p, letter] for p, b in people.ballots.items() for letter in b.holders.values()
    }
    names = [
        *cast.holders.values(),
        *(
            name
            for pairs in cast.ballots.values()
            for pair in pairs
            for name in (pair.head_name, pair.deputy_name)
            if name and name not in runs
        ),
        *(account.full_name for account in people.accounts),
    ]
    assert len(names) == len(set(names))


def test_no_invented_name_is_that_of_a_real_candidate() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published candidates are not beside this clone")
    rows = csv.DictReader((PUBLISHED / "regency-candidates.csv").read_text("utf-8").splitlines())
    texts = [row["pair"] for row in rows]
    governors = json.loads((PUBLISHED / "paslon" / "pkwkp.json").read_text("utf-8"))
    texts += [pair["nama"] for pair in governors["16"].values()]
    real = [set(one.upper().replace(",", " ").split()) for t in texts for one in t.split(" - ")]
    cast = invented(read(People, shipped("people")))
    ours = set(cast.holders.values()) | {
        name
        for pairs in cast.ballots.values()
        for p in pairs
        for name in (p.head_name, p.deputy_name)
    } - {""}
    assert [
        name for name in ours if any(set(name.upper().split()) <= words for words in real)
    ] == []


@pytest.mark.parametrize(
    ("ballot", "fault"),
    [
        ({"pairs": 2, "blank": 3}, "only a single pair"),
        ({"pairs": 2, "holders": {3: "a"}}, "a number that no pair has"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused(ballot: dict[str, Any], fault: str) -> None:
    data = shipped("people") | {"contests": {"16": ballot}}
    with pytest.raises(ValueError, match=fault):
        read(People, data)


def test_an_account_stands_once() -> None:
    data = shipped("people")
    data["accounts"] *= 2
    with pytest.raises(ValueError, match="stands twice"):
        read(People, data)


# --- from the meeting to the deed


def test_the_story_of_coordination_is_told_in_order() -> None:
    told = read(Coordinated, shipped("coordination"))
    outcomes = [(m.day, outcome) for m in told.meetings for outcome in m.outcomes]
    outcomes += [(visit.day, visit.then) for visit in told.visits]
    keys = [outcome.key for _, outcome in outcomes]
    assert len(set(keys)) == len(keys)
    for asked_on, outcome in outcomes:
        days = [asked_on, *(turn.day for turn in outcome.then)]
        assert days == sorted(days)
        assert outcome.owner is None or asked_on < outcome.due <= outcome.check
        assert all(letter.day > asked_on for letter in outcome.letters)
        assert all(turn.note for turn in outcome.then if turn.step == "complete")
    assert all(meeting.planned < meeting.day for meeting in told.meetings)
    assert {outcome.kind for _, outcome in outcomes} == {
        "INFORMATION", "DECISION", "INSTRUCTION", "DIRECTIVE", "REQUEST",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        ({"kind": "REQUEST"}, "needs who answers"),
        ({"kind": "REQUEST", "owner": ["KPU", "16"]}, "needs a due day"),
        ({"kind": "INFORMATION", "then": [{"day": "H-1", "step": "shout"}]}, "is no step"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(outcome: dict[str, Any], fault: str) -> None:
    data = shipped("coordination")
    data["meetings"][0]["outcomes"] = [{"key": "x", "text": "x"} | outcome]
    with pytest.raises(ValueError, match=fault):
        read(Coordinated, data)


# --- who stays out


def test_the_story_of_neutrality_is_told_in_order() -> None:
    told = read(StayingOut, shipped("neutrality"))
    references = [(case.place, case.reference) for case in told.cases]
    assert len(set(references)) == len(references)
    for case in told.cases:
        days = [case.deed, case.received, *(turn.day for turn in case.then)]
        assert days == sorted(days)
        assert all(bool(turn.event) is not bool(turn.reply) for turn in case.then)
    assert all(item.reason for item in told.services.not_open)
    assert all("REKAAN" in item.number for item in told.circulars)


@pytest.mark.parametrize(
    ("kind", "place", "told"),
    [
        ("KTP", "16.02", True),
        ("KTP", "16.02.14", True),  # under it
        ("KTP", "16", False),
        ("KTP", "16.07", False),
        ("HOSPITAL", "16.02", False),
    ],
)
def test_a_service_is_open_unless_it_is_told_of(kind: str, place: str, told: bool) -> None:
    closed = NotOpen(PlaceCode("16.02"), "KTP", "CLOSED", "banjir")
    services = Services(frozenset(), (NotOpen(PlaceCode("16.71"), "KTP", "CLOSED", "x"), closed))
    assert services.told_of(kind, PlaceCode(place)) is (closed if told else None)


@pytest.mark.parametrize(
    ("place", "kind", "share", "staff", "signed"),
    [
        ("16.02", "DISHUB", 0.9, 236, 214),
        ("16.02", "DISHUB", 1.0, 236, 236),
        ("16.02", "DISHUB", 0.0, 236, 2),
        ("16.07", "DISHUB", 0.9, 288, 259),
        ("16.07", "DISHUB", 1.0, 288, 288),
        ("16.07", "DISHUB", 0.0, 288, 0),
        ("16.02", "CAMAT", 0.5, 125, 62),
    ],
)
def test_about_the_share_named_has_signed(
    place: str, kind: str, share: float, staff: int, signed: int
) -> None:
    assert pledged(PlaceCode(place), kind, share, seed=SEED) == (staff, signed)


@given(st.floats(0, 1), st.text("abc", max_size=3))
def test_no_more_sign_than_there_are(share: float, kind: str) -> None:
    staff, signed = pledged(PlaceCode("16.02"), kind, share, seed=SEED)
    assert 0 <= signed <= staff
    assert (staff, signed) == pledged(PlaceCode("16.02"), kind, share, seed=SEED)
    assert share < 1 or signed == staff


# --- who brings the boxes


def test_the_story_of_routes_is_told_in_order_with_vehicles_that_were_lent() -> None:
    told = read(Distributed, shipped("distribution"))
    lent: dict[tuple[str, str], int] = {}
    for fleet in told.fleets:
        for number in range(1, fleet.count + 1):
            lent[fleet.place, f"{fleet.name} {number}"] = fleet.day
    assert {plan.place for plan in told.plans} == {"16.02", "16.07"}
    for plan in told.plans:
        assert plan.adopted is None or plan.begun < plan.adopted
        trips = [(route.vehicle, route.trip) for route in plan.routes]
        assert len(set(trips)) == len(trips)
        assert all(lent[plan.place, route.vehicle] < plan.begun for route in plan.routes)
        assert not plan.reason or "REKAAN" in plan.reason
