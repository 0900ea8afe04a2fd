"""Facilities in words: outcomes, defects, refusals, alerts, events."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.catalogue import load, said
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.checklists import NO, YES, Checklists
from .rules.defects import DefectEvent, DefectState
from .rules.judging import Outcome, Verdict

YES_NO = {YES: pgettext_lazy("answer", "Yes"), NO: pgettext_lazy("answer", "No")}

OUTCOMES = {
    Outcome.READY: pgettext_lazy("a place", "Ready"),
    Outcome.NEARLY: pgettext_lazy("a place", "Nearly ready"),
    Outcome.NOT_READY: pgettext_lazy("a place", "Not ready"),
    Outcome.UNANSWERED: pgettext_lazy("a place", "Questions unanswered"),
}

VERDICTS = {
    Verdict.PASSED: pgettext_lazy("a question", "In order"),
    Verdict.FAILED: pgettext_lazy("a question", "Fails"),
    Verdict.UNANSWERED: pgettext_lazy("a question", "Unanswered"),
    Verdict.NOT_APPLICABLE: pgettext_lazy("a question", "Does not apply"),
}

DEFECT_STATES = {
    DefectState.FOUND: pgettext_lazy("a defect", "Found"),
    DefectState.PROMISED: pgettext_lazy("a defect", "Promised"),
    DefectState.MENDED: pgettext_lazy("a defect", "Mended, waits for a check"),
    DefectState.DISPUTED: pgettext_lazy("a defect", "Disputed"),
    DefectState.MOVE_ASKED: pgettext_lazy("a defect", "Another site is asked for"),
    DefectState.CONFIRMED: pgettext_lazy("a defect", "Confirmed by a check"),
}

DEFECT_EVENTS = {
    DefectEvent.PROMISE: pgettext_lazy("what happened to a defect", "promised"),
    DefectEvent.MEND: pgettext_lazy("what happened to a defect", "said to be mended"),
    DefectEvent.DISPUTE: pgettext_lazy("what happened to a defect", "disputed"),
    DefectEvent.ASK_MOVE: pgettext_lazy("what happened to a defect", "another site asked for"),
}

ALERTS = {
    "facilities.hard_defects_are_late": _(
        "%(defects)s grave defects of buildings or counting IT are past their day"
    ),
    "facilities.counting_it_lacks": _(
        "Counting IT: accounts or the offline route fail %(defects)s times, past their day"
    ),
    "facilities.venues_may_have_to_move": _(
        "%(defects)s grave defects of stations' sites, while another site can still be asked for"
    ),
    # What hangs on it.
    "facilities.stations_and_voters_hang_on_it": _(
        "%(stations)s stations with %(voters)s voters hang on it."
    ),
    # What would help.
    "facilities.see_defects": _("See the defects: who mends them, by when, what was promised"),
}

TOPICS = {
    "facilities.hard_defects_are_late": pgettext_lazy(
        "what an alert is about", "grave defects of buildings and counting IT"
    ),
    "facilities.counting_it_lacks": pgettext_lazy(
        "what an alert is about", "accounts and the offline route of counting IT"
    ),
    "facilities.venues_may_have_to_move": pgettext_lazy(
        "what an alert is about", "stations whose site fails"
    ),
}

NOTIFICATIONS = {
    "facilities.defects_were_found": _("A check found %(count)s defects that you mend"),
    "facilities.move_was_asked": _("%(place)s: another site is asked for; you decide"),
}

EVENTS = {
    "facilities.PlacesChecked": _(
        "%(checklist)s: %(places)s places checked, %(found)s defects found, %(confirmed)s "
        "confirmed as mended"
    ),
    "facilities.DefectAnswered": _("%(checklist)s, %(question)s: %(event)s"),
}


def _list_and_question(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name checklist and question in the reader's language; what is gone, as stored."""
    known = load("facilities", "checklists", Checklists).checklists.get(str(facts["checklist"]))
    if known is None:
        return facts
    question = known.questions.get(str(facts.get("question", "")))
    named = {"question": said(question.name)} if question else {}
    return {**facts, "checklist": said(known.name), **named}


def _answered_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    event = DEFECT_EVENTS[DefectEvent(str(facts["event"]))]
    return {**_list_and_question(facts), "event": event}


EVENT_FACTS = {
    "facilities.PlacesChecked": _list_and_question,
    "facilities.DefectAnswered": _answered_facts,
}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    "facilities.checklist_is_unknown": _("There is no such checklist; choose one of the page."),
    "facilities.nothing_is_answered": _("Answer at least one question."),
    "facilities.place_is_unknown": _(
        "This place is not known here. Take its name from the template."
    ),
    "facilities.place_stands_twice": _("This place stands above already; leave one row."),
    "facilities.place_has_no_election": _("No election is set up here."),
    "facilities.question_is_unknown": _("The checklist has no such question."),
    "facilities.question_always_applies": _("This question applies everywhere: answer yes or no."),
    "facilities.answer_is_yes_or_no": _("Answer yes or no."),
    "facilities.answer_is_no_option": _("Choose one of the answers of this question."),
    "facilities.answer_is_absurd": _("Enter a whole number from 0 to %(most)s."),
    "facilities.answer_says_nothing": _("Write in words who, where or what."),
    "facilities.answer_is_too_long": _("At most %(most)s characters are kept; make it shorter."),
    "facilities.nobody_mends_it": _(
        "No institution is set up that mends this. Let the administrator set one up."
    ),
    "facilities.promise_has_passed": _("This day has passed. Say by which day it will be mended."),
    "facilities.promise_is_after_the_vote": _(
        "This is after the vote. Name a day before, or dispute the defect."
    ),
    "facilities.say_how_it_was_mended": _("Say what was done."),
    "facilities.say_why_not": _("Say why it is no defect, or whose it is."),
    "facilities.say_where_to": _("Say which other site there is, or why none can be used."),
    "facilities.nothing_asks_for_a_move": _(
        "Only what fails gravely at a station's site asks for it."
    ),
    "facilities.too_late_to_move": _(
        "Another site could be asked for until %(day)s. Mend it, or use the substitute site."
    ),
    "facilities.defect_is_elsewhere": _(
        "The defect is no longer where this could be done. Look again."
    ),
    "facilities.answer_is_not_read": _("“%(text)s” is no answer to this question: %(answers)s."),
    "facilities.station_needs_its_village": _(
        "Give the code of the station, or district, village and number."
    ),
    "facilities.sheet_is_empty": _("There is nothing to record."),
    "checks_are_of_this_century": NOT_OF_THIS_CENTURY,
    "standings_are_of_this_century": NOT_OF_THIS_CENTURY,
    "days_of_a_defect_are_of_this_century": NOT_OF_THIS_CENTURY,
    "no_more_passes_than_is_asked": _NOT_RIGHT,
    "a_check_answers_something": _("Answer at least one question."),
    "a_place_stands_once_in_a_checklist": _FIRST,
    "the_unanswered_is_never_ready": _NOT_RIGHT,
    "what_is_open_has_its_day": _NOT_RIGHT,
    "a_question_has_one_open_defect": _FIRST,
    "a_promise_has_its_day": _("Say by which day it will be mended."),
    "who_answers_for_a_defect_says_what": _("Say what was done, or why not."),
    "a_check_confirms_what_is_mended": _NOT_RIGHT,
}
