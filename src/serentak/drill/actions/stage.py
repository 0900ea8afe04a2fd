"""What every part of a story shares: its calendar, who acts in it, and when what happens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from serentak.drill.rules.scenes import Scene
from serentak.institutions.public import institution_by
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.countdown import day_of, days_after_vote
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places.public import descendants
from serentak.platform import clock

SEED = "sumsel"
"""With another seed chance plays otherwise, and the catalogue's story with it."""


class Progress(Protocol):
    """What long work tells: a step in words and how far it is (0 of 0: unknown)."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None: ...


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that is told in its turn; `tell` dates its own deeds, mostly with `when`."""

    when: datetime
    tell: Callable[[], object]


class Part(Protocol):
    """What tells a part of the story."""

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns the story's days into moments of the province's zone."""

    vote_date: date
    zone: ZoneInfo

    def day(self, countdown: int) -> date:
        """Return the day that lies so many days after the vote."""
        return day_of(countdown, vote_date=self.vote_date)

    def moment(self, countdown: int, hour: int) -> datetime:
        """Return an hour of such a day."""
        return self.at(self.day(countdown), hour)

    def at(self, day: date, hour: int) -> datetime:
        """Return an hour of a calendar day."""
        return datetime.combine(day, time(hour), tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene with its calendar, and who acts for which institution by id, in order."""

    story: Scene
    calendar: Calendar
    people: Mapping[int, Sequence[Viewer]]

    @property
    def today(self) -> int:
        """The day of the scene, counted from the vote."""
        day = clock.local_date(self.story.at, zone=self.calendar.zone.key)
        return days_after_vote(day, vote_date=self.calendar.vote_date)

    @property
    def regencies(self) -> list[PlaceCode]:
        """The regencies and cities of the province."""
        return [card.code for card in descendants(self.story.province, Level.REGENCY)]

    def seat(self, kind: str, place: PlaceCode) -> int:
        """Return the id of the institution of a kind at a place."""
        institution = institution_by(kind, place)
        assert institution is not None, (kind, place)  # noqa: S101 -- a test looks all up
        return institution.id

    def actor(self, institution_id: int, *, role: str = "") -> Viewer:
        """Return who acts for an institution, in a role where one is named; else the system."""
        for viewer in self.people.get(institution_id, ()):
            if not role or any(grant.role == role for grant in viewer.grants):
                return viewer
        return SYSTEM

    def person_of(self, kind: str, place: PlaceCode, *, role: str = "") -> Viewer:
        """Return who acts for the institution of a kind at a place, as `actor` does."""
        return self.actor(self.seat(kind, place), role=role)

    def officer(self, kind: str, place: PlaceCode, role: str) -> Viewer:
        """Return who acts in a role for the institution of a kind at a place, or the province's."""
        own = self.person_of(kind, place, role=role)
        return own if own.user_id else self.person_of(kind, self.story.province, role=role)

    def key(self, *parts: object) -> UUID:
        """Return the key under which something of the story is sent, the same on every machine."""
        return uuid5(NAMESPACE_OID, "/".join(map(str, parts)))
