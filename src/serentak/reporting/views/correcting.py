"""Corrects a signed report, and takes note of what was corrected."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires
from serentak.reporting import actions
from serentak.reporting.forms import TakeNoteForm
from serentak.reporting.permissions import VIEW_DAILY_REPORT, WRITE_DAILY_REPORT

from .page import Sent, correct_form, done, read, read_day


@requires(WRITE_DAILY_REPORT)
@require_POST
def correct(
    request: HttpRequest, place: PlaceCode, report_id: int, sentence_id: int
) -> HttpResponse:
    """Put beside a sentence of a signed report what it should have said."""
    page = read(request, place, read_day(request.POST.get("day", "")))
    sentence = next((s for s in page.sentences if s.id == sentence_id), None)
    if sentence is None:
        raise Http404
    sent = Sent("correct", correct_form(sentence, request.POST), sentence_id)
    act = partial(actions.correct_report, sentence_id=sentence_id)
    said = _("Correction %(number)s was recorded; who reads the report above was told.")
    return done(
        request,
        place,
        sent,
        act,
        lambda number: said % {"number": number},
        anchor=f"s{sentence_id}",
    )


@requires(VIEW_DAILY_REPORT)
@require_POST
def take_note(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Take note of corrections; the action asks for the permission of the desk above."""
    act = partial(actions.note_corrections, report_id=report_id)
    said = _("The corrections were noted; the acceptance stands.")
    sent = Sent("note", TakeNoteForm(request.POST))
    return done(request, place, sent, act, said, anchor="corrections")
