"""What alerts, reports and letters tell of contradictions: the heaviest open ones."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from serentak.coordination import public as coordination
from serentak.institutions import public as institutions
from serentak.kernel.acts import Proposal
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Grant, Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import said
from serentak.reporting import words
from serentak.reporting.models import Contradiction
from serentak.reporting.permissions import VIEW_CONTRADICTIONS, VIEW_DAILY_REPORT
from serentak.reporting.rules.differing import Check, ContradictionState, Counted
from serentak.reporting.words import catalogue

from .differing import pressing, today_at

MOST_TOLD = 5
"""Of how many contradictions of a place and its children alerts tell; the board has all."""
CODE = "reporting.sides_differ"


def differing_alerts(parent: PlaceCode, *, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return the heaviest open contradictions at and under a place; three queries at most."""
    if parent == COUNTRY or not viewer.holds(VIEW_CONTRADICTIONS):
        return ()
    rows = pressing(parent, viewer=viewer, at=at, limit=MOST_TOLD)
    if not rows:
        return ()
    cards = institutions.institutions({row.owner_id for row in rows if row.owner_id})
    return tuple(alert_of(row, owner=_name(cards.get(row.owner_id or 0)), at=at) for row in rows)


def _name(card: institutions.InstitutionCard | None) -> str:
    return card.name if card else ""


def report_reader(place: PlaceCode) -> Viewer:
    """Return who reads a daily report: with what everybody who may read it may see, no more."""
    readers = institutions.roles_with(VIEW_DAILY_REPORT)
    asked = {Permission(p) for check in catalogue().asked.values() for p in check.sees}
    plain = {p for p in asked if readers <= institutions.roles_with(p)}
    grant = Grant(None, "READER", frozenset(plain | {VIEW_CONTRADICTIONS}), (place,))
    return Viewer(name="reporting", grants=(grant,))


def alert_of(row: Contradiction, *, owner: str, at: datetime) -> Alert:
    """Return one as the desk, the agenda and a request tell it; its place is read with it."""
    check = catalogue().contradictions[row.check_key]
    place = PlaceCode(row.place_id)
    today = today_at(place, at)
    is_late = at > (row.settle_by_at if row.answered_at else row.answer_by_at)
    return Alert(
        code="reporting.sides_differ",
        place=place,
        severity=Status.LATE if is_late else Status.AT_RISK,
        due_date=clock.local_date(row.settle_by_at, zone=places.zone_of(place).key),
        link=reverse("reporting:contradiction", args=[row.key]),
        press=Press(
            harm=Harm.TIMETABLE if check.weight.by in _COUNTED else Harm.PAPER,
            days_left=max(0, (row.near - today).days) if row.near else 0,
            is_answered=row.state == ContradictionState.ANSWERED and not is_late,
            reach=int(row.amount) if check.weight.by is Counted.STATIONS else 0,
        ),
        so="reporting.neither_is_sure",
        helps="reporting.let_owner_answer",
        params={
            "key": str(row.key),
            "place_name": row.place.name,
            "name": name_of(row, check),
            "a": words.side_text(check.a, row.a),
            "b": words.side_text(check.b, row.b),
            "owner": owner,
        },
    )


_COUNTED = (Counted.STATIONS, Counted.VOTERS)


def name_of(row: Contradiction, check: Check) -> str:
    """Return a check's name, and on what its sides differ where the place does not say it."""
    return f"{said(check.name)} ({said(row.about)})" if row.about else said(check.name)


def proposal(alert: Alert, *, place: PlaceCode | None, at: datetime) -> Proposal | None:
    """Return what the owner is asked for: to say which side holds; else what the acts say."""
    found = coordination.plain_proposal(alert, place)
    if found is None or alert.code != CODE:
        return found
    try:
        key = UUID(str(alert.params.get("key")))
    except ValueError:
        return found
    row = Contradiction.objects.filter(key=key).select_related("place").first()
    check = catalogue().contradictions.get(row.check_key) if row else None
    if row is None or check is None or check.is_confided or row.audience is not None:
        return found
    with override("id"):
        sides = [words.side_text(side, v) for side, v in ((check.a, row.a), (check.b, row.b))]
    return Proposal(
        act={x: f"{found.act[x]} ({check.name[x]})" for x in LANGUAGES},
        evidence=found.evidence,
        place=alert.place,
        owner_id=row.owner_id,
        due_date=clock.local_date(
            row.settle_by_at, zone=places.zone_of(PlaceCode(row.place_id)).key
        ),
        facts=tuple(f"{text[0].upper()}{text[1:]}." for text in sides),
    )
