"""One incident: its page, its steps in one tap or with a few words, its photos."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from serentak.contingency.public import RunCard
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.evidence import evidence_file, send_file
from serentak.platform.web.forms import VersionedForm, form_page, pressed, seen_version
from serentak.security import actions, forms, words
from serentak.security.permissions import VIEW_SECURITY
from serentak.security.queries import page as pages
from serentak.security.queries.catalogues import incidents, need_text
from serentak.security.queries.incidents import at_hand, link_of
from serentak.security.queries.page import IncidentPage, ReportLine
from serentak.security.rules.catalogue import Answer, FieldKind
from serentak.security.rules.room import minutes_between
from serentak.security.rules.states import IncidentEvent

from .heads import head
from .place import status_of

_E = IncidentEvent

STEPS: Mapping[IncidentEvent, Callable[..., None]] = {
    _E.TRIAGE: actions.triage,
    _E.DISPATCH: actions.dispatch,
    _E.ARRIVE: actions.arrive,
    _E.CONTAIN: actions.contain,
    _E.RESOLVE: actions.resolve,
    _E.CLOSE: actions.close,
    _E.TRANSFER: actions.transfer,
    _E.FIND_UNFOUNDED: actions.mark_unfounded,
    _E.MERGE: actions.mark_duplicate,
    _E.REOPEN: actions.reopen,
}
FORMS: Mapping[IncidentEvent, type[VersionedForm]] = {
    _E.DISPATCH: forms.CommanderForm,
    _E.ARRIVE: forms.CommanderForm,
    _E.CONTAIN: forms.NeededNoteForm,
    _E.TRANSFER: forms.TransferForm,
    _E.FIND_UNFOUNDED: forms.NeededNoteForm,
    _E.REOPEN: forms.NeededNoteForm,
}
ENDS = frozenset({_E.CLOSE, _E.FIND_UNFOUNDED})
"""Steps that are refused while a plan of it has open steps."""
IN_ONE_TAP = frozenset({_E.TRIAGE, _E.ARRIVE, _E.DISPATCH, _E.RESOLVE})
"""Steps that need no word; one may be said on the page of the step."""

MORE = {
    "severity": gettext_lazy("Set the severity"),
    "kind": gettext_lazy("Set the kind"),
    "border": gettext_lazy("It crosses a border"),
    "confide": gettext_lazy("Set who may know"),
    "link": gettext_lazy("Link it"),
    "note": gettext_lazy("Add a note"),
}


def slug_of(event: IncidentEvent) -> str:
    """Return how a step is called in an address."""
    return event.value.lower().replace("_", "-")


@requires(VIEW_SECURITY)
def incident(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show an incident that exists for the reader; 404 otherwise."""
    at = clock.now()
    page = pages.incident_page(key, viewer_of(request), at)
    return render(request, "security/incident.html", _context(page, at))


@requires(VIEW_SECURITY)
def take_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Let something happen to an incident, or say more of it: by a form, or in one tap."""
    page = pages.incident_page(key, viewer_of(request), clock.now())
    if step in MORE:
        return _more(request, page, step)
    event = next((event for event in STEPS if slug_of(event) == step), None)
    if event is None or not page.rights.may(event):
        raise Http404
    if request.method != "POST" and event not in page.next:
        # An old link, or one typed: the incident says what can happen to it now.
        return redirect(link_of(key))
    act = partial(STEPS[event], key=page.row.key)
    if event in IN_ONE_TAP and request.method == "POST" and "note" not in request.POST:
        tap = partial(act, version=seen_version(request))
        return pressed(request, tap, done=_("Noted."), to=link_of(key))
    plans = [run for run in page.runs if _holds(run)] if event in ENDS else []
    form = _form(event, page, request)
    return _form_page(request, page, words.STEPS[event], form, act, plans=plans)


def _holds(run: RunCard) -> bool:
    """Tell whether a plan holds an incident open."""
    return run.is_running and not run.is_rehearsal and run.open_steps > 0


def _form(event: IncidentEvent, page: IncidentPage, request: HttpRequest) -> VersionedForm:
    data, initial = request.POST or None, {"version": page.row.version}
    if event is _E.MERGE:
        found = pages.candidates(page.row, viewer_of(request), clock.now())
        originals = [
            (
                str(card.key),
                f"{words.kind_text(card.kind)}, {card.place_name} ({card.ref}), "
                f"{words.STATES[card.state]}",
            )
            for card in found
        ]
        return forms.MergeForm(data, initial=initial, originals=originals)
    kind = FORMS.get(event)
    if kind is None:
        is_needed = event is _E.CLOSE and page.severity.is_grave
        kind = forms.NeededNoteForm if is_needed else forms.NoteForm
    return kind(data, initial=initial)


def _more(request: HttpRequest, page: IncidentPage, step: str) -> HttpResponse:
    """Say how grave it is, of what kind, across which border, who may know, or anything more."""
    data, key = request.POST or None, page.row.key
    initial: dict[str, Any] = {"version": page.row.version}
    rights = page.rights
    allowed = {
        "severity": rights.may_set and page.is_open,
        "kind": rights.may_set and page.is_open,
        "border": rights.may_set and page.is_open,
        "confide": rights.is_handler and rights.is_responder,
        "link": rights.may_note,
        "note": rights.may_note,
    }
    if not allowed[step]:
        raise Http404
    form: VersionedForm
    act: Callable[..., Any]
    match step:
        case "severity":
            initial["severity"] = page.severity.value
            form = forms.SeverityForm(data, initial=initial, kind=page.kind)
            act = actions.set_severity
        case "kind":
            form = forms.KindForm(data, initial={**initial, "kind": page.row.kind})
            act = actions.set_kind
        case "border":
            form = forms.BorderForm(data, initial=initial)
            act = actions.set_also_at
        case "confide":
            form = forms.RestrictForm(data, initial={**initial, "confided": page.confided.value})
            act = actions.restrict
        case "link":
            choices = _link_choices(request, page)
            initial["subjects"] = [thing.subject for thing in page.links]
            form = forms.LinkForm(data, initial=initial, links=choices)
            act = actions.link_incident
        case _:
            form, act = forms.NeededNoteForm(data, initial=initial), actions.add_note
    return _form_page(request, page, MORE[step], form, partial(act, key=key))


def _link_choices(request: HttpRequest, page: IncidentPage) -> list[tuple[str, str]]:
    """Return what is linked already and what is at hand, once each."""
    things = [*page.links, *at_hand(page.place, viewer_of(request), clock.now())]
    return list({thing.subject: (thing.subject, thing.name) for thing in things}.values())


def _form_page(
    request: HttpRequest,
    page: IncidentPage,
    title: str | Promise,
    form: VersionedForm,
    act: Callable[..., Any],
    *,
    plans: Sequence[RunCard] = (),
) -> HttpResponse:
    way = (words.kind_text(page.row.kind), link_of(page.row.key))
    context = {
        **head(page.place, title, way, about=page.place_name),
        "button": title,
        "is_private": page.confided.value != "NO",
        "plans": plans,
    }
    return form_page(
        request,
        form,
        act,
        context,
        done=_("Noted."),
        to=lambda _done: _after(request, page),
        template="security/step.html",
    )


def _after(request: HttpRequest, page: IncidentPage) -> str:
    """Return where one goes after a step: to the incident, as long as one may see it."""
    if pages.exists_for(page.row.key, viewer_of(request)):
        return link_of(page.row.key)
    return reverse("security:overview", args=[page.place])


@requires(VIEW_SECURITY)
def photo(request: HttpRequest, key: UUID, evidence_id: UUID) -> HttpResponseBase:
    """Show a photo of a report to who may read what was written with it."""
    page = pages.incident_page(key, viewer_of(request), clock.now())
    if evidence_id not in {report.evidence_id for report in page.reports}:
        raise Http404
    response = send_file(evidence_file(evidence_id, viewer=SYSTEM))
    response["Cache-Control"] = "private, no-store"
    return response


def _context(page: IncidentPage, at: datetime) -> dict[str, Any]:
    name = words.kind_text(page.row.kind)
    listed = (_("Incidents"), reverse("security:incidents", args=[page.place]))
    taps = [
        {
            "event": slug_of(event),
            "label": words.STEPS[event],
            "in_one": event in IN_ONE_TAP,
        }
        for event in page.next
    ]
    rights = page.rights
    more = {
        "note": rights.may_note,
        "link": rights.may_note,
        "severity": rights.may_set and page.is_open,
        "kind": rights.may_set and page.is_open,
        "border": rights.may_set and page.is_open,
        "confide": rights.is_handler and rights.is_responder,
    }
    return {
        **head(page.place, f"{name}, {page.place_name}", listed, about=page.ref),
        "page": page,
        "name": name,
        "is_private": page.confided.value != "NO",
        "mark": status_of(page.severity, is_past=page.is_past, is_open=page.is_open),
        "state": words.STATES[page.state],
        "severity": words.SEVERITIES[page.severity],
        "severity_meaning": said(meaning)
        if (meaning := incidents().severities[page.severity].meaning)
        else "",
        "over": words.span(minutes_between(page.row.due_at, at)) if page.row.due_at else "",
        "clock": words.CLOCKS[page.clock],
        "access": words.ACCESS[page.access],
        "needs": [need_text(need) for need in page.row.needs],
        "confided": words.CONFIDED[page.confided],
        "taps": taps,
        "more": [(step, MORE[step]) for step, holds in more.items() if holds],
        "reports": [(report, _answers(report)) for report in page.reports],
        "log": [(line, words.LOG.get(line.event, line.event)) for line in page.log],
        "same": [
            (card, words.kind_text(card.kind), words.STATES[card.state]) for card in page.same
        ],
        "may_merge": rights.may(_E.MERGE) and _E.MERGE in page.next,
    }


def _answers(report: ReportLine) -> list[tuple[str, str]]:
    """Return what a source answered, in words: question and answer."""
    known = incidents().fields
    shown = [
        (said(known[key].text), _answer(key, value))
        for key, value in report.answers.items()
        if key in known
    ]
    for key, text in report.texts.items():
        shown.append((said(known[key].text) if key in known else _("What else is known"), text))
    if report.told_by:
        shown.append((pgettext("report", "Told by"), report.told_by))
    return shown


def _answer(key: str, value: Answer) -> str:
    field = incidents().fields[key]
    if field.kind is FieldKind.YES_NO:
        return str(words.YES_NO["YES" if value else "NO"])
    if field.choices and str(value) in field.choices:
        return said(field.choices[str(value)])
    return str(value)
