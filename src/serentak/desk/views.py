"""The operations room's pages: read, lay side by side, show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serentak.coordination.public import ActionCard
from serentak.kernel.briefing import Briefing, Figure, Focus
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import may_open, requires, signed_in, viewer_of
from serentak.platform.web import formats
from serentak.platform.web.charts import Stage, StageTimeline, Tile, TileGrid
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.web.vocabulary import FOCUS_SHORT_WORD

from . import queries, words
from .permissions import VIEW_DESK
from .queries import Child, PlacePage
from .rules import Phase

SILENT_SHOWN = 6
PREPARATION = "PREPARATION"
BEFORE, AFTER = 36, 48
"""Days around today that the timeline shows."""


@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead a person to the topmost place that they answer for."""
    target = queries.home_of(viewer_of(request))
    if not target:
        raise Http404
    return redirect(target)


@requires(VIEW_DESK)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show a place: five areas, what needs you, its children, who is silent, stages."""
    viewer = viewer_of(request)
    page = queries.place_page(place, viewer=viewer, at=clock.now())
    table = _children_table(page).bind(request)
    if answer := table.answer(request):
        return answer
    area = _area(request, page)
    shown = page.needs if "all" in request.GET else page.needs[: queries.ALERTS_SHOWN]
    context = {
        "page": page,
        "path": queries.visible_path(page, viewer),
        "table": table,
        "tiles": _tiles(page, area),
        "areas": _area_links(page, area),
        "cards": [_card(page, focus, viewer) for focus in _areas(page)],
        "wide": [f"desk/_{part}.html" for part in page.layout.wide],
        "narrow": [f"desk/_{part}.html" for part in page.layout.narrow],
        "work": _work(page),
        "lead": words.lead(page.phase, page.days),
        "unset": ", ".join(
            str(words.FOCUS_NAMES[focus]) for focus in _areas(page) if focus not in _AREA_PAGES
        ),
        "has_act": page.has_work or any(need.has_act for need in page.needs),
        "divides": words.SHARES_DIVIDE.get(area, ""),
        "is_the_day": page.phase is Phase.ON_THE_DAY,
        "readiness_url": reverse("readiness:place", args=[place]),
        "sees_readiness": Focus.READINESS in page.seen,
        "needs": [(need, page.names.get(need.alert.place)) for need in shown],
        "more_alerts": len(page.needs) - len(shown),
        "silent": page.missing[:SILENT_SHOWN],
        "more_silent": len(page.missing) - SILENT_SHOWN,
        "stages": _stages(page),
        "children_title": _CHILDREN.get(page.card.level, ""),
        "is_province": page.card.level is Level.PROVINCE,
    }
    return render(request, "desk/place.html", context)


@dataclass(frozen=True, slots=True)
class Card:
    """An area on the page; without a briefing it says what it would answer, or why it cannot."""

    name: str | Promise
    question: str | Promise
    briefing: Briefing | None
    figures: tuple[tuple[Figure, str], ...]
    trend: queries.Trend | None
    url: str
    is_set_up: bool


_AREA_PAGES = {
    Focus.READINESS: "readiness:place",
    Focus.COORDINATION: "coordination:overview",
    Focus.NEUTRALITY: "neutrality:overview",
}


def _areas(page: PlacePage) -> list[Focus]:
    """Return the areas in the order of the phase; what the viewer may not see is not there."""
    return [f for f in page.layout.areas if f in page.seen or f not in queries.AREAS]


_ROWS = {
    "readiness.finished": "readiness?status=DONE",
    "readiness.late": "readiness?status=LATE",
    "readiness.reports_owed": "readiness",
    "readiness.margin": "readiness",
    "readiness.days_too_late": "readiness",
    "coordination.overdue": "coordination?standing=OVERDUE",
    "coordination.unacknowledged": "coordination?standing=UNACKNOWLEDGED",
    "coordination.open": "coordination",
    "coordination.on_time": "coordination",
    "neutrality.past_clock": "neutrality/cases?clock=past",
    "neutrality.followed_up": "neutrality/follow-up",
    "neutrality.pledged": "neutrality#pledges",
    "neutrality.services_thin": "neutrality#services",
}
"""Where the rows behind a card's number stand, under the place."""


def _figures(page: PlacePage, focus: Focus, viewer: Viewer) -> tuple[tuple[Figure, str], ...]:
    """Return a card's numbers, each with the page of its rows where the viewer may open it."""
    briefing = page.briefings.get(focus)
    found = []
    for figure in briefing.figures if briefing else ():
        rows = _ROWS.get(figure.code, "")
        url = f"/{page.card.code}/{rows}" if rows and figure.value else ""
        path = url.partition("?")[0].partition("#")[0]
        found.append((figure, url if url and may_open(viewer, path) else ""))
    return tuple(found)


def _card(page: PlacePage, focus: Focus, viewer: Viewer) -> Card:
    is_set_up = focus in _AREA_PAGES and (focus in page.briefings or focus is Focus.COORDINATION)
    return Card(
        name=words.FOCUS_NAMES[focus],
        question=words.FOCUS_QUESTIONS[focus],
        briefing=page.briefings.get(focus),
        figures=_figures(page, focus, viewer),
        trend=page.trends.get(focus),
        url=reverse(_AREA_PAGES[focus], args=[page.card.code]) if is_set_up else "",
        is_set_up=is_set_up,
    )


@dataclass(frozen=True, slots=True)
class Task:
    """An action that waits, and for whom."""

    action: ActionCard
    label: str


def _work(page: PlacePage) -> list[Task]:
    """Return the first tasks: ours, what we have to verify, what others owe us."""
    work = page.work
    ours = [Task(a, _("asked by %(sender)s") % {"sender": a.sender.name}) for a in work.to_do]
    verify = [Task(a, _("done, to be verified")) for a in work.to_verify]
    theirs = [Task(a, _("owed by %(owner)s") % {"owner": a.owner.name}) for a in work.owed_to_us]
    return [*ours, *verify, *theirs][: queries.WORK_SHOWN]


def _told(page: PlacePage) -> list[Focus]:
    """Return the areas that at least one child has an answer in."""
    return [f for f in _areas(page) if any(f in child.briefings for child in page.children)]


def _area(request: HttpRequest, page: PlacePage) -> Focus:
    """Return the area that the tiles show: the one asked for, readiness by default."""
    asked = request.GET.get("area", "").upper()
    return next((focus for focus in _told(page) if focus == asked), Focus.READINESS)


def _area_links(page: PlacePage, shown: Focus) -> list[tuple[str | Promise, str, bool]]:
    """Return name, link and whether it is shown, of each area that tiles can show."""
    told = _told(page)
    return [
        (FOCUS_SHORT_WORD[f], f"?area={f.lower()}#children", f is shown)
        for f in told
        if len(told) > 1
    ]


_CHILDREN = {
    Level.PROVINCE: gettext_lazy("Regencies and cities"),
    Level.REGENCY: gettext_lazy("Districts"),
    Level.DISTRICT: gettext_lazy("Villages and urban villages"),
}


def _url(child: Child) -> str:
    """A child of a district is a village, whose page is its list of stations."""
    name = "elections:election" if child.card.level is Level.VILLAGE else "desk:place"
    return reverse(name, args=[child.card.code])


def _short_name(card: places.PlaceCard) -> str:
    """Return the name as a table of neighbours needs it: only cities say what they are."""
    return card.name if card.kind is places.Kind.REGENCY else card.full_name


def _children_table(page: PlacePage) -> Table[Child]:
    columns: list[Column[Child]] = [
        Column("name", _("Name"), lambda c: _short_name(c.card), link=_url),
    ]
    if page.card.level < Level.DISTRICT:
        columns += [
            *(_status_column(focus) for focus in _told(page)),
            Column("finished", _("Finished"), lambda c: c.share(Focus.READINESS), Kind.SHARE),
            Column("late", _("Late"), lambda c: c.figure("readiness.late"), Kind.NUMBER),
            Column("owed", _("Owed"), lambda c: c.figure("readiness.reports_owed"), Kind.NUMBER),
        ]
    columns += [Column("stations", _("Stations"), lambda c: c.stations, Kind.NUMBER)]
    return Table(
        name="children",
        title=_CHILDREN.get(page.card.level, ""),
        columns=columns,
        rows=page.children,
        page_size=60,
        is_searchable=len(page.children) > 20,
        notes=_notes(page),
    )


def _status_column(focus: Focus) -> Column[Child]:
    name = FOCUS_SHORT_WORD[focus]
    return Column(focus.lower(), name, lambda c: c.status(focus), Kind.STATUS)


def _notes(page: PlacePage) -> Sequence[str]:
    if page.card.level >= Level.DISTRICT:
        return ()
    return (
        _("Finished: share of the activities that are set up there. Who is silent never counts."),
    )


def _tiles(page: PlacePage, area: Focus) -> TileGrid | None:
    """Return the children as tiles; of whom nothing was ever asked there is no tile."""
    if page.card.level >= Level.DISTRICT or page.grid is None or not page.children:
        return None
    if area not in page.seen:
        return None
    cells = page.grid.cells
    return TileGrid(
        [
            Tile(
                label=child.card.tile_name,
                name=child.card.full_name,
                status=child.status(area) or Status.NO_REPORT,
                figure=formats.share(child.share(area)),
                link=_url(child),
                column=cells[child.card.code][0] if child.card.code in cells else None,
                row=cells[child.card.code][1] if child.card.code in cells else None,
            )
            for child in page.children
            if area is not Focus.COORDINATION or area in child.briefings
        ],
        columns=page.grid.columns,
    )


def _stages(page: PlacePage) -> StageTimeline | None:
    """Return the stages of the vote around today; the election's own page has all of them."""
    if page.election is None:
        return None
    first, last = page.today - timedelta(BEFORE), page.today + timedelta(AFTER)
    vote = page.election.vote_date
    shown = [
        Stage(
            label=stage.name,
            start=stage.start_date or stage.end_date,
            end=stage.end_date,
            is_vote=stage.start_date == stage.end_date == vote,
        )
        for stage in page.stages
        if stage.phase != PREPARATION and first <= stage.end_date
    ]
    if not any(stage.start <= last for stage in shown):
        return None
    title = _("Stages of the election")
    return StageTimeline(
        shown, today=page.today, vote_date=vote, title=title, first=first, last=last
    )
