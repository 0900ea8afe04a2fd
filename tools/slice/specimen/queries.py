"""Reads of checks: the rows of a place, and what a place and its children are told about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.urls import reverse

from serentak.kernel.briefing import Alert, Briefing, Figure, FigureClass, Focus
from serentak.kernel.codes import PlaceCode, child_level, level_of, subtree_range
from serentak.kernel.entries import Settings
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import catalogue, clock
from serentak.platform.web.formats import number

from .models import Check
from .permissions import VIEW_SPECIMEN
from .rules import Checks, Thresholds, status_above, status_of, weight_of


@dataclass(frozen=True, slots=True)
class Part:
    """What was found at a place and under it; `synthetic` says that some of it was invented."""

    checks: Checks = field(default_factory=Checks)
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
    """Return the briefing of `parent` and of each child that the viewer may see; three queries."""
    if not viewer.holds(VIEW_SPECIMEN):
        return {}
    children = places.children(parent)
    names = {card.code: card.name for card in (*places.places([parent]).values(), *children)}
    parts = _parts(parent, today_at(parent, at))
    own = parts.get(parent, Part())
    statuses = {
        child.code: status_of(parts.get(child.code, Part()).checks, thresholds=thresholds())
        for child in children
    }
    told = {
        child: _briefing(child, parts.get(child, Part()), status, _alerts(child, parts, names))
        for child, status in statuses.items()
        if viewer.may(VIEW_SPECIMEN, child)
    }
    if viewer.may(VIEW_SPECIMEN, parent):
        status = status_of(own.checks, thresholds=thresholds())
        told[parent] = _briefing(
            parent,
            _sum(parts),
            status_above(status, statuses.values(), thresholds=thresholds()),
            tuple(alert for place in names for alert in _alerts(place, parts, names)),
            silent=sum(status is Status.NO_REPORT for status in statuses.values()),
            of_children=len(children),
        )
    return told


def _parts(parent: PlaceCode, today: date) -> dict[PlaceCode, Part]:
    """Return what was found under each child, and under `parent` what is its own."""
    width = int(child_level(level_of(parent)) or level_of(parent))
    first = today - timedelta(days=thresholds().unheard_days)
    rows = (
        checks_under(parent)
        .filter(checked_date__range=(first, today))
        .annotate(part=Left("place_id", width))
        .values("part")
        .annotate(
            looked_at_sum=Sum("looked_at"),
            in_order_sum=Sum("in_order"),
            heard=Count("id"),
            synthetic=Count("id", filter=Q(figure_class=FigureClass.SYNTHETIC.value)),
            as_of=Max("recorded_at"),
        )
        .order_by("part")
    )
    return {
        PlaceCode(row["part"]): Part(
            Checks(row["looked_at_sum"], row["in_order_sum"], row["heard"]),
            bool(row["synthetic"]),
            row["as_of"],
        )
        for row in rows
    }


def _sum(parts: Mapping[PlaceCode, Part]) -> Part:
    return Part(
        sum((part.checks for part in parts.values()), Checks()),
        any(part.synthetic for part in parts.values()),
        max((part.as_of for part in parts.values() if part.as_of), default=None),
    )


def _briefing(
    place: PlaceCode,
    part: Part,
    status: Status,
    alerts: tuple[Alert, ...],
    *,
    silent: int = 0,
    of_children: int = 0,
) -> Briefing:
    checks = part.checks
    figure = Figure(
        "specimen.in_order",
        checks.in_order if checks.heard else None,
        of=checks.looked_at or None,
        source="specimen",
        figure_class=FigureClass.SYNTHETIC if part.synthetic else FigureClass.SOURCED,
    )
    return Briefing(
        focus=Focus.SPECIMEN,
        place=place,
        status=status,
        as_of=part.as_of,
        figures=(figure,),
        alerts=alerts,
        silent=silent,
        of_children=of_children,
    )


def _alerts(
    place: PlaceCode, parts: Mapping[PlaceCode, Part], names: Mapping[PlaceCode, str]
) -> tuple[Alert, ...]:
    checks = parts.get(place, Part()).checks
    if not checks.amiss:
        return ()
    alert = Alert(
        code="specimen.NOT_IN_ORDER",
        place=place,
        severity=status_of(checks, thresholds=thresholds()),
        due_date=None,
        link=reverse("specimen:overview", args=[place]),
        weight=weight_of(checks),
        so="specimen.NOT_IN_ORDER.so",
        helps="specimen.NOT_IN_ORDER.helps",
        params={
            "place_name": names[place],
            "count": number(checks.amiss),
            "of": number(checks.looked_at),
        },
    )
    return (alert,)
