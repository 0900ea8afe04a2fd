"""Security in words: states, clocks, refusals, alerts, what somebody is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serentak.platform.catalogue import load, said
from serentak.platform.web.formats import clock_time, number
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.catalogue import Access, Confided, Incidents, Running
from .rules.states import IncidentEvent, IncidentState, LogEntry, Severity


def kind_text(key: str) -> str:
    """Return a kind in the reader's language; the key of one that is gone."""
    found = load("security", "incidents", Incidents).kinds.get(key)
    return said(found.name) if found else key


def span(minutes: int) -> str:
    """Write minutes as people at a radio say them: 12 min, 1 h 05 min, 2 d 3 h."""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return gettext("%(days)s d %(hours)s h") % {"days": number(days), "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{rest:02}"}
    return gettext("%(minutes)s min") % {"minutes": rest}


STATES = {
    IncidentState.REPORTED: pgettext_lazy("incident", "Reported"),
    IncidentState.TRIAGED: pgettext_lazy("incident", "Taken up"),
    IncidentState.DISPATCHED: pgettext_lazy("incident", "On the way"),
    IncidentState.ON_SCENE: pgettext_lazy("incident", "On the scene"),
    IncidentState.CONTAINED: pgettext_lazy("incident", "Under control"),
    IncidentState.RESOLVED: pgettext_lazy("incident", "Over, not yet closed"),
    IncidentState.TRANSFERRED: pgettext_lazy("incident", "Handed on"),
    IncidentState.CLOSED: pgettext_lazy("incident", "Closed"),
    IncidentState.UNFOUNDED: pgettext_lazy("incident", "Unfounded"),
    IncidentState.DUPLICATE: pgettext_lazy("incident", "Duplicate"),
}

SEVERITIES = {
    Severity.S1: pgettext_lazy("severity", "S1 nuisance"),
    Severity.S2: pgettext_lazy("severity", "S2 station disturbed"),
    Severity.S3: pgettext_lazy("severity", "S3 grave"),
    Severity.S4: pgettext_lazy("severity", "S4 emergency"),
}

STEPS = {
    IncidentEvent.TRIAGE: pgettext_lazy("step", "Take it up"),
    IncidentEvent.DISPATCH: pgettext_lazy("step", "Somebody is on the way"),
    IncidentEvent.ARRIVE: pgettext_lazy("step", "Help is on the scene"),
    IncidentEvent.CONTAIN: pgettext_lazy("step", "It is under control"),
    IncidentEvent.RESOLVE: pgettext_lazy("step", "It is over"),
    IncidentEvent.CLOSE: pgettext_lazy("step", "Close it"),
    IncidentEvent.TRANSFER: pgettext_lazy("step", "Hand it on"),
    IncidentEvent.FIND_UNFOUNDED: pgettext_lazy("step", "It was unfounded"),
    IncidentEvent.MERGE: pgettext_lazy("step", "It is a duplicate"),
    IncidentEvent.REOPEN: pgettext_lazy("step", "Open it again"),
}

LOG = {
    **{event.value: text for event, text in STEPS.items()},
    LogEntry.REPORT.value: pgettext_lazy("log", "Report"),
    LogEntry.NOTE.value: pgettext_lazy("log", "Note"),
    LogEntry.SEVERITY.value: pgettext_lazy("log", "Severity set"),
    LogEntry.KIND.value: pgettext_lazy("log", "Kind set"),
    LogEntry.RESTRICT.value: pgettext_lazy("log", "Who may know set"),
    LogEntry.CLIMB.value: pgettext_lazy("log", "Climbed to"),
    LogEntry.BORDER.value: pgettext_lazy("log", "Crosses a border"),
    LogEntry.LINK.value: pgettext_lazy("log", "Links set"),
}

CONFIDED = {
    Confided.NO: pgettext_lazy("confided", "Everybody in the area"),
    Confided.PARTLY: pgettext_lazy("confided", "Everybody, but persons, health and reporters"),
    Confided.YES: pgettext_lazy("confided", "Handlers alone"),
}

CLOCKS = {
    Running.ACKNOWLEDGE: pgettext_lazy("clock", "Take up by"),
    Running.ON_SCENE: pgettext_lazy("clock", "On the scene by"),
    Running.CONTROLLED: pgettext_lazy("clock", "Under control by"),
    Running.CLOSE: pgettext_lazy("clock", "Close by"),
    Running.NONE: pgettext_lazy("clock", "No clock runs"),
}

ACCESS = {
    Access.LAND: pgettext_lazy("access", "By road, within ninety minutes"),
    Access.FAR: pgettext_lazy("access", "Far, or by water"),
}

YES_NO = {"YES": _("Yes"), "NO": _("No")}

NOTIFICATIONS = {
    "security.incident_was_reported": _("%(place)s: %(what)s (%(severity)s) was reported"),
    "security.incident_was_reopened": _("%(place)s: %(what)s (%(severity)s) was opened again"),
    "security.incident_is_graver": _("%(place)s: %(what)s is now %(severity)s"),
    "security.incident_climbs": _(
        "%(place)s: %(what)s (%(severity)s) is past its clock and has come up to you"
    ),
    "security.incident_passed_you": _(
        "%(place)s: %(what)s (%(severity)s) went up while nobody of you was on duty"
    ),
    "security.incident_crosses_the_border": _(
        "%(place)s: %(what)s (%(severity)s) crosses the border"
    ),
}

EVENTS = {
    "security.IncidentReported": _("Incident reported: %(kind)s, %(severity)s"),
    "security.IncidentMoved": _("Incident: %(event)s"),
    "security.SeveritySet": _("Severity of an incident: %(before)s, now %(severity)s"),
    "security.IncidentNoted": _("Incident: more was said"),
    "security.IncidentsClimbed": _("Incidents past their clock climbed: %(count)s"),
    "security.ConfidedMatter": _("A matter was handled"),
    "security.ConfidedLeft": _("A matter was handled"),
    "security.DutyPlanned": _("Duty planned"),
    "security.DutyCancelled": _("Duty taken back"),
}


def _reported(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    severity = SEVERITIES[Severity(facts["severity"])]
    return {**facts, "kind": kind_text(str(facts["kind"])), "severity": severity}


def _set(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    before, now = (SEVERITIES[Severity(facts[name])] for name in ("before", "severity"))
    return {**facts, "before": before, "severity": now}


def _moved(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "event": STEPS[IncidentEvent(facts["event"])]}


EVENT_FACTS = {
    "security.IncidentReported": _reported,
    "security.IncidentMoved": _moved,
    "security.SeveritySet": _set,
}

ALERTS = {
    "security.GRAVE_PAST": _("%(place_name)s: %(what)s is past its clock, reported %(since)s"),
    "security.GRAVE_PAST.so": _("Urgent: %(owner)s has not reached the next state in time."),
    "security.GRAVE_PAST.helps": _("Open it: call, take it up"),
    "security.GRAVE_OPEN": _("%(place_name)s: %(what)s is open, reported %(since)s"),
    "security.GRAVE_OPEN.so": _("A grave incident is not over; %(owner)s answers for it."),
    "security.GRAVE_OPEN.helps": _("Open it: call, take it up"),
    "security.RESTRICTED": _("%(place_name)s: %(what)s is open, reported %(since)s (restricted)"),
    "security.RESTRICTED.so": _("A grave incident is not over; %(owner)s answers for it."),
    "security.RESTRICTED.helps": _("Open it: call, take it up"),
    "security.RESTRICTED_LATE": _(
        "%(place_name)s: %(what)s is past its clock, reported %(since)s (restricted)"
    ),
    "security.RESTRICTED_LATE.so": _("Urgent: %(owner)s has not reached the next state in time."),
    "security.RESTRICTED_LATE.helps": _("Open it: call, take it up"),
    "security.LESSER_PAST": _("%(place_name)s: lesser incidents past their clock: %(count)s"),
    "security.LESSER_PAST.so": _("What nobody settles grows, and hides what is grave."),
    "security.LESSER_PAST.helps": _("See the incidents"),
    "security.RESTRICTED_PAST": _(
        "%(place_name)s: restricted incidents past their clock: %(count)s"
    ),
    "security.RESTRICTED_PAST.so": _("Their clocks are those of the catalogue."),
    "security.RESTRICTED_PAST.helps": _("See the incidents"),
}

TOPICS = {
    "security.GRAVE_PAST": pgettext_lazy("what an alert is about", "a grave incident"),
    "security.GRAVE_OPEN": pgettext_lazy("what an alert is about", "a grave incident"),
    "security.RESTRICTED": pgettext_lazy("what an alert is about", "a restricted incident"),
    "security.RESTRICTED_LATE": pgettext_lazy("what an alert is about", "a restricted incident"),
    "security.LESSER_PAST": pgettext_lazy("what an alert is about", "incidents past their clock"),
    "security.RESTRICTED_PAST": pgettext_lazy("what an alert is about", "restricted incidents"),
}
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

FIGURES = {
    "security.open": _("incidents open"),
    "security.past_clock": _("open incidents past their clock"),
    "security.in_time": _("incidents closed within their clocks"),
    "security.officers_lack": _("officers needed at stations lack"),
    "security.surveyed": _("stations surveyed for vulnerability"),
    "security.classed": _("stations classed by the police"),
    "security.covered": _("stations with officers by the adopted posting"),
}

WHYS = {
    "security.GRAVE_PAST": _(
        "Urgent: %(count)s of %(of)s open grave incidents are past their clock."
    ),
    "security.GRAVE_OPEN": _("%(count)s of %(of)s open incidents are grave."),
    "security.PAST_CLOCK": _("%(count)s of %(of)s open incidents are past their clock."),
    "security.IN_TIME": _("%(count)s incidents are open, none of them grave or past its clock."),
    "security.NOTHING_OPEN": _("No incident is open."),
    "security.NOTHING_TOLD": _("Nobody has told anything of security here yet."),
    "security.NOTHING_OWED": _("Nothing of security is due yet."),
    "security.IN_ORDER": _("Survey, classes and posting stand as they should by this day."),
    "security.SURVEY_LACKS": _(
        "%(count)s of %(of)s stations are not in the supervisor's survey, which is over."
    ),
    "security.CLASSES_LACK": _("%(count)s of %(of)s stations have no class of the police."),
    "security.OFFICERS_LACK": _("%(count)s of %(of)s officers needed at stations lack."),
    "security.POSTING_LACKS": _(
        "The police have adopted no posting for %(count)s of %(of)s stations."
    ),
    "security.UNCOVERED": _(
        "The adopted posting leaves %(count)s of %(of)s stations without officers."
    ),
    "security.HIGHLY_UNCOVERED": _(
        "The adopted posting leaves %(count)s highly vulnerable or special stations "
        "without officers."
    ),
    "security.POSTS_EMPTY": _("%(count)s of %(of)s posts did not answer the roll of the day."),
    "security.PLACES_LATE": _(
        "%(count)s of %(of)s areas are late with survey, classes or posting."
    ),
    "security.PLACES_SILENT": _("%(count)s of %(of)s areas have told nothing of security."),
    "security.PLACES_AT_RISK": _(
        "%(count)s of %(of)s areas lack something of survey, classes or posting."
    ),
    "security.ENDED": _("Officers are back; only incidents count."),
    "security.WITHOUT_RESTRICTED": _("Restricted matters count for their handlers alone."),
}
"""Why a place stands as it does."""

SOURCES = {"security": _("Reports of officers and desks; clocks by catalogue")}


def _hour(params: Mapping[str, Any]) -> str:
    hour = clock_time(datetime.fromisoformat(params["at"]), params["zone"])
    if params.get("is_of_day_before"):
        return gettext("%(hour)s the day before") % {"hour": hour}
    return hour


def _incident(params: Mapping[str, Any]) -> str:
    return gettext("%(hour)s, %(place)s: %(what)s (%(severity)s); %(owner)s, %(state)s.") % {
        "hour": _hour(params),
        "place": params["place"],
        "what": kind_text(params["kind"]),
        "severity": params["severity"],
        "owner": params["owner"],
        "state": str(STATES[IncidentState(params["state"])]).lower(),
    }


def _more(params: Mapping[str, Any]) -> str:
    return gettext("More incidents were reported; told are the gravest: %(count)s.") % {
        "count": number(params["count"])
    }


SENTENCES = {"security.INCIDENT": _incident, "security.MORE_INCIDENTS": _more}
"""What security adds to a daily report."""

_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    **dict.fromkeys(
        (
            "moments_of_an_incident_are_of_this_century",
            "reports_are_of_this_century",
            "duties_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    **dict.fromkeys(
        (
            "an_incident_is_closed_by_its_end_alone",
            "a_duplicate_and_only_a_duplicate_has_an_original",
            "only_what_is_open_climbs",
            "a_point_lies_on_the_globe",
            "what_is_confided_has_handlers",
            "what_is_confided_is_remembered",
            "an_incident_touches_a_station_once",
        ),
        _NOT_RIGHT,
    ),
    "no_incident_repeats_itself": _("These are the same report. Choose another one."),
    "a_border_lies_between_two_places": _(
        "A border lies between two places. Choose the place on the other side."
    ),
    "a_duty_ends_later": _("A duty ends after it begins. Look at both moments."),
    "a_duty_names_an_office": _("Say which office or unit is on duty."),
    "security.kind_is_unknown": _("Choose what happened from the list."),
    "security.place_is_missing": _("Say where it happened: choose a place."),
    "security.place_is_unknown": _("There is no such place. Choose one from the list."),
    "security.place_is_too_wide": _(
        "Choose the station or the village; where it is not known, the district."
    ),
    "security.place_is_outside": _(
        "This place lies outside your area. Choose a place in it, or call the desk of that area."
    ),
    "security.border_is_none": _(
        "Choose the place on the other side of the border, not the same one or one within it."
    ),
    "security.link_is_unknown": _(
        "This is not there, or not yours to see. Choose what it hangs on from the list."
    ),
    "security.station_is_unknown": _("Choose stations from the list."),
    "security.moment_lies_ahead": _(
        "This moment lies ahead. Enter when it happened, or leave it as it is."
    ),
    "security.moment_is_too_old": _(
        "This is more than %(days)s days ago. Look at the date; tell older matters to the desk."
    ),
    "security.question_is_not_asked": _("This is not asked of such an incident. Leave it out."),
    "security.answer_is_no_number": _("Write a whole number from 0 to %(most)s."),
    "security.answer_is_none_of_these": _("Choose one of the answers."),
    "security.answer_is_no_hour": _("Write an hour, such as 07:20."),
    "security.text_is_too_long": _("Write at most %(most)s letters."),
    "security.need_is_unknown": _("Choose what is needed from the list."),
    "security.too_many_reports": _(
        "More than %(most)s reports a minute came from here. Yours was not lost: send it again in "
        "%(seconds)s seconds."
    ),
    "security.nobody_answers_for_it": _(
        "No institution that answers for this is set up here. Call the regency's desk."
    ),
    "security.say_what_was_done": _("Say what was done, so that others know it is under control."),
    "security.say_what_came_of_it": _(
        "A grave incident is closed with what came of it and what is to be learnt."
    ),
    "security.say_who_took_it": _("Say who took it over, and its number or receipt there."),
    "security.say_who_looked": _("Say who looked, and when."),
    "security.reason_is_missing": _("Give a reason."),
    "security.note_is_empty": _("Write something."),
    "security.it_is_the_same_report": _("These are the same report. Choose another one."),
    "security.original_is_a_duplicate": _(
        "That one is a duplicate itself. Choose the incident that it belongs to."
    ),
    "security.original_is_not_restricted": _(
        "This one is restricted, and that one is seen by others. Restrict that one first."
    ),
    "security.severity_is_out_of_range": _(
        "An incident of this kind cannot be that grave or slight. Choose another severity, or set "
        "the kind first."
    ),
    "security.only_on_the_scene_lowers": _(
        "Only who answers for it, on the scene, lowers what is grave."
    ),
    "security.incident_is_closed": _("This incident is closed. Open it again first."),
    "security.theirs_alone_to_do": _(
        "This is for the body that answers for it alone: a desk closes nothing of police, "
        "commission or supervisor. Ask them."
    ),
    "security.step_is_not_possible_now": _("This step is not possible where the incident stands."),
    "security.plan_has_open_steps": _(
        "%(count)s steps of its plan are open. Finish or drop them first."
    ),
    "security.plan_runs_in_the_open": _(
        "A plan of it runs with %(count)s open steps, which others see. End or stop it first."
    ),
    "security.duty_names_no_office": _("Say which office or unit is on duty."),
    "security.duty_has_no_length": _(
        "A duty ends after it begins, within %(days)s days. Look at both moments."
    ),
    "security.duty_stands_already": _(
        "This office is on duty at these hours already. Look at the list before you enter it again."
    ),
    "security.duty_is_over": _("This duty is over, or too far ahead. Look at the dates."),
}
