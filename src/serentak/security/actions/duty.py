"""Says who of an institution is on duty, and takes that back."""

from datetime import datetime, timedelta
from uuid import UUID

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer, one_at_a_time
from serentak.security.events import DutyCancelled, DutyPlanned
from serentak.security.models import Duty
from serentak.security.permissions import PLAN_DUTY

LONGEST_OFFICE = 120
LONGEST_LINE = 60
LONGEST_DAYS = 7
FURTHEST_DAYS = 120


@action
def plan_duty(
    *,
    client_key: UUID,
    institution_id: int,
    office: str,
    from_at: datetime,
    to_at: datetime,
    line: str = "",
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Say which office of an institution is on duty from when to when, and on which line.

    A repeat gets the first answer.
    """
    digest = digest_of(locals())
    card = institutions.institution(institution_id)
    if card is None or not actor.acts_for(institution_id, PLAN_DUTY):
        raise OutOfScope(PLAN_DUTY, institution_id)
    if known := first_answer(Duty, client_key, digest):
        return known.pk
    office, line = one_line(office), one_line(line)
    faults = []
    if not office:
        faults.append(Fault("security.duty_names_no_office", "office"))
    for name, text, most in (("office", office, LONGEST_OFFICE), ("line", line, LONGEST_LINE)):
        if len(text) > most:
            given = {"most": most, "length": len(text)}
            faults.append(Fault("platform.text_is_too_long", name, given))
    if to_at <= from_at or to_at - from_at > timedelta(days=LONGEST_DAYS):
        faults.append(Fault("security.duty_has_no_length", "to_at", {"days": LONGEST_DAYS}))
    elif to_at <= at or from_at > at + timedelta(days=FURTHEST_DAYS):
        faults.append(Fault("security.duty_is_over", "to_at"))
    if faults:
        raise Refused.of(*faults)
    one_at_a_time(f"security/duty/{institution_id}")
    same = {"office": office, "line": line, "from_at": from_at, "to_at": to_at}
    if Duty.objects.filter(institution=institution_id, cancelled_at=None, **same).exists():
        raise Refused("security.duty_stands_already", field="office")
    duty = Duty.objects.create(
        client_key=client_key,
        digest=digest,
        institution_id=institution_id,
        place_id=card.place,
        office=office,
        line=line,
        from_at=from_at,
        to_at=to_at,
        recorded_by_id=actor.user_id,
        recorded_at=at,
        figure_class=figure_class.value,
    )
    event = DutyPlanned(
        subjects=(f"duty:{duty.pk}",), place=card.place, institution_id=institution_id
    )
    record(event, actor=actor, at=at)
    return duty.pk


@action
def cancel_duty(*, duty_id: int, actor: Viewer, at: datetime) -> None:
    """Take a duty back; it stays in the history."""
    duty = Duty.objects.select_for_update().filter(pk=duty_id).first()
    if duty is None or not actor.acts_for(duty.institution_id, PLAN_DUTY):
        raise OutOfScope(PLAN_DUTY, duty_id)
    if duty.cancelled_at is not None:
        return
    duty.cancelled_at = at
    duty.save(update_fields=["cancelled_at"])
    event = DutyCancelled(
        subjects=(f"duty:{duty.pk}",),
        place=duty.place.code,
        institution_id=duty.institution_id,
    )
    record(event, actor=actor, at=at)
