"""Liaison in words: requests, crimes, refusals, alerts, events."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.catalogue import load, said
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules import AidEvent, AidState, CrimeEvent, CrimeState, Liaison, Unit

AID_STATES = {
    AidState.ASKED: pgettext_lazy("a request", "Asked"),
    AidState.PROMISED: pgettext_lazy("a request", "Promised"),
    AidState.REFUSED: pgettext_lazy("a request", "Refused"),
    AidState.ARRIVED: pgettext_lazy("a request", "There"),
    AidState.WITHDRAWN: pgettext_lazy("a request", "Withdrawn"),
}

AID_EVENTS = {
    AidEvent.PROMISE: pgettext_lazy("what happened to a request", "promised"),
    AidEvent.REFUSE: pgettext_lazy("what happened to a request", "refused"),
    AidEvent.ARRIVE: pgettext_lazy("what happened to a request", "is there"),
    AidEvent.WITHDRAW: pgettext_lazy("what happened to a request", "withdrawn"),
}

CRIME_STATES = {
    CrimeState.KNOWN: pgettext_lazy("a crime", "Known, to be reported"),
    CrimeState.STUDY: pgettext_lazy("a crime", "Supervisor's study"),
    CrimeState.INVESTIGATION: pgettext_lazy("a crime", "Investigation by the police"),
    CrimeState.PROSECUTION: pgettext_lazy("a crime", "With the prosecutor"),
    CrimeState.COURT: pgettext_lazy("a crime", "In court"),
    CrimeState.RULED: pgettext_lazy("a crime", "Ruled, may be appealed"),
    CrimeState.APPEAL: pgettext_lazy("a crime", "On appeal"),
    CrimeState.STOPPED: pgettext_lazy("a crime", "Stopped"),
    CrimeState.FINAL: pgettext_lazy("a crime", "Final"),
}

CRIME_EVENTS = {
    CrimeEvent.REPORT: pgettext_lazy("a step of a crime", "Reported"),
    CrimeEvent.EXTEND: pgettext_lazy("a step of a crime", "More days"),
    CrimeEvent.FORWARD: pgettext_lazy("a step of a crime", "Handed on"),
    CrimeEvent.RULE: pgettext_lazy("a step of a crime", "Ruled"),
    CrimeEvent.APPEAL: pgettext_lazy("a step of a crime", "Appealed"),
    CrimeEvent.STOP: pgettext_lazy("a step of a crime", "Stopped"),
    CrimeEvent.CLOSE: pgettext_lazy("a step of a crime", "Final"),
}

UNITS = {
    Unit.CALENDAR: pgettext_lazy("days of a clock", "calendar days"),
    Unit.WORKING: pgettext_lazy("days of a clock", "working days"),
}

ALERTS = {
    "liaison.requests_are_late": _(
        "Requests for people or things: %(requests)s are past their clock, the first since %(hour)s"
    ),
    # From what an action was made.
    "liaison.ASSESSMENT": _("It follows from a joint assessment"),
    "liaison.REQUEST": _("Request for people or things"),
    # What would help.
    "liaison.see_requests": _("See the requests, and call who has not answered"),
}

TOPICS = {
    "liaison.requests_are_late": pgettext_lazy(
        "what an alert is about", "requests for people or things"
    ),
    "liaison.ASSESSMENT": pgettext_lazy("what an alert is about", "a joint assessment"),
    "liaison.REQUEST": pgettext_lazy("what an alert is about", "a request for people or things"),
}

EVENTS = {
    "liaison.ContactSaved": _("Number kept: %(office)s"),
    "liaison.ContactRemoved": _("Number taken away: %(office)s"),
    "liaison.PlaceAssessed": _(
        "Assessed together: %(level)s; %(members)s institutions agree, %(follow)s actions follow"
    ),
    "liaison.AidAsked": _("%(number)s %(thing)s asked for"),
    "liaison.AidMoved": _("%(thing)s: %(event)s %(how)s"),
    "liaison.CrimeEntered": _("Entered; its clock ends on %(due_date)s"),
    "liaison.CrimeMoved": _("%(event)s: %(after)s"),
}


def _catalogue() -> Liaison:
    return load("liaison", "liaison", Liaison)


def _thing(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    known = _catalogue().things.get(str(facts["thing"]))
    return {**facts, "thing": said(known.name) if known else facts["thing"]}


def _moved(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    granted = facts.get("granted")
    how = facts.get("reason") or ("" if granted is None else f"({granted})")
    return {**_thing(facts), "event": AID_EVENTS[AidEvent(str(facts["event"]))], "how": how}


def _assessed(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    known = _catalogue().levels.get(str(facts["level"]))
    return {**facts, "level": said(known.name) if known else facts["level"]}


def _crime(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **facts,
        "event": CRIME_EVENTS[CrimeEvent(str(facts["event"]))],
        "after": CRIME_STATES[CrimeState(str(facts["after"]))],
    }


EVENT_FACTS = {
    "liaison.PlaceAssessed": _assessed,
    "liaison.AidAsked": _thing,
    "liaison.AidMoved": _moved,
    "liaison.CrimeMoved": _crime,
}

_NOT_RIGHT = _("This cannot be right; look at what you entered.")
_FIRST = _("Somebody else was first. Reload the page.")

REFUSALS = {
    "liaison.phone_is_none": _("This is no telephone number. Enter digits, such as 0711-352041."),
    "liaison.office_is_missing": _("Say whom the number reaches."),
    "liaison.level_is_unknown": _("There is no such level; choose one of the page."),
    "liaison.day_lies_ahead": _("This day lies ahead. Enter the day on which it was."),
    "liaison.text_is_missing": _("Say why in words."),
    "liaison.two_agree": _("At least two institutions of this place agree to an assessment."),
    "liaison.thing_is_unknown": _("This cannot be asked for; choose something of the page."),
    "liaison.they_do_not_have_it": _(
        "This institution does not have it, or may not be asked by you. Choose another one."
    ),
    "liaison.number_is_absurd": _("Enter a whole number from 1 to %(most)s."),
    "liaison.granted_is_absurd": _("Enter a whole number from 1 to %(most)s."),
    "liaison.moment_has_passed": _("This moment has passed. Say by when they are needed."),
    "liaison.reason_is_missing": _("Say why."),
    "liaison.request_is_elsewhere": _FIRST,
    "liaison.register_is_missing": _("Enter the number of the register."),
    "liaison.crime_is_elsewhere": _("This does not follow from where it stands. Look again."),
    "liaison.day_is_not_of_this_stage": _(
        "The day lies before this stage began, or ahead. Enter the day on which it was."
    ),
    "liaison.clock_has_run_out": _(
        "The clock of this stage has run out; it cannot be given more days."
    ),
    "liaison.extended_already": _("It got more days already; the law gives them once."),
    "a_number_says_whom_it_reaches": _NOT_RIGHT,
    "a_number_of_an_institution_stands_once": _("This number stands here already."),
    "assessments_are_of_this_century": NOT_OF_THIS_CENTURY,
    "an_assessment_says_how_and_why": _NOT_RIGHT,
    "who_agrees_agrees_once": _NOT_RIGHT,
    "requests_are_of_this_century": NOT_OF_THIS_CENTURY,
    "a_request_asks_for_some": _NOT_RIGHT,
    "nobody_requests_of_oneself": _NOT_RIGHT,
    "what_is_promised_says_how_many": _NOT_RIGHT,
    "what_is_refused_or_withdrawn_has_a_reason": _("Say why."),
    "days_of_a_crime_are_of_this_century": NOT_OF_THIS_CENTURY,
    "a_register_number_names_one_crime": _("This register number is entered already."),
    "a_crime_has_its_register": _("Enter the number of the register."),
    "a_crime_has_a_clock_until_it_ends": _NOT_RIGHT,
    "a_stage_begins_after_the_deed": _NOT_RIGHT,
}
