"""The meeting book: a place and each of its children with what every area says of them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert, Briefing, Focus
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.reporting.permissions import VIEW_DAILY_REPORT

from .material import ChildReport, child_reports, moment_of
from .sources import briefings_of

TOP_ALERTS = 3


@dataclass(frozen=True, slots=True)
class BookPlace:
    """A page of the book; `report` is None of the place itself and where nobody is waited for."""

    card: places.PlaceCard
    holder: institutions.HolderCard | None
    briefings: Mapping[Focus, Briefing]
    alerts: tuple[tuple[Focus, Alert], ...]
    stations: int
    report: ChildReport | None


@dataclass(frozen=True, slots=True)
class Book:
    """The whole of it: the place itself, then its children in the order of their codes."""

    own: BookPlace
    children: tuple[BookPlace, ...]
    election: elections.ElectionCard
    at: datetime


def book(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Book:
    """Return the book of a province or regency; a fixed number of queries whatever its children.

    Every number is that of the screens: the same briefings, asked for the same viewer. OutOfScope
    unless the viewer may read reports there.
    """
    viewer.require(VIEW_DAILY_REPORT, place)
    if level_of(place) not in (Level.PROVINCE, Level.REGENCY):
        raise OutOfScope("meeting book", place)
    own = places.place(place)
    moment = moment_of(place, at)
    below = places.children(place)
    briefings = briefings_of(place, viewer=viewer, at=at)
    codes = [place, *(card.code for card in below)]
    holders = institutions.holder_of(codes, at=at)
    stations = elections.voters_and_stations(place)
    reports = {report.place: report for report in child_reports(place, moment, cards=below)}

    def page(card: places.PlaceCard) -> BookPlace:
        areas = briefings.get(card.code, {})
        alerts = sorted(
            ((focus, alert) for focus, b in areas.items() for alert in b.alerts),
            key=lambda item: -item[1].weight,
        )
        return BookPlace(
            card=card,
            holder=holders.get(card.code),
            briefings=areas,
            alerts=tuple(alerts[:TOP_ALERTS]),
            stations=stations.get(card.code, elections.NO_VOTERS).stations,
            report=reports.get(card.code),
        )

    return Book(page(own), tuple(map(page, below)), moment.election, at)
