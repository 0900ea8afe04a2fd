"""The head of a place's page: which place, which day, whose office, how many voters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse

from serentak.desk import rules
from serentak.desk.permissions import VIEW_DESK
from serentak.elections import public as elections
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.kernel.area import Phase
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.countdown import countdown_label, days_after_vote
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock

MEASURES = ("districts", "stations", "voters")


class Size(NamedTuple):
    """How many stations and voters a place has, said alike wherever it is called by its size.

    The figures in use, which the desk decides; where there is none, the stations that were listed.
    """

    stations: int
    voters: int


def size_of(place: PlaceCode) -> Size:
    """Return how large a place is; two queries."""
    counts = elections.voters_and_stations(place).get(place, elections.NO_VOTERS)
    return _size(figures.figures_in_use([place], MEASURES)[place], counts)


def _size(stated: Mapping[str, figures.FigureCard], counts: elections.VoterCounts) -> Size:
    def of(measure: str, listed: int) -> int:
        return int(stated[measure].value) if measure in stated else listed

    return Size(of("stations", counts.stations), of("voters", counts.voters))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above everything; every number comes from the slice that owns it."""

    card: places.PlaceCard
    path: tuple[places.PlaceCard, ...]
    at: datetime
    zone: ZoneInfo
    election: elections.ElectionCard | None
    stages: tuple[elections.StageCard, ...]
    holder: institutions.HolderCard | None
    stated: Mapping[str, figures.FigureCard]
    counts: elections.VoterCounts

    @property
    def size(self) -> Size:
        """Stations and voters."""
        return _size(self.stated, self.counts)

    @property
    def today(self) -> date:
        """The day at the place."""
        return clock.local_date(self.at, zone=str(self.zone))

    @property
    def phase(self) -> Phase:
        """Where the election stands."""
        vote_date = self.election.vote_date if self.election else None
        return rules.phase_of(self.today, vote_date=vote_date)

    @property
    def days(self) -> int | None:
        """Days since the vote, negative before it; None without an election."""
        if self.election is None:
            return None
        return days_after_vote(self.today, vote_date=self.election.vote_date)

    @property
    def countdown(self) -> str:
        """`H-30`, empty without an election."""
        if self.election is None:
            return ""
        return countdown_label(self.today, vote_date=self.election.vote_date)


def head_of(place: PlaceCode, *, at: datetime) -> Head:
    """Return the head of a place's page."""
    path = places.path(place)
    election = elections.current_election(place)
    zone = places.zone_of(place)
    today = clock.local_date(at, zone=str(zone))
    return Head(
        card=path[-1],
        path=tuple(step for step in path if step.code not in (COUNTRY, place)),
        at=at,
        zone=zone,
        election=election,
        stages=tuple(elections.stages(election, today=today)) if election else (),
        holder=institutions.holder_of([place], at=at).get(place),
        stated=figures.figures_in_use([place], MEASURES)[place],
        counts=elections.voters_and_stations(place).get(place, elections.NO_VOTERS),
    )


def visible_path(head: Head, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return (name, URL) of the places above; the URL is empty where the viewer may not go."""
    return tuple(
        (
            step.name,
            reverse("desk:place", args=[step.code]) if viewer.may(VIEW_DESK, step.code) else "",
        )
        for step in head.path
    )
