"""The situation room of a place: one page from a phone to a wall, which changes by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from serentak.contingency.public import RunCard
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.live import live, stamp_of
from serentak.platform.web.charts import Tile, TileGrid
from serentak.platform.web.formats import number
from serentak.security import words
from serentak.security.permissions import REPORT_INCIDENT, VIEW_SECURITY
from serentak.security.queries.briefing import DEEPEST
from serentak.security.queries.incidents import OpenIncident
from serentak.security.queries.room import LISTED, Below, Room, room_of, room_stamp
from serentak.security.rules.room import minutes_between

from .heads import head
from .place import status_of

ON_THE_WALL, ON_A_PAGE = 7, 40
"""How many open incidents a wall and a page show."""
LISTED_ON_THE_WALL, RESERVE_ON_THE_WALL = 3, 2
"""How many lines of a list a wall shows: it is not scrolled."""


@requires(VIEW_SECURITY)
@live(room_stamp)
def room(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what is open against its clock, where, who is silent and who is there."""
    if level_of(place) > DEEPEST:
        raise Http404
    viewer, at = viewer_of(request), clock.now()
    is_wall = request.GET.get("wall") == "1"
    found = room_of(place, viewer, at, most=ON_THE_WALL if is_wall else ON_A_PAGE)
    listed = LISTED_ON_THE_WALL if is_wall else LISTED
    context: dict[str, Any] = {
        "place": place,
        "zone": places.zone_of(place),
        "at": at,
        "room": found,
        "rows": [_line(row, at, found.plans.get(row.id, ())) for row in found.rows],
        "left_out": found.open - len(found.rows),
        "severities": [(words.SEVERITIES[one], n) for one, n in found.by_severity.items() if n],
        "alarms": " ".join(f"{row.ref}-{row.severity}" for row in found.grave),
        "started": [_line(row, at) for row in found.started[:listed]],
        "started_in_all": found.started_in_all,
        "tiles": _tiles(found),
        "silent": None if found.silent is None else [_quiet(o, at) for o in found.silent[:listed]],
        "silent_in_all": len(found.silent or ()),
        "on_duty": found.on_duty[:listed],
        "reserve": found.reserve[: RESERVE_ON_THE_WALL if is_wall else LISTED],
        "reserve_in_all": sum(one.here for one in found.reserve),
        "is_wall": is_wall,
    }
    if getattr(request, "htmx", False):
        return render(request, "security/_room.html", context)
    path = places.path(place)
    context |= {
        **head(place, _("Situation room"), about=path[-1].full_name),
        "stamp": stamp_of(request),
        "may_report": viewer.may(REPORT_INCIDENT, place),
        "is_private": True,
    }
    if is_wall:
        context["theme"] = "dark"
    return render(request, "security/room.html", context)


def _line(row: OpenIncident, at: datetime, plans: Sequence[RunCard] = ()) -> dict[str, Any]:
    status = status_of(row.severity, is_past=row.is_past)
    due = row.due_at
    return {
        "row": row,
        "kind": words.kind_text(row.kind),
        "state": words.STATES[row.state],
        "severity": words.SEVERITIES[row.severity],
        "status": status,
        "age": words.span(minutes_between(row.since, at)),
        "over": words.span(minutes_between(due, at)) if due and row.is_past else "",
        "left": words.span(minutes_between(at, due)) if due and not row.is_past else "",
        "has_plan": bool(plans),
        "open_steps": sum(run.open_steps for run in plans),
    }


def _quiet(one: Below, at: datetime) -> dict[str, Any]:
    since = words.span(minutes_between(one.heard_at, at)) if one.heard_at else ""
    return {"card": one.card, "since": since}


def _tiles(found: Room) -> TileGrid | None:
    if not found.below or found.below[0].card.level > Level.DISTRICT:
        return None
    return TileGrid(
        [
            Tile(
                label=one.card.tile_name,
                name=one.card.full_name,
                status=one.status,
                figure=f"{one.gravest} · {number(one.open)}" if one.gravest else "",
                link=f"/{one.card.code}/security/room",
                column=one.cell[0],
                row=one.cell[1],
            )
            for one in found.below
        ],
        columns=found.columns,
    )
