"""A place's neutrality on one page, its list of cases, and how they were followed up."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.status import Status
from serentak.neutrality import words
from serentak.neutrality.permissions import (
    ISSUE_CIRCULAR,
    RECORD_PLEDGES,
    REFER_CASE,
    REPORT_SERVICES,
    VIEW_CASES,
    VIEW_NEUTRALITY,
)
from serentak.neutrality.queries import cases, catalogues, coverage, handlers
from serentak.neutrality.queries.briefing import briefings
from serentak.neutrality.queries.cases import FollowUpLine
from serentak.neutrality.queries.coverage import PledgeLine, ReplacementLine, ServiceLine
from serentak.neutrality.rules.cases import CaseState
from serentak.neutrality.rules.standing import ServiceLevel
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.web import marks
from serentak.platform.web.formats import NOTHING, day
from serentak.platform.web.heads import Crumb, head_of
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

_MARK_OF_A_LEVEL = {
    None: Status.NO_REPORT,
    ServiceLevel.OPEN: Status.ON_TRACK,
    ServiceLevel.REDUCED: Status.AT_RISK,
    ServiceLevel.CLOSED: Status.LATE,
}


def _lapsed(row: Any) -> object:
    if row.lapsed_date is None:
        return NOTHING
    late = marks.mark(Status.LATE)
    return format_html('<span class="st" data-s="late">{}{}</span>', late, day(row.lapsed_date))


def _level(row: ServiceLine) -> SafeString:
    return marks.status(_MARK_OF_A_LEVEL[row.level], _level_text(row))


def _level_text(row: ServiceLine) -> str:
    return str(words.SERVICE_LEVELS[row.level]) if row.level else _("no report")


CASE_COLUMNS: tuple[Column[Any], ...] = (
    Column(
        "reference",
        gettext_lazy("Number"),
        lambda row: row.reference,
        link=lambda row: reverse("neutrality:case", args=[row.key]),
        order=("reference",),
    ),
    Column("agency", gettext_lazy("Agency"), lambda row: row.agency.name,
           order=("agency__name",), is_wide=True),
    Column(
        "state",
        pgettext_lazy("case", "Step"),
        lambda row: words.STATES[CaseState(row.state)],
        order=("state",),
        is_wide=True,
    ),
    Column("due", gettext_lazy("Clock ends"), lambda row: row.due_date, Kind.DAY,
           order=("due_date",), is_wide=True),
    Column(
        "lapsed",
        gettext_lazy("Ran out on"),
        lambda row: row.lapsed_date,
        Kind.DAY,
        order=("lapsed_date",),
        is_wide=True,
        draw=_lapsed,
    ),
    Column("handler", gettext_lazy("With"), lambda row: row.handler.name,
           order=("handler__name",), is_wide=True),
    Column("received", gettext_lazy("Received on"), lambda row: row.received_date, Kind.DAY,
           order=("received_date",), is_wide=True),
    Column("class", gettext_lazy("Class"),
           lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False),
)  # fmt: skip

PLEDGES: tuple[Column[PledgeLine], ...] = (
    Column("agency", gettext_lazy("Agency"), lambda row: row.agency),
    Column("signed", gettext_lazy("Signed"), lambda row: row.signed, Kind.NUMBER),
    Column("staff", gettext_lazy("Staff"), lambda row: row.staff, Kind.NUMBER),
    Column("coverage", gettext_lazy("Signed ÷ staff"), lambda row: row.coverage, Kind.SHARE),
    Column("as_of", gettext_lazy("As of"), lambda row: row.as_of_date, Kind.DAY),
    Column("source", gettext_lazy("Source"), lambda row: row.source),
    Column(
        "class",
        gettext_lazy("Class"),
        lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)] if row.figure_class else "",
    ),
)

SERVICES: tuple[Column[ServiceLine], ...] = (
    Column("service", gettext_lazy("Service"), lambda row: row.service),
    Column("agency", gettext_lazy("Agency"), lambda row: row.agency),
    Column(
        "level",
        gettext_lazy("Today"),
        _level_text,
        draw=_level,
    ),
    Column("reason", gettext_lazy("Reason"), lambda row: row.reason, is_wide=True),
    Column("day", gettext_lazy("Reported on"), lambda row: row.report_date, Kind.DAY),
)

REPLACEMENTS: tuple[Column[ReplacementLine], ...] = (
    Column("post", pgettext_lazy("person", "Post"), lambda row: row.post),
    Column("agency", gettext_lazy("Agency"), lambda row: row.agency),
    Column("day", gettext_lazy("Replaced on"), lambda row: row.replaced_date, Kind.DAY),
    Column("decree", gettext_lazy("Decree"), lambda row: row.decree_number),
    Column("consent", gettext_lazy("Consent"), lambda row: row.consent),
    Column(
        "forbidden",
        gettext_lazy("In the window without consent"),
        lambda row: row.is_forbidden,
        Kind.YES_NO,
    ),
)


def _stay(state: CaseState) -> Callable[[FollowUpLine], float | None]:
    return lambda row: row.by_step.get(state)


STAYS = (
    (CaseState.AT_TASK_FORCE, pgettext_lazy("days at", "Task force")),
    (CaseState.AT_SUPERVISOR, pgettext_lazy("days at", "Supervisor")),
    (CaseState.AT_BKN, pgettext_lazy("days at", "BKN")),
    (CaseState.AT_AUTHORITY, pgettext_lazy("days at", "Authority")),
)
"""Steps whose days the follow-up shows, in headings short enough for twelve columns."""

FOLLOW_UP: tuple[Column[FollowUpLine], ...] = (
    Column("name", gettext_lazy("Name"), lambda row: row.name),
    Column("total", gettext_lazy("Cases"), lambda row: row.cases.total, Kind.NUMBER),
    Column("open", pgettext_lazy("cases", "Open"), lambda row: row.cases.open, Kind.NUMBER),
    Column("past", pgettext_lazy("cases", "Past"), lambda row: row.cases.past_clock, Kind.NUMBER),
    Column("recommended", gettext_lazy("Recommended"), lambda row: row.cases.recommended,
           Kind.NUMBER, is_wide=True),
    Column("followed", gettext_lazy("Followed up"), lambda row: row.cases.followed, Kind.NUMBER,
           is_wide=True),
    Column("rate", pgettext_lazy("cases", "Share"), lambda row: row.cases.follow_up, Kind.SHARE),
    Column("days", pgettext_lazy("cases", "Days"), lambda row: row.days, Kind.NUMBER),
    *(
        Column(state.value.lower(), heading, _stay(state), Kind.NUMBER)
        for state, heading in STAYS
    ),
)  # fmt: skip


def head(
    place: PlaceCode, title: str | Promise = "", *between: Crumb, about: str | Promise = ""
) -> dict[str, Any]:
    """Return what every page of a place shows above; 404 where there is no such place."""
    path = places.path(place)
    if not path or path[-1].code != place:
        raise Http404
    area = (_("Neutrality"), reverse("neutrality:overview", args=[place]))
    whole = _("Neutrality in %(place)s")
    return head_of(path, area, *between, whole=whole, title=title, facts=[about])


@requires(VIEW_NEUTRALITY)
def overview(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how a place stands: cases, pledges, circulars, services, replaced officials."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    viewer, at = viewer_of(request), clock.now()
    days = catalogues.calendar(place, at)
    tables: dict[str, Table[Any]] = {
        "pledges": Table(
            name="pledge-lines",
            title=_("Pledges by agency"),
            columns=PLEDGES,
            rows=coverage.pledge_lines(place),
            prefix="p-",
            empty=_("This place has no agencies of its own."),
        ),
        "services": Table(
            name="service-lines",
            title=_("Services by agency"),
            columns=SERVICES,
            rows=coverage.service_lines(place, viewer, at),
            prefix="s-",
            empty=_("No agency of this place reports services."),
        ),
        "replacements": Table(
            name="replacement-lines",
            title=_("Replaced officials"),
            columns=REPLACEMENTS,
            rows=coverage.replacements(place, days),
            prefix="r-",
            is_searchable=False,
            empty=_("No replacement has been recorded."),
        ),
    }
    bound = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    found = briefings(parent=place, viewer=viewer, at=at)
    context = {
        **head(place),
        "briefing": found.get(place),
        "days": days,
        "below": _below(place, found),
        "statistics": catalogues.statistics(),
        "circulars": coverage.circulars(place, viewer, at),
        "tables": bound,
        "may_see_cases": viewer.may(VIEW_CASES, place),
        "without_handler": handlers.places_without_handler(place, at=at)
        if viewer.may(VIEW_CASES, place)
        else (),
        "may_refer": viewer.may(REFER_CASE, place),
        "may_pledge": level_of(place) < Level.DISTRICT
        and coverage.answers_for(viewer, RECORD_PLEDGES, place),
        "may_serve": viewer.may(REPORT_SERVICES, place),
        "may_issue": level_of(place) < Level.DISTRICT
        and coverage.answers_for(viewer, ISSUE_CIRCULAR, place),
        "may_replace": coverage.may_record_replacement(viewer, place),
    }
    return render(request, "neutrality/overview.html", context)


def _below(place: PlaceCode, found: Any) -> list[tuple[places.PlaceCard, Any]]:
    if level_of(place) >= Level.DISTRICT:
        return []
    return [(card, found[card.code]) for card in places.children(place) if card.code in found]


@requires(VIEW_CASES)
def case_list(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """List the cases of a place: number, agency, step, clock; never a name."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    viewer, at = viewer_of(request), clock.now()
    table: Table[Any] = Table(
        name="cases",
        title=_("Cases"),
        columns=CASE_COLUMNS,
        rows=cases.case_rows(place, viewer),
        choices=[
            Choice(
                "clock",
                _("Show"),
                [
                    ("open", _("open")),
                    ("past", _("past their clock")),
                    ("race", _("with an authority who is a candidate")),
                    ("closed", _("closed")),
                ],
                lambda rows, chosen: cases.kept(rows, chosen, place, at),
            ),
            Choice(
                "state",
                pgettext_lazy("case", "Step"),
                [(state.value, words.STATES[state]) for state in CaseState],
                lambda rows, chosen: rows.filter(state=chosen),
            ),
        ],
        search_fields=("reference__icontains", "agency__name__icontains"),
        notes=[_("Names of persons are shown to case handlers alone, and never in a list.")],
        empty=_("No case has been referred here."),
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    context = {
        **head(place, _("Cases")),
        "table": bound,
        "may_refer": viewer.may(REFER_CASE, place),
    }
    return render(request, "neutrality/cases.html", context)


@requires(VIEW_CASES)
def follow_up(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how cases were followed up, by place and agency, beside the figures of 2020."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    viewer, at = viewer_of(request), clock.now()
    found = cases.follow_up(place, viewer, at)
    notes = [
        _(
            "Share: followed up of recommended. Days: calendar days from the recommendation to the "
            "decision, then at each step; the median of what has ended, a running step not counted."
        )
    ]
    tables: dict[str, Table[FollowUpLine]] = {
        name: Table(
            name=f"{name}-follow-up",
            title=title,
            columns=FOLLOW_UP,
            rows=rows,
            prefix=f"{name[0]}-",
            notes=notes,
            empty=_("No case has been referred here."),
        )
        for name, title, rows in (
            ("places", _("By place"), [found.whole, *found.places]),
            ("agencies", _("By agency"), found.agencies),
        )
    }
    bound = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    context = {
        **head(place, _("Follow-up")),
        "found": found,
        "tables": bound,
        "statistics": catalogues.statistics(),
    }
    return render(request, "neutrality/follow_up.html", context)
