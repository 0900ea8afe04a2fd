"""Reporting an incident in under a minute: what, where, three questions, what is needed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.forms import carried_out, render_form
from serentak.security import actions, forms, words
from serentak.security.permissions import REPORT_INCIDENT, VIEW_SECURITY
from serentak.security.queries.catalogues import incidents, kind_of
from serentak.security.queries.incidents import at_hand, link_of
from serentak.security.queries.own import own_reports
from serentak.security.queries.page import exists_for, whom_to_call
from serentak.security.rules.catalogue import Kind

from .heads import head


@requires(REPORT_INCIDENT)
def report(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Choose what happened, then say the rest; the page of a kind can be kept and sent later."""
    if not place:
        raise Http404
    kind = kind_of(request.GET.get("kind", ""))
    if kind is None:
        return _choose(request, place)
    viewer = viewer_of(request)
    form = forms.ReportForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        within=viewer.places(REPORT_INCIDENT),
        initial={
            "place": place if level_of(place) >= Level.DISTRICT else "",
            "happened_at": clock.now(),
        },
    )

    def offer() -> None:
        found = at_hand(place, viewer, clock.now())
        form.offer([(thing.subject, thing.name) for thing in found])

    # What is at hand costs a quarter of a report; who sends without it need not wait for it.
    is_offered = request.method != "POST" or bool(request.POST.get("subjects"))
    if is_offered:
        offer()

    def act(*, client_key: UUID, place: PlaceCode, actor: Any, at: Any, **given: Any) -> UUID:
        if level_of(place) < Level.DISTRICT and viewer.may(REPORT_INCIDENT, place):
            # Nobody drives to a whole regency.
            raise Refused("security.place_is_too_wide", field="place")
        return actions.report_incident(
            client_key=client_key,
            kind=kind.key,
            place=place,
            happened_at=given["happened_at"],
            answers=form.answers(),
            needs=given["needs"],
            words=given["words"],
            told_by=given["told_by"],
            photo=given["photo"],
            subjects=[one] if (one := given.get("subjects")) else [],
            device=_device(request),
            actor=actor,
            at=at,
        ).key

    name = said(kind.name)
    page = reverse("security:report", args=[place])
    answer = carried_out(
        request,
        form,
        act,
        done=lambda _key: _sent(form, kind, viewer),
        to=lambda key: _after(key, place, viewer),
    )
    if answer is not None:
        return answer
    if not is_offered:
        offer()
    context = {**head(place, name, (_("Report an incident"), page)), "button": _("Send")}
    return render_form(request, "security/report.html", form, context)


def _sent(form: forms.ReportForm, kind: Kind, viewer: Viewer) -> str:
    """Say whom to call, as far as the report alone tells it, whatever became of it since."""
    given = form.cleaned_data
    call = whom_to_call(kind, given["place"], given["happened_at"], form.answers(), viewer)
    if call is None:
        return _("Sent. Call who answers for it too: here one sees who took it up.")
    if not call.numbers:
        return _(
            "Sent. Call who answers for it too: %(owner)s. Serentak does not know their number; "
            "the police answer at 110."
        ) % {"owner": call.name}
    numbers = "; ".join(f"{one.phone} ({one.office})" for one in call.numbers)
    said = {"owner": call.name, "numbers": numbers}
    return _("Sent. Call who answers for it too: %(owner)s, %(numbers)s.") % said


def _after(key: UUID, place: PlaceCode, viewer: Viewer) -> str:
    """Return where one goes: to the incident, to the place, or who sees neither to the form."""
    if exists_for(key, viewer):
        return link_of(key)
    page = "security:overview" if viewer.may(VIEW_SECURITY, place) else "security:report"
    return reverse(page, args=[place])


def _choose(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    known = incidents()
    groups = [
        (
            said(group.name),
            [(kind.key, said(kind.name)) for kind in known.kinds.values() if kind.group == key],
        )
        for key, group in known.groups.items()
    ]
    context = {
        **head(place, _("Report an incident")),
        "place": place,
        "groups": groups,
        "mine": [(row, words.kind_text(row.kind)) for row in own_reports(viewer_of(request))],
    }
    return render(request, "security/kinds.html", context)


def _device(request: HttpRequest) -> actions.Device:
    """Return what tells one device's session from another's, and nothing else."""
    key = request.session.session_key or ""
    return actions.Device(salted_hmac("security.device", key).hexdigest()[:40] if key else "")
