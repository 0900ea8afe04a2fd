"""Builders of coordination's tests: a meeting, an action, the days around them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from serentak.coordination import actions
from serentak.coordination.actions import Ask, OutcomeRow
from serentak.coordination.models import Action, Meeting
from serentak.coordination.rules.minutes import OutcomeKind
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from tests.cast import AT, OKI, PROVINCE, Cast, Member

TODAY = date(2024, 10, 28)


def institution_id(kind: str, place: PlaceCode = PROVINCE) -> int:
    """Return the id of the institution of a kind at a place."""
    card = institutions.institution_by(kind, place)
    assert card is not None
    return card.id


def ask(**changed: Any) -> Ask:
    """Return what the governor asks of the regent of OKI: boats, by Wednesday."""
    given: dict[str, Any] = {
        "owner_id": institution_id("REGENT", OKI),
        "text": "Kontrak perahu untuk 272 TPS",
        "due_date": date(2024, 10, 30),
        "check_date": date(2024, 10, 31),
        "evidence_asked": "salinan kontrak",
        "place": OKI,
    }
    return Ask(**(given | changed))


def give(cast: Cast, *, by: Member | None = None, at: datetime = AT, **changed: Any) -> Action:
    """Return an action that the governor's desk has just given."""
    id = actions.create_action(
        client_key=uuid4(), ask=ask(**changed), actor=(by or cast.governor_desk).viewer, at=at
    )
    return Action.objects.get(pk=id)


def done(cast: Cast, row: Action, *, at: datetime = AT) -> Action:
    """Return an action that the regent's desk has reported as done."""
    actions.complete_action(
        action_id=row.pk,
        version=row.version,
        note="Kontrak ditandatangani",
        actor=cast.regent_desk.viewer,
        at=at,
    )
    row.refresh_from_db()
    return row


def plan(cast: Cast, *, starts_at: datetime = AT, **changed: Any) -> Meeting:
    """Return a meeting that the governor's desk planned two days before."""
    given: dict[str, Any] = {
        "client_key": uuid4(),
        "place": PROVINCE,
        "theme": "Rakor kesiapan H-30",
        "starts_at": starts_at,
        "venue": "Palembang",
        "invited": [institution_id("KPU"), institution_id("REGENT", OKI)],
        "actor": cast.governor_desk.viewer,
        "at": starts_at - timedelta(days=2),
    }
    return Meeting.objects.get(pk=actions.plan_meeting(**(given | changed)))


def row(**changed: Any) -> OutcomeRow:
    """Return a line of minutes: a directive to the regent of OKI."""
    given: dict[str, Any] = {
        "text": "Kontrak perahu",
        "kind": OutcomeKind.DIRECTIVE,
        "owner_id": institution_id("REGENT", OKI),
        "verb": "DIRECTIVE",
        "due_date": date(2024, 10, 30),
        "check_date": date(2024, 10, 31),
    }
    return OutcomeRow(**(given | changed))
