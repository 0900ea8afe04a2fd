"""What is known of one place: who may check it, what was answered, what its rules ask for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from serentak.elections import public as elections
from serentak.facilities.models import Check, Standing
from serentak.facilities.permissions import RECORD_CHECKS
from serentak.facilities.rules.checklists import NOT_APPLICABLE, Checklist
from serentak.facilities.rules.judging import Judged, Verdict, judge
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import Level, PlaceCode, ancestors, at_level, is_within, level_of
from serentak.kernel.viewer import Viewer
from serentak.logistics import public as logistics
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.rows import within

from .catalogues import checklists

Quantities = Mapping[str, int | None]


def checker_of(viewer: Viewer, place: PlaceCode) -> InstitutionCard | None:
    """Return the institution for which the viewer checks a place: the one nearest to it."""
    own = institutions.voices(viewer, RECORD_CHECKS).own
    covers = [card for card in own if any(is_within(place, area) for area in card.places)]
    return max(covers, key=lambda card: card.level, default=None)


def may_check(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether the viewer records checks at and under a place."""
    return viewer.may(RECORD_CHECKS, place)


def standing(place: PlaceCode, key: str) -> Standing | None:
    """Return what checks make of a place, by whatever version; one query."""
    rows = Standing.objects.filter(place=place, checklist=key)
    return rows.select_related("last_check__institution", "last_check__checked_by").first()


def verdicts(found: Standing, known: Checklist) -> Mapping[str, Verdict]:
    """Return what was judged of each question when the place was checked: what roll-ups count."""
    told = dict.fromkeys((question.key for question in known.criteria), Verdict.PASSED)
    told |= dict.fromkeys(found.failed, Verdict.FAILED)
    told |= dict.fromkeys(found.unanswered, Verdict.UNANSWERED)
    for key, answer in found.answers.items():
        if answer == NOT_APPLICABLE and told.get(key) is Verdict.PASSED:
            told[key] = Verdict.NOT_APPLICABLE
    return told


def judged_anew(found: Standing, known: Checklist) -> Judged:
    """Judge a place by its last answers and by what its rules ask for as it is known now."""
    code = PlaceCode(found.place_id)
    given = quantities(known, [code])[code]
    return judge(known, found.answers, given, checklists().thresholds)


def checks_of(place: PlaceCode, key: str) -> "QuerySet[Check]":
    """Return the checks of a place, the newest first."""
    rows = Check.objects.filter(place=place, checklist=key)
    return rows.select_related("institution", "checked_by").order_by("-checked_at", "-id")


class Unchecked(NamedTuple):
    """A place that no check of the version that holds has seen; `is_outdated` by an older one."""

    place: PlaceCard
    above: PlaceCard | None
    is_outdated: bool


def unchecked(place: PlaceCode, known: Checklist) -> Sequence[Unchecked]:
    """Return the places of a checklist at and under a place that still want a check; 4 queries."""
    versions = dict(
        Standing.objects.filter(within(place), checklist=known.key).values_list(
            "place_id", "version"
        )
    )
    wanted = [
        card for card in to_check(place, known.level) if versions.get(card.code) != known.version
    ]
    above = places.places({card.parent for card in wanted if card.parent})
    return [
        Unchecked(card, above.get(card.parent) if card.parent else None, card.code in versions)
        for card in wanted
    ]


def to_check(place: PlaceCode, level: Level) -> Sequence[PlaceCard]:
    """Return the places of a level at and under a place, by code; one query, two for stations."""
    if level_of(place) == level:
        return [places.place(place)]
    cards = places.descendants(place, level)
    if level is not Level.STATION:
        return cards
    listed = {station.code for station in elections.stations_of(place)}
    return [card for card in cards if card.code in listed]


def quantities(known: Checklist, codes: Collection[PlaceCode]) -> Mapping[PlaceCode, Quantities]:
    """Return for each place what the rules of a checklist ask for, None where nobody knows.

    As many queries as there are regencies among the places, for each quantity a few.
    """
    asked = known.asks_for
    found: dict[PlaceCode, dict[str, int | None]] = {code: dict.fromkeys(asked) for code in codes}
    if not asked:
        return found
    level = known.level
    boxes: Mapping[PlaceCode, int] = {}
    for above in {at_level(code, Level.REGENCY) for code in codes} if "boxes" in asked else ():
        boxes = {**boxes, **logistics.boxes_at(above, level)}
    for code, given in found.items():
        if "boxes" in asked:
            given["boxes"] = boxes.get(code)
        if "pairs" in asked:
            given["pairs"] = _pairs(code)
        if "villages" in asked:
            counts = places.counts_by_child(code).get(code)
            given["villages"] = (counts.by_level.get(Level.VILLAGE) if counts else None) or None
    return found


def _pairs(place: PlaceCode) -> int | None:
    """Return the pairs of all races of a place, None while a race has none yet."""
    by_race = [contest.pair_count for contest in elections.contests(place)]
    return sum(by_race) if by_race and all(by_race) else None


@dataclass(frozen=True, slots=True)
class Hanging:
    """Stations and voters that hang on a place."""

    stations: int
    voters: int


def hanging(codes: Collection[PlaceCode]) -> Mapping[PlaceCode, Hanging]:
    """Return the stations and voters at and under each place; one query for each regency."""
    found = {}
    for regency in {at_level(code, Level.REGENCY) for code in codes}:
        levels = {level_of(code) for code in codes if is_within(code, regency)}
        for level in levels:
            for code, counts in elections.voters_at_level(regency, level).items():
                found[code] = Hanging(counts.stations, counts.voters)
    return {code: found.get(code, Hanging(0, 0)) for code in codes}


COMMITTEES = ("KPPS", "PPS", "PPK", "KPU")
"""The commission and its committees, each of which stands in for the one before it."""


def menders(
    known: Checklist, codes: Collection[PlaceCode]
) -> Mapping[tuple[PlaceCode, str], InstitutionCard]:
    """Return who mends each question at each place: there, or the nearest above; one query.

    Where a crew or committee is not set up the one above it stands in; where nobody is who is
    named first, who is named next.
    """
    around = {code: [code, *reversed(ancestors(code))] for code in codes}
    kinds = {kind for question in known.criteria for kind in question.mend} | {*COMMITTEES}
    every = frozenset(at for chain in around.values() for at in chain if at)
    cards = institutions.institutions_by(kinds=kinds, places=every)
    found: dict[tuple[PlaceCode, str], InstitutionCard] = {}
    for code, chain in around.items():
        for question in known.criteria:
            for kind in _in_order(question.mend):
                card = next((cards[kind, at] for at in chain if (kind, at) in cards), None)
                if card:
                    found[code, question.key] = card
                    break
    return found


def _in_order(named: Sequence[str]) -> Iterator[str]:
    """Yield the kinds that may mend something: each with who stands in for it."""
    for kind in (*named, "KPU"):
        yield kind
        if kind in COMMITTEES:
            yield from COMMITTEES[COMMITTEES.index(kind) + 1 :]
