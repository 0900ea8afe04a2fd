"""A meeting: agenda, attendance, minutes that become outcomes, closing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.coordination import actions
from serentak.coordination.actions import AgendaEntry, AttendanceEntry, OutcomeRow
from serentak.coordination.forms import OutcomeForm
from serentak.coordination.permissions import ANSWER_ACTION, RUN_MEETING, VIEW_COORDINATION
from serentak.coordination.queries import follow_up, meetings
from serentak.coordination.queries.alerts import read_signed
from serentak.coordination.queries.asking import LONGEST, vote_ahead, vote_of
from serentak.coordination.queries.meetings import AgendaLine, MeetingCard
from serentak.coordination.rules.minutes import (
    KIND_OF_VERB,
    OutcomeKind,
    ReadLine,
    Reason,
    usual_verb,
)
from serentak.coordination.rules.states import MeetingState
from serentak.coordination.words import ATTENDANCE, KINDS, MEETING_STATES, STANDINGS, VERBS, WHY
from serentak.institutions import public as institutions
from serentak.institutions.public import voices
from serentak.kernel.briefing import Alert
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.formats import day, number
from serentak.platform.web.forms import natural, pressed, seen_version
from serentak.platform.words import refusal_text

from .parts import grouped, head_of_page


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
    agenda = meetings.agenda(card.id, at=at)
    return {
        **head_of_page(card.place, viewer, card.theme),
        "meeting": card,
        "state_word": MEETING_STATES[card.state],
        "runs": runs and is_open,
        "vote_date": vote_of(card.place),
        "has_begun": card.starts_at <= at,
        "agenda": agenda,
        "unreached": [line for line in agenda if not line.is_put_off],
        "seen": meetings.meetings_among(_beside(agenda), viewer=viewer),
        "waiting": meetings.waiting(card.place, card.host, at=at) if runs else (),
        "most_said": LONGEST["said"],
        "proposed": meetings.proposed_agenda(card, viewer=viewer, at=at)[:12] if runs else (),
        "invited": [(line, ATTENDANCE[line.attendance.value]) for line in invited],
        "attendance": list(ATTENDANCE.items()),
        "came": sum(line.attendance.value in ("PRESENT", "REPRESENTED") for line in invited),
        "outcomes": [(line, _kind_word(line.kind, line.verb)) for line in recorded],
        "to_plan": meetings.days_to_plan(card, recorded, at=at) if runs else (),
        "before": before,
        "follow_ups": [
            (item, STANDINGS[item.standing])
            for item in (follow_up.actions_of_meeting(before.id, at=at) if before else ())
        ],
        "history": follow_up.history(f"meeting:{card.id}"),
        "today": clock.local_date(at, zone=places.zone_of(card.place).key),
        "minutes": "",
        "rows": None,
        **more,
    }


def _beside(agenda: Sequence[AgendaLine]) -> set[int]:
    """Return the meetings from which points of an agenda came, and to which they went."""
    return {
        other.meeting_id
        for line in agenda
        for other in (line.before, line.next)
        if other is not None
    }


def _pressed(
    request: HttpRequest, card: MeetingCard, act: Callable[..., Any], done: str, **given: Any
) -> HttpResponse:
    """Do what was asked of a meeting as it was seen, and return to its page."""
    asked = partial(act, meeting_id=card.id, version=seen_version(request), **given)
    return pressed(request, asked, done=done, to=card.link)


def _kind_word(kind: OutcomeKind, verb: str) -> Any:
    return KINDS.get(kind) or VERBS.get(verb, verb)


@requires(RUN_MEETING)
@require_POST
def set_agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Set the agenda: points that stay, proposals that were ticked, and one of one's own."""
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    keep, take = set(request.POST.getlist("keep")), set(request.POST.getlist("take"))
    entries = [
        card_of(AgendaEntry, line, action_id=line.action.id if line.action else None)
        for line in meetings.agenda(card.id, at=at)
        if line.is_put_off or str(line.id) in keep
    ]
    proposed = meetings.proposed_agenda(card, viewer=viewer, at=at)
    entries += [_entry(alert) for alert in proposed if alert.link in take]
    if own := request.POST.get("own", "").strip():
        entries.append(AgendaEntry(text=own))
    taken_up = [id for text in request.POST.getlist("taken_up") if (id := natural(text))]
    done = _("The agenda was set.")
    return _pressed(request, card, actions.set_agenda, done, entries=entries, taken_up=taken_up)


def _entry(alert: Alert) -> AgendaEntry:
    """Return an alert as a point of the agenda, with the action to which it leads, if to one."""
    head, _sep, tail = alert.link.rpartition("/")
    return AgendaEntry(
        action_id=natural(tail) if head == "/coordination/actions" else None,
        alert_code=alert.code,
        alert_params=alert.params,
        place=alert.place,
        link=alert.link,
        severity=alert.severity,
    )


@requires(RUN_MEETING)
def add_to_agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put an alert from elsewhere on the agenda: at once when posted, asked once more otherwise."""
    viewer = viewer_of(request)
    card = meetings.meeting_card(meeting_id, viewer)
    alert = read_signed(request.GET.get("alert", ""))
    if alert is None:
        raise Http404
    if request.method != "POST":
        head = head_of_page(card.place, viewer, _("Put on the agenda"))
        context = {**head, "meeting": card, "alert": alert}
        return render(request, "coordination/add_to_agenda.html", context)
    return pressed(
        request,
        partial(actions.add_to_agenda, meeting_id=card.id, entry=_entry(alert)),
        done=_("It stands on the agenda."),
        to=card.link,
    )


@requires(RUN_MEETING)
@require_POST
def put_off(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put off points that were not reached: one or all, and each of which something was said.

    So no note that was written is lost where only one is pressed.
    """
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    chosen = request.POST.get("point", "")
    left = [line.id for line in meetings.agenda(card.id, at=at) if not line.is_put_off]
    notes = {id: request.POST.get(f"said-{id}", "").strip() for id in left}
    said = {id: note for id, note in notes.items() if note or chosen in ("all", str(id))}

    def told(to: int | None) -> str:
        if to is None:
            return _("It waits for the next meeting, and is offered when one is planned.")
        following = meetings.meeting_card(to, viewer)
        where = {"theme": following.theme, "day": day(following.date, "full")}
        return _("It stands on the agenda of %(theme)s, %(day)s.") % where

    act = partial(actions.put_off_points, meeting_id=card.id, version=seen_version(request))
    return pressed(request, partial(act, said=said), done=told, to=f"{card.link}#unreached")


@requires(RUN_MEETING)
@require_POST
def take_back(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take back that a point was put off."""
    card = meetings.meeting_card(meeting_id, viewer_of(request))
    point_id = natural(request.POST.get("point", "")) or 0
    done = _("It is this meeting's again.")
    return _pressed(request, card, actions.take_back_point, done, point_id=point_id)


@requires(RUN_MEETING)
@require_POST
def record_attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
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
                    request.POST.get(f"by-{line.institution.id}", line.representative),
                )
            )
    done = _("Attendance was recorded.")
    return _pressed(request, card, actions.record_attendance, done, entries=entries)


@requires(RUN_MEETING)
@require_POST
def close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close a meeting's record."""
    card = meetings.meeting_card(meeting_id, viewer_of(request))
    return _pressed(request, card, actions.close_meeting, _("The meeting's record is closed."))


@requires(RUN_MEETING)
@require_POST
def record_outcomes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Read pasted minutes, offer verbs anew for a changed recipient, or record all outcomes."""
    viewer, at = viewer_of(request), clock.now()
    card = meetings.meeting_card(meeting_id, viewer)
    if card.host.id not in voices(viewer, RUN_MEETING):
        raise OutOfScope(RUN_MEETING)
    table = meetings.table_of(card.host, card.place)
    text = request.POST.get("minutes", "")
    what = request.POST.get("do", "read")
    ahead = [m for m in meetings.next_meetings(card.place, after=at) if m.id != card.id]
    make = _formset(card, table, ahead)
    if fault := _too_much(text):
        rows = make(initial=[], prefix="rows")
        rows.non_form_errors().append(fault)
        return _with_rows(request, card, viewer, text, rows, status=422)
    if what == "read":
        read = meetings.readings(text, card=card, table=table)
        first = [_first_guess(line, card, table, ahead) for line in read]
        rows = make(initial=first[:MOST_ROWS], prefix="rows")
        return _with_rows(request, card, viewer, text, rows)
    version: Any = seen_version(request)
    rows = make(request.POST, prefix="rows")
    if what != "record":
        values = [{name: form[name].value() for name in form.fields} for form in rows.forms]
        rows = make(initial=[_allowed(value, table) for value in values], prefix="rows")
        return _with_rows(request, card, viewer, text, rows)
    if rows.is_valid():
        try:
            made = actions.record_outcomes(
                meeting_id=card.id,
                version=version,
                minutes=text,
                rows=[_outcome_row(form.cleaned_data, card, ahead) for form in rows.forms],
                actor=viewer,
                at=at,
            )
        except Refused as refused:
            _add_to_row(rows, refused)
            if isinstance(refused, Conflict):
                version = refused.params.get("now", version)
        else:
            messages.success(request, _told(made, viewer, at))
            return redirect("coordination:meeting", card.id)
    return _with_rows(request, card, viewer, text, rows, status=422, version=version)


MOST_ROWS, MOST_LETTERS = 100, 20_000
"""What is read and recorded of minutes at once."""


def _too_much(text: str) -> str:
    """Return what to say where minutes are longer than what is recorded at once; nothing is cut."""
    lines = sum(1 for line in text.splitlines() if line.strip())
    if lines <= MOST_ROWS and len(text) <= MOST_LETTERS:
        return ""
    return _(
        "These minutes have %(lines)s lines and %(letters)s characters; at most %(most)s lines and "
        "%(most_letters)s characters are recorded at once. Record the first part, then the rest."
    ) % {
        "lines": number(lines),
        "letters": number(len(text)),
        "most": number(MOST_ROWS),
        "most_letters": number(MOST_LETTERS),
    }


def _formset(
    card: MeetingCard, table: meetings.Table, ahead: Sequence[MeetingCard]
) -> "Callable[..., BaseFormSet[Any]]":
    kwargs = {
        "vote_date": vote_ahead(card.place, at=clock.now()),
        "institutions": grouped(table.addressees),
        "verbs": table.verbs,
        "meetings": [(m.id, m.theme) for m in ahead],
    }
    made: Any = formset_factory(
        OutcomeForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
    told = {
        "missing_management_form": _("The rows did not arrive whole. Read the lines again."),
        "too_many_forms": _("At most %(most)s outcomes are recorded at once. Leave some out.")
        % {"most": MOST_ROWS},
    }
    return lambda *args, **more: made(*args, form_kwargs=kwargs, error_messages=told, **more)


def _first_guess(
    line: ReadLine, card: MeetingCard, table: meetings.Table, ahead: Sequence[MeetingCard]
) -> dict[str, Any]:
    """Return a row for a line that was read; the verb follows from who speaks to whom.

    A line that asks of nobody has no kind: somebody has to choose before it is recorded.
    """
    verbs = table.verbs.get(line.institution_id or 0, ())
    if not line.asks:
        chosen = OutcomeKind.INFORMATION.value
    elif not verbs:
        chosen = ""
    elif line.kind is OutcomeKind.DECISION:
        chosen = line.kind.value
    else:
        chosen = usual_verb(verbs) or ""
    check_date, check_meeting = line.check_date, None
    if line.due_date and not check_date:
        check_date, check_meeting = _check_of(line.due_date, card, ahead)
    return {
        "text": line.text,
        "owner": line.institution_id if line.asks else None,
        "kind": chosen,
        # What is only told is due on no day; where a meeting is told of, its day is kept.
        "due_date": line.due_date if line.asks else None,
        "check_date": check_date,
        "check_meeting": check_meeting,
        "place": line.place,
        "why": " ".join(_why(reason, line, table) for reason in line.reasons),
    }


def _check_of(
    due: date, card: MeetingCard, ahead: Sequence[MeetingCard]
) -> tuple[date | None, int | None]:
    """Return when it can be seen whether something was done: a day, or a planned meeting's id.

    The first meeting that is planned on or after the due date, else the day on which this meeting
    would come together then, each week on its weekday.
    """
    planned = next((meeting.id for meeting in ahead if meeting.date >= due), None)
    if planned is not None:
        return None, planned
    weeks = max(1, -(-(due - card.date).days // 7))
    return card.date + timedelta(days=7 * weeks), None


def _why(reason: Reason, line: ReadLine, table: meetings.Table) -> str:
    owner = next((c.name for c in table.addressees if c.id == line.institution_id), "")
    return WHY[reason.why] % {
        "words": reason.words,
        "owner": owner,
        "day": day(reason.day, "full") if reason.day else "",
    }


def _told(action_ids: Sequence[int], viewer: Viewer, at: datetime) -> str:
    """Return what is said after recording: whom an account hears for was told, nobody else."""
    owners = {
        card.owner.id: card.owner.name for card in follow_up.cards_of(action_ids, viewer, at=at)
    }
    heard = institutions.accounts_for(list(owners), ANSWER_ACTION, at=at)
    told = [name for id, name in owners.items() if heard.get(id)]
    untold = [name for id, name in owners.items() if not heard.get(id)]
    parts = [_("The outcomes were recorded.")]
    if told:
        parts.append(_("Told: %(names)s.") % {"names": ", ".join(told)})
    if untold:
        parts.append(
            _("Nobody has an account there; tell them yourself: %(names)s.")
            % {"names": ", ".join(untold)}
        )
    return " ".join(parts)


def _allowed(value: dict[str, Any], table: meetings.Table) -> dict[str, Any]:
    """Return a row with a kind that its recipient allows."""
    verbs = table.verbs.get(natural(str(value.get("owner") or "")) or 0, ())
    known = {*verbs, OutcomeKind.INFORMATION.value}
    known |= {OutcomeKind.DECISION.value} if verbs else set()
    if value.get("kind") not in known:
        value["kind"] = usual_verb(verbs) or ""
    return value


def _outcome_row(
    data: Mapping[str, Any], card: MeetingCard, ahead: Sequence[MeetingCard]
) -> OutcomeRow:
    chosen = data["kind"]
    kind = KIND_OF_VERB.get(chosen) or OutcomeKind(chosen)
    asks = kind is not OutcomeKind.INFORMATION
    check_date, check_meeting = data["check_date"], data["check_meeting"]
    if asks and not check_date and not check_meeting:
        check_date, check_meeting = _check_of(data["due_date"], card, ahead)
    return OutcomeRow(
        text=data["text"],
        kind=kind,
        owner_id=data["owner"] if asks else None,
        verb=chosen if chosen in KIND_OF_VERB else "",
        due_date=data["due_date"] if asks else None,
        check_date=check_date,
        check_meeting_id=check_meeting if asks else None,
        evidence_asked=data["evidence_asked"],
        place=PlaceCode(data["place"]) if asks and data["place"] else None,
    )


def _said(form: Any, name: str) -> bool:
    """Tell whether a row says what it must, or need not say it."""
    if name == "due_date" and form.ask_back():
        return False
    return bool(form[name].value()) or not form.fields[name].required


def _add_to_row(rows: "BaseFormSet[Any]", refused: Refused) -> None:
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
    rows: "BaseFormSet[Any]",
    *,
    status: int = 200,
    version: int | None = None,
) -> HttpResponse:
    lacking = sum(not (_said(form, "kind") and _said(form, "due_date")) for form in rows.forms)
    context = _meeting_context(card, viewer, minutes=text, rows=rows, lacking=lacking)
    context["version"] = version or seen_version(request)
    if request.headers.get("HX-Target") == "rows":
        return render(request, "coordination/_rows.html", context, status=status)
    return render(request, "coordination/meeting.html", context, status=status)
