"""The catalogue of incidents, its words, and the days and places that its clocks need."""

from datetime import date

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.places import public as places
from serentak.platform import catalogue
from serentak.platform.catalogue import said
from serentak.platform.holidays import holidays
from serentak.security.rules.catalogue import Access, Incidents, Kind
from serentak.security.rules.clocks import Calendar

SLICE = "security"


def incidents() -> Incidents:
    """Return the catalogue of incidents."""
    return catalogue.load(SLICE, "incidents", Incidents)


def kind_of(key: str) -> Kind | None:
    """Return a kind of incident, None where the catalogue has none of that key."""
    return incidents().kinds.get(key)


def need_text(key: str) -> str:
    """Return what is needed in the reader's language."""
    found = incidents().needs.get(key)
    return said(found.name) if found else key


def vote_date_of(place: PlaceCode) -> date | None:
    """Return the day on which a place votes, None where no election is set up; one query."""
    election = elections.current_election(place)
    return election.vote_date if election else None


def calendar_of(place: PlaceCode) -> Calendar:
    """Return by which days and hours the clocks of lesser incidents at a place run; one query."""
    return Calendar(
        entries=incidents().calendars,
        vote_date=vote_date_of(place),
        zone=places.zone_of(place),
        holidays=holidays(),
    )


def access_of(place: PlaceCode) -> Access:
    """Return how a place is reached: FAR where its district is known to be reached by water."""
    if level_of(place) < Level.DISTRICT:
        return Access.LAND
    notes = places.terrain(at_level(place, Level.DISTRICT))
    is_far = any(note.kind is places.TerrainKind.WATER_ACCESS for note in notes)
    return Access.FAR if is_far else Access.LAND
