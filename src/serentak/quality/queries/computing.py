"""Computes the scores of a day from what all slices count; a fixed number of statements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from serentak.kernel.codes import Level, PlaceCode, is_within
from serentak.kernel.counting import Counted, Counts, together
from serentak.places import public as places
from serentak.platform import areas
from serentak.quality.rules.catalogue import Indicator
from serentak.quality.rules.judging import Judged, hide_second, judge

from .catalogues import catalogue, chance


@dataclass(frozen=True, slots=True)
class Computed:
    """The scores of places by indicator, and the red flags that stand there."""

    scores: Mapping[str, Mapping[PlaceCode, Judged]]
    flags: Mapping[str, frozenset[PlaceCode]]


def counted_by(key: str) -> bool:
    """Tell whether a slice counts this (`slice.key`)."""
    return key in areas.counts()


def counts_of(name: str, *, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return what a slice counts at and under a place; nothing where it does not."""
    ask = areas.counts().get(name)
    return ask(parent=parent, at=at) if ask else {}


def compute(parent: PlaceCode, *, at: datetime) -> Computed:
    """Return the scores of a province, or of all, and of their regencies."""
    known = catalogue()
    regencies = [card.code for card in places.descendants(parent, Level.REGENCY)]
    provinces = sorted({PlaceCode(code[: Level.PROVINCE]) for code in regencies})
    scores = {
        one.key: dict(
            _scores(
                one,
                counts_of(one.data.counted_by, parent=parent, at=at),
                provinces=provinces,
                regencies=regencies,
            )
        )
        for one in known.indicators.values()
        if counted_by(one.data.counted_by)
    }
    flags = {
        flag.key: frozenset(_raised(counts_of(flag.counted_by, parent=parent, at=at)))
        for flag in known.judgement.flags.values()
        if counted_by(flag.counted_by)
    }
    return Computed(scores, flags)


def _scores(
    one: Indicator,
    counts: Mapping[PlaceCode, Counts],
    *,
    provinces: list[PlaceCode],
    regencies: list[PlaceCode],
) -> Iterator[tuple[PlaceCode, Judged]]:
    how, salt = chance(), crc32(one.key.encode())
    for province in provinces:
        own = {place: found for place, found in counts.items() if is_within(place, province)}
        whole = judge(one, together(own.values()), how, salt=salt)
        yield province, whole
        if Level.REGENCY not in one.levels:
            continue
        below = {
            place: judge(one, own.get(place), how, salt=salt ^ crc32(place.encode()))
            for place in regencies
            if is_within(place, province)
        }
        yield from hide_second(below, is_whole_shown=whole.hidden is None).items()


def _raised(counts: Mapping[PlaceCode, Counts]) -> Iterator[PlaceCode]:
    """Yield the places where something is not good, and their provinces."""
    for place, found in counts.items():
        if isinstance(found, Counted) and found.whole.good < found.whole.of:
            yield place
            yield PlaceCode(place[: Level.PROVINCE])
