"""Builders of the slice's tests: police of the cast's regencies, incidents, duty."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from serentak.elections.actions import set_up_election
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.security import actions
from serentak.security.models import Incident
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Member, seat

MINUTE = timedelta(minutes=1)


def election() -> None:
    """Set the province's election up: the day of the vote."""
    set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)


def id_of(kind: str, place: PlaceCode = OKI) -> int:
    """Return the id of an institution."""
    found = institutions.institution_by(kind, place)
    assert found is not None
    return found.id


def police(place: PlaceCode = OKI) -> Member:
    """Seat an officer of the police of a place."""
    return seat(f"police-{place}", "Petugas Operasi", "POLICE_OPERATIONS", "POLICE", place)


def supervisor(place: PlaceCode = OKI) -> Member:
    """Seat an officer of the supervisor of a place."""
    return seat(f"bawaslu-{place}", "Petugas Bawaslu", "SUPERVISOR_OFFICER", "BAWASLU", place)


def given(**changes: Any) -> dict[str, Any]:
    """Return a report of a siege of a district's office, as the system sends it."""
    return {
        "client_key": uuid4(),
        "kind": "SIEGE",
        "place": AIR_SUGIHAN,
        "happened_at": AT - 5 * MINUTE,
        "answers": {"crowd": "MANY", "boxes_safe": "SAFE"},
        "actor": SYSTEM,
        "at": AT,
        **changes,
    }


def reported(**changes: Any) -> Incident:
    """Report an incident and return it."""
    key = actions.report_incident(**given(**changes)).key
    return Incident.objects.get(key=key)


def stepped(incident: Incident, *steps: str, at: datetime = AT, actor: Any = SYSTEM) -> Incident:
    """Take an incident through steps with a note each and return it as it stands."""
    for step in steps:
        act = getattr(actions, step)
        act(key=incident.key, version=None, note="Catatan", actor=actor, at=at)
    return Incident.objects.get(pk=incident.pk)


def fresh(key: UUID) -> Incident:
    """Return an incident as it stands."""
    return Incident.objects.get(key=key)
