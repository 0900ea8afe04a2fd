"""Distribution in words: terrains, stages, states, what stands against a plan, events."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.catalogue import Terrain
from .rules.plans import PlanState
from .rules.ways import Basis

TERRAINS = {
    Terrain.ROAD: pgettext_lazy("terrain", "Good road"),
    Terrain.BAD_ROAD: pgettext_lazy("terrain", "Bad road"),
    Terrain.TRACK: pgettext_lazy("terrain", "Mud or footpath"),
    Terrain.FOOT: pgettext_lazy("terrain", "On foot"),
    Terrain.RIVER: pgettext_lazy("terrain", "River"),
    Terrain.TIDAL: pgettext_lazy("terrain", "Tidal water and canals"),
    Terrain.SEA: pgettext_lazy("terrain", "Sea and estuary"),
}

STATES = {
    PlanState.COMPUTING: pgettext_lazy("a plan", "Being computed"),
    PlanState.FAILED: pgettext_lazy("a plan", "Not possible"),
    PlanState.PROPOSED: pgettext_lazy("a plan", "Proposed"),
    PlanState.DRAFT: pgettext_lazy("a plan", "Draft"),
    PlanState.ADOPTED: pgettext_lazy("a plan", "Adopted"),
    PlanState.SUPERSEDED: pgettext_lazy("a plan", "Replaced"),
}

BASES = {
    Basis.ENTERED: pgettext_lazy("hours of a way", "as entered here"),
    Basis.PUBLISHED: pgettext_lazy("hours of a way", "as published"),
    Basis.COMPUTED: pgettext_lazy("hours of a way", "assumed from distance and speed"),
}

ALERTS = {
    "distribution.last_departure_is_missed": _(
        "Last departure missed: boxes of %(stations)s stations, %(first)s first (%(count)s "
        "districts)"
    ),
    "distribution.planned_way_is_blocked": _(
        "A planned way is blocked: %(first)s (%(count)s districts, %(stations)s stations)"
    ),
    "distribution.stops_are_in_no_plan": _(
        "Not all boxes have a vehicle: %(first)s (%(count)s districts, %(stations)s stations)"
    ),
    # What hangs on it.
    "distribution.boxes_come_too_late": _("Stations there may not open at 07:00."),
    # What would help.
    "distribution.see_routes": _("See routes, vehicles and last departures"),
}

TOPICS = {
    "distribution.last_departure_is_missed": pgettext_lazy(
        "what an alert is about", "a last departure that was missed"
    ),
    "distribution.planned_way_is_blocked": pgettext_lazy(
        "what an alert is about", "a blocked way of the distribution"
    ),
    "distribution.stops_are_in_no_plan": pgettext_lazy(
        "what an alert is about", "boxes without a vehicle"
    ),
}

NOTIFICATIONS = {
    "distribution.plan_was_adopted": _(
        "The routes of %(place)s are planned with your vehicles: see when each leaves"
    ),
    "distribution.way_was_blocked": _(
        "The way %(start)s–%(end)s is blocked: see which routes that meets"
    ),
}

_WAY_EVENTS = {
    "TELL": pgettext_lazy("what was told of a way", "hours or terrain entered"),
    "BLOCK": pgettext_lazy("what was told of a way", "blocked"),
    "OPEN": pgettext_lazy("what was told of a way", "open again"),
    "FORGET": pgettext_lazy("what was told of a way", "as known before"),
}

_PLAN_EVENTS = {
    "DRAFT": pgettext_lazy("what happened to a plan", "begun"),
    "ARRANGE": pgettext_lazy("what happened to a plan", "arranged by hand"),
    "IMPROVE": pgettext_lazy("what happened to a plan", "being computed"),
    "PROPOSED": pgettext_lazy("what happened to a plan", "proposed"),
    "FAILED": pgettext_lazy("what happened to a plan", "not possible"),
    "TAKE_OVER": pgettext_lazy("what happened to a plan", "taken over as draft"),
    "ADOPT": pgettext_lazy("what happened to a plan", "adopted"),
    "REPLACE": pgettext_lazy("what happened to a plan", "replaced"),
}

STAGES = {
    "DISTRICTS": pgettext_lazy("stage of distribution", "store to districts"),
    "VILLAGES": pgettext_lazy("stage of distribution", "district to villages"),
    "BACK": pgettext_lazy("stage of distribution", "back to the store"),
}

EVENTS = {
    "distribution.PlanChanged": _("Plan %(number)s, %(stage)s: %(event)s (%(routes)s routes)"),
    "distribution.VehicleOffered": _("Vehicle: %(kg)s kg, %(litres)s litres"),
    "distribution.WayTold": _("Way %(low)s–%(high)s: %(event)s"),
}


def _plan_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {
        **facts,
        "event": _PLAN_EVENTS[str(facts["event"])],
        "stage": STAGES[str(facts["stage"])],
    }


def _way_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": _WAY_EVENTS[str(facts["event"])]}


EVENT_FACTS = {
    "distribution.PlanChanged": _plan_facts,
    "distribution.WayTold": _way_facts,
}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    "distribution.no_vehicle_reaches_it": _(
        "%(place)s: no vehicle here can get there on its terrain. Lend one that can, such as a "
        "boat, or say on what terrain its way goes."
    ),
    "distribution.its_way_is_blocked": _(
        "%(place)s: its way is blocked, both ways, and none leads around. Say when it is open "
        "again, or enter another way, such as by water."
    ),
    "distribution.a_station_is_heavier_than_any_vehicle": _(
        "%(place)s: the boxes of one station are more than any vehicle that gets there can carry. "
        "Lend a larger one."
    ),
    "distribution.its_way_is_longer_than_the_time_left": _(
        "%(place)s: even who leaves now and goes straight arrives too late. Lend a faster vehicle, "
        "or adopt by hand what can still be done, with the reason."
    ),
    "distribution.no_vehicle_is_left_for_it": _(
        "%(place)s: no vehicle has room or time left for the boxes of %(count)s stations. Lend one "
        "more."
    ),
    "distribution.stations_are_in_no_route": _(
        "%(place)s: the boxes of %(count)s stations are in no route. Plan them, or give the reason."
    ),
    "distribution.it_arrives_too_late": _(
        "%(place)s: %(vehicle)s arrives %(count)s minutes too late. Let it leave earlier, or give "
        "the reason."
    ),
    "distribution.route_is_too_heavy": _(
        "%(vehicle)s: %(count)s kg too much. Give some stations to another vehicle or trip."
    ),
    "distribution.route_is_too_full": _(
        "%(vehicle)s: %(count)s litres too much. Give some stations to another vehicle or trip."
    ),
    "distribution.vehicle_is_not_there": _(
        "%(vehicle)s: it is not lent for this time. Choose another one, or another hour."
    ),
    "distribution.vehicle_is_not_back": _(
        "%(vehicle)s: it is not back from the trip before. Let it leave later."
    ),
    "distribution.it_is_back_too_late": _(
        "%(vehicle)s: it is back %(count)s minutes too late. Let it leave earlier, or give the "
        "reason."
    ),
    "distribution.vehicle_is_elsewhere": _(
        "%(vehicle)s: the adopted plan of %(place)s needs it at the same time. Choose another one."
    ),
    "distribution.stage_is_planned_elsewhere": _("This is not planned at this place."),
    "distribution.a_plan_is_drafted_already": _(
        "A plan of this is drafted already. Go on with it, or put it aside first."
    ),
    "distribution.a_plan_is_computed_already": _(
        "A plan of this is being computed already. Wait for it, or put it aside first."
    ),
    "distribution.plan_is_elsewhere": _(
        "The plan is no longer where this could be done. Look again."
    ),
    "distribution.plan_has_no_route": _("The plan has no route yet. Arrange it first."),
    "distribution.needs_are_not_known": _(
        "Nobody has taken over what is needed here yet; do so on the page of logistics first."
    ),
    "distribution.nobody_lends_a_vehicle": _(
        "Nobody has lent a vehicle or boat here yet. Add one first."
    ),
    "distribution.departure_has_passed": _("This moment has passed. Choose one that lies ahead."),
    "distribution.number_is_absurd": _("Enter a whole number from %(least)s to %(most)s."),
    "distribution.place_is_not_served": _("Nothing is brought to this place."),
    "distribution.vehicle_is_not_lent": _("This vehicle is not lent here. Choose another one."),
    "distribution.vehicle_cannot_go_there": _(
        "This vehicle cannot get to %(place)s on its terrain, or its way is blocked. Choose "
        "another one."
    ),
    "distribution.place_stands_twice_on_a_route": _(
        "The place stands on this trip already. Enter its stations in one row."
    ),
    "distribution.more_stations_than_there_are": _(
        "%(place)s has %(most)s stations, and the rows bring boxes for %(brought)s."
    ),
    "distribution.row_is_unfinished": _("Choose the vehicle and fill in the number of stations."),
    "distribution.vehicle_has_this_name": _(
        "A vehicle called %(name)s is lent here already. Change that one, or name this otherwise."
    ),
    "distribution.kind_is_unknown": _("Choose one of the kinds."),
    "distribution.vehicle_needs_a_name": _("Name it, such as by its plate."),
    "distribution.capacity_is_absurd": _(
        "A vehicle without capacity carries nothing: enter a number from 1 to %(most)s."
    ),
    "distribution.crew_is_absurd": _("Enter a crew from 1 to 50."),
    "distribution.it_is_gone_before_it_comes": _("It would be gone before it comes. Look again."),
    "distribution.way_says_nothing": _("Enter the hours, the terrain, or both."),
    "distribution.hours_are_absurd": _("Enter hours above 0, at most %(most)s."),
    "distribution.block_is_over": _("This moment has passed. Say until when nothing goes there."),
    "distribution.way_is_open": _("The way is open already."),
    "distribution.way_needs_a_source": _("Say who knows it, and why."),
    "distribution.way_leads_nowhere": _("Choose two places."),
    "distribution.way_leads_out": _("Choose a place of this area."),
    "moments_of_a_vehicle_are_of_this_century": NOT_OF_THIS_CENTURY,
    "moments_of_a_leg_are_of_this_century": NOT_OF_THIS_CENTURY,
    "moments_of_a_plan_are_of_this_century": NOT_OF_THIS_CENTURY,
    "a_route_leaves_in_this_century": NOT_OF_THIS_CENTURY,
    "a_stop_is_reached_in_this_century": NOT_OF_THIS_CENTURY,
    "a_vehicle_of_a_place_has_a_name_of_its_own": _FIRST,
    "a_vehicle_has_a_name_and_a_kind": _("Name it, such as by its plate."),
    "a_vehicle_has_a_capacity": _NOT_RIGHT,
    "a_vehicle_has_a_crew": _NOT_RIGHT,
    "a_vehicle_is_there_before_it_is_gone": _("It would be gone before it comes. Look again."),
    "a_leg_is_told_of_once": _FIRST,
    "a_leg_leads_to_another_place": _("Choose two places."),
    "a_leg_takes_hours": _NOT_RIGHT,
    "what_is_told_of_a_leg_says_why": _("Say who knows it, and why."),
    "a_leg_says_something": _("Enter the hours, the terrain, or both."),
    "plans_of_a_stage_are_numbered_once": _FIRST,
    "one_plan_of_a_stage_is_adopted": _FIRST,
    "one_plan_of_a_stage_is_drafted": _FIRST,
    "what_is_adopted_says_when": _NOT_RIGHT,
    "what_is_computed_says_from_what": _NOT_RIGHT,
    "a_vehicle_makes_each_trip_once": _NOT_RIGHT,
    "trips_of_a_vehicle_are_counted": _NOT_RIGHT,
    "stops_of_a_route_stand_in_order": _NOT_RIGHT,
    "a_route_stops_at_a_place_once": _NOT_RIGHT,
    "a_stop_is_for_stations": _NOT_RIGHT,
}
