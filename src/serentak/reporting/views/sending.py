"""Sends a report up, accepts it or returns it, and reminds who is silent."""

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires
from serentak.reporting import actions
from serentak.reporting.forms import AcceptForm, ReturnForm, SubmitForm
from serentak.reporting.permissions import (
    ACCEPT_DAILY_REPORT,
    VIEW_DAILY_REPORT,
    WRITE_DAILY_REPORT,
)

from .page import Sent, done


@requires(WRITE_DAILY_REPORT)
@require_POST
def submit(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Sign the report off and send it up."""
    act = partial(actions.submit_report, report_id=report_id)
    said = _("The report was signed off and submitted.")
    return done(request, place, Sent("submit", SubmitForm(request.POST)), act, said)


@requires(VIEW_DAILY_REPORT)
@require_POST
def accept(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Accept the report of a desk below; the action asks for the permission of the desk above."""
    act = partial(actions.accept_report, report_id=report_id)
    said = _("The report was accepted and is locked.")
    return done(request, place, Sent("accept", AcceptForm(request.POST)), act, said)


@requires(VIEW_DAILY_REPORT)
@require_POST
def send_back(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Return the report of a desk below; the action asks for the permission of the desk above."""
    act = partial(actions.return_report, report_id=report_id)
    said = _("The report was returned to its desk.")
    return done(request, place, Sent("return", ReturnForm(request.POST)), act, said)


@requires(ACCEPT_DAILY_REPORT)
@require_POST
def remind(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Remind the desks below that have not reported."""

    def said(count: int) -> str:
        text = ngettext("%(count)s desk was reminded.", "%(count)s desks were reminded.", count)
        return text % {"count": count}

    sent = Sent("remind", forms.Form(request.POST))
    return done(request, place, sent, partial(actions.remind_silent, place=place), said)
