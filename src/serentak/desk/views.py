"""The operations room's pages: read, lay side by side, show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level, PlaceCode
from serentak.platform import clock
from serentak.platform.access import requires, signed_in, viewer_of
from serentak.platform.web import formats
from serentak.platform.web.charts import Stage, StageTimeline, Tile, TileGrid
from serentak.platform.web.tables import Column, Kind, Table

from . import queries, words
from .permissions import VIEW_DESK
from .queries import Child, PlacePage

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
    context = {
        "page": page,
        "path": queries.visible_path(page, viewer),
        "table": table,
        "tiles": _tiles(page),
        "cards": [
            (words.FOCUS_NAMES[focus], words.FOCUS_QUESTIONS[focus], page.briefings.get(focus))
            for focus in Focus
        ],
        "readiness_url": reverse("readiness:place", args=[place]),
        "alerts": [(a, page.names.get(a.place)) for a in page.alerts[: queries.ALERTS_SHOWN]],
        "more_alerts": len(page.alerts) - queries.ALERTS_SHOWN,
        "silent": page.missing[:SILENT_SHOWN],
        "more_silent": len(page.missing) - SILENT_SHOWN,
        "stages": _stages(page),
        "children_title": _CHILDREN.get(page.card.level, ""),
        "is_province": page.card.level is Level.PROVINCE,
    }
    return render(request, "desk/place.html", context)


_CHILDREN = {
    Level.PROVINCE: gettext_lazy("Regencies and cities"),
    Level.REGENCY: gettext_lazy("Districts"),
    Level.DISTRICT: gettext_lazy("Villages and urban villages"),
}


def _url(child: Child) -> str:
    """A child of a district is a village, whose page is its list of stations."""
    name = "elections:election" if child.card.level is Level.VILLAGE else "desk:place"
    return reverse(name, args=[child.card.code])


def _children_table(page: PlacePage) -> Table[Child]:
    columns: list[Column[Child]] = [
        Column("name", _("Name"), lambda c: c.card.full_name, link=_url),
    ]
    if page.card.level < Level.DISTRICT:
        columns += [
            Column("status", _("Readiness"), lambda c: c.status, Kind.STATUS),
            Column("finished", _("Finished"), lambda c: c.finished_share, Kind.SHARE),
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


def _notes(page: PlacePage) -> Sequence[str]:
    if page.card.level >= Level.DISTRICT:
        return ()
    return (
        _("Finished: share of the activities that are set up there. Who is silent never counts."),
    )


def _tiles(page: PlacePage) -> TileGrid | None:
    if page.card.level >= Level.DISTRICT or page.grid is None or not page.children:
        return None
    cells = page.grid.cells
    return TileGrid(
        [
            Tile(
                label=child.card.tile_name,
                name=child.card.full_name,
                status=child.status,
                figure=formats.share(child.finished_share),
                link=_url(child),
                column=cells[child.card.code][0] if child.card.code in cells else None,
                row=cells[child.card.code][1] if child.card.code in cells else None,
            )
            for child in page.children
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
