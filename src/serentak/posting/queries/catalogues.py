"""The catalogue of patterns, and those that regencies set instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.kernel.codes import Level, PlaceCode, at_level, level_of, subtree_range
from serentak.places import public as places
from serentak.platform import catalogue
from serentak.platform.catalogue import said
from serentak.platform.reading import kept
from serentak.posting.models import OwnPattern
from serentak.posting.rules import GUARDS, Pattern, Patterns, Rules, StationClass, Unit

SLICE = "posting"


def patterns() -> Patterns:
    """Return the catalogue."""
    return catalogue.load(SLICE, "patterns", Patterns)


def numbers() -> Rules:
    """Return the numbers by which posting judges."""
    return patterns().rules.values


def source_text(pattern: Pattern) -> str:
    """Return where a pattern comes from: the source's name where the catalogue lists it."""
    return cited(pattern.source)


def cited(source: str) -> str:
    """Return what the catalogue says of a source, `key` or `key: words`; else the text itself."""
    key, _, rest = source.partition(":")
    found = patterns().sources.get(key)
    return ": ".join(filter(None, (said(found.cite), rest.strip()))) if found else source


def own_pattern(place: PlaceCode, of: StationClass) -> OwnPattern | None:
    """Return what the police of a regency set for a class; one query."""
    return OwnPattern.objects.filter(place=place, station_class=of.value).first()


@kept
def own_patterns(place: PlaceCode) -> Mapping[PlaceCode, Mapping[StationClass, Pattern]]:
    """Return what regencies at, under or above a place set themselves; one query."""
    low, high = subtree_range(_regency_or_more(place))
    found: dict[PlaceCode, dict[StationClass, Pattern]] = {}
    for row in OwnPattern.objects.filter(place__gte=low, place__lt=high):
        one = StationClass(row.station_class)
        found.setdefault(PlaceCode(row.place_id), {})[one] = Pattern(
            class_of_station=one,
            unit=Unit(row.unit),
            officers=row.officers,
            stations=row.stations,
            guards=GUARDS * row.stations,
            source=row.reason,
        )
    return found


@dataclass(frozen=True, slots=True)
class Used:
    """The patterns in use at and under a place, by regency."""

    own: Mapping[PlaceCode, Mapping[StationClass, Pattern]]

    def of(self, place: PlaceCode) -> Mapping[StationClass, Pattern]:
        """Return the pattern of each class in the regency in which a place lies."""
        regency = at_level(place, Level.REGENCY)
        return {**patterns().of(regency), **self.own.get(regency, {})}


def used_patterns(place: PlaceCode) -> Used:
    """Return the patterns in use at and under a place; one query."""
    return Used(own_patterns(place))


def _regency_or_more(place: PlaceCode) -> PlaceCode:
    return at_level(place, Level.REGENCY) if level_of(place) > Level.REGENCY else place


def is_water(district: PlaceCode) -> bool:
    """Tell whether a district is reached by water; no query."""
    return any(
        note.kind is places.TerrainKind.WATER_ACCESS
        and any(district == code or district.startswith(f"{code}.") for code in note.places)
        for note in places.terrain(at_level(district, Level.REGENCY))
    )
