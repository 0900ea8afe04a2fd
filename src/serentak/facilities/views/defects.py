"""The page of a defect: what failed where, who mends it by when, and what they say."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.facilities import actions, forms, words
from serentak.facilities.permissions import MEND_DEFECTS, RECORD_CHECKS, VIEW_FACILITIES
from serentak.facilities.queries import catalogues, checks, defects
from serentak.facilities.queries.defects import DefectRow
from serentak.facilities.rules.defects import (
    DEFECT_TRANSITIONS,
    DefectEvent,
    DefectState,
    defect_status,
)
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires, viewer_of
from serentak.platform.audit import HistoryLine, history
from serentak.platform.catalogue import said
from serentak.platform.web.forms import UNPROCESSABLE, VersionedForm, carried_out
from serentak.platform.words import event_facts, word

from .heads import head
from .place import place_text, today_at

FORMS: dict[DefectEvent, type[VersionedForm]] = {
    DefectEvent.PROMISE: forms.PromiseForm,
    DefectEvent.MEND: forms.MendForm,
    DefectEvent.DISPUTE: forms.DisputeForm,
    DefectEvent.ASK_MOVE: forms.MoveForm,
}


@requires(VIEW_FACILITIES)
def defect(request: HttpRequest, defect_id: int) -> HttpResponse:
    """Show a defect with what one may say of it now."""
    return _page(request, _seen(request, defect_id))


def _seen(request: HttpRequest, defect_id: int) -> DefectRow:
    found = defects.defect(defect_id)
    if found is None:
        raise Http404
    viewer_of(request).require(VIEW_FACILITIES, PlaceCode(found.place_id))
    return found


def _page(
    request: HttpRequest, found: DefectRow, *, status: int = 200, **sent: VersionedForm
) -> HttpResponse:
    viewer, place = viewer_of(request), PlaceCode(found.place_id)
    today = today_at(place)
    state = DefectState(found.state)
    question = catalogues.question_of(found.checklist, found.question)
    owner = institutions.institution(found.owner_id)
    may = {
        DefectEvent.PROMISE: (mine := defects.mends(viewer, found)),
        DefectEvent.MEND: mine,
        DefectEvent.DISPUTE: mine,
        DefectEvent.ASK_MOVE: defects.may_ask_move(viewer, found, today),
    }
    offered = {
        event.value.lower(): sent.get(event.value)
        or FORMS[event](initial={"version": found.version}, prefix="")
        for event in DEFECT_TRANSITIONS.events_at(state)
        if may.get(event)
    }
    last = checks.standing(place, found.checklist)
    context = {
        **head(
            place,
            catalogues.question_text(found.checklist, found.question),
            under=found.checklist,
        ),
        "defect": found,
        "asks": said(question.asks) if question else found.question,
        "law": question.law if question else "",
        "answer": catalogues.answer_text(
            question, last.answers.get(found.question) if last else None
        ),
        "place_name": place_text(found),
        "state": words.DEFECT_STATES[state],
        "mark": defect_status(state, due=found.due_date, promised=found.promised_date, today=today),
        "owner": owner,
        "forms": offered,
        "may_check": checks.may_check(viewer, place) and state is not DefectState.CONFIRMED,
        "last_to_move": defects.last_day_to_move(place) if "ask_move" in offered else None,
        "days_over": (today - found.due_date).days,
        "check_path": reverse("facilities:check", args=[place, found.checklist]),
        "history": _history(found.pk),
    }
    return render(request, "facilities/defect.html", context, status=status)


def _history(defect_id: int) -> list[HistoryLine]:
    return [
        HistoryLine(
            entry.at, word("EVENTS", entry.name, event_facts(entry.name, entry.facts)), entry.actor
        )
        for entry in history(f"defect:{defect_id}")
    ]


def _said(
    request: HttpRequest,
    defect_id: int,
    event: DefectEvent,
    act: Callable[..., None],
    done: str,
) -> HttpResponse:
    found = _seen(request, defect_id)
    form = FORMS[event](request.POST)
    to = reverse("facilities:defect", args=[defect_id])
    answer = carried_out(request, form, partial(act, defect_id=defect_id), done=done, to=to)
    return answer or _page(request, found, status=UNPROCESSABLE, **{event.value: form})


@requires(MEND_DEFECTS)
@require_POST
def promise(request: HttpRequest, defect_id: int) -> HttpResponse:
    """Say by which day it will be mended."""
    done = _("The day was noted.")
    return _said(request, defect_id, DefectEvent.PROMISE, actions.promise_defect, done)


@requires(MEND_DEFECTS)
@require_POST
def mend(request: HttpRequest, defect_id: int) -> HttpResponse:
    """Say that it is mended."""
    done = _("Noted. A check has to confirm it.")
    return _said(request, defect_id, DefectEvent.MEND, actions.mend_defect, done)


@requires(MEND_DEFECTS)
@require_POST
def dispute(request: HttpRequest, defect_id: int) -> HttpResponse:
    """Say why it is none, or not one's own."""
    done = _("Noted. The next check decides.")
    return _said(request, defect_id, DefectEvent.DISPUTE, actions.dispute_defect, done)


@requires(RECORD_CHECKS)
@require_POST
def move(request: HttpRequest, defect_id: int) -> HttpResponse:
    """Ask for another site."""
    done = _("The commission was asked for another site.")
    return _said(request, defect_id, DefectEvent.ASK_MOVE, actions.ask_for_move, done)
