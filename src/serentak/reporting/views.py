"""Pages of daily reports: read with what stands behind, edited in place, signed, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.areas import area_of
from serentak.platform.documents import DOCX, PDF, download
from serentak.platform.web import formats
from serentak.platform.web.exports import XLSX
from serentak.platform.web.forms import UNPROCESSABLE, add_refusal, natural
from serentak.platform.words import refusal_text

from . import actions, documents, words
from .forms import AcceptForm, AddForm, EditForm, PublicForm, ReturnForm, SubmitForm
from .permissions import (
    ACCEPT_DAILY_REPORT,
    PUBLISH_REPORT,
    VIEW_DAILY_REPORT,
    WRITE_DAILY_REPORT,
)
from .queries.book import book as meeting_book
from .queries.reports import DailyPage, ReportCard, daily_page, past_reports
from .queries.sources import outline
from .rules.states import ReportState
from .words import Turn


@dataclass(slots=True)
class Sent:
    """What was sent and did not hold, to be shown again with its words."""

    name: str
    form: forms.Form
    sentence_id: int | None = None
    faults: list[str] = field(default_factory=list)


@requires(VIEW_DAILY_REPORT)
def daily(request: HttpRequest, place: PlaceCode, day: str = "") -> HttpResponse:
    """Show a report of a day (without: today's), with one sentence open to edit where asked."""
    return _page(request, place, _read_day(day))


@requires(VIEW_DAILY_REPORT)
def past(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """List the reports of a place, newest first."""
    viewer = viewer_of(request)
    page = daily_page(place, viewer=viewer, at=clock.now())
    zone = page.election.zone.key
    context = {
        "page": page,
        "reports": [
            (
                report,
                words.STATES[report.state],
                words.STATE_STATUS[report.state],
                words.came(report.handed_in_at, report.minutes_late, day=report.day, zone=zone),
            )
            for report in past_reports(place, viewer=viewer)
        ],
    }
    return render(request, "reporting/past.html", context)


@requires(WRITE_DAILY_REPORT)
@require_POST
def draft(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Draft today's report, or draft it anew."""

    def act(viewer: Viewer) -> str:
        actions.draft_report(place=place, actor=viewer, at=clock.now())
        return _("The report was drafted from what is known now. Your own words stand.")

    return _done(request, place, Sent("draft", forms.Form(request.POST)), act)


@requires(WRITE_DAILY_REPORT)
@require_POST
def edit(request: HttpRequest, place: PlaceCode, report_id: int, sentence_id: int) -> HttpResponse:
    """Save a person's words for a sentence, or bring the draft's back."""
    form = EditForm(request.POST)
    is_reset = request.POST.get("do") == "reset"
    form.fields["text"].required = not is_reset

    def act(viewer: Viewer) -> str:
        text = "" if is_reset else form.cleaned_data["text"]
        actions.edit_sentence(
            sentence_id=sentence_id,
            text=text,
            seen_at=form.cleaned_data["seen_at"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The sentence was saved.")

    return _done(request, place, Sent("edit", form, sentence_id), act, anchor=f"s{sentence_id}")


@requires(WRITE_DAILY_REPORT)
@require_POST
def add(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Add a sentence of one's own."""
    form = AddForm(outline().addable(), request.POST)

    def act(viewer: Viewer) -> str:
        actions.add_sentence(
            report_id=report_id,
            section=form.cleaned_data["section"],
            text=form.cleaned_data["text"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The sentence was added in your name.")

    return _done(request, place, Sent("add", form), act)


@requires(WRITE_DAILY_REPORT)
@require_POST
def submit(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Sign the report off and send it up."""
    form = SubmitForm(request.POST)

    def act(viewer: Viewer) -> str:
        actions.submit_report(
            report_id=report_id,
            seen_revision=form.cleaned_data["seen_revision"],
            without_missing=form.cleaned_data["without_missing"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The report was signed off and submitted.")

    return _done(request, place, Sent("submit", form), act)


@requires(VIEW_DAILY_REPORT)
@require_POST
def accept(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Accept the report of a desk below; the action asks for the permission of the desk above."""
    form = AcceptForm(request.POST)

    def act(viewer: Viewer) -> str:
        actions.accept_report(
            report_id=report_id,
            seen_revision=form.cleaned_data["seen_revision"],
            receipt=form.cleaned_data["receipt"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The report was accepted and is locked.")

    return _done(request, place, Sent("accept", form), act)


@requires(VIEW_DAILY_REPORT)
@require_POST
def send_back(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Return the report of a desk below; the action asks for the permission of the desk above."""
    form = ReturnForm(request.POST)

    def act(viewer: Viewer) -> str:
        actions.return_report(
            report_id=report_id,
            reason=form.cleaned_data["reason"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The report was returned to its desk.")

    return _done(request, place, Sent("return", form), act)


@requires(PUBLISH_REPORT)
@require_POST
def mark_public(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Set which sentences are for everybody."""
    form = PublicForm(request.POST)

    def act(viewer: Viewer) -> str:
        actions.mark_public(
            report_id=report_id,
            sentence_ids=[
                id for text in request.POST.getlist("public") if (id := natural(text)) is not None
            ],
            seen_revision=form.cleaned_data["seen_revision"],
            actor=viewer,
            at=clock.now(),
        )
        return _("The public part was set; it appears once the report is submitted.")

    return _done(request, place, Sent("public", form), act)


@requires(ACCEPT_DAILY_REPORT)
@require_POST
def remind(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Remind the desks below that have not reported."""

    def act(viewer: Viewer) -> str:
        count = actions.remind_silent(place=place, actor=viewer, at=clock.now())
        text = ngettext("%(count)s desk was reminded.", "%(count)s desks were reminded.", count)
        return text % {"count": count}

    return _done(request, place, Sent("remind", forms.Form(request.POST)), act)


@requires(VIEW_DAILY_REPORT)
def download_report(request: HttpRequest, place: PlaceCode, day: str, kind: str) -> HttpResponse:
    """Give a report as PDF, as DOCX or as the chat group's text."""
    page = _read(request, place, _read_day(day))
    if page.report is None:
        raise Http404
    name = f"{documents.file_stem(page)}.{kind}"
    if kind == "txt":
        answer = HttpResponse(documents.chat_text(page), content_type="text/plain; charset=utf-8")
        answer["Cache-Control"] = "no-store"
        return answer
    signed_at = page.report.submitted_at or clock.now()
    holder = institutions.holder_of([place], at=signed_at).get(place)
    office = _office(place)
    is_drill = bool(clock.state().scene)
    if kind == "pdf":
        return download(documents.report_pdf(page, holder, office, is_drill=is_drill), name, PDF)
    if kind == "docx":
        return download(documents.report_docx(page, holder, office, is_drill=is_drill), name, DOCX)
    raise Http404


@requires(VIEW_DAILY_REPORT)
def book(request: HttpRequest, place: PlaceCode, kind: str) -> HttpResponse:
    """Give the meeting book of a province or regency as PDF or workbook."""
    if kind not in ("pdf", "xlsx"):
        raise Http404
    found = meeting_book(place, viewer=viewer_of(request), at=clock.now())
    is_drill = bool(clock.state().scene)
    name = f"buku-rapat-{place}-{clock.local_date(found.at).isoformat()}.{kind}"
    if kind == "pdf":
        return download(documents.book_pdf(found, is_drill=is_drill), name, PDF)
    return download(documents.book_sheets(found, is_drill=is_drill), name, XLSX)


# --- parts


def _office(place: PlaceCode) -> str:
    """Return how the head of a place's desk is called; a district's is its camat."""
    desks = institutions.institutions_by(kinds=actions.DESKS, places=[place])
    return next((institutions.office_title(desk.id) for desk in desks.values()), "")


def _read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _read(request: HttpRequest, place: PlaceCode, day: date | None) -> DailyPage:
    try:
        return daily_page(
            place,
            viewer=viewer_of(request),
            at=clock.now(),
            day=day,
            round_number=natural(request.GET.get("round", "")),
        )
    except Refused as refused:
        raise Http404 from refused


def _done(
    request: HttpRequest,
    place: PlaceCode,
    sent: Sent,
    act: Callable[[Viewer], str],
    anchor: str = "",
) -> HttpResponse:
    """Do what was sent and lead back to its page, or show the page with what did not hold."""
    day = _read_day(request.POST.get("day", ""))
    if sent.form.is_valid():
        try:
            messages.success(request, act(viewer_of(request)))
        except Refused as refused:
            if sent.form.fields:
                add_refusal(sent.form, refused)
            else:
                sent.faults.append(refusal_text(refused))
        else:
            path = (
                reverse("reporting:day", args=[place, day.isoformat()])
                if day
                else reverse("reporting:daily", args=[place])
            )
            path += f"?round={number}" if (number := natural(request.GET.get("round", ""))) else ""
            return redirect(f"{path}#{anchor}" if anchor else path)
    return _page(request, place, day, sent)


def _page(
    request: HttpRequest, place: PlaceCode, day: date | None, sent: Sent | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    page = _read(request, place, day)
    report = page.report
    above = parent_of(place)
    is_top = above is not None and parent_of(above) is None
    own = _own_desk(viewer, place)
    decides = WRITE_DAILY_REPORT in own if is_top else _accepts(viewer, above)
    turn = _turn(page, viewer, writes=WRITE_DAILY_REPORT in own, decides=decides, is_top=is_top)
    asked = sent.sentence_id if sent else natural(request.GET.get("edit", ""))
    writes = WRITE_DAILY_REPORT in own
    may_edit = bool(writes and report and report.is_editable)
    context: dict[str, Any] = {
        "page": page,
        "report": report,
        "state_word": words.STATES[report.state] if report else "",
        "may_draft": writes and page.is_current and (report is None or report.is_editable),
        "may_edit": may_edit,
        "may_submit": may_edit and report is not None and report.drafted_at is not None,
        "may_publish": bool(report and PUBLISH_REPORT in own),
        "round": f"round={page.round.number}" if page.day == page.election.vote_date else "",
        "public_page": _public_page(place),
        "is_locked": bool(report and report.state is ReportState.ACCEPTED),
        "may_decide": turn in (Turn.DECIDE, Turn.NOTE),
        "is_own_turn": turn in _OWN_TURNS,
        "turn": _told(turn, page),
        "times": _times(report, page) if report else {},
        "receiver": words.receiver(page.path[-1].full_name if page.path else ""),
        "may_return": not is_top,
        "may_remind": page.is_current and page.silent and ACCEPT_DAILY_REPORT in own,
        "is_top": is_top,
        "editing": asked if may_edit else None,
        "desks": [
            (
                desk,
                words.STATE_STATUS[desk.state or ReportState.WAITING],
                words.desk_state(desk.state),
                words.time_on(desk.handed_in_at, page.day, page.election.zone.key)
                if desk.handed_in_at
                else "",
                words.late(desk.minutes_late),
            )
            for desk in page.desks
        ],
        "changes": [
            (
                words.figure_name(c.code),
                words.amount(c.before, unit=c.unit),
                words.amount(c.now, unit=c.unit),
                words.difference(c.difference, c.unit),
                c.is_worse,
            )
            for c in page.changes
            if c.difference
        ],
        "status_changes": [
            (c, page.names.get(c.place, c.place), area_of(c.focus).short_name)
            for c in page.status_changes
        ],
        "chat": documents.chat_text(page) if report and report.drafted_at else "",
        "edited": sum(s.is_edited for s in page.sentences),
        "marked": sum(s.is_public for s in page.sentences),
        "forms": _forms(page, asked, sent),
    }
    # The action asks for it, of a province only; a page that calls it optional would mislead.
    context["forms"]["accept"].fields["receipt"].required = is_top
    shown = {
        "edit": may_edit,
        "add": may_edit,
        "submit": context["may_submit"],
        "accept": context["may_decide"],
        "return": context["may_decide"] and not is_top,
        "public": context["may_publish"],
    }
    context["faults"] = _faults(sent, is_shown=shown.get(sent.name, True)) if sent else []
    failed = sent is not None
    return render(request, "reporting/daily.html", context, status=UNPROCESSABLE if failed else 200)


_OWN_TURNS = (Turn.DRAFT, Turn.CHASE, Turn.SIGN, Turn.CORRECT, Turn.DECIDE, Turn.NOTE)


def _turn(page: DailyPage, viewer: Viewer, *, writes: bool, decides: bool, is_top: bool) -> Turn:
    """Return what the viewer has to do with a report now, or whom it waits for."""
    report = page.report
    if report is None or report.drafted_at is None:
        return Turn.DRAFT if writes and page.is_current else Turn.AWAIT_DRAFT
    if report.state is ReportState.ACCEPTED:
        return Turn.LOCKED
    if report.state is ReportState.RETURNED:
        return Turn.CORRECT if writes else Turn.AWAIT_CORRECTION
    if report.state is ReportState.SUBMITTED:
        if not decides:
            return Turn.AWAIT_MINISTER if is_top else Turn.AWAIT_DECISION
        if viewer.user_id == report.signed_off_by_id:
            return Turn.SIGNED_TOP if is_top else Turn.SIGNED
        return Turn.NOTE if is_top else Turn.DECIDE
    if not writes:
        return Turn.AWAIT_SIGNATURE
    return Turn.CHASE if report.state is ReportState.WAITING else Turn.SIGN


def _told(turn: Turn, page: DailyPage) -> str:
    return str(words.TURNS[turn]) % {
        "own": words.desk_name(page.card.name),
        "above": words.desk_name(page.path[-1].full_name if page.path else ""),
        "hour": words.due_by(page.round.due_at, zone=page.election.zone.key, now=clock.now()),
        "reason": formats.stopped(page.report.return_reason) if page.report else "",
    }


def _times(report: ReportCard, page: DailyPage) -> dict[str, str]:
    """Return when what was done with a report, with the date where it was another day."""
    zone = page.election.zone.key
    deeds = {
        "drafted": report.drafted_at,
        "returned": report.returned_at,
        "accepted": report.accepted_at,
    }
    found = {name: words.time_on(at, page.day, zone) for name, at in deeds.items() if at}
    came = words.came(report.handed_in_at, report.minutes_late, day=page.day, zone=zone)
    return {**found, "came": came}


def _accepts(viewer: Viewer, above: PlaceCode | None) -> bool:
    return above is not None and ACCEPT_DAILY_REPORT in _own_desk(viewer, above)


def _faults(sent: Sent, *, is_shown: bool) -> list[str]:
    """Return what stands above the page: also what a form that is gone was refused."""
    if is_shown:
        return sent.faults
    return [*sent.faults, *(str(fault) for own in sent.form.errors.values() for fault in own)]


def _forms(page: DailyPage, asked: int | None, sent: Sent | None) -> dict[str, forms.Form]:
    """Return the forms of the page; the one that was sent keeps its words and faults.

    What was refused because the report had changed is signed again with what is read now.
    """
    seen: dict[str, Any] = {"seen_revision": page.report.revision if page.report else 0}
    found: dict[str, forms.Form] = {
        "add": AddForm(outline().addable()),
        "submit": SubmitForm(initial=seen),
        "accept": AcceptForm(initial=seen),
        "public": PublicForm(initial=seen),
        "return": ReturnForm(),
    }
    for sentence in page.sentences:
        if sentence.id == asked:
            edited = sentence.edited_at.isoformat() if sentence.edited_at else ""
            found["edit"] = EditForm(initial={"text": sentence.text, "seen_at": edited})
    if sent:
        seen |= {"seen_at": found["edit"].initial["seen_at"]} if "edit" in found else {}
        sent.form.data = {**{name: sent.form.data[name] for name in sent.form.data}, **seen}
        found[sent.name] = sent.form
    return found


def _own_desk(viewer: Viewer, place: PlaceCode) -> frozenset[Permission]:
    """Return what the viewer may do as the desk of that very place; one query."""
    asked = [p for p in _DESK if viewer.may(p, place)]
    cards = institutions.institutions({id for p in asked for id in viewer.institutions(p)})
    here = {id for id, card in cards.items() if card.place == place}
    return frozenset(p for p in asked if here & viewer.institutions(p))


_DESK = (WRITE_DAILY_REPORT, ACCEPT_DAILY_REPORT, PUBLISH_REPORT)


def _public_page(place: PlaceCode) -> str:
    """Return where the public page of a place lies; a district's is reached from its regency's."""
    code = place if level_of(place) < Level.DISTRICT else parent_of(place)
    language = get_language()
    return f"/public/{code}.html" if language in (None, "id") else f"/public/{code}.{language}.html"
