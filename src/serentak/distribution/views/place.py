"""The page of a place's distribution: what must leave when, plans, vehicles, ways."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from serentak.distribution import forms, words
from serentak.distribution.permissions import OFFER_VEHICLES, TELL_OF_WAYS, VIEW_DISTRIBUTION
from serentak.distribution.queries import place as queries
from serentak.distribution.queries import plans
from serentak.distribution.queries.catalogues import districts, kind_text, vehicles
from serentak.distribution.queries.place import LeavingLine, RegencyLine, StopLine
from serentak.distribution.queries.world import stages_at, vehicles_for, world
from serentak.distribution.rules.catalogue import Conditions, Stage, Terrain
from serentak.distribution.rules.plans import PlanState
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web import formats, marks
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from .heads import head

STOPS: tuple[Column[StopLine], ...] = (
    Column(
        "name",
        gettext_lazy("Place"),
        lambda row: row.name,
        link=lambda row: reverse("logistics:place", args=[row.code]),
    ),
    Column("stations", gettext_lazy("Stations"), lambda row: row.stations, Kind.NUMBER),
    Column(
        "terrain", gettext_lazy("Terrain"), lambda row: str(words.TERRAINS[row.terrain]),
        is_brief=False,
    ),
    Column("last", gettext_lazy("Last departure"), lambda row: row.last, Kind.MOMENT),
    Column(
        "sent", gettext_lazy("Boxes that have left"),
        lambda row: _("%(sent)s of %(all)s")
        % {"sent": formats.number(row.sent), "all": formats.number(row.boxes)},
        is_brief=False,
    ),
    Column(
        "with", pgettext_lazy("a stop", "With"), lambda row: ", ".join(row.vehicles), is_wide=True
    ),
    Column("leaves", pgettext_lazy("a route", "Leaves"), lambda row: row.leaves_at, Kind.MOMENT),
    Column("arrives", gettext_lazy("Arrives"), lambda row: row.arrives_at, Kind.MOMENT,
           is_brief=False),
    Column("status", gettext_lazy("Status"), lambda row: row.status, Kind.STATUS),
)  # fmt: skip

LEAVING: tuple[Column[LeavingLine], ...] = (
    Column(
        "leaves",
        pgettext_lazy("a route", "Leaves"),
        lambda row: formats.clock_time(row.row.leaves_at),
        is_sortable=False,
    ),
    Column(
        "vehicle",
        gettext_lazy("Vehicle"),
        lambda row: row.vehicle.name,
        link=lambda row: reverse("distribution:plan", args=[row.plan_id]),
        is_sortable=False,
    ),
    Column("to", pgettext_lazy("of a route", "To"), lambda row: ", ".join(row.places),
           is_sortable=False, is_wide=True),
    Column("stations", gettext_lazy("Stations"), lambda row: row.stations, Kind.NUMBER,
           is_sortable=False),
    Column("crew", gettext_lazy("Crew"), lambda row: row.vehicle.crew, Kind.NUMBER,
           is_sortable=False),
    Column("escort", gettext_lazy("Escort"), lambda row: row.vehicle.escort, is_sortable=False,
           is_wide=True),
    Column("last", gettext_lazy("Last departure"), lambda row: row.last, Kind.MOMENT,
           is_sortable=False),
)  # fmt: skip

VEHICLES: tuple[Column[Any], ...] = (
    Column(
        "name",
        gettext_lazy("Vehicle or boat"),
        lambda row: row.name,
        link=lambda row: reverse("distribution:vehicle", args=[row.pk]),
    ),
    Column("kind", gettext_lazy("Kind"), lambda row: kind_text(row.kind)),
    Column("owner", gettext_lazy("Owner"), lambda row: row.owner.name, is_wide=True),
    Column("kg", gettext_lazy("kg"), lambda row: row.kg, Kind.NUMBER),
    Column("m3", gettext_lazy("m³"), lambda row: row.litres / 1000, Kind.NUMBER, places=1),
    Column("crew", gettext_lazy("Crew"), lambda row: row.crew, Kind.NUMBER, is_brief=False),
    Column("escort", gettext_lazy("Escort"), lambda row: row.escort, is_wide=True, is_brief=False),
    Column("from", gettext_lazy("There from"), lambda row: row.free_from_at, Kind.MOMENT,
           is_brief=False),
    Column("until", gettext_lazy("There until"), lambda row: row.free_until_at, Kind.MOMENT,
           is_brief=False),
    Column("state", gettext_lazy("State"),
           lambda row: _("not to be had") if row.is_withdrawn else _("lent")),
    Column("class", gettext_lazy("Class"),
           lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_brief=False),
)  # fmt: skip

PLANS: tuple[Column[Any], ...] = (
    Column(
        "plan",
        gettext_lazy("Plan"),
        lambda row: plan_name(row.stage, row.number),
        link=lambda row: reverse("distribution:plan", args=[row.pk]),
        order=("stage", "number"),
    ),
    Column("state", gettext_lazy("State"), lambda row: words.STATES[PlanState(row.state)],
           order=("state",)),
    Column("by", gettext_lazy("By"), lambda row: row.planned_for.name, order=("planned_for__name",),
           is_wide=True),
    Column("at", gettext_lazy("Begun"), lambda row: row.planned_at, Kind.MOMENT,
           order=("planned_at",)),
    Column("adopted", gettext_lazy("Adopted"), lambda row: row.adopted_at, Kind.MOMENT,
           order=("adopted_at",)),
)  # fmt: skip

REGENCIES: tuple[Column[RegencyLine], ...] = (
    Column(
        "name",
        gettext_lazy("Place"),
        lambda row: row.place.name,
        link=lambda row: reverse("distribution:place", args=[row.place.code]),
    ),
    Column("vehicles", gettext_lazy("Vehicles"), lambda row: row.vehicles, Kind.NUMBER),
    Column(
        "plans",
        gettext_lazy("Plan"),
        lambda row: ", ".join(
            str(words.STATES[one]) for one in row.states if one is not PlanState.SUPERSEDED
        ),
    ),
    Column("planned", gettext_lazy("Districts in the adopted plan"), lambda row: row.planned,
           Kind.NUMBER),
    Column("districts", gettext_lazy("Districts"), lambda row: row.districts, Kind.NUMBER),
    Column("blocked", gettext_lazy("Blocked ways"), lambda row: row.blocked, Kind.NUMBER),
)  # fmt: skip


def plan_name(stage: str, number: int) -> str:
    """Return what a plan is called: its stage and its number."""
    name = said(vehicles().stages[Stage(stage)].name)
    return _("%(stage)s, plan %(number)s") % {"stage": name, "number": number}


@requires(VIEW_DISTRIBUTION)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what must leave when and with whom, plans, vehicles, and what is known of ways."""
    viewer, at, level = viewer_of(request), clock.now(), level_of(place)
    heading = head(place)
    tables: dict[str, Table[Any]] = {}
    context: dict[str, Any] = {}
    if level < Level.REGENCY:
        tables["regencies"] = Table(
            name="regencies",
            title=_("Regencies and cities"),
            columns=REGENCIES,
            rows=queries.regency_lines(place, at=at) if level is Level.PROVINCE else (),
            prefix="r-",
            empty=_("Routes are planned in each regency; choose a province first."),
        )
    else:
        stage = stages_at(place)[0]
        adopted = plans.plan_in(place, stage, PlanState.ADOPTED)
        conditions = Conditions(adopted.conditions) if adopted else None
        found = world(place, stage, conditions=conditions, at=at)
        seen = plans.seen(adopted, at=at, found=found) if adopted else None
        if found:
            tables["stops"] = _stops(found, seen, at)
        if seen:
            tables["leaving"] = Table(
                name="leaving",
                title=_("Leaves today"),
                columns=LEAVING,
                rows=queries.leaving(seen, at=at),
                prefix="t-",
                is_searchable=False,
                empty=_("By the adopted plan nothing leaves today."),
            )
        tables |= _lists(place)
        context = {
            "has_needs": found is not None,
            "adopted": adopted,
            "unmet": len(seen.outcome.unmet) if seen else 0,
            "may_plan": (may_plan := plans.plans_at(viewer, place)),
            "draft": forms.DraftForm(stages=stages_at(place)) if may_plan and found else None,
            "may_lend": viewer.may(OFFER_VEHICLES, place),
            "may_tell": viewer.may(TELL_OF_WAYS, place),
            "ways": _ways(place, viewer.may(TELL_OF_WAYS, place), at),
        }
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    return render(request, "distribution/place.html", {**heading, **context, "tables": bound})


def _stops(found: Any, seen: Any, at: Any) -> Table[StopLine]:
    return Table(
        name="stops",
        title=_("In the order of leaving"),
        columns=STOPS,
        rows=queries.stop_lines(found, seen, at=at),
        prefix="s-",
        page_size=100,
        notes=[
            _(
                "Last departure: latest arrival less the planned hours of the way (class assumed; "
                "hours that somebody entered hold)."
            )
        ],
    )


def _lists(place: PlaceCode) -> dict[str, Table[Any]]:
    return {
        "vehicles": Table(
            name="vehicles",
            title=_("Vehicles and boats"),
            columns=VEHICLES,
            rows=list(vehicles_for(place)),
            prefix="v-",
            page_size=20,
            folds=True,
            empty=_("Nobody has lent a vehicle or boat yet."),
        ),
        "plans": Table(
            name="plans",
            title=_("Plans"),
            columns=PLANS,
            rows=plans.plans_of(place),
            prefix="p-",
            page_size=10,
            is_searchable=False,
            empty=_("No plan was begun here yet."),
        ),
    }


def _ways(place: PlaceCode, may_tell: bool, at: Any) -> list[dict[str, Any]]:
    """Return what people know of ways, as the page lists it."""
    rows = []
    for leg in queries.ways_under(place).values():
        is_blocked = leg.blocked_until_at is not None and leg.blocked_until_at > at
        rows.append(
            {
                "leg": leg,
                "is_blocked": is_blocked,
                "has_hours": leg.hours is not None or bool(leg.terrain),
                "terrain": words.TERRAINS[Terrain(leg.terrain)] if leg.terrain else "",
                "may_tell": may_tell,
            }
        )
    return rows


def access_of(code: str) -> str:
    """Return how a district is reached, as published; empty where nothing was found."""
    known = districts().districts.get(PlaceCode(code))
    return said(known.access) if known else ""


def load_bar(share: float) -> Any:
    """Return a bar of how full a vehicle is, with the share in words."""
    bar = marks.progress_bar(min(share, 1.0), status="LATE" if share > 1 else None)
    return format_html("{}{}", bar, formats.share(share))


def owner_of(row: Any) -> str:
    """Return whose a vehicle is."""
    return pgettext("a vehicle", "%(kind)s of %(owner)s") % {
        "kind": kind_text(row.kind),
        "owner": row.owner.name,
    }
