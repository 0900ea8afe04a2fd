"""Drafts a report, and puts a person's words into it."""

from functools import partial

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import carried_out, render_form
from serentak.reporting import actions
from serentak.reporting.forms import AddForm, ChatForm, EditForm
from serentak.reporting.permissions import WRITE_DAILY_REPORT
from serentak.reporting.queries import sources
from serentak.reporting.rules.chat import NEEDED
from serentak.reporting.words import CHAT_PIECES

from .page import Sent, done, read, writes_at


@requires(WRITE_DAILY_REPORT)
@require_POST
def draft(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Draft today's report, or draft it anew."""
    sent = Sent("draft", forms.Form(request.POST))
    said = _("The report was drafted from what is known now. Your own words stand.")
    return done(request, place, sent, partial(actions.draft_report, place=place), said)


@requires(WRITE_DAILY_REPORT)
def chat_template(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Change how the short text for the desk's group reads, or go back to the house's order."""
    if not writes_at(viewer_of(request), place):
        raise Http404
    page = read(request, place, None)
    kept = sources.chat_template(place)
    first = {"text": kept.text, "version": kept.version}
    form = ChatForm(request.POST or None, initial=first, is_reset=request.POST.get("do") == "reset")
    act = partial(actions.set_chat_template, place=place)
    to = reverse("reporting:daily", args=[place]) + "#chat-title"
    if answer := carried_out(request, form, act, done=_("The text was saved."), to=to):
        return answer
    pieces = [(f"{{{piece}}}", told, piece in NEEDED) for piece, told in CHAT_PIECES.items()]
    context = {"page": page, "kept": kept, "pieces": pieces}
    return render_form(request, "reporting/chat.html", form, context)


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
    sent = Sent("add", AddForm(sources.outline().addable(), request.POST))
    act = partial(actions.add_sentence, report_id=report_id)
    return done(request, place, sent, act, _("The sentence was added in your name."))
