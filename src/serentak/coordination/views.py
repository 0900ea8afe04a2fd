"""Pages of coordination: the overview of a place, a meeting, an action, a letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import may_open, requires, signed_in, viewer_of
from serentak.platform.documents import DOCX, PDF, download
from serentak.platform.evidence import send_file
from serentak.platform.web.forms import add_refusal, render_form
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.words import refusal_text

from . import actions, documents
from .actions import AgendaEntry, Ask, AttendanceEntry, OutcomeRow
from .events import LetterDiscarded, LetterDrafted, LetterRevised
from .forms import (
    AskForm,
    DraftForm,
    LetterForm,
    OutcomeForm,
    PlanForm,
    SentForm,
    StepForm,
    VisitForm,
)
from .permissions import (
    ANSWER_ACTION,
    DRAFT_LETTER,
    GIVE_ACTION,
    RECORD_GUIDANCE,
    RUN_MEETING,
    VIEW_COORDINATION,
)
from .queries import briefing, follow_up, meetings
from .queries import letters as letter_queries
from .queries import notifications as notification_queries
from .queries.alerts import read_signed, sentence
from .queries.meetings import MeetingCard
from .queries.voices import addressees, allowed_verbs, voices
from .rules.letters import LetterForm as Shape
from .rules.minutes import KIND_OF_VERB, OutcomeKind, ReadLine, usual_verb
from .rules.promises import Standing
from .rules.states import NEEDS_A_REASON, ActionEvent, LetterState, MeetingState
from .words import (
    ACTION_STATES,
    ATTENDANCE,
    KINDS,
    LETTER_STATES,
    MEETING_STATES,
    STANDINGS,
    STEPS,
    VERBS,
    event_text,
)

# --- a place


@requires(VIEW_COORDINATION)
def overview(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what waits for the viewer, meetings, every action, and the record of each child."""
    viewer, at = viewer_of(request), clock.now()
    actions_table = _actions_table(place, viewer, at).bind(request)
    if (answer := actions_table.answer(request)) is not None:
        return answer
    records = meetings.promises(place, viewer=viewer, at=at)
    told = [row for row in records if row.has_any]
    records_table = _records_table(told, unasked=len(records) - len(told)).bind(request)
    if (answer := records_table.answer(request)) is not None:
        return answer
    head = _head(place, viewer)
    context = {
        **head,
        "work": follow_up.my_work(viewer, at=at),
        "briefing": briefing.briefings(parent=place, viewer=viewer, at=at).get(place),
        "meetings": meetings.meetings(place, viewer=viewer, limit=6),
        "visits": meetings.visits(place, viewer=viewer, limit=5),
        "table": actions_table,
        "records": records_table if records_table.table.rows else None,
        "may_run": viewer.may(RUN_MEETING, place),
        "may_give": viewer.may(GIVE_ACTION, place),
        "may_visit": viewer.may(RECORD_GUIDANCE, place) and _visited(place, viewer) is not None,
        "meeting_states": MEETING_STATES,
    }
    return render(request, "coordination/overview.html", context)


def _actions_table(place: PlaceCode, viewer: Viewer, at: datetime) -> Table[Any]:
    return Table(
        name="actions",
        title=_("Actions"),
        columns=ACTIONS,
        rows=briefing.action_lines(place, viewer=viewer, at=at),
        search_fields=("text__icontains", "owner__name__icontains", "place__name__icontains"),
        choices=[
            Choice(
                "standing",
                gettext_lazy("How it stands"),
                [(s.value, STANDINGS[s]) for s in Standing],
                lambda rows, value: rows.filter(standing=value),
            ),
        ],
        empty=_("Nothing was asked of anybody here yet."),
        page_size=25,
    )


ACTIONS: tuple[Column[Any], ...] = (
    Column(
        "text",
        gettext_lazy("Action"),
        lambda row: row.text,
        order=("text",),
        link=lambda row: follow_up.action_link(row.pk),
    ),
    Column(
        "owner", gettext_lazy("Who answers"), lambda row: row.owner.name, order=("owner__name",)
    ),
    Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place__name",)),
    Column(
        "verb", gettext_lazy("Kind"), lambda row: VERBS.get(row.verb, row.verb), order=("verb",)
    ),
    Column("due", gettext_lazy("Due"), lambda row: row.due_date, Kind.DAY, order=("due_date",)),
    Column(
        "standing",
        gettext_lazy("How it stands"),
        lambda row: STANDINGS[Standing(row.standing)],
        order=("standing",),
        cell="coordination/_standing.html",
    ),
)


def _records_table(
    rows: Sequence[briefing.PlaceRecord], *, unasked: int
) -> Table[briefing.PlaceRecord]:
    notes = [_("On time: kept in time, of all that were kept, kept late or are overdue.")]
    if unasked:
        without = ngettext(
            "Nothing was asked of %(n)s other place.",
            "Nothing was asked of %(n)s other places.",
            unasked,
        )
        notes.insert(0, without % {"n": unasked})
    return Table(
        name="records",
        prefix="r_",
        title=_("Record of each place"),
        columns=(
            Column(
                "name",
                _("Place"),
                lambda row: row.name,
                link=lambda row: f"/{row.place}/coordination",
            ),
            Column("kept", _("Kept in time"), lambda row: row.record.kept, Kind.NUMBER),
            Column("late", _("Late"), lambda row: row.record.late, Kind.NUMBER),
            Column("open", _("Not settled"), lambda row: row.record.open, Kind.NUMBER),
            Column("on_time", _("On time"), lambda row: row.record.on_time, Kind.SHARE),
            Column("reminders", _("Reminders"), lambda row: row.reminders, Kind.NUMBER),
            Column("reprimands", _("Reprimands"), lambda row: row.reprimands, Kind.NUMBER),
            Column("visits", _("Visits"), lambda row: row.visits, Kind.NUMBER),
        ),
        rows=list(rows),
        is_searchable=False,
        page_size=60,
        notes=notes,
    )


@requires(GIVE_ACTION)
def give(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Ask something of an institution; an alert in the address fills the form in."""
    viewer = viewer_of(request)
    form = AskForm(
        request.POST or None,
        institutions=_grouped(addressees(place)),
        initial=_from_address(request),
    )

    def act() -> str:
        data = form.cleaned_data
        alert = data["alert"]
        id = actions.create_action(
            client_key=data["client_key"],
            ask=Ask(
                owner_id=data["owner"],
                text=data["text"],
                due_date=data["due_date"],
                place=_where(data["owner"], place),
                verb=data["kind"],
                person=data["person"],
                evidence_asked=data["evidence_asked"],
                check_date=data["check_date"],
                alert_code=alert.code if alert else "",
                alert_params=alert.params if alert else {},
                alert_link=alert.link if alert else "",
            ),
            guidance_id=data["guidance"],
            actor=viewer,
            at=clock.now(),
        )
        return follow_up.action_link(id)

    context = {"title": _("Ask for an action"), "button": _("Ask"), "speaker": _speaker(viewer)}
    return _answer(request, place, form, act, context, _("The action was given."))


def _where(owner_id: int, place: PlaceCode) -> PlaceCode:
    """Return where something is to be done: with who answers, if they sit in the place."""
    owner = institutions.institution(owner_id)
    return owner.place if owner and is_within(owner.place, place) else place


def _from_address(request: HttpRequest) -> dict[str, Any]:
    """Return what the address says of an alert or a visit, as the form's first values."""
    found: dict[str, Any] = {"guidance": request.GET.get("guidance")}
    text = request.GET.get("alert", "")
    if (alert := read_signed(text)) is not None:
        found |= {"alert": text, "text": sentence(alert)}
    return found


@requires(RUN_MEETING)
def plan(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Plan a meeting."""
    viewer = viewer_of(request)
    host = _speaker(viewer)
    table = meetings.table_of(host, place) if host else None
    form = PlanForm(request.POST or None, institutions=_grouped(table.addressees if table else ()))

    def act() -> str:
        data = form.cleaned_data
        id = actions.plan_meeting(
            client_key=data["client_key"],
            place=place,
            theme=data["theme"],
            starts_at=data["starts_at"],
            venue=data["venue"],
            chair=data["chair"],
            invited=data["invited"],
            actor=viewer,
            at=clock.now(),
        )
        return meetings.meeting_link(id)

    context = {"title": _("Plan a meeting"), "button": _("Plan and invite"), "speaker": host}
    return _answer(request, place, form, act, context, _("The meeting was planned."))


@requires(RECORD_GUIDANCE)
def visit(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record a visit of guidance to the regent or mayor of a place."""
    viewer = viewer_of(request)
    visited = _visited(place, viewer)
    if visited is None:
        raise Http404
    form = VisitForm(request.POST or None)

    def act() -> str:
        data = form.cleaned_data
        id = actions.record_guidance(
            client_key=data["client_key"],
            place=place,
            visited_id=visited.id,
            visit_date=data["visit_date"],
            findings=data["findings"],
            advice=data["advice"],
            team=data["team"],
            actor=viewer,
            at=clock.now(),
        )
        return f"/{place}/coordination/ask?guidance={id}"

    context = {
        "title": _("Record a visit of guidance"),
        "button": _("Record, and ask for what follows"),
        "about": visited.name,
    }
    return _answer(request, place, form, act, context, _("The visit was recorded."))


def _visited(place: PlaceCode, viewer: Viewer) -> InstitutionCard | None:
    """Return the regent or mayor of a place, if the viewer may guide them."""
    card = institutions.institution_by("REGENT", place)
    speaker = voices(viewer, RECORD_GUIDANCE).first
    if card is None or speaker is None:
        return None
    allowed = allowed_verbs(speaker, [card])[card.id]
    return card if institutions.Verb.GUIDANCE in allowed else None


# --- an action


@requires(VIEW_COORDINATION)
def action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Show an action: what was asked, where it stands, what one may do now, what happened."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    return render(
        request,
        "coordination/action.html",
        _action_context(card, viewer, StepForm(initial={"version": card.version}), ""),
    )


@requires(VIEW_COORDINATION)
def evidence(request: HttpRequest, action_id: int) -> FileResponse:
    """Send the file that proves an action to one who may see it."""
    return send_file(follow_up.evidence_of(action_id, viewer_of(request)))


@require_POST
def _step(request: HttpRequest, action_id: int, step: str) -> HttpResponse:
    """Do one step and return to the action; a refusal is shown there and nothing typed is lost."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    try:
        event = ActionEvent(step.upper())
    except ValueError:
        raise Http404 from None
    form = StepForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        given: dict[str, Any] = {"action_id": action_id, "version": data["version"]}
        if event is ActionEvent.COMPLETE:
            given |= {"note": data["note"], "evidence": data["evidence"]}
        elif event in NEEDS_A_REASON:
            given["reason"] = data["reason"]
        if event is ActionEvent.REOPEN:
            given["due_date"] = data["due_date"]
        try:
            getattr(actions, _STEPS[event])(**given, actor=viewer, at=clock.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Recorded: %(step)s.") % {"step": STEPS[event]})
            return redirect("coordination:action", action_id)
    context = _action_context(card, viewer, form, step)
    return render(request, "coordination/action.html", context, status=422)


step = requires(VIEW_COORDINATION)(_step)

_STEPS: Mapping[ActionEvent, str] = {
    event: f"{event.value.lower()}_action" for event in ActionEvent
}


def _action_context(
    card: follow_up.ActionCard, viewer: Viewer, form: StepForm, asked: str
) -> dict[str, Any]:
    at = clock.now()
    asks = voices(viewer, GIVE_ACTION)
    possible = follow_up.may_do(card, answers=voices(viewer, ANSWER_ACTION), asks=asks)
    writes = card.sender.id in voices(viewer, DRAFT_LETTER)
    verbs = allowed_verbs(card.sender, [card.owner])[card.owner.id] if writes else []
    return {
        **_head(card.place, viewer),
        "item": card,
        "sees_evidence": follow_up.sees_evidence(card, viewer),
        "alert_link": card.alert_link if _leads_in(viewer, card.alert_link) else "",
        "form": form,
        "asked": asked.upper(),
        "steps": [
            {
                "event": event.value,
                "slug": event.value.lower(),
                "label": STEPS[event],
                "needs_reason": event in NEEDS_A_REASON,
                "needs_evidence": event is ActionEvent.COMPLETE,
                "takes_day": event is ActionEvent.REOPEN,
                "is_plain": event not in NEEDS_A_REASON and event is not ActionEvent.COMPLETE,
            }
            for event in possible
        ],
        "state_word": ACTION_STATES[card.state],
        "standing_word": STANDINGS[card.standing],
        "verb_word": VERBS[card.verb],
        "holder": follow_up.holder_of(card.owner, at=at),
        "meeting": meetings.meeting_of(card, viewer),
        "letters": [
            (letter, VERBS[letter.verb], LETTER_STATES[letter.state])
            for letter in letter_queries.letters_of(card.id, with_drafts=writes)
        ],
        "letter_verbs": [(v.value, VERBS[v.value]) for v in verbs if v.value not in _NOT_OFFERED],
        "may_reprimand": institutions.Verb.REPRIMAND in verbs,
        "history": [
            line
            for line in _history(f"action:{card.id}")
            if writes or line[0].name not in UNSENT_LETTERS
        ],
        "today": clock.local_date(at, zone=places.zone_of(card.place).key),
    }


_NOT_OFFERED = frozenset({"REPORT", "REPRIMAND"})

UNSENT_LETTERS = frozenset(
    f"coordination.{event.__name__}" for event in (LetterDrafted, LetterRevised, LetterDiscarded)
)
"""What the history of an action tells only those who draft: the addressee may not know yet."""


@require_POST
def _draft(request: HttpRequest, action_id: int) -> HttpResponse:
    """Draft a letter and open it."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    form = DraftForm(request.POST)
    if form.is_valid():
        try:
            letter_id = actions.draft_letter(
                action_id=action_id,
                verb=form.cleaned_data["verb"],
                level=form.cleaned_data["level"] or 0,
                ground=form.cleaned_data["ground"],
                actor=viewer,
                at=clock.now(),
            )
        except Refused as refused:
            messages.error(request, refusal_text(refused))
        else:
            return redirect("coordination:letter", letter_id)
    return redirect("coordination:action", card.id)


draft = requires(DRAFT_LETTER)(_draft)


# --- a meeting


@requires(VIEW_COORDINATION)
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show a meeting: agenda, attendance, minutes into outcomes, follow-ups of the last one."""
    viewer = viewer_of(request)
    card = meetings.meeting_card(meeting_id, viewer)
    return render(request, "coordination/meeting.html", _meeting_context(card, viewer))


def _meeting_context(card: MeetingCard, viewer: Viewer, **more: Any) -> dict[str, Any]:
    at = clock.now()
    runs = viewer.may(RUN_MEETING, card.place) and card.host.id in voices(viewer, RUN_MEETING)
    is_open = card.state is not MeetingState.CLOSED
    invited = meetings.invited(card.id)
    before = meetings.meeting_before(card)
    recorded = meetings.outcomes(card.id, at=at)
    return {
        **_head(card.place, viewer),
        "meeting": card,
        "state_word": MEETING_STATES[card.state],
        "runs": runs and is_open,
        "has_begun": card.starts_at <= at,
        "agenda": meetings.agenda(card.id, at=at),
        "proposed": meetings.proposed_agenda(card, viewer=viewer, at=at)[:12] if runs else (),
        "invited": [(line, ATTENDANCE[line.attendance.value]) for line in invited],
        "attendance": list(ATTENDANCE.items()),
        "came": sum(line.attendance.value in ("PRESENT", "REPRESENTED") for line in invited),
        "outcomes": [(line, _kind_word(line.kind, line.verb)) for line in recorded],
        "before": before,
        "follow_ups": [
            (item, STANDINGS[item.standing])
            for item in (follow_up.actions_of_meeting(before.id, at=at) if before else ())
        ],
        "history": _history(f"meeting:{card.id}"),
        "today": clock.local_date(at, zone=places.zone_of(card.place).key),
        "minutes": "",
        "rows": None,
        **more,
    }


def _kind_word(kind: OutcomeKind, verb: str) -> Any:
    return KINDS.get(kind) or VERBS.get(verb, verb)


@require_POST
def _set_agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Set the agenda: points that stay, proposals that were ticked, and one of one's own."""
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    keep, take = set(request.POST.getlist("keep")), set(request.POST.getlist("take"))
    entries = [
        AgendaEntry(
            text=line.text,
            action_id=line.action.id if line.action else None,
            alert_code=line.alert_code,
            alert_params=line.alert_params,
            place=line.place,
            link=line.link,
            severity=line.severity,
        )
        for line in meetings.agenda(card.id, at=at)
        if str(line.id) in keep
    ]
    for alert in meetings.proposed_agenda(card, viewer=viewer, at=at):
        if alert.link in take:
            entries.append(
                AgendaEntry(
                    action_id=_action_of(alert.link),
                    alert_code=alert.code,
                    alert_params=alert.params,
                    place=alert.place,
                    link=alert.link,
                    severity=alert.severity,
                )
            )
    if own := request.POST.get("own", "").strip():
        entries.append(AgendaEntry(text=own[:300]))
    return _done(
        request,
        card,
        lambda: actions.set_agenda(
            meeting_id=card.id, version=_version(request), entries=entries, actor=viewer, at=at
        ),
        _("The agenda was set."),
    )


set_agenda = requires(RUN_MEETING)(_set_agenda)


def _action_of(link: str) -> int | None:
    """Return the action to which a link leads, None if it leads elsewhere."""
    head, _sep, tail = link.rpartition("/")
    return int(tail) if head == "/coordination/actions" and tail.isdigit() else None


def _add_to_agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put an alert from elsewhere on the agenda: at once when posted, asked once more otherwise."""
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    alert = read_signed(request.GET.get("alert", ""))
    if alert is None:
        raise Http404
    entry = AgendaEntry(
        action_id=_action_of(alert.link),
        alert_code=alert.code,
        alert_params=alert.params,
        place=alert.place,
        link=alert.link,
        severity=alert.severity,
    )
    if request.method != "POST":
        context = {
            **_head(card.place, viewer),
            "meeting": card,
            "sentence": sentence(alert),
        }
        return render(request, "coordination/add_to_agenda.html", context)
    return _done(
        request,
        card,
        lambda: actions.add_to_agenda(meeting_id=card.id, entry=entry, actor=viewer, at=at),
        _("It stands on the agenda."),
    )


add_to_agenda = requires(RUN_MEETING)(_add_to_agenda)


@require_POST
def _record_attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Record who came."""
    viewer = viewer_of(request)
    card = meetings.meeting_card(meeting_id, viewer)
    entries = []
    for line in meetings.invited(card.id):
        value = request.POST.get(f"attendance-{line.institution.id}", line.attendance.value)
        if value in ATTENDANCE:
            entries.append(
                AttendanceEntry(
                    line.institution.id,
                    type(line.attendance)(value),
                    request.POST.get(f"by-{line.institution.id}", line.representative)[:200],
                )
            )
    return _done(
        request,
        card,
        lambda: actions.record_attendance(
            meeting_id=card.id,
            version=_version(request),
            entries=entries,
            actor=viewer,
            at=clock.now(),
        ),
        _("Attendance was recorded."),
    )


record_attendance = requires(RUN_MEETING)(_record_attendance)


@require_POST
def _close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close a meeting's record."""
    viewer = viewer_of(request)
    card = meetings.meeting_card(meeting_id, viewer)
    return _done(
        request,
        card,
        lambda: actions.close_meeting(
            meeting_id=card.id, version=_version(request), actor=viewer, at=clock.now()
        ),
        _("The meeting's record is closed."),
    )


close = requires(RUN_MEETING)(_close)


@require_POST
def _record_outcomes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Read pasted minutes, offer verbs anew for a changed recipient, or record all outcomes."""
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    if card.host.id not in voices(viewer, RUN_MEETING):
        raise OutOfScope(RUN_MEETING)
    table = meetings.table_of(card.host, card.place)
    text = request.POST.get("minutes", "")[:20_000]
    what = request.POST.get("do", "read")
    ahead = [m for m in meetings.next_meetings(card.place, after=at) if m.id != card.id]
    make = _formset(table, ahead)
    if what == "read":
        read = meetings.readings(text, card=card, table=table, at=at)
        rows = make(initial=[_first_guess(line, table) for line in read], prefix="rows")
        return _with_rows(request, card, viewer, text, rows)
    rows = make(request.POST, prefix="rows")
    if what != "record":
        values = [{name: form[name].value() for name in form.fields} for form in rows.forms]
        rows = make(initial=[_allowed(value, table) for value in values], prefix="rows")
        return _with_rows(request, card, viewer, text, rows)
    if rows.is_valid():
        try:
            actions.record_outcomes(
                meeting_id=card.id,
                version=_version(request),
                minutes=text,
                rows=[_outcome_row(form.cleaned_data) for form in rows.forms],
                actor=viewer,
                at=at,
            )
        except Refused as refused:
            _add_to_row(rows, refused)
        else:
            messages.success(request, _("The outcomes were recorded; each one asked was told."))
            return redirect("coordination:meeting", card.id)
    return _with_rows(request, card, viewer, text, rows, status=422)


record_outcomes = requires(RUN_MEETING)(_record_outcomes)


def _formset(
    table: meetings.Table, ahead: Sequence[MeetingCard]
) -> Callable[..., BaseFormSet[Any]]:
    kwargs = {
        "institutions": _grouped(table.addressees),
        "verbs": table.verbs,
        "meetings": [(m.id, m.theme) for m in ahead],
    }
    made: Any = formset_factory(OutcomeForm, extra=0, max_num=100, absolute_max=100)
    return lambda *args, **more: made(*args, form_kwargs=kwargs, **more)


def _first_guess(line: ReadLine, table: meetings.Table) -> dict[str, Any]:
    """Return a row for a line that was read; the verb is one that its recipient allows."""
    verbs = table.verbs.get(line.institution_id or 0, ())
    kind = line.kind
    if not verbs or kind is OutcomeKind.INFORMATION:
        chosen = OutcomeKind.INFORMATION.value
    elif kind is OutcomeKind.DECISION:
        chosen = kind.value
    else:
        fitting = [verb for verb in verbs if KIND_OF_VERB[verb] is kind]
        chosen = usual_verb(fitting) or usual_verb(verbs) or OutcomeKind.INFORMATION.value
    return {
        "text": line.text,
        "owner": None if chosen == OutcomeKind.INFORMATION else line.institution_id,
        "kind": chosen,
        "due_date": line.due_date,
        "check_date": line.check_date,
    }


def _allowed(value: dict[str, Any], table: meetings.Table) -> dict[str, Any]:
    """Return a row with a kind that its recipient allows."""
    owner = str(value.get("owner") or "")
    verbs = table.verbs.get(int(owner), ()) if owner.isdigit() else ()
    known = {*verbs, *(k.value for k in OutcomeKind if verbs and k is OutcomeKind.DECISION)}
    if value.get("kind") not in known:
        value["kind"] = usual_verb(verbs) or OutcomeKind.INFORMATION.value
    return value


def _outcome_row(data: Mapping[str, Any]) -> OutcomeRow:
    chosen = data["kind"]
    kind = KIND_OF_VERB.get(chosen) or OutcomeKind(chosen)
    asks = kind is not OutcomeKind.INFORMATION
    return OutcomeRow(
        text=data["text"],
        kind=kind,
        owner_id=data["owner"] if asks else None,
        verb=chosen if chosen in KIND_OF_VERB else "",
        due_date=data["due_date"] if asks else None,
        check_date=data["check_date"] if asks else None,
        check_meeting_id=data["check_meeting"] if asks else None,
        evidence_asked=data["evidence_asked"],
    )


def _add_to_row(rows: BaseFormSet[Any], refused: Refused) -> None:
    """Show a refusal at the row and field that it names, or above all of them."""
    parts = (refused.field or "").split("-")
    if len(parts) == 3 and parts[0] == "rows" and int(parts[1]) < len(rows.forms):
        form = rows.forms[int(parts[1])]
        form.add_error(parts[2] if parts[2] in form.fields else None, refusal_text(refused))
    else:
        rows.non_form_errors().append(refusal_text(refused))


def _with_rows(
    request: HttpRequest,
    card: MeetingCard,
    viewer: Viewer,
    text: str,
    rows: BaseFormSet[Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = _meeting_context(card, viewer, minutes=text, rows=rows)
    context["version"] = _version(request)
    if request.headers.get("HX-Target") == "rows":
        return render(request, "coordination/_rows.html", context, status=status)
    return render(request, "coordination/meeting.html", context, status=status)


def _version(request: HttpRequest) -> int:
    value = request.POST.get("version", "")
    return int(value) if value.isdigit() else 0


def _done(
    request: HttpRequest, card: MeetingCard, act: Callable[[], None], said: str
) -> HttpResponse:
    """Do what was sent and return to the meeting, with a refusal in words."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    else:
        messages.success(request, said)
    return redirect("coordination:meeting", card.id)


# --- a letter


@requires(VIEW_COORDINATION)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show a letter beside its words, which can be changed while it is a draft."""
    viewer = viewer_of(request)
    card = letter_queries.letter_card(letter_id, viewer)
    form = LetterForm(
        request.POST or None,
        initial={
            "version": card.version,
            "subject": card.draft.subject,
            "opening": card.draft.opening,
            "points": "\n".join(card.draft.points),
            "closing": card.draft.closing,
            "copies": "\n".join(card.draft.copies),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_letter(
                letter_id=letter_id,
                version=form.cleaned_data["version"],
                draft=form.draft(),
                actor=viewer,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The draft was saved."))
            return redirect("coordination:letter", letter_id)
    return _letter_page(request, card, viewer, form)


def _letter_page(
    request: HttpRequest,
    card: letter_queries.LetterCard,
    viewer: Viewer,
    form: LetterForm,
    sent_form: SentForm | None = None,
) -> HttpResponse:
    row = follow_up.action_card(card.action_id, viewer, at=clock.now())
    may = viewer.may(DRAFT_LETTER, card.place) and row.sender.id in voices(viewer, DRAFT_LETTER)
    context = {
        **_head(card.place, viewer),
        "letter": card,
        "item": row,
        "verb_word": VERBS[card.verb],
        "state_word": LETTER_STATES[card.state],
        "is_block": card.form is Shape.TITLE_BLOCK,
        "may_change": may and card.state is LetterState.DRAFT,
        "sent_form": sent_form or SentForm(initial={"version": card.version}),
        "history": _history(f"letter:{card.id}"),
    }
    if sent_form is not None and sent_form.errors:
        return render(request, "coordination/letter.html", {"form": form, **context}, status=422)
    return render_form(request, "coordination/letter.html", form, context)


@require_POST
def _sent(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Note number and date of a letter that was signed outside."""
    viewer = viewer_of(request)
    card = letter_queries.letter_card(letter_id, viewer)
    form = SentForm(request.POST)
    if form.is_valid():
        try:
            actions.mark_letter_sent(
                letter_id=letter_id,
                version=form.cleaned_data["version"],
                number=form.cleaned_data["number"],
                letter_date=form.cleaned_data["letter_date"],
                actor=viewer,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The letter is marked as sent."))
            return redirect("coordination:letter", letter_id)
    words = LetterForm(
        initial={
            "version": card.version,
            "subject": card.draft.subject,
            "opening": card.draft.opening,
            "points": "\n".join(card.draft.points),
            "closing": card.draft.closing,
            "copies": "\n".join(card.draft.copies),
        }
    )
    return _letter_page(request, card, viewer, words, form)


sent = requires(DRAFT_LETTER)(_sent)


@require_POST
def _discard(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Put a draft away."""
    viewer = viewer_of(request)
    card = letter_queries.letter_card(letter_id, viewer)
    try:
        actions.discard_letter(
            letter_id=letter_id, version=_version(request), actor=viewer, at=clock.now()
        )
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    else:
        messages.success(request, _("The draft was put away."))
    return redirect("coordination:action", card.action_id)


discard = requires(DRAFT_LETTER)(_discard)


@requires(VIEW_COORDINATION)
def letter_docx(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Give the draft as an editable document."""
    card = letter_queries.letter_card(letter_id, viewer_of(request))
    return download(documents.letter_docx(card), f"{documents.file_name(card)}.docx", DOCX)


@requires(VIEW_COORDINATION)
def letter_pdf(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Give the letter as a page to read."""
    card = letter_queries.letter_card(letter_id, viewer_of(request))
    return download(documents.letter_pdf(card), f"{documents.file_name(card)}.pdf", PDF)


# --- notifications


@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """Show what one was told; sent, everything counts as read."""
    viewer = viewer_of(request)
    if request.method == "POST":
        actions.mark_notifications_read(actor=viewer, at=clock.now())
        return redirect("coordination:notifications")
    return render(
        request,
        "coordination/notifications.html",
        {"told": notification_queries.notifications(viewer)},
    )


# --- parts


def _answer(
    request: HttpRequest,
    place: PlaceCode,
    form: django_forms.Form,
    act: Callable[[], str],
    context: Mapping[str, Any],
    done: str,
) -> HttpResponse:
    """Show a form, or do what was sent and lead on; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            link = act()
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect(link)
    return render_form(
        request, "coordination/form.html", form, {**_head(place, viewer_of(request)), **context}
    )


def _head(place: PlaceCode, viewer: Viewer) -> dict[str, Any]:
    """Return the way to a place; whoever is asked from above does not get in everywhere on it."""
    path = places.path(place)
    if not path or path[-1].code != place:
        raise Http404
    return {"path": path, "card": path[-1], "may_enter": viewer.may(VIEW_COORDINATION, place)}


def _leads_in(viewer: Viewer, link: str) -> bool:
    return may_open(viewer, link.partition("?")[0].partition("#")[0])


def _history(subject: str) -> list[tuple[follow_up.HistoryLine, str, str]]:
    return [
        (line, event_text(line.name, line.facts), str(line.facts.get("note") or ""))
        for line in follow_up.history(subject)
    ]


def _speaker(viewer: Viewer, permission: Permission = RUN_MEETING) -> InstitutionCard | None:
    return voices(viewer, permission).first or voices(viewer, GIVE_ACTION).first


def _grouped(cards: Sequence[InstitutionCard]) -> list[Any]:
    """Return institutions as choices under the names of their families."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for card in cards:
        groups.setdefault(card.family_label, []).append((card.id, card.name))
    return list(groups.items())
