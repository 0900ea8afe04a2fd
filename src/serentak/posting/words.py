"""Posting in words: classes, kinds of posts, states, refusals, alerts, events."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules import PlanState, PostKind, SentState, StationClass, Unit

CLASSES = {
    StationClass.HIGHLY: pgettext_lazy("class of a station", "Highly vulnerable"),
    StationClass.SPECIAL: pgettext_lazy("class of a station", "Special"),
    StationClass.VULNERABLE: pgettext_lazy("class of a station", "Vulnerable"),
    StationClass.LESS: pgettext_lazy("class of a station", "Less vulnerable"),
}

UNITS = {
    Unit.STATIONS: _("At stations"),
    Unit.DISTRICT: _("Waiting in the district"),
}

KINDS = {
    PostKind.POLDA: pgettext_lazy("kind of post", "Regional police (Polda)"),
    PostKind.POLRES: pgettext_lazy("kind of post", "Police of a regency (Polres)"),
    PostKind.POLSEK: pgettext_lazy("kind of post", "Police sector (Polsek)"),
    PostKind.KODIM: pgettext_lazy("kind of post", "Military district (Kodim)"),
    PostKind.KORAMIL: pgettext_lazy("kind of post", "Military sector (Koramil)"),
    PostKind.SATPOL_PP: pgettext_lazy("kind of post", "Public order (Satpol PP)"),
    PostKind.GUARDS: pgettext_lazy("kind of post", "Guards (Linmas)"),
}

STATES = {
    PlanState.DRAFT: pgettext_lazy("a plan", "Draft"),
    PlanState.PROPOSED: pgettext_lazy("a plan", "Proposed"),
    PlanState.ADOPTED: pgettext_lazy("a plan", "Adopted"),
    PlanState.REPLACED: pgettext_lazy("a plan", "Replaced"),
}

SENT_STATES = {
    SentState.PROPOSED: pgettext_lazy("reinforcements", "Proposed"),
    SentState.PROMISED: pgettext_lazy("reinforcements", "Promised"),
    SentState.ARRIVED: pgettext_lazy("reinforcements", "Arrived"),
    SentState.DROPPED: pgettext_lazy("reinforcements", "Dropped"),
}

ALERTS = {
    "posting.regency_is_short": _(
        "Officers for stations lack: %(count)s, from the class “%(of)s” on"
    ),
    "posting.plan_is_not_adopted": _("The posting of officers is not adopted: %(count)s stations"),
    "posting.highly_vulnerable_are_uncovered": _(
        "Highly vulnerable or special stations without officers in the adopted plan: %(count)s"
    ),
    "posting.plan_is_outdated": _(
        "The adopted posting rests on classes, patterns or strength that changed: %(count)s "
        "stations"
    ),
    "posting.reserve_cannot_reach": _(
        "The reserve does not reach highly vulnerable stations within %(minutes)s minutes: "
        "%(count)s"
    ),
    "posting.reserve_is_too_small": _(
        "Of %(incidents)s incidents at once the reserve cannot meet: %(count)s"
    ),
    # What hangs on it.
    "posting.stations_stand_without_officers": _("Stations would stand without officers."),
    # What would help.
    "posting.see_posting": _("See need, strength and shortage"),
}

TOPICS = {
    "posting.regency_is_short": pgettext_lazy("what an alert is about", "officers that lack"),
    "posting.plan_is_not_adopted": pgettext_lazy(
        "what an alert is about", "a posting that is not adopted"
    ),
    "posting.highly_vulnerable_are_uncovered": pgettext_lazy(
        "what an alert is about", "highly vulnerable or special stations without officers"
    ),
    "posting.plan_is_outdated": pgettext_lazy(
        "what an alert is about", "a posting that is outdated"
    ),
    "posting.reserve_cannot_reach": pgettext_lazy(
        "what an alert is about", "stations that the reserve does not reach"
    ),
    "posting.reserve_is_too_small": pgettext_lazy(
        "what an alert is about", "a reserve that is too small"
    ),
}

NOTIFICATIONS = {
    "posting.plan_was_proposed": _("The posting of %(place)s is proposed: adopt or return it"),
}

_PLAN_EVENTS = {
    "COMPUTE": pgettext_lazy("what happened to a plan", "computed"),
    "PROPOSE": pgettext_lazy("what happened to a plan", "proposed"),
    "RETURN": pgettext_lazy("what happened to a plan", "returned"),
    "ADOPT": pgettext_lazy("what happened to a plan", "adopted"),
    "REPLACE": pgettext_lazy("what happened to a plan", "replaced"),
}

_SENT_EVENTS = {
    "PROPOSE": pgettext_lazy("what happened to reinforcements", "proposed"),
    "PROMISE": pgettext_lazy("what happened to reinforcements", "promised"),
    "ARRIVE": pgettext_lazy("what happened to reinforcements", "arrived"),
    "DROP": pgettext_lazy("what happened to reinforcements", "dropped"),
}

_MOVE_EVENTS = {
    "SEND": pgettext_lazy("what happened to a reserve", "sent to an incident"),
    "RETURN": pgettext_lazy("what happened to a reserve", "back"),
}

EVENTS = {
    "posting.PatternSet": _("Pattern set: %(of)s, %(officers)s officers at %(stations)s stations"),
    "posting.ForceTold": _("Strength told in sum: %(officers)s officers (%(regencies)s regencies)"),
    "posting.PostsTold": _("Posts told: %(posts)s with %(officers)s officers, closed: %(closed)s"),
    "posting.ReinforcementTold": _("Reinforcements %(event)s: %(officers)s officers"),
    "posting.PlanChanged": _(
        "Posting plan %(number)s: %(event)s, %(posted)s of %(need)s officers posted"
    ),
    "posting.RollCalled": _("Roll call at %(posts)s posts: %(present)s present, %(absent)s absent"),
    "posting.ReserveMoved": _("Reserve %(event)s: %(officers)s officers"),
}


def _pattern_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "of": CLASSES[StationClass(str(facts["station_class"]))]}


def _plan_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": _PLAN_EVENTS[str(facts["event"])]}


def _sent_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": _SENT_EVENTS[str(facts["event"])]}


def _move_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": _MOVE_EVENTS[str(facts["event"])]}


EVENT_FACTS = {
    "posting.PatternSet": _pattern_facts,
    "posting.PlanChanged": _plan_facts,
    "posting.ReinforcementTold": _sent_facts,
    "posting.ReserveMoved": _move_facts,
}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

_REASON = _("Say why this regency has a pattern of its own.")
_BELOW = _("This cannot be below zero. Enter a number from 0 on.")
_TWICE = _(
    "%(name)s is counted already in this regency. Change that post, or name this one otherwise."
)

REFUSALS = {
    "posting.pattern_has_no_officers": _(
        "A pattern without officers cannot be met. Enter a number from 1 to 50."
    ),
    "posting.pattern_has_no_stations": _(
        "Officers at stations need a number of stations from 1 to 50."
    ),
    "posting.pattern_of_a_district_counts_no_stations": _(
        "Officers who wait in the district stand for all its stations of the class: enter 0."
    ),
    "posting.highly_vulnerable_stations_share_no_officers": _(
        "A highly vulnerable station shares its officers with no other: enter 1."
    ),
    "posting.who_sets_a_pattern_says_why": _REASON,
    "posting.number_is_below_zero": _BELOW,
    "posting.number_is_absurd": _("Enter a whole number of at most %(most)s."),
    "posting.shifts_are_one_to_three": _("Enter one to three shifts."),
    "posting.post_needs_a_name": _("Name the post, such as Polsek Sungai Menang."),
    "posting.name_cannot_be_printed": _(
        "Write the name in letters and digits, without pictures or special signs."
    ),
    "posting.point_lies_elsewhere": _(
        "This point lies far outside of the regency. Look at the sign and the order: latitudes "
        "here are mostly below zero, such as -3.4, longitudes such as 104.8."
    ),
    "posting.day_is_far_off": _("Enter a day up to today, at most a year before the vote."),
    "posting.day_of_arrival_is_far_off": _(
        "Enter a day from today on, at most 60 days after the vote."
    ),
    "posting.more_than_the_post_has": _(
        "Present and absent together are more than the post has (%(most)s). Correct the numbers, "
        "or the strength of the post first."
    ),
    "posting.point_lies_nowhere": _("Enter both latitude and longitude, or neither."),
    "posting.post_stands_in_a_regency_or_district": _(
        "A post stands in a regency, a city or one of its districts."
    ),
    "posting.region_lies_elsewhere": _("A post serves districts of its own regency."),
    "posting.post_is_counted_twice": _TWICE,
    "posting.post_is_of_another": _("Police and army each tell of their own posts."),
    "posting.post_is_closed": _("The post is closed already."),
    "posting.no_post_is_named": _("Name at least one post."),
    "posting.kind_is_unknown": _("The kind of post is not known: write Polres, Polsek, Kodim …"),
    "posting.place_is_unknown": _("There is no such place here. Write its name as on this page."),
    "posting.number_is_not_read": _("Write a whole number."),
    "posting.strength_is_missing": _("Write how many officers there are; 0 where there are none."),
    "posting.sheet_is_empty": _("No row names a post."),
    "posting.reinforcements_come_from_elsewhere": _(
        "Choose another regency, or headquarters, from which they come."
    ),
    "posting.reinforcement_is_elsewhere": _("This was done meanwhile. Look again."),
    "posting.origin_has_too_few": _("The regency that sends has fewer officers than that."),
    "posting.nothing_can_be_moved": _(
        "No regency has officers over that another one lacks; ask headquarters."
    ),
    "posting.there_are_no_stations": _("There are no stations here yet."),
    "posting.nobody_told_the_strength": _(
        "Nobody has told the strength here yet; tell posts or the sum first."
    ),
    "posting.reserve_is_more_than_there_are": _("There are only %(most)s officers."),
    "posting.plan_is_elsewhere": _("The plan is no longer where this could be done. Look again."),
    "posting.a_post_was_closed_meanwhile": _(
        "A post from which the plan sends officers was closed meanwhile. Compute it anew."
    ),
    "posting.plan_is_outdated": _(
        "Stations, classes, patterns or strength changed since the plan was computed. Compute it "
        "anew."
    ),
    "posting.stations_stay_uncovered": _(
        "%(count)s stations stay without officers. Say why it is adopted all the same."
    ),
    "posting.fewer_wait_there": _("Only %(most)s officers of the reserve wait there."),
    "posting.incident_is_unknown": _(
        "No incident that you may see has this number. Send the reserve from the incident's page, "
        "or leave the number empty."
    ),
    "posting.they_are_back_already": _("They are back already."),
    "a_class_has_one_pattern_of_a_regency": _FIRST,
    "a_pattern_has_officers": _NOT_RIGHT,
    "a_pattern_has_stations_or_a_district": _NOT_RIGHT,
    "a_highly_vulnerable_station_shares_no_officers": _NOT_RIGHT,
    "who_sets_a_pattern_says_why": _REASON,
    "a_regency_has_one_force": _FIRST,
    "a_force_is_no_army": _NOT_RIGHT,
    "a_post_is_counted_once": _FIRST,
    "a_post_has_a_name": _NOT_RIGHT,
    "a_post_is_no_army": _NOT_RIGHT,
    "a_post_has_one_to_three_shifts": _NOT_RIGHT,
    "a_post_lies_on_earth": _NOT_RIGHT,
    "a_post_serves_a_place_once": _FIRST,
    "reinforcements_are_officers": _NOT_RIGHT,
    "reinforcements_come_from_elsewhere": _NOT_RIGHT,
    "plans_of_a_regency_are_numbered_once": _FIRST,
    "one_posting_of_a_regency_is_adopted": _FIRST,
    "an_adopted_posting_says_when": _NOT_RIGHT,
    "nobody_is_posted_who_is_not_there": _NOT_RIGHT,
    "a_group_has_a_station": _NOT_RIGHT,
    "a_post_sends_somebody": _NOT_RIGHT,
    "a_station_stands_once_in_a_plan": _NOT_RIGHT,
    "a_reserve_waits_once_at_a_post": _NOT_RIGHT,
    "a_reserve_is_somebody": _NOT_RIGHT,
    "a_post_is_called_once_a_day": _FIRST,
    "a_roll_call_counts_people": _NOT_RIGHT,
    "somebody_is_sent": _NOT_RIGHT,
    "a_pattern_is_set_in_this_century": NOT_OF_THIS_CENTURY,
    "days_of_a_force_are_of_this_century": NOT_OF_THIS_CENTURY,
    "days_of_a_post_are_of_this_century": NOT_OF_THIS_CENTURY,
    "days_of_reinforcements_are_of_this_century": NOT_OF_THIS_CENTURY,
    "moments_of_a_posting_are_of_this_century": NOT_OF_THIS_CENTURY,
    "days_of_a_roll_call_are_of_this_century": NOT_OF_THIS_CENTURY,
    "moves_of_a_reserve_are_of_this_century": NOT_OF_THIS_CENTURY,
}
