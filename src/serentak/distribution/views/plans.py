"""Plans: begun, arranged by hand, improved while one waits, compared, adopted; drivers' sheets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.distribution import actions, documents, forms, words
from serentak.distribution.permissions import PLAN_ROUTES, VIEW_DISTRIBUTION
from serentak.distribution.queries import plans as queries
from serentak.distribution.queries.catalogues import kind_text, vehicles
from serentak.distribution.queries.plans import PlanRow, Seen, fault_of
from serentak.distribution.queries.progress import progress_of
from serentak.distribution.queries.world import World, stages_at, vehicles_for
from serentak.distribution.rules.catalogue import Conditions, Stage
from serentak.distribution.rules.plans import Against, Difference, Placed, PlanState, Unmet
from serentak.distribution.rules.schedule import STORE, Carrier, Trip, Visit
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.documents import PDF, download
from serentak.platform.web import formats
from serentak.platform.web.forms import (
    UNPROCESSABLE,
    VersionedForm,
    carried_out,
    form_page,
    natural,
    pressed,
    render_form,
    seen_version,
)
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.words import fault_text

from .heads import head
from .place import access_of, load_bar, owner_of, plan_name
from .sketch import sketch

LOOK_AGAIN_SECONDS = 2
SPARE_ROWS = 6


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route as the page shows it; what it comes to is None where it cannot be driven."""

    number: int
    row: Any
    owner: str
    carrier: Carrier | None
    trip: Trip | None
    may_change: bool

    @property
    def name(self) -> str:
        """How the route is called."""
        return _("%(number)s. %(vehicle)s, trip %(trip)s") % {
            "number": self.number,
            "vehicle": self.row.vehicle.name,
            "trip": self.row.trip,
        }

    @property
    def full(self) -> float | None:
        """How full the bed is, from 0."""
        return self.trip.litres / self.carrier.litres if self.trip and self.carrier else None

    @property
    def heavy(self) -> float | None:
        """How much of its weight is used, from 0."""
        return self.trip.kg / self.carrier.kg if self.trip and self.carrier else None


@dataclass(frozen=True, slots=True)
class StopOfRoute:
    """A stop as it was planned and as it comes to now."""

    route: RouteLine
    name: str
    access: str
    stations: int
    way: str
    planned: datetime | None
    now: datetime | None
    waits: int
    latest: datetime
    late: int
    chance_late: float | None


ROUTES: tuple[Column[RouteLine], ...] = (
    Column("route", gettext_lazy("Route"), lambda row: row.name, is_sortable=False),
    Column("owner", gettext_lazy("Owner"), lambda row: row.owner, is_wide=True, is_sortable=False),
    Column(
        "leaves",
        pgettext_lazy("a route", "Leaves"),
        lambda row: row.row.leaves_at,
        Kind.MOMENT,
        link=lambda row: (
            reverse("distribution:departure", args=[row.row.plan_id, row.row.pk])
            if row.may_change
            else None
        ),
        is_sortable=False,
    ),
    Column("back", pgettext_lazy("a route", "Back"), lambda row: row.trip and row.trip.back_at,
           Kind.MOMENT, is_sortable=False),
    Column("km", gettext_lazy("km"), lambda row: row.trip and row.trip.km, Kind.NUMBER,
           is_sortable=False),
    Column("kg", gettext_lazy("Weight"), lambda row: row.heavy, Kind.SHARE, is_sortable=False,
           draw=lambda row: "–" if row.heavy is None else load_bar(row.heavy)),
    Column("m3", gettext_lazy("Volume"), lambda row: row.full, Kind.SHARE, is_sortable=False,
           draw=lambda row: "–" if row.full is None else load_bar(row.full)),
    Column("late", gettext_lazy("Minutes late"), lambda row: row.trip and row.trip.late,
           Kind.NUMBER, is_sortable=False),
)  # fmt: skip

STOPS: tuple[Column[StopOfRoute], ...] = (
    Column("name", pgettext_lazy("of a route", "Stop"), lambda row: row.name, is_sortable=False),
    Column("stations", gettext_lazy("Stations"), lambda row: row.stations, Kind.NUMBER,
           is_sortable=False),
    Column("way", gettext_lazy("Way"), lambda row: row.way, is_sortable=False),
    Column("planned", gettext_lazy("Planned"), lambda row: row.planned, Kind.MOMENT,
           is_sortable=False),
    Column("now", gettext_lazy("As ways are now"), lambda row: row.now, Kind.MOMENT,
           is_sortable=False),
    Column("latest", gettext_lazy("Latest"), lambda row: row.latest, Kind.MOMENT,
           is_sortable=False, is_brief=False),
    Column("waits", gettext_lazy("Minutes of waiting"), lambda row: row.waits, Kind.NUMBER,
           is_sortable=False, is_brief=False),
    Column("late", gettext_lazy("Minutes late"), lambda row: row.late, Kind.NUMBER,
           is_sortable=False),
    Column("chance", gettext_lazy("Chance to be late, of 100"),
           lambda row: None if row.chance_late is None else round(row.chance_late * 100),
           Kind.NUMBER, is_sortable=False, is_brief=False),
    Column("access", gettext_lazy("How it is reached"), lambda row: row.access, is_wide=True,
           is_sortable=False, is_brief=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A stop that two plans serve otherwise, in words."""

    name: str
    before: str
    arrives_before: datetime | None
    after: str
    arrives_after: datetime | None


CHANGES: tuple[Column[ChangeLine], ...] = (
    Column("name", pgettext_lazy("of a route", "Stop"), lambda row: row.name),
    Column("before", gettext_lazy("With, before"), lambda row: row.before, is_wide=True),
    Column("was", gettext_lazy("Arrival, before"), lambda row: row.arrives_before, Kind.MOMENT),
    Column("after", gettext_lazy("With, now"), lambda row: row.after, is_wide=True),
    Column("is", gettext_lazy("Arrival, now"), lambda row: row.arrives_after, Kind.MOMENT),
)


@requires(PLAN_ROUTES)
def draft(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Begin a plan by hand."""
    heading = head(place, _("Begin a plan"))
    if not queries.plans_at(viewer_of(request), place):
        raise Http404
    form = forms.DraftForm(request.POST or None, stages=stages_at(place))
    answer = carried_out(
        request,
        form,
        partial(actions.draft_plan, place=place),
        done=_("The plan was begun. Say which vehicle brings what where."),
        to=lambda made: reverse("distribution:plan", args=[made]),
    )
    return answer or render_form(
        request, "platform/forms/page.html", form, {**heading, "button": _("Begin")}
    )


def _found(plan_id: int, request: HttpRequest, *, plans: bool = False) -> PlanRow:
    """Return a plan that the viewer may see, or with `plans` make; 404 otherwise."""
    row, viewer = queries.plan(plan_id), viewer_of(request)
    if row is None or not viewer.may(VIEW_DISTRIBUTION, PlaceCode(row.place_id)):
        raise Http404
    if plans and not queries.plans_at(viewer, PlaceCode(row.place_id)):
        raise Http404
    return row


def _heading(row: PlanRow, title: str = "") -> dict[str, Any]:
    name = plan_name(row.stage, row.number)
    return head(PlaceCode(row.place_id), title or name, name if title else "")


@requires(VIEW_DISTRIBUTION)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan: what it comes to now, what stands against it, and what changed."""
    return _page(request, _found(plan_id, request))


def _page(
    request: HttpRequest, row: PlanRow, *, status: int = 200, **sent: VersionedForm
) -> HttpResponse:
    at, state = clock.now(), PlanState(row.state)
    may_plan = queries.plans_at(viewer_of(request), PlaceCode(row.place_id))
    context: dict[str, Any] = {
        **_heading(row),
        "plan": row,
        "state": words.STATES[state],
        "mark": STATE_MARKS[state],
        "conditions": said(vehicles().conditions[Conditions(row.conditions)].name),
        "may_plan": may_plan,
        "is_computing": state is PlanState.COMPUTING,
    }
    if state is PlanState.COMPUTING:
        done, whole = progress_of(row.pk), row.iterations or 1
        context |= {"done": done, "share": min(1.0, done / whole)}
        response = render(request, "distribution/plan.html", context, status=status)
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return response
    seen = queries.seen(row, at=at)
    tables: dict[str, Table[Any]] = {}
    if seen:
        context |= {
            "outcome": seen.outcome,
            "faults": _faults(row, seen),
            "sketch": sketch(seen) if seen.routes else None,
            "bases": _bases(seen),
        }
        tables |= _tables(seen, may_change=may_plan and state is PlanState.DRAFT)
        base = queries.plan(row.based_on_id) if row.based_on_id else None
        before = queries.seen(base, at=at, found=_same_world(base, seen)) if base else None
        if before and before.routes and seen.routes:
            context["compared"] = compared(before, seen)
            context["base"] = plan_name(before.plan.stage, before.plan.number)
            tables["changes"] = Table(
                name="changes",
                title=_("What changed, by stop"),
                columns=CHANGES,
                rows=[_change(one, before, seen) for one in queries.changes(before, seen)],
                prefix="c-",
                empty=_("Every stop is served as before."),
            )
    bound = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    version = {"version": row.version}
    is_draft = may_plan and state is PlanState.DRAFT
    may_improve = may_plan and state in (PlanState.DRAFT, PlanState.ADOPTED, PlanState.PROPOSED)
    context |= {
        "tables": bound,
        "adopt": sent.get("adopt") or forms.AdoptForm(initial=version) if is_draft else None,
        "improve": sent.get("improve")
        or forms.ImproveForm(
            initial=version | {"conditions": row.conditions, "iterations": _rounds(row)}
        )
        if may_improve
        else None,
        "may_drop": may_plan and state in (PlanState.DRAFT, PlanState.PROPOSED, PlanState.FAILED),
        "may_take_over": may_plan and state is PlanState.PROPOSED,
        "may_print": bool(row.routes.all()),
    }
    return render(request, "distribution/plan.html", context, status=status)


STATE_MARKS: Mapping[PlanState, Status] = {
    PlanState.COMPUTING: Status.NO_REPORT,
    PlanState.FAILED: Status.LATE,
    PlanState.PROPOSED: Status.NO_REPORT,
    PlanState.DRAFT: Status.AT_RISK,
    PlanState.ADOPTED: Status.ON_TRACK,
    PlanState.SUPERSEDED: Status.NO_REPORT,
}


def _rounds(row: PlanRow) -> int:
    """Return how long the solver searches by default in the stage of a plan."""
    return vehicles().stages[Stage(row.stage)].rounds


def _same_world(base: PlanRow, seen: Seen) -> World | None:
    """Return the world of a plan for the one before it, where both are made in the same weather."""
    return seen.world if base.conditions == seen.plan.conditions else None


def _faults(row: PlanRow, seen: Seen) -> list[str]:
    """Return in words what stands against a plan, or why none was found."""
    told = [Unmet(Against(why), code, count=count) for why, code, count in row.faults]
    unmet = told or seen.outcome.unmet
    if row.state in (PlanState.SUPERSEDED, PlanState.DRAFT) and not seen.routes:
        return []
    return [fault_text(fault_of(one, seen.world, seen)) for one in unmet]


def _bases(seen: Seen) -> list[str]:
    """Return on what the hours of the ways rest from the start: how many, as what."""
    own = [leg.basis for (low, _high), leg in seen.world.legs.items() if low == STORE]
    return [
        f"{formats.number(own.count(basis))} {word}"
        for basis, word in words.BASES.items()
        if basis in own
    ]


def compared(before: Seen, after: Seen) -> list[tuple[str, str, str]]:
    """Return what two plans come to on the ways as they are now, side by side."""

    def row(name: str, value: Callable[[Seen], float]) -> tuple[str, str, str]:
        return name, formats.number(value(before)), formats.number(value(after))

    return [
        row(_("Cost, Rp (assumed)"), lambda one: one.outcome.cost),
        row(_("Distance, km"), lambda one: one.outcome.km),
        row(_("Minutes late, all stops"), lambda one: one.outcome.late),
        row(_("Routes"), lambda one: len(one.routes)),
        row(_("Vehicles used"), lambda one: len({route.vehicle for route in one.routes})),
        row(_("What stands against it"), lambda one: len(one.outcome.unmet)),
    ]


def _tables(seen: Seen, *, may_change: bool) -> dict[str, Table[Any]]:
    lines, stops = [], []
    zone = seen.world.election.zone
    for number, route in enumerate(seen.routes, 1):
        row = seen.rows[route.vehicle, route.trip]
        carrier = seen.world.setting.carriers.get(route.vehicle)
        trip = seen.outcome.trips.get((route.vehicle, route.trip))
        line = RouteLine(number, row, owner_of(row.vehicle), carrier, trip, may_change)
        lines.append(line)
        visits = {visit.call.target: visit for visit in trip.visits} if trip else {}
        planned = {stop.place_id: stop.arrives_at for stop in row.stops.all()}
        for call in route.calls:
            target, visit = seen.world.setting.targets[call.target], visits.get(call.target)
            arrives = planned.get(target.code)
            stops.append(
                StopOfRoute(
                    line,
                    seen.world.names[target.code],
                    access_of(target.code),
                    call.stations,
                    _way(visit, seen.world) if visit else "",
                    arrives.astimezone(zone) if arrives else None,
                    visit.begins_at if visit else None,
                    visit.waits if visit else 0,
                    target.latest,
                    visit.late if visit else 0,
                    visit.chance_late if visit else None,
                )
            )
    return {
        "routes": Table(
            name="routes",
            title=_("Routes"),
            columns=ROUTES,
            rows=lines,
            prefix="r-",
            page_size=100,
            is_searchable=False,
            empty=_("No vehicle goes anywhere yet."),
        ),
        "stops": Table(
            name="stops",
            title=_("Stops"),
            columns=STOPS,
            rows=stops,
            group=lambda row: row.route.name,
            prefix="s-",
            page_size=200,
            folds=True,
            empty=_("No vehicle goes anywhere yet."),
        ),
    }


def _way(visit: Visit, world: World) -> str:
    """Return how long the way to a stop is planned, and through where it leads around a block."""
    hours = formats.number(visit.minutes / 60, 1)
    km = formats.number(visit.km)
    if visit.via is None:
        return _("%(hours)s h, %(km)s km") % {"hours": hours, "km": km}
    via = world.names[world.codes[visit.via]]
    return _("%(hours)s h, %(km)s km by way of %(via)s") % {"hours": hours, "km": km, "via": via}


def _change(one: Difference, before: Seen, after: Seen) -> ChangeLine:
    names = {
        number: vehicle.name
        for seen in (before, after)
        for number, vehicle in seen.vehicles.items()
    }

    def told(placed: Placed | None) -> str:
        if placed is None:
            return _("in no route")
        return ", ".join(names.get(number, "") for number in placed.vehicles)

    return ChangeLine(
        after.world.names.get(one.code, one.code),
        told(one.before),
        one.before.arrives_at if one.before else None,
        told(one.after),
        one.after.arrives_at if one.after else None,
    )


@requires(PLAN_ROUTES)
def arrange(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Say by hand which vehicle brings what where, by numbers: no dragging, no script."""
    row = _found(plan_id, request, plans=True)
    seen = queries.seen(row, at=clock.now())
    if seen is None or row.state != PlanState.DRAFT:
        raise Http404
    lent = [
        (one.pk, f"{one.name} ({kind_text(one.kind)})")
        for one in vehicles_for(PlaceCode(row.place_id))
        if not one.is_withdrawn
    ]
    targets = seen.world.setting.targets
    served = [
        (one.code, _("%(place)s (%(n)s stations)") % {
            "place": seen.world.names[one.code], "n": formats.number(one.stations),
        })
        for one in targets
    ]  # fmt: skip
    data = request.POST or None
    if data and data.get("do") == "more":
        data = _more(data)
    form = forms.ArrangeForm(data, initial={"version": row.version})
    rows = forms.placing_rows(served, lent, data=data, initial=_initial(seen))
    status = 200
    if request.method == "POST" and request.POST.get("do") != "more":
        status = UNPROCESSABLE
        if form.is_valid() & rows.is_valid():
            entered = [one for one in rows.forms if not one.is_left_out]
            placings = [one.placing(number) for number, one in enumerate(entered, 1)]
            try:
                actions.arrange_plan(
                    plan_id=plan_id,
                    placings=placings,
                    **form.cleaned_data,
                    actor=viewer_of(request),
                    at=clock.now(),
                )
            except Refused as refused:
                forms.tell_rows(form, rows, refused)
            else:
                messages.success(request, _("The routes were arranged; see what they come to."))
                return redirect("distribution:plan", plan_id)
    context = {**_heading(row, _("Arrange routes")), "plan": row, "form": form, "rows": rows}
    return render(request, "distribution/arrange.html", context, status=status)


def _more(data: Any) -> Any:
    """Return what was sent with a few empty rows more."""
    more = data.copy()
    count = natural(str(more.get("rows-TOTAL_FORMS", ""))) or 0
    more["rows-TOTAL_FORMS"] = str(min(forms.MOST_ROWS, count + SPARE_ROWS))
    return more


def _initial(seen: Seen) -> list[dict[str, Any]]:
    """Return the rows of a plan: its stops as they stand, and what is in no route yet."""
    rows, planned = [], dict.fromkeys(range(len(seen.world.setting.targets)), 0)
    for route in seen.routes:
        for position, call in enumerate(route.calls, 1):
            planned[call.target] += call.stations
            rows.append(
                {
                    "place": seen.world.setting.targets[call.target].code,
                    "vehicle": route.vehicle,
                    "trip": route.trip,
                    "position": position,
                    "stations": call.stations,
                }
            )
    for code in seen.world.order:
        number = seen.world.target(code)
        if number is None:
            continue
        left = seen.world.setting.targets[number].stations - planned[number]
        if left > 0:
            rows.append({"place": code, "trip": 1, "stations": left})
    return rows


@requires(PLAN_ROUTES)
def departure(request: HttpRequest, plan_id: int, route_id: int) -> HttpResponse:
    """Let a route leave at another moment."""
    row = _found(plan_id, request, plans=True)
    route = next((one for one in row.routes.all() if one.pk == route_id), None)
    if route is None or row.state != PlanState.DRAFT:
        raise Http404
    initial = {"version": row.version, "leaves_at": route.leaves_at}
    form = forms.DepartureForm(request.POST or None, initial=initial)
    title = _("Departure of %(vehicle)s, trip %(trip)s") % {
        "vehicle": route.vehicle.name, "trip": route.trip,
    }  # fmt: skip
    context = {**_heading(row, title), "button": _("Save")}
    act = partial(actions.set_departure, plan_id=plan_id, route_id=route_id)
    done = _("The route leaves at another hour; see what it comes to.")
    to = reverse("distribution:plan", args=[plan_id])
    return form_page(request, form, act, context, done=done, to=to)


@requires(PLAN_ROUTES)
@require_POST
def improve(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Have the plan computed anew, and wait on the page of what comes of it."""
    row = _found(plan_id, request, plans=True)
    form = forms.ImproveForm(request.POST)
    answer = carried_out(
        request,
        form,
        partial(actions.improve_plan, plan_id=plan_id),
        done="",
        to=lambda made: reverse("distribution:plan", args=[made]),
    )
    return answer or _page(request, row, status=UNPROCESSABLE, improve=form)


@requires(PLAN_ROUTES)
@require_POST
def take_over(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Make what was proposed the draft."""
    _found(plan_id, request, plans=True)
    act = partial(actions.take_over_plan, plan_id=plan_id, version=seen_version(request))
    done = _("It is the draft now; the one before is kept. Adopt it when it is right.")
    return pressed(request, act, done=done, to=reverse("distribution:plan", args=[plan_id]))


@requires(PLAN_ROUTES)
@require_POST
def drop(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a plan aside."""
    row = _found(plan_id, request, plans=True)
    act = partial(actions.drop_plan, plan_id=plan_id, version=seen_version(request))
    to = reverse("distribution:place", args=[row.place_id])
    back = reverse("distribution:plan", args=[plan_id])
    return pressed(request, act, done=_("The plan was put aside; it is kept."), to=to, back=back)


@requires(PLAN_ROUTES)
@require_POST
def adopt(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Make a draft the plan by which one drives."""
    row = _found(plan_id, request, plans=True)
    form = forms.AdoptForm(request.POST)
    answer = carried_out(
        request,
        form,
        partial(actions.adopt_plan, plan_id=plan_id),
        done=_("The plan is adopted. Print the drivers' sheets."),
        to=reverse("distribution:plan", args=[plan_id]),
    )
    return answer or _page(request, row, status=UNPROCESSABLE, adopt=form)


@requires(VIEW_DISTRIBUTION)
def sheets(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give the drivers' sheets: a page for each route, a code for each stop."""
    row = _found(plan_id, request)
    seen = queries.seen(row, at=clock.now())
    if seen is None or not seen.routes:
        messages.warning(request, _("The plan has no route yet. Arrange it first."))
        return redirect("distribution:plan", plan_id)
    content = documents.sheets_pdf(
        seen, address=request.build_absolute_uri, is_drill=bool(clock.state().scene)
    )
    return download(content, f"rute-{row.place_id}-{row.number}.pdf", PDF)
