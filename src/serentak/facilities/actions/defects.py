"""Lets who has to mend a defect answer for it, and who checks venues ask for another site."""

from datetime import date, datetime

from django.urls import reverse

from serentak.facilities.events import DefectAnswered
from serentak.facilities.models import Defect
from serentak.facilities.permissions import MEND_DEFECTS, RECORD_CHECKS
from serentak.facilities.queries.catalogues import checklists, vote_date_of
from serentak.facilities.queries.checks import checker_of
from serentak.facilities.queries.defects import last_day_to_move
from serentak.facilities.rules.defects import DEFECT_TRANSITIONS, DefectEvent, DefectState
from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.kernel.countdown import countdown_label
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged

LONGEST_REMARK = 300


@action
def promise_defect(
    *, defect_id: int, version: int, promised_date: date, remark: str, actor: Viewer, at: datetime
) -> None:
    """Say by which day a defect will be mended; a later promise replaces it."""
    defect = _own(defect_id, version, actor)
    today = clock.local_date(at, zone=places.zone_of(PlaceCode(defect.place_id)).key)
    if promised_date < today:
        raise Refused("facilities.promise_has_passed", field="promised_date")
    vote_date = vote_date_of(PlaceCode(defect.place_id))
    if vote_date and promised_date > max(vote_date, defect.due_date):
        raise Refused("facilities.promise_is_after_the_vote", field="promised_date")
    defect.promised_date = promised_date
    _answer(defect, DefectEvent.PROMISE, one_line(remark), actor, at)


@action
def mend_defect(*, defect_id: int, version: int, remark: str, actor: Viewer, at: datetime) -> None:
    """Say that a defect is mended, and how; a later check confirms it or finds it again."""
    defect = _own(defect_id, version, actor)
    _answer(defect, DefectEvent.MEND, _said(remark, "facilities.say_how_it_was_mended"), actor, at)


@action
def dispute_defect(
    *, defect_id: int, version: int, remark: str, actor: Viewer, at: datetime
) -> None:
    """Say why a defect is none, or is not the own institution's to mend; a later check decides."""
    defect = _own(defect_id, version, actor)
    _answer(defect, DefectEvent.DISPUTE, _said(remark, "facilities.say_why_not"), actor, at)


@action
def ask_for_move(*, defect_id: int, version: int, remark: str, actor: Viewer, at: datetime) -> None:
    """Ask the commission of the regency for another site, as long as there is time for one.

    The commission answers for it from then on, since it decides where the vote is held.
    """
    defect = _locked(defect_id)
    place = PlaceCode(defect.place_id)
    if not actor.may(RECORD_CHECKS, place):
        raise OutOfScope(RECORD_CHECKS, place)
    check_unchanged(version, defect.version)
    known = checklists().checklists.get(defect.checklist)
    if known is None or not known.may_move or not defect.is_hard:
        raise Refused("facilities.nothing_asks_for_a_move")
    last = last_day_to_move(place)
    vote_date = vote_date_of(place)
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if last is None or vote_date is None or today > last:
        day = countdown_label(last, vote_date=vote_date) if last and vote_date else ""
        raise Refused("facilities.too_late_to_move", day=day)
    commission = institutions.institution_by("KPU", at_level(place, Level.REGENCY))
    if commission is None:
        raise Refused("facilities.nobody_mends_it")
    defect.owner_id = commission.id
    said = _said(remark, "facilities.say_where_to")
    _answer(defect, DefectEvent.ASK_MOVE, said, actor, at)
    notice = Notice(
        institution_id=commission.id,
        permission=MEND_DEFECTS,
        code="facilities.move_was_asked",
        params={"place": str(defect.place.name)},
        link=reverse("facilities:defect", args=[defect.pk]),
        is_urgent=True,
    )
    notify(notices=[notice], actor=actor, at=at)


def _locked(defect_id: int) -> Defect:
    defect = (
        Defect.objects.select_for_update(of=("self",))
        .select_related("place")
        .filter(pk=defect_id)
        .first()
    )
    if defect is None:
        raise OutOfScope(MEND_DEFECTS, defect_id)
    return defect


def _own(defect_id: int, version: int, actor: Viewer) -> Defect:
    """Lock a defect that the actor's institution mends; OutOfScope for everybody else."""
    defect = _locked(defect_id)
    actor.require(MEND_DEFECTS, PlaceCode(defect.place_id))
    if not actor.acts_for(defect.owner_id, MEND_DEFECTS):
        raise OutOfScope(MEND_DEFECTS, defect.place_id)
    check_unchanged(version, defect.version)
    return defect


def _said(remark: str, otherwise: str) -> str:
    said = one_line(remark)
    if not said:
        raise Refused(otherwise, field="remark")
    return said


def _answer(defect: Defect, event: DefectEvent, remark: str, actor: Viewer, at: datetime) -> None:
    state = DEFECT_TRANSITIONS.must(
        DefectState(defect.state),
        event,
        otherwise=Refused("facilities.defect_is_elsewhere"),
    )
    if len(remark) > LONGEST_REMARK:
        raise Refused("facilities.answer_is_too_long", field="remark", most=LONGEST_REMARK)
    defect.state, defect.remark, defect.answered_at = state.value, remark, at
    defect.version += 1
    defect.save()
    card = checker_of(actor, PlaceCode(defect.place_id)) if event is DefectEvent.ASK_MOVE else None
    through = card.id if card else None if event is DefectEvent.ASK_MOVE else defect.owner_id
    record(
        DefectAnswered(
            subjects=(f"defect:{defect.pk}",),
            place=PlaceCode(defect.place_id),
            institution_id=through,
            event=event.value,
            checklist=defect.checklist,
            question=defect.question,
        ),
        actor=actor,
        at=at,
    )
