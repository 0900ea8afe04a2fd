"""Builders of the slice's tests: handlers, cases of the cast's regencies, agencies."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from serentak.elections.actions import set_up_election
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.neutrality import actions
from serentak.neutrality.actions import GivenCase, Person
from serentak.neutrality.models import Case
from serentak.neutrality.rules.cases import CaseEvent, CaseState, ReplyKind
from serentak.neutrality.rules.catalogue import Track
from tests.cast import AT, OKI, PROVINCE, Member, seat

NAME = "Mansyur Lazuardi"
TODAY = date(2024, 10, 28)

GIVEN = GivenCase(
    reference="001/REKOM/BWS/2024",
    agency_id=0,
    track=Track.CIVIL_SERVANT,
    violation="social-post",
    deed_date=date(2024, 10, 20),
    received_date=date(2024, 10, 25),
    state=CaseState.AT_TASK_FORCE,
    person=Person(NAME, "19800101 200501 1 001", "Kepala Seksi", "Instagram, suka unggahan"),
)


def election() -> None:
    """Set the province's election up: the day of the vote, the day candidates are fixed."""
    set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)


def id_of(kind: str, place: PlaceCode = OKI) -> int:
    """Return the id of an institution."""
    found = institutions.institution_by(kind, place)
    assert found is not None
    return found.id


def handler(kind: str, place: PlaceCode = OKI) -> Member:
    """Seat a case handler in an institution."""
    name = f"{kind}-{place}".lower()
    return seat(name, f"Penangan {kind}", "CASE_HANDLER", kind, place)


def given(**changes: Any) -> GivenCase:
    """Return a case of OKI's transport office as somebody refers it."""
    return replace(GIVEN, **{"agency_id": id_of("DISHUB"), **changes})


def referred(
    *,
    key: UUID | None = None,
    by: int | None = None,
    actor: Viewer = SYSTEM,
    at: datetime = AT,
    **changes: Any,
) -> Case:
    """Refer a case and return its row; recommended by the supervisor, else by the inspectorate."""
    usual = "BAWASLU" if changes.get("state") is CaseState.AT_AUTHORITY else "INSPECTORATE"
    new = actions.refer_case(
        key=key or uuid4(),
        given=given(**changes),
        referred_by=by or id_of(usual),
        actor=actor,
        at=at,
    )
    return Case.objects.get(key=new)


def many(count: int, **changes: Any) -> list[Case]:
    """Refer several cases."""
    return [referred(reference=f"{n}/BWS/2024", **changes) for n in range(count)]


def step(case: Case, event: CaseEvent, actor: Viewer = SYSTEM, at: datetime = AT) -> Case:
    """Take a case a step on and return it anew."""
    case.refresh_from_db()
    actions.record_step(key=case.key, event=event, version=case.version, actor=actor, at=at)
    case.refresh_from_db()
    return case


def waived(case: Case, at: datetime = AT) -> Case:
    """Record that the person waives the reply."""
    actions.record_reply(
        key=case.key, kind=ReplyKind.DECLINED, replied_date=at.date(), actor=SYSTEM, at=at
    )
    case.refresh_from_db()
    return case


def sanctioned(case: Case, at: datetime = AT, **changes: Any) -> Case:
    """Close a case by a sanction."""
    case = waived(case, at)
    fields: dict[str, Any] = {
        "sanction": "DEMOTION",
        "letter_number": "800/77/BKPSDM/2024",
        "decided_date": at.date(),
        "version": case.version,
        "actor": SYSTEM,
        "at": at,
    }
    actions.record_sanction(key=case.key, **{**fields, **changes})
    case.refresh_from_db()
    return case


def names_of(case: Case, client: Client) -> str:
    """Open the names of a case as a handler does, and return the page."""
    answer = client.post(f"/neutrality/cases/{case.key}/names")
    assert answer.status_code == 200
    return answer.content.decode()


def regent_desk_head() -> Member:
    """Seat the head of OKI's desk, who may see cases and speaks for the regent."""
    return seat("kepala.desk.oki", "Kepala Desk OKI", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
