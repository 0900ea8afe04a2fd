"""A place's security on one page, its list of incidents, and its duty."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.briefing import Briefing, Figure, FigureClass, Focus
from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas, clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web import marks
from serentak.platform.web.forms import form_page, pressed
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD
from serentak.security import actions, forms, words
from serentak.security.permissions import PLAN_DUTY, REPORT_INCIDENT, VIEW_SECURITY
from serentak.security.queries import duty as duties
from serentak.security.queries import overview as overviews
from serentak.security.queries.briefing import DEEPEST, briefings
from serentak.security.queries.catalogues import incidents
from serentak.security.queries.incidents import (
    OpenIncident,
    in_state,
    link_of,
    open_incidents,
    ref_of,
    where_of,
)
from serentak.security.queries.incidents import visible as visible_under
from serentak.security.rules.states import OPEN_STATES, IncidentState, Severity

from .heads import head

SHOWN = 25
"""How many open incidents the page of a place shows; the list has them all."""


def status_of(severity: Severity, *, is_past: bool, is_open: bool = True) -> Status:
    """Return how an incident stands, as the mark beside it says."""
    if not is_open:
        return Status.DONE
    if severity.is_grave:
        return Status.LATE if is_past else Status.AT_RISK
    return Status.AT_RISK if is_past else Status.ON_TRACK


def _state(row: Any) -> SafeString:
    word = words.STATES[IncidentState(row.state)]
    past = row.due_at is not None and row.due_at < clock.now()
    is_open = IncidentState(row.state) in OPEN_STATES
    return marks.status(status_of(Severity(row.severity), is_past=past, is_open=is_open), word=word)


COLUMNS: tuple[Column[Any], ...] = (
    Column(
        "kind",
        pgettext_lazy("incident", "Kind"),
        lambda row: words.kind_text(row.kind),
        link=lambda row: link_of(row.key),
        order=("kind",),
    ),
    Column("place", gettext_lazy("Place"), where_of, order=("place",)),
    Column(
        "severity",
        pgettext_lazy("incident", "Severity"),
        lambda row: words.SEVERITIES[Severity(row.severity)],
        order=("severity",),
    ),
    Column("state", pgettext_lazy("incident", "State"),
           lambda row: words.STATES[IncidentState(row.state)], draw=_state, order=("state",),
           is_wide=True),
    Column("reported", gettext_lazy("Reported"), lambda row: row.reported_at, Kind.MOMENT,
           order=("reported_at",), is_wide=True),
    Column("due", pgettext_lazy("incident", "Clock ends"), lambda row: row.due_at, Kind.MOMENT,
           order=("due_at",), is_wide=True),
    Column("owner", gettext_lazy("Answers for it"), lambda row: row.owner.name,
           order=("owner__name",), is_wide=True),
    Column("happened", gettext_lazy("Happened"), lambda row: row.happened_at, Kind.MOMENT,
           order=("happened_at",), is_shown=False),
    Column("closed", pgettext_lazy("incident", "Ended"), lambda row: row.closed_at, Kind.MOMENT,
           order=("closed_at",), is_shown=False),
    Column("ref", pgettext_lazy("incident", "Number"), lambda row: ref_of(row.key),
           order=("key",), is_brief=False),
    Column("code", gettext_lazy("Code of the place"), lambda row: row.place_id, order=("place",),
           is_shown=False),
    Column("class", gettext_lazy("Class"),
           lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False,
           is_shown=False),
)  # fmt: skip

OPEN_COLUMNS: tuple[Column[OpenIncident], ...] = (
    Column(
        "kind",
        pgettext_lazy("incident", "Kind"),
        lambda row: words.kind_text(row.kind),
        link=lambda row: row.link,
    ),
    Column("place", gettext_lazy("Place"), lambda row: row.place_name),
    Column(
        "severity",
        pgettext_lazy("incident", "Severity"),
        lambda row: words.SEVERITIES[row.severity],
    ),
    Column("state", pgettext_lazy("incident", "State"), lambda row: words.STATES[row.state],
           draw=lambda row: marks.status(
               status_of(row.severity, is_past=row.is_past), word=words.STATES[row.state]),
           is_wide=True),
    Column("since", gettext_lazy("Reported"), lambda row: row.since, Kind.MOMENT, is_wide=True),
    Column("due", pgettext_lazy("incident", "Clock ends"), lambda row: row.due_at, Kind.MOMENT,
           is_wide=True),
    Column("owner", gettext_lazy("Answers for it"), lambda row: row.owner, is_wide=True),
)  # fmt: skip

KIND_COLUMNS: tuple[Column[overviews.KindLine], ...] = (
    Column("kind", pgettext_lazy("incident", "Kind"), lambda row: words.kind_text(row.kind)),
    Column("open", pgettext_lazy("incidents", "Open"), lambda row: row.open, Kind.NUMBER),
    Column("past", pgettext_lazy("incidents", "Past the clock"), lambda row: row.past,
           Kind.NUMBER),
    Column("closed", pgettext_lazy("incidents", "Closed"), lambda row: row.closed, Kind.NUMBER),
)  # fmt: skip


DUTY_COLUMNS: tuple[Column[Any], ...] = (
    Column("office", gettext_lazy("Office or unit"), lambda row: row.office, order=("office",)),
    Column("institution", gettext_lazy("Institution"), lambda row: row.institution.name,
           order=("institution__name",), is_wide=True),
    Column("from", pgettext_lazy("duty", "From"), lambda row: row.from_at, Kind.MOMENT,
           order=("from_at",), is_wide=True),
    Column("to", pgettext_lazy("duty", "To"), lambda row: row.to_at, Kind.MOMENT,
           order=("to_at",), is_wide=True),
    Column("line", gettext_lazy("Line of the duty"), lambda row: row.line, order=("line",)),
)  # fmt: skip


@requires(VIEW_SECURITY)
def overview(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how a place stands: what is open against its clock, what ended, by kind and place."""
    viewer, at = viewer_of(request), clock.now()
    found = open_incidents(place, viewer, at)
    tables: dict[str, Table[Any]] = {
        "open": Table(
            name="open",
            title=_("Open incidents"),
            columns=OPEN_COLUMNS,
            rows=found[:SHOWN],
            is_searchable=False,
            prefix="o-",
            empty=_("No incident is open here."),
            notes=[_("What is past its clock stands first, then the graver.")],
        ),
        "kinds": Table(
            name="kinds",
            title=_("By kind"),
            columns=KIND_COLUMNS,
            rows=overviews.by_kind(place, viewer, at),
            is_searchable=False,
            prefix="k-",
            empty=_("Nothing was reported here yet."),
        ),
    }
    bound = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    told = briefings(parent=place, viewer=viewer, at=at)
    context = {
        **head(place),
        "briefing": told.get(place),
        "figures": _figures(told.get(place), viewer),
        "has_briefing": level_of(place) <= DEEPEST,
        "below": _below(place, told, viewer),
        "tables": bound,
        "open": visible_under(viewer, place).filter(state__in=OPEN_STATES).count(),
        "is_cut": len(found) > SHOWN,
        "ended": overviews.ended_on(place, viewer, at),
        "on_duty": duties.on_duty(place, at),
        "may_report": viewer.may(REPORT_INCIDENT, place),
    }
    return render(request, "security/overview.html", context)


Numbers = list[tuple[Figure, str]]
"""Figures, each with the page of its rows, empty where there is none for the viewer."""


def _figures(briefing: Briefing | None, viewer: Viewer) -> Numbers:
    if briefing is None:
        return []
    area = areas.area_of(Focus.SECURITY)
    return [(one, areas.rows_url(area, one, briefing.place, viewer)) for one in briefing.figures]


def _below(
    place: PlaceCode, found: Mapping[PlaceCode, Briefing], viewer: Viewer
) -> list[tuple[places.PlaceCard, Briefing, Numbers]]:
    told = ((card, found.get(card.code)) for card in places.children(place))
    return [(card, one, _figures(one, viewer)) for card, one in told if one]


@requires(VIEW_SECURITY)
def incident_list(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """List the incidents at and under a place that exist for the reader."""
    viewer, at = viewer_of(request), clock.now()
    known = incidents()
    rows = visible_under(viewer, place).select_related("place__parent", "owner")
    table: Table[Any] = Table(
        name="incidents",
        title=_("Incidents"),
        columns=COLUMNS,
        rows=rows.order_by(F("closed_at").desc(nulls_first=True), "-severity", "-reported_at"),
        choices=[
            Choice(
                "state",
                pgettext_lazy("incident", "State"),
                [
                    ("open", pgettext_lazy("incidents", "Open")),
                    ("closed", pgettext_lazy("incidents", "Closed")),
                    *((state.value, text) for state, text in words.STATES.items()),
                ],
                in_state,
            ),
            Choice(
                "clock",
                pgettext_lazy("incident", "Clock"),
                [("past", pgettext_lazy("incidents", "Past the clock"))],
                lambda rows, _chosen: rows.filter(due_at__lt=at),
            ),
            Choice(
                "severity",
                pgettext_lazy("incident", "Severity"),
                [(severity.value, text) for severity, text in words.SEVERITIES.items()],
                lambda rows, chosen: rows.filter(severity=chosen),
            ),
            Choice(
                "group",
                pgettext_lazy("incident", "Kind"),
                [(key, said(group.name)) for key, group in known.groups.items()],
                lambda rows, chosen: rows.filter(
                    kind__in=[key for key, kind in known.kinds.items() if kind.group == chosen]
                ),
            ),
        ],
        search_fields=("place__name__icontains", "owner__name__icontains"),
        empty=_("Nothing was reported here yet."),
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    context = {
        **head(place, _("Incidents")),
        "table": bound,
        "may_report": viewer.may(REPORT_INCIDENT, place),
    }
    return render(request, "security/incidents.html", context)


@requires(VIEW_SECURITY)
def duty(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show who is on duty from now on at and under a place; who plans there, plans here."""
    viewer, at = viewer_of(request), clock.now()
    own = {card.id: card.name for card in duties.planners(viewer, place)}
    table: Table[Any] = Table(
        name="duty",
        title=_("Duty"),
        columns=DUTY_COLUMNS,
        rows=duties.duties_under(place, at),
        search_fields=(
            "office__icontains",
            "institution__name__icontains",
            "place__name__icontains",
        ),
        empty=_("Nobody has said who is on duty here."),
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    mine = duties.duties_of(own, at)
    context = {**head(place, _("Duty")), "table": bound, "may_plan": bool(own), "mine": mine}
    return render(request, "security/duty.html", context)


@requires(PLAN_DUTY)
def plan_duty(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Say which office is on duty from when to when."""
    own = {card.id: card.name for card in duties.planners(viewer_of(request), place)}
    if not own:
        raise Http404
    page = reverse("security:duty", args=[place])
    return form_page(
        request,
        forms.DutyForm(request.POST or None, institutions=own),
        _plan,
        {**head(place, _("Plan duty"), (_("Duty"), page)), "button": _("Plan duty")},
        done=_("The duty was planned."),
    )


def _plan(*, institution: int, **given: Any) -> int:
    return actions.plan_duty(institution_id=institution, **given)


@requires(PLAN_DUTY)
@require_POST
def cancel_duty(request: HttpRequest, duty_id: int) -> HttpResponse:
    """Take a duty back."""
    place = duties.place_of(duty_id)
    if place is None:
        raise Http404
    return pressed(
        request,
        partial(actions.cancel_duty, duty_id=duty_id),
        done=_("The duty was taken back."),
        to=reverse("security:duty", args=[place]),
    )
