"""The story of security finds what was published, where most of it was found."""

from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import yaml

from serentak.drill.rules.liaison import Together
from serentak.drill.rules.night import Doing, Night
from serentak.drill.rules.posting import Posted
from serentak.drill.rules.security import Found, Secured
from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.kernel.entries import read

SEED = "test"
MISSING = {"16.02.11", "16.02.14", "16.02.15", "16.02.18"}


def catalogue(slice_: str, name: str) -> Any:
    path = files(f"serentak.{slice_}") / "catalogue" / f"{name}.yaml"
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def story() -> Secured:
    return read(Secured, catalogue("drill", "security"))


@pytest.fixture(scope="module")
def stations(story: Secured) -> list[PlaceCode]:
    """As many stations as each regency has: twenty districts, villages of two to five stations."""
    found = []
    for regency, counts in story.classes.stations.items():
        left, village = sum(counts.values()), 0
        while left:
            size = min(left, 2 + village % 4)
            district, number = 1 + village % 20, 2001 + village // 20
            place = f"{regency}.{district:02}.{number}"
            found += [PlaceCode(f"{place}.{n:03}") for n in range(1, size + 1)]
            left, village = left - size, village + 1
    return found


@pytest.fixture(scope="module")
def surveyed(story: Secured, stations: list[PlaceCode]) -> list[PlaceCode]:
    return story.survey.surveyed(stations)


@pytest.fixture(scope="module")
def answers(story: Secured, surveyed: list[PlaceCode]) -> Any:
    return story.survey.answered(SEED, surveyed)


def test_all_but_the_water_districts_were_surveyed(
    stations: list[PlaceCode], surveyed: list[PlaceCode]
) -> None:
    assert len(stations) == 13_206
    missing = {code for code in stations if at_level(code, Level.DISTRICT) in MISSING}
    assert 0 < len(missing) < 0.03 * len(stations)
    assert set(surveyed) == set(stations) - missing


def test_as_many_say_yes_as_was_published(story: Secured, answers: Any) -> None:
    told = Counter(key for of in answers.values() for key in of)
    assert told == {key: one.places for key, one in story.survey.indicators.items()}


def test_most_was_found_where_most_was_published(story: Secured, answers: Any) -> None:
    for key, one in story.survey.indicators.items():
        at = Counter(at_level(code, Level.REGENCY) for code, of in answers.items() if key in of)
        if one.only:
            assert set(at.keys()) <= {*one.only} or one.each
        if one.most and one.places > 40:
            least = min(at[regency] for regency in one.most)
            assert all(n <= least for regency, n in at.items() if regency not in one.most), key


def test_numbers_lie_within_theirs_and_a_village_of_two_is_one(
    story: Secured, surveyed: list[PlaceCode], answers: Any
) -> None:
    for place, of in answers.items():
        for key, answer in of.items():
            low, high = story.survey.indicators[key].numbers or (1, 1)
            assert low <= answer <= high
            is_village = len(place) == Level.VILLAGE
            assert story.survey.indicators[key].villages is is_village
    (partial,) = (place for place, of in answers.items() if "officials-partial" in of)
    assert sum(code.startswith(partial) for code in surveyed) == 2


def test_the_same_seed_finds_the_same_and_another_does_not(
    story: Secured, surveyed: list[PlaceCode], answers: Any
) -> None:
    again = story.survey.answered(SEED, sorted(surveyed, reverse=True))
    assert again == answers
    assert story.survey.answered("other", sorted(surveyed)) != answers


def test_classes_are_as_many_as_the_story_says_the_gravest_where_most_was_found(
    story: Secured, stations: list[PlaceCode], answers: Any
) -> None:
    for regency, counts in story.classes.stations.items():
        own = [code for code in stations if code.startswith(regency)]
        points = {code: story.survey.points(answers, code) for code in own}
        special = {code for code in own if "special-location" in answers.get(code, {})}
        given = story.classes.given(SEED, regency, points, special)
        assert Counter(given.values()) == counts
        assert {code for code, one in given.items() if one == "SPECIAL"} <= special
        mean = {
            name: sum(points[c] for c, one in given.items() if one == name) / counts[name]
            for name in ("HIGHLY", "VULNERABLE", "LESS")
        }
        assert min(mean["HIGHLY"], mean["VULNERABLE"]) >= mean["LESS"], regency


def test_some_police_are_later_than_the_others(story: Secured) -> None:
    assert story.classes.day_of(PlaceCode("16.01")) == -12
    assert story.classes.day_of(PlaceCode("16.02")) == -9


def test_who_has_little_gives_the_rest_to_others() -> None:
    one = Found("x", 9, most=(PlaceCode("16.01"),))
    places = [PlaceCode(f"16.0{r}.01.2001.{n:03}") for r in (1, 2) for n in range(1, 9)]
    at = Counter(at_level(place, Level.REGENCY) for place in one.among(SEED, places))
    assert at == {"16.01": 5, "16.02": 4}


# --- officers


@pytest.mark.parametrize(
    ("officers", "districts", "in_all"), [(388, 18, 175), (84, 6, 38), (9, 6, 9)]
)
def test_a_share_of_officers_stands_in_districts_and_no_more_than_there_are(
    officers: int, districts: int, in_all: int
) -> None:
    posts = read(Posted, catalogue("drill", "posting")).posts
    spread = posts.spread(officers, [PlaceCode(f"16.02.{n:02}") for n in range(districts)])
    assert sum(spread.values()) == in_all
    assert max(spread.values()) - min(spread.values()) <= 1


def test_of_a_few_posts_somebody_is_missing_and_never_more_than_there_are() -> None:
    roll = read(Posted, catalogue("drill", "posting")).roll
    missing = [roll.missing(SEED, -1, PlaceCode(f"16.02.{n:02}"), 2) for n in range(99)]
    assert 0 < sum(n > 0 for n in missing) < 25
    assert max(missing) == 2


def test_a_place_is_as_it_was_last_found() -> None:
    told = read(Together, catalogue("drill", "liaison")).assessments
    levels = [told.found(PlaceCode("16.13"), day)[0] for day in (-31, -12, -8, -2)]
    assert levels == ["normal", "watch", "watch", "alert"]
    assert told.found(PlaceCode("16.01"), -2) == (told.level, told.text)


# --- the day of the vote


def test_no_desk_ends_what_is_not_its_own() -> None:
    told = read(Night, catalogue("drill", "night"))
    ends = {Doing.CLOSE, Doing.TRANSFER, Doing.UNFOUNDED}
    by = {
        (step.by or one.responder) for one in told.reports for step in one.then if step.do in ends
    }
    assert not by & {"GOVERNOR_DESK", "REGENT_DESK"}


def test_one_night_nobody_is_on_duty_at_the_governors_desk() -> None:
    duties = read(Night, catalogue("drill", "night")).duties
    gaps = [one for one in duties.offices if one.gap]
    assert [(one.kind, one.gap and one.gap.day) for one in gaps] == [("GOVERNOR_DESK", -1)]


REPORT = {
    "n": 1,
    "at": "07:00",
    "kind": "FLOOD",
    "place": "16.02",
    "told_by": "PPS",
    "words": "air",
}
DUTIES = {"begins": "H-7", "ends": "H+1", "entered": "H-8", "offices": []}


@pytest.mark.parametrize(
    ("then", "fault"),
    [
        ([{"at": "06:00", "do": "triage"}], "in their order"),
        ([{"at": "08:00", "do": "contain"}], "says too little"),
        ([{"at": "08:00", "do": "transfer", "receiver": "KPU"}], "says too little"),
        ([{"at": "08:00", "do": "merge", "into": 2}], "was not reported before"),
    ],
)
def test_a_report_that_cannot_be_is_refused(then: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read(Night, {"reports": [REPORT | {"then": then}], "duties": DUTIES})


def test_a_number_stands_for_one_report() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        read(Night, {"reports": [REPORT, REPORT], "duties": DUTIES})
