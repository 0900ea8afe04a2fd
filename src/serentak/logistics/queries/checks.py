"""Where givers and receivers of loads differ, and the list from what was ordered on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse

from serentak.elections import public as elections
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.kernel.entries import LANGUAGES
from serentak.logistics.models import Consignment, ConsignmentLine
from serentak.logistics.rules.custody import ConsignmentState
from serentak.platform.rows import within

from .catalogues import item
from .needs import stations_at


def _place_of(row: Consignment) -> PlaceCode:
    """Return where a load's difference is told: the regency that gave it, or the province."""
    origin = PlaceCode(row.origin.place_id)
    return at_level(origin, min(level_of(origin), Level.REGENCY))


def _shipped(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield what of a load its receiver counted otherwise, as long as nobody settled it.

    Each thing apart: boxes that lack are not made up by booths that are too many.
    """
    rows = (
        ConsignmentLine.objects.filter(
            within(parent, "consignment__origin__place"),
            consignment__state=ConsignmentState.DIFFERENT.value,
        )
        .select_related("consignment__origin", "stock")
        .annotate(came=F("accepted") + F("rejected") + F("surplus"))
        .order_by("consignment", "pk")
    )
    for row in rows:
        load = row.consignment
        if row.came is None or row.came == row.shipped:
            continue
        link = reverse("logistics:load", args=[load.pk])
        thing = item(row.stock.item)
        yield Differs(
            place=_place_of(load),
            subject=f"load:{load.pk}:{row.pk}",
            about={
                language: f"{load.number}, {thing.name[language] if thing else row.stock.item}"
                for language in LANGUAGES
            },
            a=Says(value=row.shipped, link=link, by=load.packed_by_id),
            b=Says(value=row.came, link=link, by=load.received_by_id),
            amount=abs(row.shipped - row.came),
            since=load.received_at,
            owner_id=load.origin.keeper_id,
        )


def _seals(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the loads that arrived without a seal with which they left; numbers stay inside."""
    rows = (
        Consignment.objects.filter(within(parent, "origin__place"), received_at__isnull=False)
        .exclude(state=ConsignmentState.SETTLED.value)
        .select_related("origin")
        .annotate(left=Count("seals"), arrived=Count("seals", filter=Q(seals__is_read=True)))
        .filter(left__gt=F("arrived"))
        .order_by("pk")
    )
    for row in rows:
        link = reverse("logistics:load", args=[row.pk])
        yield Differs(
            place=_place_of(row),
            subject=f"load:{row.pk}",
            about={"id": row.number, "en": row.number},
            a=Says(value=row.left, link=link, by=row.packed_by_id),
            b=Says(value=row.arrived, link=link, by=row.received_by_id),
            amount=row.left - row.arrived,
            since=row.received_at,
        )


def _listed(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose stations on the list are not those on which kit was ordered."""
    ordered = stations_at(parent, Level.REGENCY)
    if not ordered:
        return
    listed = elections.voters_at_level(parent, Level.REGENCY)
    for place in sorted({*ordered, *listed}):
        on_list = listed.get(place, elections.NO_VOTERS)
        if on_list.stations == ordered.get(place, 0):
            continue
        yield Differs(
            place=place,
            subject="stations",
            a=Says(value=on_list.stations, link=f"/{place}/"),
            b=Says(value=ordered.get(place, 0), link=reverse("logistics:place", args=[place])),
            amount=abs(on_list.stations - ordered.get(place, 0)),
            figure_class=FigureClass.SYNTHETIC if on_list.is_synthetic else FigureClass.SOURCED,
        )


@dataclass(frozen=True, slots=True)
class HoursTaken:
    """How long the last load to a place was under way, and its page."""

    hours: float
    link: str


def hours_taken(parent: PlaceCode) -> Mapping[PlaceCode, HoursTaken]:
    """Return how long the last received load to each place at and under `parent` took; one query.

    Only what has arrived: ways still ahead stay inside.
    """
    rows = (
        Consignment.objects.filter(
            within(parent, "destination__place"),
            departed_at__isnull=False,
            received_at__isnull=False,
        )
        .order_by("received_at", "pk")
        .values_list("destination__place", "departed_at", "received_at", "pk")
    )
    return {
        PlaceCode(code): HoursTaken(
            (came - left).total_seconds() / 3600, reverse("logistics:load", args=[load])
        )
        for code, left, came, load in rows
        if left and came
    }


CHECKS: Mapping[str, AsksForDifferences] = {
    "shipped-accepted": _shipped,
    "seals": _seals,
    "listed-ordered": _listed,
}
"""What logistics can compare by itself, by the name that the catalogue of checks gives it."""
