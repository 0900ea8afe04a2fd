"""The meeting book: a place and each of its children with what every area says of them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from serentak.coordination import public as coordination
from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert, Briefing, Focus
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.reporting.permissions import VIEW_DAILY_REPORT

from .material import ChildReport, child_reports, moment_of
from .sources import areas_seen, briefings_of, reader_at

TOP_ALERTS = 3
ASKED = 5
"""How many unsettled actions a page names; the record counts all."""


@dataclass(frozen=True, slots=True)
class BookPlace:
    """A page of the book; `report` is None of the place itself and where nobody is waited for.

    `record` counts the actions of the place as its briefing does, `asked` are the next of those
    that are unsettled: of the place itself, of all in it.
    """

    card: places.PlaceCard
    holder: institutions.HolderCard | None
    briefings: Mapping[Focus, Briefing]
    alerts: tuple[tuple[Focus, Alert], ...]
    stations: int
    report: ChildReport | None
    record: coordination.Record | None
    asked: Sequence[coordination.ActionCard]


@dataclass(frozen=True, slots=True)
class Book:
    """The place itself, its children in the order of their codes, and the next meeting there."""

    own: BookPlace
    children: tuple[BookPlace, ...]
    meeting: coordination.MeetingCard | None
    agenda: Sequence[coordination.AgendaLine]
    election: elections.ElectionCard
    at: datetime


def book(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Book:
    """Return the book of a province or regency; a fixed number of queries whatever its children.

    The briefings are those of the screens, as a plain reader of each area sees them: the book lies
    on a table with many at it, so what only a handler of cases may know is not in it. OutOfScope
    unless the viewer may read reports there; areas that the viewer may not read are left out.
    """
    viewer.require(VIEW_DAILY_REPORT, place)
    if level_of(place) not in (Level.PROVINCE, Level.REGENCY):
        raise OutOfScope("meeting book", place)
    own = places.place(place)
    moment = moment_of(place, at)
    below = places.children(place)
    seen = areas_seen(viewer, place)
    reader = reader_at(place)
    briefings = {
        code: {focus: briefing for focus, briefing in areas.items() if focus.value in seen}
        for code, areas in briefings_of(place, viewer=reader, at=at).items()
    }
    meets = viewer.may(coordination.VIEW_COORDINATION, place)
    records = coordination.counts_by_place(place, at=at) if meets else {}
    asked = coordination.asked_below(place, viewer=reader, at=at, limit=ASKED) if meets else {}
    everywhere = sorted(chain(*asked.values()), key=lambda card: (card.due_date, card.id))
    asked = {**asked, place: everywhere[:ASKED]}
    meeting = next(iter(coordination.next_meetings(place, after=at)), None) if meets else None
    codes = [place, *(card.code for card in below)]
    holders = institutions.holder_of(codes, at=at)
    stations = elections.voters_and_stations(place)
    reports = {report.place: report for report in child_reports(place, moment, cards=below)}

    def page(card: places.PlaceCard) -> BookPlace:
        areas = briefings.get(card.code, {})
        alerts = sorted(
            ((focus, alert) for focus, b in areas.items() for alert in b.alerts),
            key=lambda item: item[1].press,
        )
        return BookPlace(
            card=card,
            holder=holders.get(card.code),
            briefings=areas,
            alerts=tuple(alerts[:TOP_ALERTS]),
            stations=stations.get(card.code, elections.NO_VOTERS).stations,
            report=reports.get(card.code),
            record=records.get(card.code),
            asked=asked.get(card.code, ()),
        )

    return Book(
        own=page(own),
        children=tuple(map(page, below)),
        meeting=meeting,
        agenda=coordination.agenda(meeting.id, at=at) if meeting else (),
        election=moment.election,
        at=at,
    )
