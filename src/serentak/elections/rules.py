"""What a ballot must hold, how many ballots a station needs, and how stations are spread."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Annotated

from serentak.kernel.apportion import apportion
from serentak.kernel.briefing import DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Among, Key, Named, Text, at_least, read


class Office(StrEnum):
    """What a race is for."""

    GOVERNOR = "GOVERNOR"
    REGENT = "REGENT"
    MAYOR = "MAYOR"


class When(StrEnum):
    """Where a stage stands today."""

    PAST = "PAST"
    NOW = "NOW"
    AHEAD = "AHEAD"


# --- stages and contests


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage as the catalogue has it; no start where it had begun before the calendar."""

    key: Key
    phase: Annotated[str, Among("phases")]
    name: Text
    note: Text | None
    start: date | None
    end: date
    kind: DeadlineKind
    source: str
    confidence: str

    def __post_init__(self) -> None:
        if self.start and self.start > self.end:
            raise ValueError("end: lies before the start")


@dataclass(frozen=True, slots=True)
class Vote:
    """The day of the vote, with the hours in which the stations are open."""

    name: Text
    vote_date: date
    opens: time
    closes: time
    source: str

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("closes: the stations close before they open")


@dataclass(frozen=True, slots=True)
class Calendar:
    """An election as the catalogue has it: the vote and its stages."""

    election: Vote
    phases: Mapping[str, Text]
    stages: tuple[PlannedStage, ...]


@dataclass(frozen=True, slots=True)
class ContestKind:
    """The race that a kind of place holds."""

    office: Office
    name: Text


@dataclass(frozen=True, slots=True)
class WithoutContest:
    """A place that would hold a race by its kind and holds none."""

    place: PlaceCode
    source: str


@dataclass(frozen=True, slots=True)
class ContestKinds:
    """Races by kind of place, and the places that hold none."""

    by_region: Annotated[Mapping[str, ContestKind], Named("kinds")]
    without: tuple[WithoutContest, ...]

    def at(self, code: PlaceCode, region: str) -> ContestKind | None:
        """Return the race that a place of the kind `region` holds, None if it holds none."""
        without = any(code == found.place for found in self.without)
        return None if without else self.by_region.get(region)


def when(start: date | None, end: date, today: date) -> When:
    """Tell whether a stage is over, running or still ahead."""
    if end < today:
        return When.PAST
    return When.AHEAD if start and start > today else When.NOW


# --- candidate pairs


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair on the ballot; the blank column has no names."""

    ballot_number: int
    head_name: str = ""
    deputy_name: str = ""
    is_blank_column: bool = False


def fault_of_ballot(pairs: Sequence[Pair]) -> str | None:
    """Return the code of the first rule that a ballot breaks, None if it holds.

    A single pair runs against a blank column, and a blank column stands against a single pair
    only (UU 10/2016 art. 54C, 54D).
    """
    numbers = [pair.ballot_number for pair in pairs]
    people = [pair for pair in pairs if not pair.is_blank_column]
    blanks = len(pairs) - len(people)
    names = [
        " ".join(name.split()).casefold()
        for pair in people
        for name in (pair.head_name, pair.deputy_name)
    ]
    if any(number < 1 for number in numbers):
        return "ballot_number_is_not_positive"
    if len(set(numbers)) < len(numbers):
        return "ballot_number_is_given_twice"
    if any(not (pair.head_name.strip() and pair.deputy_name.strip()) for pair in people):
        return "pair_needs_two_names"
    if len(set(names)) < len(names):
        return "candidate_runs_twice"
    if any(pair.head_name or pair.deputy_name for pair in pairs if pair.is_blank_column):
        return "blank_column_has_no_names"
    if len(people) == 1 and blanks != 1:
        return "single_pair_needs_a_blank_column"
    if blanks and len(people) != 1:
        return "blank_column_needs_a_single_pair"
    return None


# --- stations and their voters


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers around stations: most voters, what is refused, reserve ballots per thousand."""

    station_voters: Annotated[int, at_least(1)]
    absurd_voters: int
    ballot_reserve_permille: int

    def __post_init__(self) -> None:
        if self.station_voters > self.absurd_voters:
            raise ValueError("station_voters: must not exceed what is refused (absurd_voters)")


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station with its listed voters; `special_location` says what it is (a prison), if any."""

    code: PlaceCode
    male: int
    female: int
    special_location: str = ""
    over_limit_reason: str = ""

    @property
    def total(self) -> int:
        """Listed voters."""
        return self.male + self.female


@dataclass(frozen=True, slots=True)
class _Limit:
    value: Annotated[int, at_least(0)]
    unit: str
    meaning: Text


def parse_limits(data: object) -> Limits:
    """Read `limits.yaml`."""
    listed = read(dict[str, _Limit], data, at="limits")
    return read(Limits, {key: limit.value for key, limit in listed.items()})


def fault_of_station(row: StationRow, *, limits: Limits) -> str | None:
    """Return the code of the rule that a station's figures break, None if they hold."""
    if row.male < 0 or row.female < 0:
        return "voters_are_negative"
    if not row.total:
        return "station_has_no_voters"
    if row.total > limits.absurd_voters:
        return "voters_are_absurd"
    if row.total > limits.station_voters and not row.over_limit_reason.strip():
        return "voters_over_limit_need_a_reason"
    return None


def fault_of_list_date(as_of: date, *, today: date) -> str | None:
    """Return the code of the rule that a list's date breaks: a list is of today or before.

    More than five years old is a slip of the hand; voters are listed anew for each election.
    """
    if as_of > today:
        return "list_lies_ahead"
    return "list_is_too_old" if as_of.year < today.year - 5 else None


def digest(rows: Iterable[StationRow]) -> str:
    """Return SHA-256 over the rows in the order of their codes."""
    text = hashlib.sha256()
    for row in sorted(rows, key=lambda r: r.code):
        text.update(
            f"{row.code}\t{row.male}\t{row.female}\t{row.special_location}"
            f"\t{row.over_limit_reason}\n".encode()
        )
    return text.hexdigest()


@dataclass(frozen=True, slots=True)
class VillageName:
    """A village that a sheet may name, with the name of its district."""

    code: PlaceCode
    name: str
    district: str


# --- demonstration stations


@dataclass(frozen=True, slots=True)
class Village:
    """A village as stations are spread over it; urban ones hold more people."""

    code: PlaceCode
    is_urban: bool


@dataclass(frozen=True, slots=True)
class Size:
    """Stations and voters of a regency."""

    stations: int
    voters: int


@dataclass(frozen=True, slots=True)
class Published:
    """What was published for a province: stations and voters by regency, voters by sex."""

    male: int
    female: int
    regencies: Mapping[PlaceCode, Size]
    source: str

    def __post_init__(self) -> None:
        voters = sum(size.voters for size in self.regencies.values())
        if voters != self.male + self.female:
            raise ValueError(f"{voters} by regency, {self.male + self.female} by sex")


URBAN_WEIGHT = 4
MOST_STATIONS = 999
"""A station's number has three digits."""


def parse_published(data: object) -> Mapping[PlaceCode, Published]:
    """Read `voters-….yaml`; ValueError where the sexes and the regencies do not add up."""
    return read(dict[PlaceCode, Published], data, at="provinces")


def spread_stations(
    villages: Mapping[PlaceCode, Sequence[Village]], published: Published, *, limits: Limits
) -> list[StationRow]:
    """Spread each regency's published stations and voters over its villages.

    The sums are exact: stations and voters of each regency, voters by sex of the whole. No station
    has more voters than the limit. The same input gives the same stations. ValueError where the
    figures cannot hold: more voters than the limit allows, stations without a village.
    """
    stations: list[tuple[PlaceCode, int]] = []
    for regency, size in published.regencies.items():
        of_regency = sorted(villages.get(regency, ()), key=lambda v: v.code)
        weights = [
            (URBAN_WEIGHT if v.is_urban else 1) * (500 + _noise(v.code, 1000)) for v in of_regency
        ]
        share = apportion(size.stations, weights, [MOST_STATIONS] * len(weights), least=1)
        codes = [
            PlaceCode(f"{village.code}.{number:03}")
            for village, of_village in zip(of_regency, share, strict=True)
            for number in range(1, of_village + 1)
        ]
        limit = [limits.station_voters] * len(codes)
        sizes = apportion(size.voters, [750 + _noise(code, 500) for code in codes], limit, least=1)
        stations += zip(codes, sizes, strict=True)
    male = apportion(
        published.male,
        [size * (970 + _noise(f"m{code}", 60)) for code, size in stations],
        [size for _, size in stations],
    )
    return [
        StationRow(code, of_station, size - of_station)
        for (code, size), of_station in zip(stations, male, strict=True)
    ]


def _noise(key: str, below: int) -> int:
    """Return a number from 0 to `below` - 1 that depends on `key` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % below
