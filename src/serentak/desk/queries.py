"""A place's page: lays the answers of all slices side by side, each asked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from serentak.elections import public as elections
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert, Briefing, Focus
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, ancestors
from serentak.kernel.countdown import countdown_label
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import audit, clock
from serentak.readiness import public as readiness

from .permissions import VIEW_DESK

ALERTS_SHOWN = 6
FEED_SHOWN = 8
HEADER_MEASURES = ("districts", "stations", "voters")


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the place: its card, its briefings by focus, its stations."""

    card: places.PlaceCard
    briefings: Mapping[Focus, Briefing]
    stations: int

    @property
    def briefing(self) -> Briefing | None:
        """The readiness briefing, None where nothing is set up."""
        return self.briefings.get(Focus.READINESS)

    @property
    def status(self) -> Status:
        """The child's status; without any briefing nobody has reported."""
        return self.briefing.status if self.briefing else Status.NO_REPORT

    def figure(self, code: str) -> float | None:
        """Return the value of one of the briefing's figures, None where it has none."""
        found = self.briefing.figures if self.briefing else ()
        return next((f.value for f in found if f.code == code), None)

    @property
    def finished_share(self) -> float | None:
        """Share of the activities that are finished, from 0 to 1."""
        for figure in self.briefing.figures if self.briefing else ():
            if figure.code == "readiness.finished" and figure.of and figure.value is not None:
                return figure.value / figure.of
        return None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that was done at or under the place."""

    entry: audit.HistoryEntry
    institution: str
    place_name: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of a place shows; every number comes from the slice that owns it."""

    card: places.PlaceCard
    path: tuple[places.PlaceCard, ...]
    at: datetime
    zone: ZoneInfo
    election: elections.ElectionCard | None
    holder: institutions.HolderCard | None
    stated: Mapping[str, figures.FigureCard]
    counts: elections.VoterCounts
    briefings: Mapping[Focus, Briefing]
    children: tuple[Child, ...]
    grid: places.TileGrid | None
    alerts: tuple[Alert, ...]
    names: Mapping[PlaceCode, places.PlaceCard]
    missing: tuple[readiness.Missing, ...]
    discrepancies: tuple[figures.DiscrepancyCard, ...]
    feed: tuple[FeedEntry, ...]
    stages: tuple[elections.StageCard, ...]

    @property
    def today(self) -> date:
        """The day at the place."""
        return clock.local_date(self.at, zone=str(self.zone))

    @property
    def countdown(self) -> str:
        """`H-30`, empty without an election."""
        if self.election is None:
            return ""
        return countdown_label(self.today, vote_date=self.election.vote_date)

    @property
    def heard(self) -> int:
        """How many of the children have reported."""
        return len(self.children) - sum(c.status is Status.NO_REPORT for c in self.children)


def place_page(place: PlaceCode, *, viewer: Viewer, at: datetime) -> PlacePage:
    """Return the page of a province, regency or district.

    The number of queries is fixed whatever the number of children. OutOfScope unless the viewer
    may see the desk there and the place exists.
    """
    viewer.require(VIEW_DESK, place)
    path = places.path(place)
    card = path[-1]
    election = elections.current_election(place)
    zone = places.zone_of(place)
    today = clock.local_date(at, zone=str(zone))
    counts = elections.voters_and_stations(place)
    survey = readiness.survey(place, viewer=viewer, at=at)
    briefings = survey.briefings
    grid = places.tile_grid(place) if card.level < Level.VILLAGE else None
    children = tuple(
        Child(
            card=child,
            briefings={Focus.READINESS: briefings[child.code]} if child.code in briefings else {},
            stations=counts.get(child.code, elections.NO_VOTERS).stations,
        )
        for child in (grid.tiles if grid else ())
    )
    own = {Focus.READINESS: briefings[place]} if place in briefings else {}
    differences = figures.discrepancies(place, viewer) if card.level < Level.DISTRICT else ()
    alerts = sorted(
        (*(a for b in own.values() for a in b.alerts), *figures.alerts(differences, today=today)),
        key=lambda alert: -alert.weight,
    )
    feed = audit.activity_under(place, limit=FEED_SHOWN)
    senders = institutions.institutions({e.institution_id for e in feed if e.institution_id})
    known = {c.code: c for c in (*path, *(child.card for child in children))}
    unknown = {a.place for a in alerts} | {e.place for e in feed if e.place}
    names = {**known, **(places.places(unknown - set(known)) if unknown - set(known) else {})}
    return PlacePage(
        card=card,
        path=tuple(step for step in path if step.code not in (COUNTRY, place)),
        at=at,
        zone=zone,
        election=election,
        holder=institutions.holder_of([place], at=at).get(place),
        stated=figures.figures_in_use([place], HEADER_MEASURES)[place],
        counts=counts.get(place, elections.NO_VOTERS),
        briefings=own,
        children=children,
        grid=grid,
        alerts=tuple(alerts),
        names=names,
        missing=survey.missing,
        discrepancies=differences,
        feed=tuple(
            FeedEntry(
                entry=entry,
                institution=sender.short_name
                if (sender := senders.get(entry.institution_id or 0))
                else "",
                place_name=names[entry.place].name if entry.place in names else "",
            )
            for entry in feed
        ),
        stages=tuple(elections.stages(election, today=today)) if election else (),
    )


def home_of(viewer: Viewer) -> str:
    """Return the path of the topmost place that the viewer answers for, empty if there is none."""
    found = viewer.places(VIEW_DESK)
    if not found:
        return ""
    place = found[0]
    if place == COUNTRY:
        election = elections.current_election(COUNTRY)
        place = election.place if election else COUNTRY
    return reverse("desk:place", args=[place]) if place else ""


def visible_path(page: PlacePage, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return (name, URL) of the places above; the URL is empty where the viewer may not go."""
    return tuple(
        (
            step.name,
            reverse("desk:place", args=[step.code]) if viewer.may(VIEW_DESK, step.code) else "",
        )
        for step in page.path
        if step.code in ancestors(page.card.code)
    )
