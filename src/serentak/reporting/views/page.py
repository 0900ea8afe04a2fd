"""The page of a report, whatever was just done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from serentak.institutions import public as institutions
from serentak.kernel import century
from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform import clock
from serentak.platform.access import viewer_of
from serentak.platform.areas import area_of
from serentak.platform.web import formats
from serentak.platform.web.forms import UNPROCESSABLE, Told, carried_out, natural
from serentak.reporting import documents, words
from serentak.reporting.forms import (
    AcceptForm,
    AddForm,
    CorrectForm,
    EditForm,
    PublicForm,
    ReturnForm,
    SubmitForm,
    TakeNoteForm,
)
from serentak.reporting.permissions import ACCEPT_DAILY_REPORT, PUBLISH_REPORT, WRITE_DAILY_REPORT
from serentak.reporting.queries.publishing import last_published_day
from serentak.reporting.queries.reports import (
    DailyPage,
    ReportCard,
    SentenceCard,
    daily_page,
    has_news,
)
from serentak.reporting.queries.sources import outline
from serentak.reporting.rules.correcting import What
from serentak.reporting.rules.states import HEARD, ReportState
from serentak.reporting.words import Turn


@dataclass(slots=True)
class Sent:
    """What was sent and did not hold, to be shown again with its words."""

    name: str
    form: forms.Form
    sentence_id: int | None = None


def read_day(text: str) -> date | None:
    """Return the day that an address or form names, None without; 404 where it is none."""
    if not text:
        return None
    try:
        return century.read_day(text)
    except ValueError:
        raise Http404 from None


def read(request: HttpRequest, place: PlaceCode, day: date | None) -> DailyPage:
    """Return the report of a day as the viewer may read it."""
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


def done(
    request: HttpRequest,
    place: PlaceCode,
    sent: Sent,
    act: Callable[..., object],
    said: Told,
    anchor: str = "",
) -> HttpResponse:
    """Do what was sent and lead back to its page, or show the page with what did not hold.

    `act` takes the fields of the form with actor and time; `said` is told then, or made of what
    `act` returns.
    """
    day = read_day(request.POST.get("day", ""))
    path = (
        reverse("reporting:day", args=[place, day.isoformat()])
        if day
        else reverse("reporting:daily", args=[place])
    )
    path += f"?round={number}" if (number := natural(request.GET.get("round", ""))) else ""
    to = f"{path}#{anchor}" if anchor else path
    answer = carried_out(request, sent.form, act, done=said, to=to)
    return answer or show(request, place, day, sent)


def show(
    request: HttpRequest, place: PlaceCode, day: date | None, sent: Sent | None = None
) -> HttpResponse:
    """Show a report of a day, with what was sent and did not hold."""
    viewer = viewer_of(request)
    page = read(request, place, day)
    report = page.report
    above = parent_of(place)
    is_top = above is not None and parent_of(above) is None
    own = _own_desk(viewer, place)
    decides = WRITE_DAILY_REPORT in own if is_top else _accepts(viewer, above)
    turn = _turn(page, viewer, writes=WRITE_DAILY_REPORT in own, decides=decides, is_top=is_top)
    writes = WRITE_DAILY_REPORT in own
    may_edit = bool(writes and report and report.is_editable)
    may_correct = bool(writes and report and report.state in HEARD)
    open_form = request.GET.get("correct" if may_correct else "edit", "")
    asked = sent.sentence_id if sent else natural(open_form)
    context: dict[str, Any] = {
        "page": page,
        "report": report,
        "state_word": words.STATES[report.state] if report else "",
        "writes": writes,
        "may_draft": writes and page.is_current and (report is None or report.is_editable),
        "may_edit": may_edit,
        "may_submit": may_edit and report is not None and report.drafted_at is not None,
        "has_news": may_edit and report is not None and has_news(report),
        "may_publish": bool(report and PUBLISH_REPORT in own),
        "published": last_published_day(place) if may_edit else None,
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
        "may_correct": may_correct,
        "correcting": asked if may_correct else None,
        "may_note": turn in (Turn.TAKE_NOTE, Turn.NOTE_LETTER),
        "corrected_desks": _corrected_desks(page),
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
        "chat": documents.chat_text(page, is_drill=bool(clock.state().scene))
        if report and report.drafted_at
        else "",
        "edited": sum(s.is_edited for s in page.sentences),
        "marked": sum(s.is_public for s in page.sentences),
        "forms": _forms(page, asked, sent, may_correct=may_correct),
    }
    # The action asks for it, of a province only; a page that calls it optional would mislead.
    for name in ("accept", "note"):
        context["forms"][name].fields["receipt"].required = is_top
    shown = {
        "edit": may_edit,
        "correct": may_correct,
        "note": context["may_note"],
        "add": may_edit,
        "submit": context["may_submit"],
        "accept": context["may_decide"],
        "return": context["may_decide"] and not is_top,
        "public": context["may_publish"],
    }
    # A form that stands on the page shows its faults itself.
    untold = sent.form.errors.values() if sent and not shown.get(sent.name) else ()
    context["faults"] = [str(fault) for faults in untold for fault in faults]
    failed = sent is not None
    return render(request, "reporting/daily.html", context, status=UNPROCESSABLE if failed else 200)


_OWN_TURNS = (
    *(Turn.DRAFT, Turn.CHASE, Turn.SIGN, Turn.CORRECT, Turn.DECIDE, Turn.NOTE),
    *(Turn.TAKE_NOTE, Turn.NOTE_LETTER),
)


def _turn(page: DailyPage, viewer: Viewer, *, writes: bool, decides: bool, is_top: bool) -> Turn:
    """Return what the viewer has to do with a report now, or whom it waits for."""
    report = page.report
    if report is None or report.drafted_at is None:
        return Turn.DRAFT if writes and page.is_current else Turn.AWAIT_DRAFT
    if report.state is ReportState.ACCEPTED:
        waits = [c for c in page.corrections if c.waits]
        if not waits:
            return Turn.LOCKED
        if not decides or any(c.by_id == viewer.user_id for c in waits):
            return Turn.AWAIT_NOTE
        return Turn.NOTE_LETTER if is_top else Turn.TAKE_NOTE
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
        "own": words.desk_name(page.card.full_name),
        "above": words.desk_name(page.path[-1].full_name if page.path else ""),
        "noter": words.desk_name(page.path[-1].full_name if page.path else page.card.name),
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


def _corrected_desks(page: DailyPage) -> list[tuple[str, PlaceCode, str]]:
    """Return the desks below whose reports of the day were corrected: name, place, how often."""
    counts: dict[PlaceCode, int] = {}
    for correction in page.corrections_below:
        counts[correction.place] = counts.get(correction.place, 0) + 1
    return [
        (page.names.get(place, place), place, words.correction_count(count))
        for place, count in counts.items()
    ]


def correct_form(sentence: SentenceCard, data: Any = None) -> CorrectForm:
    """Return the form that corrects a sentence, with what it says now where nothing was sent."""
    params = sentence.params
    now: dict[What, dict[str, Any]] = {
        What.FIGURE: {name: _shown(params.get(name)) for name in ("value", "of")},
        What.STATUS: {"status": params.get("status")},
        What.WORDS: {"text": sentence.text},
    }
    has_whole = sentence.what is What.FIGURE and params.get("of") is not None
    initial = {**now[sentence.what], "seen": sentence.mark}
    return CorrectForm(sentence.what, data, has_whole=has_whole, initial=initial)


def _shown(value: object) -> str:
    return formats.number(value) if isinstance(value, int | float) else ""


def _forms(
    page: DailyPage, asked: int | None, sent: Sent | None, *, may_correct: bool
) -> dict[str, forms.Form]:
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
        "note": TakeNoteForm(
            initial={"seen_number": max((c.number for c in page.corrections), default=0)}
        ),
    }
    for sentence in page.sentences:
        if sentence.id == asked and may_correct:
            found["correct"] = correct_form(sentence)
        elif sentence.id == asked:
            edited = sentence.edited_at.isoformat() if sentence.edited_at else ""
            found["edit"] = EditForm(initial={"text": sentence.text, "seen_at": edited})
    if sent:
        seen |= {"seen_at": found["edit"].initial["seen_at"]} if "edit" in found else {}
        seen |= {"seen": found["correct"].initial["seen"]} if "correct" in found else {}
        seen |= found["note"].initial
        sent.form.data = {**{name: sent.form.data[name] for name in sent.form.data}, **seen}
        found[sent.name] = sent.form
    return found


def writes_at(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether the viewer writes for the desk of that very place; one query."""
    return WRITE_DAILY_REPORT in _own_desk(viewer, place)


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
