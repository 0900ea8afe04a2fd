"""What checks show of work that readiness asks about: nobody types it a second time."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Least, Left
from django.urls import reverse

from serentak.elections import public as elections
from serentak.facilities.models import Standing
from serentak.facilities.rules.checklists import NOT_APPLICABLE, Checklist, Counted, Counts, Measure
from serentak.kernel.area import AsksForMeasure, Measured
from serentak.kernel.codes import Level, PlaceCode
from serentak.places import public as places
from serentak.platform.rows import within

from .catalogues import checklists

NAMES = (
    "sites-chosen",
    "criteria-met",
    "stores-guarded",
    "accounts-active",
    "devices-checked",
    "operators-trained",
    "halls-ready",
)
"""What activities may name; the catalogue says how each is counted."""


def _measured(name: str, *, parent: PlaceCode) -> Mapping[PlaceCode, Measured]:
    """Return what checks show, by district and regency, where a regency keeps them.

    It does from a share of its places on (`kept_from`), for each checklist that counts; then each
    of its districts is told, with 0 where nothing was found. Else what is typed stays.
    """
    measure = checklists().measures.get(name)
    if measure is None:
        return {}
    kept = set.intersection(*(_keeping(parent, counted) for counted in measure.of))
    if not kept:
        return {}
    found: Counter[PlaceCode] = Counter()
    for counted in measure.of:
        for code, amount in _amounts(parent, measure, counted):
            regency = PlaceCode(code[: Level.REGENCY])
            if regency in kept:
                found[regency] += amount
                if len(code) == Level.DISTRICT:
                    found[code] += amount
    known = checklists().checklists
    is_deep = any(known[counted.checklist].level >= Level.DISTRICT for counted in measure.of)
    cards = places.descendants(parent, Level.DISTRICT) if is_deep else ()
    told = [*kept, *(card.code for card in cards if card.code[: Level.REGENCY] in kept)]
    page = measure.of[0].checklist
    return {
        code: Measured(found[code], reverse("facilities:checklist", args=[code, page]))
        for code in told
    }


def _rows(parent: PlaceCode, known: Checklist, level: Level) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = (
        Standing.objects.filter(within(parent), checklist=known.key, version=known.version)
        .annotate(code=Left("place_id", int(level)))
        .values("code")
        .order_by()
    )
    return rows


def _keeping(parent: PlaceCode, counted: Counted) -> set[PlaceCode]:
    """Return the regencies in which enough places were checked; two queries."""
    known = checklists()
    asked = known.checklists[counted.checklist]
    checked = dict(
        _rows(parent, asked, Level.REGENCY).annotate(n=Count("pk")).values_list("code", "n")
    )
    if not checked:
        return set()
    there = _places(parent, asked.level)
    least = known.thresholds.kept_from
    return {
        PlaceCode(code) for code, n in checked.items() if n >= least * there.get(PlaceCode(code), n)
    }


def _places(parent: PlaceCode, level: Level) -> Mapping[PlaceCode, int]:
    """Return how many places of a level each regency has; one query."""
    if level is Level.STATION:
        voters = elections.voters_at_level(parent, Level.REGENCY)
        return {code: counts.stations for code, counts in voters.items()}
    cards = [places.place(parent)] if len(parent) == level else places.descendants(parent, level)
    return Counter(PlaceCode(card.code[: Level.REGENCY]) for card in cards)


def _amounts(
    parent: PlaceCode, measure: Measure, counted: Counted
) -> Iterator[tuple[PlaceCode, int]]:
    """Yield what checks show by district, or by regency for what lies there; a query a part."""
    rows = _rows(parent, checklists().checklists[counted.checklist], Level.DISTRICT)
    keys = list(counted.questions)
    match measure.counts:
        case Counts.PLACES:
            fine = ~Q(failed__overlap=keys) & ~Q(unanswered__overlap=keys)
            yield from _summed(rows.annotate(n=Count("pk", filter=fine)))
        case Counts.QUESTIONS:
            for key in keys:
                fine = ~Q(failed__contains=[key]) & ~Q(unanswered__contains=[key])
                yield from _summed(rows.annotate(n=Count("pk", filter=fine)))
        case Counts.ANSWERS:
            for key in keys:
                said = rows.filter(answers__has_key=key).exclude(
                    **{f"answers__{key}": NOT_APPLICABLE}
                )
                amount = Cast(KT(f"answers__{key}"), IntegerField())
                yield from _summed(said.annotate(n=Sum(Least(amount, Value(measure.most)))))


def _summed(rows: "QuerySet[Any, Any]") -> Iterator[tuple[PlaceCode, int]]:
    for code, amount in rows.values_list("code", "n"):
        yield PlaceCode(code), amount or 0


MEASURES: Mapping[str, AsksForMeasure] = {name: partial(_measured, name) for name in NAMES}
"""What facilities measure, by the name that activities give it."""
