"""Builders of the slice's tests: numbers, assessments, requests, crimes."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.liaison import actions
from serentak.liaison.models import AidRequest, Contact, Crime
from tests.cast import AT, OKI, Member, seat

TODAY = date(2024, 10, 28)


def id_of(kind: str, place: str = OKI) -> int:
    """Return the id of the institution of a kind at a place."""
    found = institutions.institution_by(kind, PlaceCode(place))
    assert found is not None
    return found.id


def police() -> Member:
    """Seat somebody in the police of OKI."""
    return seat("polres.oki", "Andi", "POLICE_OPERATIONS", "POLICE", OKI)


def supervisor() -> Member:
    """Seat somebody in the supervisor of OKI."""
    return seat("bawaslu.oki", "Rina", "SUPERVISOR_OFFICER", "BAWASLU", OKI)


def prosecutor() -> Member:
    """Seat somebody in the prosecutor of OKI."""
    return seat("kejari.oki", "Tono", "PROSECUTOR_OFFICER", "PROSECUTOR", OKI)


def contact(actor: Viewer, kind: str = "REGENT_DESK", **more: Any) -> Contact:
    """Enter a number."""
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "institution_id": id_of(kind),
        "office": "Piket desk", "phone": "0711-352041", "at": AT,
    }  # fmt: skip
    return Contact.objects.get(pk=actions.add_contact(actor=actor, **given | more))


def assess(actor: Viewer, **more: Any) -> int:
    """Record an assessment."""
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "level": "watch", "assessed_date": TODAY,
        "text": "Jalan banjir", "members": [id_of("POLICE"), id_of("KPU")], "at": AT,
    }  # fmt: skip
    return actions.assess_place(actor=actor, **given | more)


def ask(actor: Viewer, **more: Any) -> AidRequest:
    """Ask for boats of the regency's transport office."""
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "thing": "boats", "number": 6,
        "owner_id": id_of("DISHUB"), "needed_until_at": AT + timedelta(days=2), "at": AT,
    }  # fmt: skip
    return the_request(actions.ask_for_aid(actor=actor, **given | more))


def the_request(request_id: int) -> AidRequest:
    """Return a request with its action."""
    return AidRequest.objects.select_related("action").get(pk=request_id)


def crime(actor: Viewer, **more: Any) -> Crime:
    """Enter a crime."""
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "register": "001/Reg", "known_date": TODAY, "at": AT,
    }  # fmt: skip
    return Crime.objects.get(pk=actions.enter_crime(actor=actor, **given | more))
