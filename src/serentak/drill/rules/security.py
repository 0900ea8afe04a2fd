"""What the survey of a story found at which stations, and which classes the police gave them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.kernel.entries import Countdown, Key, Named, at_least

from .chance import chance

FAVOURED = 0.75
"""The share of what was found that lies where most of it was found."""
MOST_AT_ONE = 0.7
"""No more than this share of a regency's places says yes because of that."""
FAR = 3
"""Points of a far district, as the survey gives to what is hard to reach."""


@dataclass(frozen=True, slots=True)
class Found:
    """At how many places a question was answered with yes, and where most of them are.

    `each` regency has so many at least; the others lie in `only` these, if any are named.
    """

    key: Key
    places: Annotated[int, at_least(1)]
    guard: int = 0
    most: tuple[PlaceCode, ...] = ()
    only: tuple[PlaceCode, ...] = ()
    each: int = 0
    numbers: tuple[int, int] | None = None
    villages: bool = False
    of: int | None = None

    def answer(self, seed: str, place: PlaceCode) -> int:
        """Return what a place answers that says yes: 1, or a number."""
        low, high = self.numbers or (1, 1)
        return low + int(chance(seed, "number", self.key, place) * (high - low + 1))

    def among(self, seed: str, places: Iterable[PlaceCode]) -> list[PlaceCode]:
        """Return the places that say yes, as many as there are to be."""
        by_regency: dict[PlaceCode, list[PlaceCode]] = defaultdict(list)
        for place in sorted(places, key=lambda code: chance(seed, self.key, code)):
            by_regency[at_level(place, Level.REGENCY)].append(place)
        wanted = self._shares({regency: len(of) for regency, of in by_regency.items()})
        picked = [place for regency, of in by_regency.items() for place in of[: wanted[regency]]]
        taken = set(picked)
        left = [
            place
            for regency, of in by_regency.items()
            for place in of
            if place not in taken and (not self.only or regency in self.only)
        ]
        left.sort(key=lambda code: chance(seed, self.key, "rest", code))
        # Who has most has its share already; the rest lies elsewhere, if there is elsewhere.
        left.sort(key=lambda code: at_level(code, Level.REGENCY) in self.most)
        return [*picked, *left[: self.places - len(picked)]]

    def _shares(self, there: Mapping[PlaceCode, int]) -> Counter[PlaceCode]:
        wanted = Counter({regency: min(self.each, n) for regency, n in there.items()})
        left = self.places - wanted.total()
        weights = {regency: 2 * len(self.most) - at for at, regency in enumerate(self.most)}
        for regency, weight in weights.items():
            share = int(left * FAVOURED * weight / sum(weights.values()))
            wanted[regency] += min(share, int(MOST_AT_ONE * there.get(regency, 0)))
        return wanted


@dataclass(frozen=True, slots=True)
class SurveyStory:
    """How the survey of stations went, from a day to a day."""

    begins: Annotated[Countdown, Named("from")]
    ends: Annotated[Countdown, Named("to")]
    missing: frozenset[PlaceCode]
    indicators: Mapping[str, Found]

    def surveyed(self, stations: Iterable[PlaceCode]) -> list[PlaceCode]:
        """Return the surveyed stations: all but those of the districts that are missing."""
        return [code for code in stations if at_level(code, Level.DISTRICT) not in self.missing]

    def answered(self, seed: str, stations: Collection[PlaceCode]) -> "Answers":
        """Return what was answered with yes at each surveyed station and its village.

        Places that say no to everything are there too.
        """
        of_village = Counter(at_level(code, Level.VILLAGE) for code in stations)
        found: dict[PlaceCode, dict[str, int]] = {code: {} for code in (*stations, *of_village)}
        for one in self.indicators.values():
            places: Iterable[PlaceCode] = stations
            if one.villages:
                places = [code for code, n in of_village.items() if one.of in (None, n)]
            for place in one.among(seed, places):
                found[place][one.key] = one.answer(seed, place)
        return found

    def nothing(self, level: Level) -> dict[str, int]:
        """Return the answers of a place of a level that says no to everything."""
        return {
            k: 0 for k, one in self.indicators.items() if one.villages is (level < Level.STATION)
        }

    def points(self, answers: "Answers", station: PlaceCode) -> int:
        """Return the points of a station, with those of its village."""
        told = (answers.get(code, {}) for code in (station, at_level(station, Level.VILLAGE)))
        return sum(self.indicators[key].guard for of in told for key in of)


Answers = Mapping[PlaceCode, Mapping[str, int]]
"""The numbers given at each place, by the question's key; what is not there was a no."""

GRAVEST = ("HIGHLY", "VULNERABLE")


@dataclass(frozen=True, slots=True)
class ClassStory:
    """Which classes each Polres gave its stations, on a day or later, and why."""

    day: Countdown
    reason: str
    stations: Mapping[PlaceCode, Mapping[str, int]]
    late: Mapping[PlaceCode, Countdown] = field(default_factory=dict)
    far: frozenset[PlaceCode] = frozenset()

    def day_of(self, regency: PlaceCode) -> int:
        """Return the day on which a regency's classes were given."""
        return self.late.get(regency, self.day)

    def given(
        self,
        seed: str,
        regency: PlaceCode,
        points: Mapping[PlaceCode, int],
        special: set[PlaceCode],
    ) -> dict[PlaceCode, str]:
        """Return the class of each station: the graver what was found, the higher.

        Police know of what no survey asked, so that some lie higher or lower than was found.
        """
        counts = self.stations[regency]

        def gravity(code: PlaceCode) -> float:
            is_far = at_level(code, Level.DISTRICT) in self.far
            return points[code] + FAR * is_far + 2 * chance(seed, "class", code)

        ranked = sorted(points, key=gravity, reverse=True)
        ranked.sort(key=lambda code: code not in special)
        found = dict.fromkeys(ranked, "LESS")
        begin = counts["SPECIAL"]
        found |= dict.fromkeys(ranked[:begin], "SPECIAL")
        rest = sorted(ranked[begin:], key=gravity, reverse=True)
        begin = 0
        for name in GRAVEST:
            found |= dict.fromkeys(rest[begin : begin + counts[name]], name)
            begin += counts[name]
        return found


@dataclass(frozen=True, slots=True)
class Secured:
    """The story of security; see `catalogue/security.yaml`."""

    survey: SurveyStory
    classes: ClassStory
