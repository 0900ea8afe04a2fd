"""The readiness of a place: what comes first, what decides the date, how far the work is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.charts import Curve, CurvePoint, Gantt, GanttRow
from serentak.platform.web.formats import number
from serentak.platform.web.forms import pressed
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.readiness import actions, words
from serentak.readiness.permissions import AGREE_TARGET, MANAGE_ACTIVITIES, VIEW_READINESS
from serentak.readiness.queries.amounts import outdated_regencies
from serentak.readiness.queries.board import Standing, catalogue
from serentak.readiness.queries.curve import Progress
from serentak.readiness.queries.overview import Grouped, Overview
from serentak.readiness.queries.owed import Writers
from serentak.readiness.queries.plan import Plan, Planned
from serentak.readiness.queries.survey import Outlook, outlook
from serentak.readiness.rules.priority import Group

from . import cells
from .heads import page_head

MOST_BARS = 24
ROWS_ON_A_PAGE = 100
"""Enough for every activity of the catalogue, so that each group stands whole."""

COLUMNS: tuple[Column[Any], ...] = (
    Column(
        "name",
        gettext_lazy("Activity"),
        lambda row: row.name,
        draw=cells.name,
        is_wide=True,
    ),
    Column("owner", gettext_lazy("Institution"), lambda row: row.owner, is_brief=False),
    Column(
        "target",
        gettext_lazy("Target"),
        lambda row: row.target_date,
        Kind.DAY,
        draw=cells.target,
    ),
    Column(
        "finish",
        gettext_lazy("Forecast"),
        lambda row: row.finish_date,
        Kind.DAY,
        draw=cells.finish,
        is_brief=False,
    ),
    Column(
        "slack",
        pgettext_lazy("days", "Slack"),
        lambda row: row.slack,
        Kind.NUMBER,
        draw=cells.slack,
        is_brief=False,
    ),
    Column(
        "done",
        gettext_lazy("Done"),
        lambda row: row.done_share,
        Kind.SHARE,
        draw=cells.done,
        is_wide=True,
    ),
    Column(
        "status",
        gettext_lazy("Status"),
        lambda row: row.status,
        Kind.STATUS,
        draw=cells.status,
    ),
    Column("why", gettext_lazy("Why"), lambda row: row.why, is_shown=False),
    Column(
        "deadline",
        gettext_lazy("Deadline"),
        lambda row: row.deadline_date,
        Kind.DAY,
        is_shown=False,
    ),
)


SLACK_MEANS = gettext_lazy(
    "Slack: days from the forecast to the last day that all deadlines behind it allow."
)

PLACES: tuple[Column[Planned], ...] = (
    Column(
        "place",
        gettext_lazy("Regency or city"),
        lambda row: row.place_name,
        link=lambda row: reverse("readiness:activity", args=[row.place, row.key]),
    ),
    *(column for column in COLUMNS if column.name != "name"),
)
"""The columns of one activity in several places."""


def places_table(rows: Sequence[Planned], title: str) -> Table[Planned]:
    """Return the table of one activity in several places."""
    return Table(
        name="places",
        title=title,
        columns=PLACES,
        rows=rows,
        is_searchable=False,
        folds=True,
        notes=[SLACK_MEANS],
    )


def places_total(rows: Sequence[Planned]) -> dict[str, Any]:
    """Return how much is done of how much in all of these places, and in what unit."""
    return {
        "done": sum(row.done_quantity or 0 for row in rows),
        "target": sum(row.target_quantity for row in rows),
        "unit": rows[0].unit,
    }


@requires(VIEW_READINESS)
def readiness(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what comes first at a place, the critical path, and progress against target."""
    viewer, at = viewer_of(request), clock.now()
    is_whole = level_of(place) is Level.PROVINCE and "own" not in request.GET
    seen = outlook(place, viewer=viewer, at=at, whole_province=is_whole)
    found = seen.plan
    may_manage = level_of(place) is Level.PROVINCE and viewer.may(MANAGE_ACTIVITIES, place)
    head = page_head(place, when=found)
    context: dict[str, Any] = {**head, "plan": found, "may_manage": may_manage}
    if found is None:
        return render(request, "readiness/place.html", context)
    table = (_table_of_all(seen.overview) if seen.overview else _table(found)).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    is_district = level_of(place) is Level.DISTRICT
    context |= {
        "table": table,
        "gantt": None if is_district else _gantt(found),
        "curve": None if is_district else _curve(seen.curve, found),
        "overview": seen.overview,
        "is_own": level_of(place) is Level.PROVINCE and seen.overview is None,
        "finished": _finished(seen),
        "finished_count": _count(seen, Status.DONE),
        "counted": seen.overview.counted if seen.overview else len(found.rows),
        "late_count": _count(seen, Status.LATE),
        "groups": [(words.GROUPS[g], words.GROUP_HINTS[g], _in_group(seen, g), g) for g in Group],
        "outdated": outdated_regencies(place) if may_manage else 0,
        "may_report": seen.may_report,
        "may_agree": not is_district
        and viewer.may(AGREE_TARGET, place)
        and _may_agree(found, viewer),
    }
    return render(request, "readiness/place.html", context)


def _finished(seen: Outlook) -> list[Planned | Grouped]:
    """Return the activities that are finished wherever they are to be done."""
    shown = seen.overview or seen.plan
    return [row for row in shown.rows if row.status is Status.DONE] if shown else []


def _count(seen: Outlook, status: Status) -> int:
    if seen.overview:
        return seen.overview.finished if status is Status.DONE else seen.overview.late
    return sum(row.status is status for row in seen.plan.rows) if seen.plan else 0


def _in_group(seen: Outlook, group: Group) -> int:
    if seen.overview:
        return seen.overview.by_group[group]
    return len(seen.plan.in_group(group)) if seen.plan else 0


@require_POST
@requires(MANAGE_ACTIVITIES)
def set_up(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Set up a province's activities, or let their amounts follow the stations as they are now."""
    text = _("%(count)s new activities; all amounts follow the stations as they are now.")
    return pressed(
        request,
        partial(actions.instantiate_activities, province=place),
        done=lambda count: text % {"count": number(count)},
        to=reverse("readiness:place", args=[place]),
    )


def _may_agree(found: Plan, viewer: Viewer) -> bool:
    """Tell whether the viewer may agree any of a place's targets."""
    if not viewer.may(AGREE_TARGET, found.place):
        return False
    writers = Writers(viewer, AGREE_TARGET, ())
    owners = {row.owner_id for row in found.rows}
    return any(writers.agreeing(owner_id=id, place=found.place) for id in owners)


def _table(found: Plan) -> Table[Planned]:
    statuses = [(s.value, STATUS_WORD[s]) for s in Status if s is not Status.DONE]
    groups = [(group.value, words.GROUPS[group]) for group in Group]
    owners = sorted({(str(row.owner_id), row.owner) for row in found.rows}, key=lambda o: o[1])
    aspects = dict(sorted({(row.aspect, row.aspect_name) for row in found.rows}))

    def keep(name: str) -> Any:
        return lambda rows, value: [row for row in rows if str(getattr(row, name)) == value]

    return Table(
        name="plan",
        title=_("Activities in the order of priority"),
        columns=COLUMNS,
        rows=[row for row in found.rows if row.status is not Status.DONE],
        choices=[
            Choice(
                "status",
                _("Status"),
                statuses,
                lambda rows, value: [row for row in rows if _has_status(row, value)],
            ),
            Choice("group", _("Priority"), groups, keep("group")),
            Choice("aspect", _("Aspect"), list(aspects.items()), keep("aspect")),
            Choice("owner", _("Institution"), owners, keep("owner_id")),
            Choice("report", _("Report"), REPORT_CHOICES, keep("report_due")),
        ],
        group=_heading,
        page_size=ROWS_ON_A_PAGE,
        folds=True,
        notes=[
            _(
                "Forecast: from today at the likely pace of the catalogue, after everything that "
                "must be finished before. Durations are assumed where nobody has published them."
            ),
            SLACK_MEANS,
        ],
    )


REPORT_CHOICES = [("True", pgettext_lazy("report", "due today"))]

PARTS: tuple[Column[Grouped], ...] = (
    *(column for column in COLUMNS if column.name in ("name", "target", "finish", "slack", "done")),
    Column("places", gettext_lazy("Where"), lambda row: row.places, is_wide=True),
    *(column for column in COLUMNS if column.name in ("status", "why")),
)
"""The columns of activities in all of a province's places."""


def _table_of_all(found: Overview) -> Table[Grouped]:
    statuses = [(s.value, STATUS_WORD[s]) for s in Status if s is not Status.DONE]
    groups = [(group.value, words.GROUPS[group]) for group in Group]
    aspects = sorted({row.definition.aspect for row in found.rows})
    names = catalogue().aspects

    def among(tells: Callable[[Standing, str], bool]) -> Any:
        def keep(rows: Sequence[Grouped], value: str) -> list[Grouped]:
            kept = (row.among(lambda part: tells(part, value)) for row in rows)
            return [row for row in kept if row]

        return keep

    return Table(
        name="plan",
        title=_("Activities of all places in the order of priority"),
        columns=PARTS,
        rows=[row for row in found.rows if row.status is not Status.DONE],
        choices=[
            Choice("status", _("Status"), statuses, among(_has_status)),
            Choice(
                "group",
                _("Priority"),
                groups,
                among(lambda part, value: bool(part.priority and part.priority.group == value)),
            ),
            Choice(
                "aspect",
                _("Aspect"),
                [(aspect, said(names[aspect])) for aspect in aspects],
                among(lambda part, value: part.definition.aspect == value),
            ),
            Choice("report", _("Report"), REPORT_CHOICES, among(lambda part, value: part.due)),
        ],
        group=_heading,
        page_size=ROWS_ON_A_PAGE,
        folds=True,
        notes=[
            _(
                "Each activity stands once: amounts are summed over the places; target, forecast, "
                "slack and reason are those of the place that is named first. A filter counts only "
                "the places that it keeps."
            ),
            SLACK_MEANS,
        ],
    )


def _has_status(row: Standing | Planned, value: str) -> bool:
    """Tell whether a row belongs under a status; silence is also told of what is late."""
    return row.status == value or (value == Status.NO_REPORT and row.silent)


def _heading(row: Planned | Grouped) -> str | Promise:
    if row.group:
        return f"{words.GROUPS[row.group]} · {words.GROUP_HINTS[row.group]}"
    return _("Dropped by the owner")


def _gantt(found: Plan) -> Gantt | None:
    """Draw the critical path, then what must be finished now or comes next."""
    pressing = [*found.in_group(Group.FINISH_NOW), *found.in_group(Group.NEXT)]
    steps = [*found.critical]
    known = {row.activity_id for row in steps}
    others = [row for row in pressing if row.activity_id not in known]
    rows = sorted(
        [*steps, *others[: max(0, MOST_BARS - len(steps))]],
        key=lambda row: (row.start_date or row.target_date, row.finish_date or row.target_date),
    )
    if not rows:
        return None
    return Gantt(
        rows=[
            GanttRow(
                label=row.name if row.place == found.place else f"{row.name} ({row.place_name})",
                start=row.start_date,
                end=row.finish_date,
                target=row.target_date,
                is_critical=row.activity_id in known,
                status=row.status,
                note=_bar_note(row),
                link=reverse("readiness:activity", args=[row.place, row.key]),
            )
            for row in rows
            if row.start_date and row.finish_date
        ],
        today=found.today,
        vote_date=found.vote_date,
        title=_("Timeline with the critical path"),
    )


def _bar_note(row: Planned) -> str:
    if row.margin is None or row.margin >= 0:
        return ""
    return _("%(days)s past the target") % {"days": words.days_text(-row.margin)}


def _curve(points: Sequence[Progress], found: Plan) -> Curve | None:
    if not points:
        return None
    return Curve(
        actual=[CurvePoint(p.day, p.actual) for p in points if p.actual is not None],
        target=[CurvePoint(p.day, p.target) for p in points],
        today=found.today,
        vote_date=found.vote_date,
        title=_("Progress against target"),
        what=_("per cent of all work before the vote, weighed by consequence"),
    )
