"""Drafts a report, and puts a person's words into it."""

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires
from serentak.reporting import actions
from serentak.reporting.forms import AddForm, EditForm
from serentak.reporting.permissions import WRITE_DAILY_REPORT
from serentak.reporting.queries.sources import outline

from .page import Sent, done


@requires(WRITE_DAILY_REPORT)
@require_POST
def draft(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Draft today's report, or draft it anew."""
    sent = Sent("draft", forms.Form(request.POST))
    said = _("The report was drafted from what is known now. Your own words stand.")
    return done(request, place, sent, partial(actions.draft_report, place=place), said)


@requires(WRITE_DAILY_REPORT)
@require_POST
def edit(request: HttpRequest, place: PlaceCode, report_id: int, sentence_id: int) -> HttpResponse:
    """Save a person's words for a sentence, or bring the draft's back."""
    form = EditForm(request.POST, is_reset=request.POST.get("do") == "reset")
    act = partial(actions.edit_sentence, sentence_id=sentence_id)
    sent = Sent("edit", form, sentence_id)
    return done(request, place, sent, act, _("The sentence was saved."), anchor=f"s{sentence_id}")


@requires(WRITE_DAILY_REPORT)
@require_POST
def add(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Add a sentence of one's own."""
    sent = Sent("add", AddForm(outline().addable(), request.POST))
    act = partial(actions.add_sentence, report_id=report_id)
    return done(request, place, sent, act, _("The sentence was added in your name."))
