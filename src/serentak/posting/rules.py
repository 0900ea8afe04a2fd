"""How many officers stations need, what is short, states of plans; the catalogue of patterns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import Level, PlaceCode, at_level, is_within, level_of
from serentak.kernel.entries import (
    Class,
    Countdown,
    Dated,
    Keyed,
    Named,
    Settings,
    Source,
    Text,
    above_zero,
    at_least,
    between,
    raise_faults,
    some,
)
from serentak.kernel.machine import Machine
from serentak.kernel.refused import Fault
from serentak.kernel.text import is_name

GUARDS = 2
"""Guards (Linmas) at each station, whatever its class."""

MOST_OFFICERS = 20_000
MOST_STATIONS = 50


class StationClass(StrEnum):
    """The classes that the police give stations, the gravest first."""

    HIGHLY = "HIGHLY"
    SPECIAL = "SPECIAL"
    VULNERABLE = "VULNERABLE"
    LESS = "LESS"

    @property
    def tier(self) -> int:
        """In which order officers go to them: 0 first."""
        return _TIERS[self]


_TIERS = {
    StationClass.HIGHLY: 0,
    StationClass.SPECIAL: 0,
    StationClass.VULNERABLE: 1,
    StationClass.LESS: 2,
}


class Unit(StrEnum):
    """What officers of a pattern stand for: some stations, or a whole district."""

    STATIONS = "STATIONS"
    DISTRICT = "DISTRICT"


# --- the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """So many officers at so many stations of a class; with DISTRICT they wait in the district."""

    class_of_station: StationClass
    unit: Unit = Unit.STATIONS
    officers: Annotated[int, at_least(1)]
    stations: int = 0
    guards: int = 0
    printed: str = ""
    source: str = ""
    printed_on: Annotated[Dated | None, Named("date")] = None

    def __post_init__(self) -> None:
        raise_faults(pattern_faults(self.class_of_station, self.unit, self.officers, self.stations))
        if self.unit is Unit.STATIONS and self.guards != GUARDS * self.stations:
            raise ValueError(f"guards: must be {GUARDS} at each station")


def pattern_faults(of: StationClass, unit: Unit, officers: int, stations: int) -> Iterable[str]:
    """Yield why a pattern cannot be met, as codes that `words.py` says."""
    if not 1 <= officers <= MOST_STATIONS:
        yield "pattern_has_no_officers"
    if unit is Unit.STATIONS and not 1 <= stations <= MOST_STATIONS:
        yield "pattern_has_no_stations"
    if unit is Unit.DISTRICT and stations:
        yield "pattern_of_a_district_counts_no_stations"
    if of is StationClass.HIGHLY and (unit is not Unit.STATIONS or stations > 1):
        yield "highly_vulnerable_stations_share_no_officers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The officers of a regency for stations, as published or assumed."""

    officers: Annotated[int, at_least(0)]
    figure_class: Class
    formula: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Stations by class for a demonstration."""

    districts: Annotated[int, above_zero]
    LESS: int
    VULNERABLE: int
    HIGHLY: int
    SPECIAL: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Regency:
    """What is known of a regency."""

    code: Keyed[PlaceCode]
    patterns: tuple[Pattern, ...] = ()
    own: Own
    reinforcement: int = 0
    demo: Demo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How many officers for stations come from headquarters in all."""

    stations: int
    regencies: int
    leave: Countdown


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers by which posting judges; `due` and `late` are days after the vote."""

    detour: float
    road_kmh: Annotated[float, above_zero]
    water_kmh: Annotated[float, above_zero]
    unknown_km: float
    minutes: Annotated[int, above_zero]
    incidents: Annotated[int, above_zero]
    team: Annotated[int, above_zero]
    reserve_share: Annotated[float, between(0, 1)]
    due: int
    late: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """The catalogue: what each class needs by default and in each regency."""

    sources: Mapping[str, Source]
    defaults: Annotated[tuple[Pattern, ...], some]
    regencies: Mapping[PlaceCode, Regency]
    reinforcements: Sent
    rules: Settings[Rules]
    duties: tuple[Text, ...]
    alternatives: tuple[Pattern, ...] = ()

    def __post_init__(self) -> None:
        missing = set(StationClass) - {one.class_of_station for one in self.defaults}
        raise_faults(f"defaults: {one}: is missing" for one in sorted(missing))
        total = sum(one.reinforcement for one in self.regencies.values())
        if self.regencies and total != self.reinforcements.stations:
            raise ValueError(f"reinforcements: the regencies have {total}")

    def of(self, regency: PlaceCode) -> Mapping[StationClass, Pattern]:
        """Return the pattern of each class in a regency."""
        own = self.regencies[regency].patterns if regency in self.regencies else ()
        return {one.class_of_station: one for one in (*self.defaults, *own)}


# --- need

Counts = Mapping[StationClass, int]
"""Stations by class."""


@dataclass(frozen=True, slots=True)
class Group:
    """Stations of one class in a district that share officers; the last one may hold fewer."""

    officers: int
    stations: int


def groups(pattern: Pattern, stations: int) -> list[Group]:
    """Return the groups that stations of a class in one district fall into."""
    if stations <= 0:
        return []
    if pattern.unit is Unit.DISTRICT:
        return [Group(pattern.officers, stations)]
    whole, rest = divmod(stations, pattern.stations)
    found = [Group(pattern.officers, pattern.stations)] * whole
    return [*found, Group(pattern.officers, rest)] if rest else found


def need_of(pattern: Pattern, stations: int) -> int:
    """Return how many officers stations of a class in one district need.

    ⌈stations ÷ pattern's stations⌉ × officers: no group crosses a district.
    """
    if stations <= 0:
        return 0
    if pattern.unit is Unit.DISTRICT:
        return pattern.officers
    return -(-stations // pattern.stations) * pattern.officers


def needs(patterns: Mapping[StationClass, Pattern], counts: Counts) -> dict[StationClass, int]:
    """Return the officers that each class of one district needs."""
    return {one: need_of(patterns[one], count) for one, count in counts.items() if count}


def counted(
    stations: Iterable[PlaceCode], classes: Mapping[PlaceCode, StationClass]
) -> dict[PlaceCode, Counter[StationClass]]:
    """Return stations by district and class; one without a class counts as LESS."""
    found: dict[PlaceCode, Counter[StationClass]] = {}
    for code in stations:
        district = at_level(code, Level.DISTRICT)
        found.setdefault(district, Counter())[classes.get(code, StationClass.LESS)] += 1
    return found


def evenly(demo: Demo) -> list[Counter[StationClass]]:
    """Return demo counts spread evenly over the districts of a regency."""
    found: list[Counter[StationClass]] = [Counter() for _ in range(demo.districts)]
    for one in StationClass:
        whole, rest = divmod(getattr(demo, one.value), demo.districts)
        for at, district in enumerate(found):
            district[one] = whole + (at < rest)
    return found


@dataclass(frozen=True, slots=True)
class Shortage:
    """How many officers lack, and by class when the gravest are served first."""

    officers: int = 0
    by_class: Mapping[StationClass, int] = field(default_factory=dict)

    @property
    def gravest(self) -> StationClass | None:
        """The gravest class that lacks officers."""
        return next((one for one in StationClass if self.by_class.get(one)), None)


def shortage(need: Counts, strength: int) -> Shortage:
    """Return what is short of a need by class, when officers go to the gravest first."""
    left, lacks = max(0, strength), {}
    for one in StationClass:
        wanted = need.get(one, 0)
        given = min(left, wanted)
        left -= given
        if wanted > given:
            lacks[one] = wanted - given
    return Shortage(sum(lacks.values()), lacks)


# --- posts, plans, reinforcements


class PostKind(StrEnum):
    """What kind of office a post is."""

    POLDA = "POLDA"
    POLRES = "POLRES"
    POLSEK = "POLSEK"
    KODIM = "KODIM"
    KORAMIL = "KORAMIL"
    SATPOL_PP = "SATPOL_PP"
    GUARDS = "GUARDS"

    @property
    def goes_to_stations(self) -> bool:
        """Tell whether its people count as officers at stations: the regency's police alone.

        Headquarters sends reinforcements, the army thickens when it is asked, and guards stand at
        every station anyway.
        """
        return self in (PostKind.POLRES, PostKind.POLSEK)


KIND_WORDS: Mapping[str, PostKind] = {
    "polda": PostKind.POLDA,
    "polres": PostKind.POLRES,
    "polresta": PostKind.POLRES,
    "polrestabes": PostKind.POLRES,
    "polsek": PostKind.POLSEK,
    "polsubsektor": PostKind.POLSEK,
    "kodim": PostKind.KODIM,
    "koramil": PostKind.KORAMIL,
    "satpol pp": PostKind.SATPOL_PP,
    "satpol": PostKind.SATPOL_PP,
    "pos linmas": PostKind.GUARDS,
    "linmas": PostKind.GUARDS,
}
"""With which words the name of a post may begin, folded, and of which kind it is then."""


def bare(kind: PostKind, name: str) -> str:
    """Return the folded name of a post without its kind: "polsek sungai menang" and without."""
    for word, of in KIND_WORDS.items():
        if of is kind and name.startswith(f"{word} "):
            return name.removeprefix(f"{word} ")
    return name


def on_duty(officers: int, shifts: int) -> int:
    """Return how many officers stand at one time."""
    return officers // shifts


class PlanState(StrEnum):
    """How far a plan is; it is the solver's word until the police adopt it."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    ADOPTED = "ADOPTED"
    REPLACED = "REPLACED"


class PlanEvent(StrEnum):
    """What happens to a plan."""

    PROPOSE = "PROPOSE"
    RETURN = "RETURN"
    ADOPT = "ADOPT"
    REPLACE = "REPLACE"


PLAN_TRANSITIONS = Machine(
    {
        (PlanState.DRAFT, PlanEvent.PROPOSE): PlanState.PROPOSED,
        (PlanState.DRAFT, PlanEvent.REPLACE): PlanState.REPLACED,
        (PlanState.PROPOSED, PlanEvent.ADOPT): PlanState.ADOPTED,
        (PlanState.PROPOSED, PlanEvent.RETURN): PlanState.DRAFT,
        (PlanState.PROPOSED, PlanEvent.REPLACE): PlanState.REPLACED,
        (PlanState.ADOPTED, PlanEvent.REPLACE): PlanState.REPLACED,
    }
)


class SentState(StrEnum):
    """How sure it is that reinforcements come."""

    PROPOSED = "PROPOSED"
    PROMISED = "PROMISED"
    ARRIVED = "ARRIVED"
    DROPPED = "DROPPED"

    @property
    def counts(self) -> bool:
        """Tell whether one can count on them."""
        return self in (SentState.PROMISED, SentState.ARRIVED)


class SentEvent(StrEnum):
    """What happens to reinforcements."""

    PROMISE = "PROMISE"
    ARRIVE = "ARRIVE"
    DROP = "DROP"


REINFORCEMENT_TRANSITIONS = Machine(
    {
        (SentState.PROPOSED, SentEvent.PROMISE): SentState.PROMISED,
        (SentState.PROPOSED, SentEvent.DROP): SentState.DROPPED,
        (SentState.PROMISED, SentEvent.ARRIVE): SentState.ARRIVED,
        (SentState.PROMISED, SentEvent.DROP): SentState.DROPPED,
        (SentState.ARRIVED, SentEvent.DROP): SentState.DROPPED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post as somebody tells of it; `serves` are codes of districts or of its regency.

    Without `serves` a post in a district serves that, one in a regency all of it. `row` is where it
    stands in a sheet.
    """

    place: PlaceCode
    kind: PostKind
    name: str
    officers: int
    shifts: int = 1
    vehicles: int = 0
    boats: int = 0
    phone: str = ""
    lat: float | None = None
    lon: float | None = None
    as_of: date | None = None
    serves: tuple[PlaceCode, ...] = ()
    row: int | None = None

    @property
    def regency(self) -> PlaceCode:
        """The regency in which it stands; of what stands above them, that place."""
        return PlaceCode(self.place[: Level.REGENCY])

    @property
    def region(self) -> tuple[PlaceCode, ...]:
        """What it serves."""
        return tuple(dict.fromkeys(self.serves)) or (self.place,)


def post_faults(one: Posted) -> Iterable[Fault]:
    """Yield what does not hold of one post."""
    for name, value, most in (
        ("officers", one.officers, MOST_OFFICERS),
        ("vehicles", one.vehicles, 1000),
        ("boats", one.boats, 1000),
    ):
        if value < 0:
            yield Fault("posting.number_is_below_zero", name, {}, one.row)
        elif value > most:
            yield Fault("posting.number_is_absurd", name, {"most": most}, one.row)
    if not 1 <= one.shifts <= 3:
        yield Fault("posting.shifts_are_one_to_three", "shifts", {}, one.row)
    if not one.name:
        yield Fault("posting.post_needs_a_name", "name", {}, one.row)
    elif not is_name(one.name):
        yield Fault("posting.name_cannot_be_printed", "name", {}, one.row)
    is_half = (one.lat is None) != (one.lon is None)
    if is_half or not (abs(one.lat or 0) <= 90 and abs(one.lon or 0) <= 180):
        yield Fault("posting.point_lies_nowhere", "lat", {}, one.row)
    if level_of(one.place) not in (Level.REGENCY, Level.DISTRICT):
        yield Fault("posting.post_stands_in_a_regency_or_district", "place", {}, one.row)
        return
    for code in one.serves:
        if level_of(code) not in (Level.REGENCY, Level.DISTRICT) or not is_within(
            code, one.regency
        ):
            yield Fault("posting.region_lies_elsewhere", "serves", {}, one.row)


def is_near_vote(day: date, vote: date | None) -> bool:
    """Tell whether a day can belong to the posting for a vote: from a year before to 60 days after.

    Without a vote every day can.
    """
    return vote is None or vote - timedelta(days=365) <= day <= vote + timedelta(days=60)


def counted_twice(posts: Iterable[tuple[Posted, str]]) -> Iterable[Fault]:
    """Yield the posts that stand twice among some, each with the key of its name."""
    seen: set[tuple[PlaceCode, PostKind, str]] = set()
    for one, key in posts:
        known = (one.regency, one.kind, key)
        if known in seen:
            yield Fault("posting.post_is_counted_twice", "name", {"name": one.name}, one.row)
        seen.add(known)


# --- what the solver is asked, and what it answers


@dataclass(frozen=True, slots=True)
class Crew:
    """Officers who start from one post; `km` is their way to each district that they may serve."""

    officers: int
    km: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups of stations that are alike: a district, a tier (0 gravest), officers a group.

    `groups` groups of `stations` stations each; none needs less than all of its officers.
    """

    district: str
    tier: int
    officers: int
    stations: int
    groups: int


@dataclass(frozen=True, slots=True)
class Posting:
    """How many groups of each batch each crew takes; `uncovered` groups stay without officers.

    `travel` is officers times kilometres. No answer of its kind has less by more than `gap`.
    """

    given: Mapping[tuple[int, int], int]
    uncovered: tuple[int, ...]
    travel: float
    gap: float
    seconds: float

    def stations(self, batches: Sequence[Batch]) -> list[int]:
        """Return how many stations stay uncovered by tier."""
        return uncovered_stations(batches, self.uncovered)


def uncovered_stations(batches: Sequence[Batch], groups: Sequence[int]) -> list[int]:
    """Return the stations of uncovered groups by tier, the gravest first."""
    tiers = max((one.tier for one in batches), default=-1) + 1
    found = [0] * tiers
    for batch, left in zip(batches, groups, strict=True):
        found[batch.tier] += batch.stations * left
    return found


@dataclass(frozen=True, slots=True)
class Reserve:
    """How many teams wait at each site; what they cannot reach, and where too few wait.

    `unreached` are places that no team waiting reaches in time. `short` is how many incidents, of
    the `incidents` that may fall together, would in the worst case find no team.
    """

    teams: Mapping[int, int]
    unreached: tuple[str, ...]
    short: int
    rounds: int = 0
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where a team may wait: the places that it reaches in time, and in how many minutes."""

    minutes: Mapping[str, float] = field(default_factory=dict)
