"""One case: its page, its steps, its reply, and how it is referred."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.neutrality import actions, words
from serentak.neutrality.actions import GivenCase, Person
from serentak.neutrality.forms import (
    HandOverForm,
    NotProvenForm,
    ReferForm,
    ReplyForm,
    SanctionForm,
    StepForm,
)
from serentak.neutrality.permissions import REFER_CASE, VIEW_CASES
from serentak.neutrality.queries import cases, catalogues, coverage
from serentak.neutrality.queries.cases import CasePage
from serentak.neutrality.rules.cases import CaseEvent
from serentak.neutrality.rules.catalogue import Track
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, signed_in, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.forms import form_page, pressed
from serentak.platform.words import word

from .overview import head


def _noted(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 404 to who may not see a case, and note who it was.

    The route names no place, since the answer to a place out of scope would come before the case
    is looked up, and nobody would learn of the attempt.
    """

    @wraps(view)
    def run(request: HttpRequest, key: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            page = cases.case_page(key, viewer_of(request), clock.now())
        except OutOfScope:
            if (case_id := cases.case_id(key)) is not None:
                actions.note_refused_view(case_id=case_id, actor=viewer_of(request), at=clock.now())
            raise Http404 from None
        response = view(request, page, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return run


@signed_in
@_noted
def case(request: HttpRequest, page: CasePage) -> HttpResponse:
    """Show a case: to handlers with names, to others without."""
    return render(request, "neutrality/case.html", _context(page))


@signed_in
@_noted
def open_names(request: HttpRequest, page: CasePage) -> HttpResponse:
    """Show a case with its names, after noting who opens them."""
    if not page.may_read_names:
        raise Http404
    if request.method != "POST":
        return redirect("neutrality:case", page.key)
    viewer, at = viewer_of(request), clock.now()
    actions.open_names(key=page.key, actor=viewer, at=at)
    opened = cases.case_page(page.key, viewer, at, names_opened=True)
    return render(request, "neutrality/case.html", _context(opened))


@signed_in
@_noted
def write_to_authority(request: HttpRequest, page: CasePage) -> HttpResponse:
    """Draft the letter to the appointing authority and go to it."""
    if not page.may_write or request.method != "POST":
        raise Http404
    return pressed(
        request,
        partial(actions.write_to_authority, key=page.key, version=None),
        to=lambda letter: reverse("coordination:letter", args=[letter]),
        back=_path(page),
    )


@signed_in
@_noted
def take_step(request: HttpRequest, page: CasePage, event: str) -> HttpResponse:
    """Let something happen to a case: the form that belongs to the event, and its action."""
    try:
        wanted = CaseEvent(event.upper().replace("-", "_"))
    except ValueError:
        raise Http404 from None
    if wanted not in page.events:
        if request.method == "POST" and page.handles:
            messages.error(request, word("REFUSALS", "platform.changed_meanwhile"))
            return redirect("neutrality:case", page.key)
        raise Http404
    title = words.CASE_EVENTS[wanted]
    return form_page(
        request,
        _form(wanted, page, request.POST or None),
        partial(_ACTIONS.get(wanted) or partial(actions.record_step, event=wanted), key=page.key),
        _context(page, title),
        done=_("The case was brought up to date."),
        template="neutrality/case_form.html",
    )


_ACTIONS: Mapping[CaseEvent, Callable[..., object]] = {
    CaseEvent.HAND_OVER: actions.hand_over_case,
    CaseEvent.SANCTION: actions.record_sanction,
    CaseEvent.FIND_NOT_PROVEN: actions.close_not_proven,
}
"""What is more than a step."""


def _form(event: CaseEvent, page: CasePage, data: Any) -> forms.Form:
    initial = {"version": page.version}
    match event:
        case CaseEvent.HAND_OVER:
            return HandOverForm(data, initial=initial)
        case CaseEvent.SANCTION:
            catalogue = catalogues.violations()
            sanctions = catalogue.classes[page.violation_class].sanctions
            choices = [(key, said(catalogue.sanctions[key])) for key in sanctions]
            return SanctionForm(data, initial=initial, sanctions=choices)
        case CaseEvent.FIND_NOT_PROVEN:
            return NotProvenForm(data, initial=initial)
        case _:
            return StepForm(data, initial=initial)


@signed_in
@_noted
def reply(request: HttpRequest, page: CasePage) -> HttpResponse:
    """Record what came of the right to reply."""
    if not page.may_reply:
        raise Http404
    return form_page(
        request,
        ReplyForm(request.POST or None, initial={"version": page.version}),
        partial(actions.record_reply, key=page.key),
        {**_context(page, _("Right to reply")), "button": _("Record the reply")},
        done=_("The reply was recorded."),
        template="neutrality/case_form.html",
    )


_LAST = frozenset({CaseEvent.HAND_OVER, CaseEvent.FIND_NOT_PROVEN})
"""What is offered after the ordinary way."""


def _path(page: CasePage) -> str:
    return reverse("neutrality:case", args=[page.key])


def _context(page: CasePage, title: str | Promise = "") -> dict[str, Any]:
    """Return what the page of a case shows, or a page under it that has a title."""
    cases_of_place = (_("Cases"), reverse("neutrality:cases", args=[page.place]))
    above = (page.reference, _path(page)) if title else cases_of_place
    catalogue, way = catalogues.violations(), catalogues.procedure()
    violation = catalogue.by_key.get(page.violation)
    known_class = catalogue.classes.get(page.violation_class)
    step = way.steps.get(page.state)
    return {
        **head(page.place, title or page.reference, above),
        "is_private": True,
        "page": page,
        "state": words.STATES[page.state],
        "violation": said(violation.name) if violation else page.violation,
        "violation_note": said(violation.note) if violation and violation.note else "",
        "class_name": said(known_class.name) if known_class else page.violation_class,
        "sanctions": [said(catalogue.sanctions[key]) for key in known_class.sanctions]
        if known_class
        else [],
        "track": said(way.tracks[page.track].name),
        "step": step,
        "term_kind": words.DAY_KINDS[step.term.kind] if step and step.term else "",
        "authority": page.authority or words.AUTHORITIES.get(page.authority_kind, ""),
        "climbed": words.CLIMBED.get(page.climbed_to, ""),
        "stake": words.STAKES[page.stake] if page.stake else "",
        "person": [
            (words.PERSON_FIELDS[name], page.person.get(name, ""))
            for name in cases.SEALED_FIELDS
            if page.person.get(name)
        ]
        if page.person
        else None,
        "readings": page.readings,
        "steps": [
            (line, words.STATES[line.state], words.CASE_EVENTS[CaseEvent(line.event)]
             if line.event else _("Referred"))
            for line in page.steps
        ],
        "replies": [(line, words.REPLIES[line.kind]) for line in page.replies],
        "decision": page.decision,
        "decision_sanction": said(catalogue.sanctions[page.decision.sanction])
        if page.decision and page.decision.sanction in catalogue.sanctions
        else "",
        "offers": [
            (event.value.lower().replace("_", "-"), words.CASE_EVENTS[event])
            for event in sorted(page.events, key=_LAST.__contains__)
        ],
    }  # fmt: skip


@requires(REFER_CASE)
def refer(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Refer a case of an agency of the place, of a district's villages too."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    viewer, way = viewer_of(request), catalogues.procedure()
    referrers = institutions.institutions(viewer.institutions(REFER_CASE))
    form = ReferForm(
        request.POST or None,
        referrers=[(str(card.id), card.name) for card in referrers.values()],
        agencies=[(str(card.id), card.name) for card in _agencies(place)],
        violations=[(v.key, said(v.name)) for v in catalogues.violations().by_key.values()],
        tracks=[(track.value, said(way.tracks[track].name)) for track in Track],
        initial={"received_date": catalogues.today_at(place, clock.now())},
    )
    about = _(
        "The name is kept encrypted and apart; others see number, agency, step and clock. "
        "Cases of village heads are referred on the page of their district."
    )
    return form_page(
        request,
        form,
        lambda actor, at, **given: actions.refer_case(
            key=given["client_key"],
            given=GivenCase(
                reference=given["reference"],
                agency_id=int(given["agency"]),
                track=given["track"],
                violation=given["violation"],
                deed_date=given["deed_date"],
                received_date=given["received_date"],
                state=given["state"],
                person=Person(
                    given["full_name"], given["employee_number"], given["post"], given["account"]
                ),
            ),
            referred_by=int(given["referred_by"]),
            figure_class=FigureClass.SOURCED,
            actor=actor,
            at=at,
        ),
        {**head(place, _("Refer a case"), about=about), "button": _("Refer"), "is_private": True},
        done=_("The case was referred."),
        to=lambda key: (
            reverse("neutrality:case", args=[key])
            if viewer.may(VIEW_CASES, place)
            else reverse("neutrality:overview", args=[place])
        ),
    )


def _agencies(place: PlaceCode) -> list[institutions.InstitutionCard]:
    if level_of(place) < Level.DISTRICT:
        return coverage.agencies_of(place)
    villages = [card.code for card in places.children(place)]
    heads = institutions.institutions_by(kinds=["VILLAGE_HEAD"], places=villages)
    return coverage.agencies_of(place) + [heads[key] for key in sorted(heads, key=lambda k: k[1])]
