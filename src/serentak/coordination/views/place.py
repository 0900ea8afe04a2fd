"""The pages of a place: overview, and asking, planning and visiting."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.coordination import actions
from serentak.coordination.actions import Ask
from serentak.coordination.forms import AskForm, PlanForm, VisitForm
from serentak.coordination.permissions import (
    GIVE_ACTION,
    RECORD_GUIDANCE,
    RUN_MEETING,
    VIEW_COORDINATION,
)
from serentak.coordination.queries import briefing, follow_up, meetings
from serentak.coordination.queries.addressees import addressees, allowed_verbs
from serentak.coordination.queries.alerts import read_signed
from serentak.coordination.queries.settings import restricted
from serentak.coordination.rules.promises import Standing
from serentak.coordination.words import MEETING_STATES, STANDINGS, VERBS
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import form_page
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.words import word

from .parts import grouped, head_of_page, speaker_of


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
    head = head_of_page(place, viewer)
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
        institutions=grouped(addressees(place)),
        initial=_from_address(request),
    )
    return form_page(
        request,
        form,
        lambda actor, at, **given: actions.create_action(
            client_key=given["client_key"],
            ask=_ask(given, place),
            guidance_id=given["guidance"],
            actor=actor,
            at=at,
        ),
        {
            **head_of_page(place, viewer, _("Ask for an action")),
            "button": _("Ask"),
            "speaker": speaker_of(viewer),
            "is_private": _is_restricted(request),
        },
        done=_("The action was given."),
        to=follow_up.action_link,
        template="coordination/form.html",
    )


def _ask(given: Mapping[str, Any], place: PlaceCode) -> Ask:
    """Return what was entered; it is done with who answers, if they sit in the place."""
    owner = institutions.institution(given["owner"])
    alert = given["alert"]
    return Ask(
        owner_id=given["owner"],
        text=given["text"],
        due_date=given["due_date"],
        place=owner.place if owner and is_within(owner.place, place) else place,
        verb=given["kind"],
        person=given["person"],
        evidence_asked=given["evidence_asked"],
        check_date=given["check_date"],
        alert_code=alert.code if alert else "",
        alert_params=alert.params if alert else {},
        alert_link=alert.link if alert else "",
    )


def _is_restricted(request: HttpRequest) -> bool:
    """Tell whether the form is about an alert of which only some may hear."""
    alert = read_signed(request.POST.get("alert", "") or request.GET.get("alert", ""))
    return alert is not None and alert.code in restricted()


def _from_address(request: HttpRequest) -> dict[str, Any]:
    """Return what the address says of an alert or a visit, as the form's first values."""
    found: dict[str, Any] = {"guidance": request.GET.get("guidance")}
    text = request.GET.get("alert", "")
    if (alert := read_signed(text)) is not None:
        found |= {"alert": text, "text": word("ALERTS", alert.code, alert.params)}
    return found


@requires(RUN_MEETING)
def plan(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Plan a meeting."""
    viewer = viewer_of(request)
    host = speaker_of(viewer)
    table = meetings.table_of(host, place) if host else None
    return form_page(
        request,
        PlanForm(request.POST or None, institutions=grouped(table.addressees if table else ())),
        partial(actions.plan_meeting, place=place),
        {
            **head_of_page(place, viewer, _("Plan a meeting")),
            "button": _("Plan and invite"),
            "speaker": host,
        },
        done=_("The meeting was planned."),
        to=meetings.meeting_link,
        template="coordination/form.html",
    )


@requires(RECORD_GUIDANCE)
def visit(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record a visit of guidance to the regent or mayor of a place."""
    viewer = viewer_of(request)
    visited = _visited(place, viewer)
    if visited is None:
        raise Http404
    return form_page(
        request,
        VisitForm(request.POST or None),
        partial(actions.record_guidance, place=place, visited_id=visited.id),
        {
            **head_of_page(place, viewer, _("Record a visit of guidance"), visited.name),
            "button": _("Record, and ask for what follows"),
        },
        done=_("The visit was recorded."),
        to=lambda id: f"/{place}/coordination/ask?guidance={id}",
    )


def _visited(place: PlaceCode, viewer: Viewer) -> InstitutionCard | None:
    """Return the regent or mayor of a place, if the viewer may guide them."""
    card = institutions.institution_by("REGENT", place)
    speaker = voices(viewer, RECORD_GUIDANCE).first
    if card is None or speaker is None:
        return None
    allowed = allowed_verbs(speaker, [card])[card.id]
    return card if institutions.Verb.GUIDANCE in allowed else None
