"""The pages of a place: overview, and asking, planning and visiting."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.coordination import actions
from serentak.coordination.forms import PlanForm, VisitForm
from serentak.coordination.permissions import (
    GIVE_ACTION,
    RECORD_GUIDANCE,
    RUN_MEETING,
    VIEW_COORDINATION,
)
from serentak.coordination.queries import briefing, follow_up, meetings
from serentak.coordination.queries.addressees import allowed_verbs
from serentak.coordination.rules.promises import Standing
from serentak.coordination.words import MEETING_STATES, STANDINGS, VERBS
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.forms import form_page
from serentak.platform.web.tables import Choice, Column, Kind, Table

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
        "waiting": _waiting(place, viewer, at),
    }
    return render(request, "coordination/overview.html", context)


def _waiting(place: PlaceCode, viewer: Viewer, at: datetime) -> list[meetings.AgendaLine]:
    """Return what waits for the next meeting that the viewer runs here."""
    host = voices(viewer, RUN_MEETING).first if viewer.may(RUN_MEETING, place) else None
    return meetings.waiting(place, host, at=at)


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
        lambda row: said({"id": row.text, "en": row.text_en or row.text}),
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


@requires(RUN_MEETING)
def plan(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Plan a meeting."""
    viewer = viewer_of(request)
    host = speaker_of(viewer)
    table = meetings.table_of(host, place) if host else None
    return form_page(
        request,
        PlanForm(
            request.POST or None,
            institutions=grouped(table.addressees if table else ()),
            waiting=[
                (line.id, f"{line.sentence} ({line.delay})")
                for line in meetings.waiting(place, host, at=clock.now())
            ],
            # The day and venue of a meeting that minutes have named.
            initial={name: request.GET.get(name, "")[:200] for name in ("starts_at", "venue")},
        ),
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
