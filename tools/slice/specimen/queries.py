"""Reads of checks: the rows of a place, and what a place and its children are told about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.urls import reverse

from serentak.kernel.briefing import Alert, Briefing, Figure, FigureClass, Focus
from serentak.kernel.codes import PlaceCode, child_level, level_of, subtree_range
from serentak.kernel.entries import Settings
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import catalogue, clock
from serentak.platform.web.formats import number

from .models import Check
from .permissions import VIEW_SPECIMEN
from .rules import Checks, Thresholds, press_of, status_of


@dataclass(frozen=True, slots=True)
class Part:
    """What was found at a place and under it, `heard` telling at how many places one level below.

    `synthetic` says that some of it was invented.
    """

    checks: Checks = field(default_factory=Checks)
    heard: int = 0
    synthetic: bool = False
    as_of: datetime | None = None


def thresholds() -> Thresholds:
    """Return the numbers by which checks become a status."""
    return catalogue.load("specimen", "rules", Settings[Thresholds]).values


def today_at(place: PlaceCode, at: datetime) -> date:
    """Return the day at a place; no query."""
    return clock.local_date(at, zone=places.zone_of(place).key)


def checks_under(place: PlaceCode) -> QuerySet[Check]:
    """Return the checks of a place and of all under it; who asks may see the place."""
    low, high = subtree_range(place)
    return Check.objects.filter(place__gte=low, place__lt=high).select_related("place")


def briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    """Return the briefing of `parent` and of each child that the viewer may see; four queries.

    Status and figure of a place are made alike on its own page and in its parent's list: of all
    that was found at the place and under it, and of how many places below were heard.
    """
    if not viewer.holds(VIEW_SPECIMEN):
        return {}
    children = places.children(parent)
    names = {card.code: card.name for card in (*places.places([parent]).values(), *children)}
    below = _below(parent)
    parts = _parts(parent, today_at(parent, at))
    wholes = {**parts, parent: _whole(parent, parts)}
    told = {
        place: _briefing(place, name, wholes.get(place, Part()), below.get(place, 0))
        for place, name in names.items()
        if viewer.may(VIEW_SPECIMEN, place)
    }
    if own := told.get(parent):
        alerts = [
            alert for child in children if child.code in told for alert in told[child.code].alerts
        ]
        if parts.get(parent, Part()).checks.amiss:
            alerts += own.alerts
        told[parent] = replace(own, alerts=tuple(alerts))
    return told


def _parts(parent: PlaceCode, today: date) -> dict[PlaceCode, Part]:
    """Return what was found at and under each child, and under `parent` what is its own.

    What is too old to be relied on is left out, unless something was amiss: bad news stands until a
    newer check says otherwise.
    """
    level = child_level(level_of(parent)) or level_of(parent)
    first = today - timedelta(days=thresholds().unheard_days)
    rows = (
        checks_under(parent)
        .filter(
            Q(checked_date__gte=first) | Q(in_order__lt=F("looked_at")), checked_date__lte=today
        )
        .annotate(part=Left("place_id", int(level)))
        .annotate(below=Left("place_id", int(child_level(level) or level)))
        .values("part")
        .annotate(
            looked_at_sum=Sum("looked_at"),
            in_order_sum=Sum("in_order"),
            heard=Count("below", distinct=True, filter=~Q(below=F("part"))),
            synthetic=Count("id", filter=Q(figure_class=FigureClass.SYNTHETIC.value)),
            as_of=Max("recorded_at"),
        )
        .order_by("part")
    )
    return {
        PlaceCode(row["part"]): Part(
            Checks(row["looked_at_sum"], row["in_order_sum"]),
            row["heard"],
            bool(row["synthetic"]),
            row["as_of"],
        )
        for row in rows
    }


def _whole(parent: PlaceCode, parts: Mapping[PlaceCode, Part]) -> Part:
    return Part(
        sum((part.checks for part in parts.values()), Checks()),
        len(parts.keys() - {parent}),
        any(part.synthetic for part in parts.values()),
        max((part.as_of for part in parts.values() if part.as_of), default=None),
    )


def _below(parent: PlaceCode) -> dict[PlaceCode, int]:
    """Return how many places lie one level below `parent` and below each of its children."""
    return {
        place: counts.by_level[level]
        for place, counts in places.counts_by_child(parent).items()
        if (level := child_level(level_of(place)))
    }


def _briefing(place: PlaceCode, name: str, part: Part, below: int) -> Briefing:
    checks = part.checks
    silent = below - part.heard
    status = status_of(checks, silent=silent, below=below, thresholds=thresholds())
    figures = tuple(
        Figure(
            code,
            value if checks.looked_at else None,
            of=checks.looked_at or None,
            source="specimen",
            figure_class=FigureClass.SYNTHETIC if part.synthetic else FigureClass.SOURCED,
        )
        for code, value in (
            ("specimen.in_order", checks.in_order),
            ("specimen.not_in_order", checks.amiss),
        )
    )
    alert = Alert(
        code="specimen.NOT_IN_ORDER",
        place=place,
        severity=status,
        due_date=None,
        link=reverse("specimen:overview", args=[place]),
        press=press_of(checks),
        so="specimen.NOT_IN_ORDER.so",
        helps="specimen.NOT_IN_ORDER.helps",
        params={
            "place_name": name,
            "count": number(checks.amiss),
            "of": number(checks.looked_at),
        },
    )
    return Briefing(
        focus=Focus.SPECIMEN,
        place=place,
        status=status,
        as_of=part.as_of,
        figures=figures,
        alerts=(alert,) if checks.amiss else (),
        silent=silent,
        of_children=below,
    )
