"""Drivers' sheets as PDF: one page for each route, with a code for each stop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serentak.platform.catalogue import said
from serentak.platform.documents import dots, pdf
from serentak.platform.web import formats

from .queries.catalogues import kind_text, vehicles
from .queries.plans import Seen
from .rules.catalogue import Stage
from .rules.plans import Route

TEMPLATE = Path(__file__).parent / "sheet.typ"
_BLANK = "……………………"


def sheets_pdf(seen: Seen, *, address: Callable[[str], str], is_drill: bool) -> bytes:
    """Return the sheets of a plan's routes in the order of leaving; the same bytes again.

    The code of a stop opens the page on which loads for its place are received.
    """
    routes = sorted(seen.routes, key=lambda one: (one.leaves_at, one.vehicle, one.trip))
    stage = said(vehicles().stages[Stage(seen.plan.stage)].name)
    name, invented = seen.world.election.name, _("(INVENTED DATA)")
    data = {
        "language": get_language() or "id",
        "title": _("DRIVER'S SHEET"),
        "subtitle": f"{name} {invented}" if is_drill else name,
        "plan": _("%(stage)s, %(place)s, plan %(number)s")
        % {"stage": stage, "place": seen.plan.place.name, "number": seen.plan.number},
        "pages": [_page(seen, route, address) for route in routes],
        "headings": [
            pgettext("of a route", "Stop"), _("Stations"), _("Arrive"), _("Latest"), _("Arrived"),
            _("Signature"), _("Scan"),
        ],
        "note": _(
            "Times are planned with assumed hours of travel. Blocked or late: call the store "
            "before you turn. Boats leave after 06:00 and are in by 17:00; else the night is "
            "spent at a guarded post."
        ),
        "page": _("Page"),
    }  # fmt: skip
    return pdf(TEMPLATE, data)


def _page(seen: Seen, route: Route, address: Callable[[str], str]) -> dict[str, Any]:
    row = seen.rows[route.vehicle, route.trip]
    zone = seen.world.election.zone.key
    trip = seen.outcome.trips.get((route.vehicle, route.trip))
    visits = trip.visits if trip else (None,) * len(route.calls)
    names, codes = seen.world.names, seen.world.codes

    def moment(value: Any, style: str = "paper") -> str:
        return formats.moment(value, zone, style) if value else _BLANK

    stops = []
    for number, (call, visit) in enumerate(zip(route.calls, visits, strict=True), 1):
        target = seen.world.setting.targets[call.target]
        link = address(reverse("logistics:place", args=[target.code]))
        stops.append(
            {
                "cells": [
                    f"{number}. {names[target.code]}"
                    + (
                        "\n" + _("by way of %(via)s") % {"via": names[codes[visit.via]]}
                        if visit and visit.via is not None
                        else ""
                    ),
                    formats.number(call.stations),
                    moment(visit.begins_at, "short") if visit else _("Way is blocked"),
                    moment(target.latest, "short"),
                ],
                "code": dots(link),
            }
        )
    vehicle = row.vehicle
    return {
        "facts": [
            (_("Vehicle or boat"), f"{vehicle.name} ({kind_text(vehicle.kind)})"),
            (_("Owner"), vehicle.owner.name),
            (_("Trip"), str(route.trip)),
            (_("Crew"), str(vehicle.crew)),
            (_("Escort"), vehicle.escort or _BLANK),
            (pgettext("a route", "Leaves"), moment(row.leaves_at)),
            (pgettext("a route", "Back"), moment(trip.back_at if trip else None)),
            (
                _("Load"),
                _("%(stations)s stations, %(kg)s kg, %(m3)s m³")
                % {
                    "stations": formats.number(trip.stations),
                    "kg": formats.number(trip.kg),
                    "m3": formats.number(trip.litres / 1000, 1),
                }
                if trip
                else _BLANK,
            ),
        ],
        "stops": stops,
    }
