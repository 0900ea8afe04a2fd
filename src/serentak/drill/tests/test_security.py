"""The story of security finds what was published, where most of it was found."""

from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import yaml

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
def surveyed(story: Secured, stations: list[PlaceCode]) -> set[PlaceCode]:
    return story.survey.surveyed(SEED, stations)


@pytest.fixture(scope="module")
def answers(story: Secured, surveyed: set[PlaceCode]) -> Any:
    return story.survey.answered(SEED, sorted(surveyed))


def test_all_but_the_water_districts_and_a_few_were_surveyed(
    stations: list[PlaceCode], surveyed: set[PlaceCode]
) -> None:
    assert len(stations) == 13_206
    assert len(surveyed) == round(0.97 * 13_206)
    assert not {at_level(code, Level.DISTRICT) for code in surveyed} & MISSING


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
    story: Secured, surveyed: set[PlaceCode], answers: Any
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
    story: Secured, surveyed: set[PlaceCode], answers: Any
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
