"""What places need: one statement sums what stations need, places above them need their own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Ceil, Left

from serentak.elections import public as elections
from serentak.elections.public import ElectionCard, Office
from serentak.kernel.codes import Level, PlaceCode, ancestors, level_of, subtree_range
from serentak.kernel.formulas import Formula
from serentak.logistics.models import NeedVersion, StationBasis
from serentak.logistics.rules.items import Items, Race
from serentak.logistics.rules.needs import (
    RESERVE,
    Above,
    Change,
    Needs,
    Station,
    What,
    changes,
    own_need,
    station_need,
    total,
)
from serentak.platform.reading import kept

from .catalogues import items

HELD = {Race.GOVERNOR: "governor_pairs", Race.REGENT: "regent_pairs"}
"""The column of a station's pairs, null where it does not hold the race."""


@dataclass(frozen=True, slots=True)
class VersionCard:
    """From which list needs are counted."""

    id: int
    number: int
    stations: int
    voters: int
    taken_over_at: datetime
    taken_over_by_id: int
    reason: str
    figure_class: str


def current_version(place: PlaceCode) -> VersionCard | None:
    """Return the version that holds at a place, None before the first; two queries."""
    election = elections.current_election(place)
    return version_of(election) if election else None


def version_of(election: ElectionCard) -> VersionCard | None:
    """Return the last version of an election, None before the first; one query."""
    row = NeedVersion.objects.filter(election=election.id).order_by("-number").first()
    return _card(row) if row else None


def _card(row: NeedVersion) -> VersionCard:
    return VersionCard(
        row.pk,
        row.number,
        row.stations,
        row.voters,
        row.taken_over_at,
        row.taken_over_by_id,
        row.reason,
        row.figure_class,
    )


@kept
def needs_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Needs]:
    """Return the needs of each place of `level` at and under `place`, by the version that holds.

    The need of a place is that of its stations, of all places above them in it, and its own. A
    place without a station needs nothing and is missing. Four queries.
    """
    version = current_version(place)
    return _needs(version.id, place, level, items()) if version else {}


@kept
def stations_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, int]:
    """Return the stations of each place of `level` at and under `place`, by the same version.

    Three queries.
    """
    version = current_version(place)
    if version is None:
        return {}
    rows = _basis(version.id, place, level).annotate(stations=Count("id")).order_by("code")
    return {PlaceCode(row["code"]): row["stations"] for row in rows}


def _needs(
    version: int, place: PlaceCode, level: Level, catalogue: Items
) -> dict[PlaceCode, Needs]:
    found = dict(_of_stations(version, place, level, catalogue))
    own: dict[PlaceCode, list[Needs]] = {}
    for above in _above(version, place):
        if level <= above.level:
            need = own_need(above.counts, catalogue)
            own.setdefault(PlaceCode(above.place[:level]), []).append(need)
    return {code: total([needs, *own.get(code, ())]) for code, needs in found.items()}


def _of_stations(
    version: int, place: PlaceCode, level: Level, catalogue: Items
) -> Iterator[tuple[PlaceCode, Needs]]:
    """Yield what the stations of each place need: one statement made of the formulas."""
    parts = dict(enumerate(_parts(catalogue)))
    sums = {f"sum_{number}": Sum(need) for number, (_what, need) in parts.items()}
    for row in _basis(version, place, level).annotate(**sums).order_by("code"):
        needs: dict[What, int] = {}
        for number, (what, _need) in parts.items():
            if amount := row[f"sum_{number}"]:
                needs[what] = needs.get(what, 0) + int(amount)
        yield PlaceCode(row["code"]), needs


def _basis(version: int, place: PlaceCode, level: Level) -> "QuerySet[Any, Any]":
    low, high = subtree_range(place)
    rows: Any = StationBasis.objects.filter(version=version, place__gte=low, place__lt=high)
    grouped: QuerySet[Any, Any] = rows.annotate(code=Left("place_id", int(level))).values("code")
    return grouped


def _parts(catalogue: Items) -> Iterator[tuple[What, Combinable]]:
    """Yield for each item and race what one station needs, as an expression over its basis."""

    def amount(formula: Formula, **more: str) -> Any:
        return formula.built(
            counts | {name: F(column) for name, column in more.items()},
            number=lambda text: Value(Decimal(text)),
            ceil=lambda value: Ceil(value, output_field=DecimalField()),
        )

    holds = [When(**{f"{column}__isnull": False}, then=1) for column in HELD.values()]
    counts: dict[str, Any] = {"v": F("voters"), "k": Value(catalogue.quantities.booths)}
    counts |= {"b": amount(RESERVE), "c": sum((Case(one, default=0) for one in holds), Value(0))}
    for item in catalogue.items.values():
        if need := item.need.get(Level.STATION):
            for race in need.races.among(frozenset(Race)):
                one = amount(need.formula, **({"n": HELD[race]} if race else {}))
                held = When(**{f"{HELD[race]}__isnull": False}, then=one) if race else None
                yield What.of(item, race), Case(held) if held else one


@dataclass(frozen=True, slots=True)
class _AboveStations:
    place: PlaceCode
    counts: Above

    @property
    def level(self) -> Level:
        return self.counts.level


def _above(version: int, place: PlaceCode) -> Iterator[_AboveStations]:
    """Yield each village and all above it, at and under `place`, with what passes through."""
    rows = _basis(version, place, Level.VILLAGE).annotate(
        stations=Count("id"), governor=Count("governor_pairs"), regent=Count("regent_pairs")
    )
    return _rolled_up(place, rows.values_list("code", "stations", "governor", "regent"))


def _rolled_up(
    place: PlaceCode, villages: Iterable[tuple[str, int, int, int]]
) -> Iterator[_AboveStations]:
    """Yield what passes through each place; villages give code, stations, boxes of each race."""
    counted: dict[str, list[int]] = {}
    for village, *counts in villages:
        for level in (Level.PROVINCE, Level.REGENCY, Level.DISTRICT, Level.VILLAGE):
            if level >= len(place):
                above = counted.setdefault(village[:level], [0, 0, 0])
                for number, count in enumerate(counts):
                    above[number] += count
    for code, (stations, governor, regent) in counted.items():
        held = {Race.GOVERNOR: governor, Race.REGENT: regent}
        races = frozenset(race for race, count in held.items() if count)
        level = level_of(PlaceCode(code))
        yield _AboveStations(PlaceCode(code), Above(level, stations, governor + regent, races))


# --- the list from which a new version would be made


@dataclass(frozen=True, slots=True)
class Outlook:
    """What taking over the list as it stands now would change."""

    before: VersionCard | None
    stations: int
    voters: int
    changes: tuple[Change, ...]
    is_as_before: bool

    @property
    def more_stations(self) -> int:
        """Stations more than in the version that holds; negative where there are fewer."""
        return self.stations - (self.before.stations if self.before else 0)

    @property
    def more_voters(self) -> int:
        """Voters more; negative where there are fewer."""
        return self.voters - (self.before.voters if self.before else 0)


def outlook(province: PlaceCode) -> Outlook:
    """Return what a new version would change, item by item; some ten queries."""
    before, basis = current_version(province), basis_of(province)
    known = needs_at(province, Level.PROVINCE).get(province, {})
    return Outlook(
        before,
        len(basis),
        sum(row.voters for row in basis),
        changes(known, need_of(province, basis, items()), items()),
        before is not None and is_as_before(before.id, basis),
    )


def is_as_before(version: int, basis: list[StationBasis]) -> bool:
    """Tell whether a version's stations, voters and pairs are those of a list; one query."""
    fields = ("place_id", "voters", "governor_pairs", "regent_pairs")
    rows = StationBasis.objects.filter(version=version).order_by("place").values_list(*fields)
    return list(rows) == [tuple(getattr(row, name) for name in fields) for row in basis]


def basis_of(province: PlaceCode) -> list[StationBasis]:
    """Return the stations with their voters and races as they stand now, unsaved; three queries."""
    pairs: dict[Race, dict[PlaceCode, int]] = {race: {} for race in Race}
    for contest in (*elections.contests(province), *elections.contests_held_under(province)):
        race = Race.GOVERNOR if contest.office is Office.GOVERNOR else Race.REGENT
        pairs[race][contest.place] = contest.pair_count
    return [
        StationBasis(
            place_id=station.code,
            voters=station.total,
            governor_pairs=_held(pairs[Race.GOVERNOR], station.code),
            regent_pairs=_held(pairs[Race.REGENT], station.code),
        )
        for station in elections.stations_of(province)
    ]


def _held(pairs: Mapping[PlaceCode, int], station: PlaceCode) -> int | None:
    return next((pairs[code] for code in reversed(ancestors(station)) if code in pairs), None)


def need_of(province: PlaceCode, basis: Iterable[StationBasis], catalogue: Items) -> Needs:
    """Return what a province needs by a list that is not taken over yet; no query.

    Stations of equal voters and races need the same, and so do villages of as many stations: of
    those there are some thousands in the largest province.
    """
    alike: Counter[Station] = Counter()
    villages: dict[str, list[int]] = {}
    for row in basis:
        pairs = {Race.GOVERNOR: row.governor_pairs, Race.REGENT: row.regent_pairs}
        held = {race: count for race, count in pairs.items() if count is not None}
        alike[Station(row.voters, tuple(held.items()))] += 1
        counts = villages.setdefault(row.place_id[: Level.VILLAGE], [0, 0, 0])
        for number, more in enumerate((1, *(race in held for race in Race))):
            counts[number] += more
    above = Counter(
        place.counts
        for place in _rolled_up(province, ((code, *n) for code, n in villages.items()))  # type: ignore[misc]
    )
    parts = [(station_need(station, catalogue), count) for station, count in alike.items()]
    parts += [(own_need(place, catalogue), count) for place, count in above.items()]
    return total({what: n * count for what, n in needs.items()} for needs, count in parts)
