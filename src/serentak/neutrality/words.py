"""Neutrality in words: states, steps, refusals, alerts, figures, events."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from serentak.platform.web.formats import number
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.cases import CaseEvent, CaseState, ReplyKind, Stake
from .rules.catalogue import DayKind
from .rules.standing import ServiceLevel

STATES = {
    CaseState.AT_TASK_FORCE: _("Task force examines"),
    CaseState.AT_SUPERVISOR: _("Supervisor studies"),
    CaseState.AT_BKN: _("Civil service agency reviews"),
    CaseState.AT_AUTHORITY: _("Appointing authority decides"),
    CaseState.NOT_FOLLOWED_UP: _("Not followed up"),
    CaseState.BLOCKED: _("Records blocked"),
    CaseState.SANCTIONED: _("Sanctioned"),
    CaseState.NOT_PROVEN: _("Not proven"),
}

CASE_EVENTS = {
    CaseEvent.STUDY: _("Hand to the supervisor"),
    CaseEvent.FORWARD: _("Forward to the civil service agency"),
    CaseEvent.RECOMMEND: _("Recommend to the appointing authority"),
    CaseEvent.EXTEND: _("Extend the term once"),
    CaseEvent.CLOCK_RUNS_OUT: _("The clock ran out"),
    CaseEvent.HAND_OVER: _("Hand over to the next authority"),
    CaseEvent.BLOCK: _("Block the records"),
    CaseEvent.SANCTION: _("Record the sanction"),
    CaseEvent.FIND_NOT_PROVEN: _("Close as not proven"),
}

STAKES = {
    Stake.CANDIDATE: _("The authority is itself a candidate"),
    Stake.RELATED: _("The authority is related to somebody in the race"),
}

REPLIES = {
    ReplyKind.GIVEN: _("Reply given"),
    ReplyKind.DECLINED: _("Waived the reply"),
    ReplyKind.NO_ANSWER: _("Invited, no answer"),
}

SERVICE_LEVELS = {
    ServiceLevel.OPEN: pgettext_lazy("service", "Open"),
    ServiceLevel.REDUCED: pgettext_lazy("service", "Reduced"),
    ServiceLevel.CLOSED: pgettext_lazy("service", "Closed"),
}

AUTHORITIES = {
    "REGENT": _("Regent or mayor"),
    "GOVERNOR": _("Governor"),
    "MINISTER": _("Minister of Home Affairs"),
}

CLIMBED = {
    "REGENT_DESK": _("taken up to the regent's desk"),
    "GOVERNOR_DESK": _("taken up to the governor's desk"),
    "MINISTER": _("goes to the Minister by a letter of the governor, outside the daily report"),
}

DAY_KINDS = {
    DayKind.CALENDAR: _("calendar days"),
    DayKind.WORKING: _("working days"),
}

PERSON_FIELDS = {
    "full_name": pgettext_lazy("person", "Name"),
    "employee_number": _("Employee number (NIP)"),
    "post": pgettext_lazy("person", "Post"),
    "account": _("What was seen, and where"),
}


ALERTS = {
    "neutrality.CASE": _("Neutrality case %(number)s, %(agency)s"),
    "neutrality.CASES_PAST_CLOCK": _(
        "%(place_name)s: %(count)s of %(open)s open cases past their clock, the oldest by %(days)s"
    ),
    "neutrality.AUTHORITY_IN_THE_RACE": _(
        "%(place_name)s: %(count)s cases lie with an authority who is a candidate"
    ),
    "neutrality.SERVICES_THIN": _(
        "%(place_name)s: services thin out, %(count)s of %(of)s reduced or closed"
    ),
    "neutrality.PLEDGES_LOW": _(
        "%(place_name)s: %(share)s of the staff have signed the pledge, %(count)s have not"
    ),
    "neutrality.REPLACEMENT_WITHOUT_CONSENT": _(
        "%(place_name)s: officials replaced without the Minister's consent: %(count)s"
    ),
    "neutrality.CIRCULAR_UNACKNOWLEDGED": _(
        "%(place_name)s: %(count)s agencies have not acknowledged a circular"
    ),
    "neutrality.SERVICES_SILENT": _(
        "%(place_name)s: %(count)s of %(of)s services have not been heard of"
    ),
    # What hangs on it.
    "neutrality.CASES_PAST_CLOCK.so": _(
        "Without an answer the person's records are blocked, and people learn that nothing follows."
    ),
    "neutrality.AUTHORITY_IN_THE_RACE.so": _(
        "Nobody decides in a matter of one's own: the next authority has to."
    ),
    "neutrality.SERVICES_THIN.so": _(
        "Identity cards, health and public order are needed up to the last day; closed now: "
        "%(closed)s."
    ),
    "neutrality.SERVICES_SILENT.so": _("Who is silent may be shut."),
    "neutrality.PLEDGES_LOW.so": _("Who has not pledged has not been told what is forbidden."),
    "neutrality.REPLACEMENT_WITHOUT_CONSENT.so": _(
        "A replacement in the six months before candidates are fixed can cost a candidacy (UU "
        "10/2016 art. 71)."
    ),
    "neutrality.CIRCULAR_UNACKNOWLEDGED.so": _("Nobody knows whether the staff there was told."),
    # What would help.
    "neutrality.CASES_PAST_CLOCK.helps": _("See the cases"),
    "neutrality.AUTHORITY_IN_THE_RACE.helps": _("Hand over"),
    "neutrality.SERVICES_THIN.helps": _("See the services"),
    "neutrality.SERVICES_SILENT.helps": _("See the services"),
    "neutrality.PLEDGES_LOW.helps": _("See which agencies"),
    "neutrality.REPLACEMENT_WITHOUT_CONSENT.helps": _("Ask for the consent"),
    "neutrality.CIRCULAR_UNACKNOWLEDGED.helps": _("See which agencies"),
}

TOPICS = {
    "neutrality.CASE": pgettext_lazy("what an alert is about", "neutrality case %(number)s"),
    "neutrality.CASES_PAST_CLOCK": pgettext_lazy(
        "what an alert is about", "neutrality cases past their clock"
    ),
    "neutrality.AUTHORITY_IN_THE_RACE": pgettext_lazy(
        "what an alert is about", "cases with an authority who is a candidate"
    ),
    "neutrality.SERVICES_THIN": pgettext_lazy(
        "what an alert is about", "public services reduced or closed"
    ),
    "neutrality.PLEDGES_LOW": pgettext_lazy("what an alert is about", "neutrality pledges"),
    "neutrality.REPLACEMENT_WITHOUT_CONSENT": pgettext_lazy(
        "what an alert is about", "officials replaced without consent"
    ),
    "neutrality.CIRCULAR_UNACKNOWLEDGED": pgettext_lazy(
        "what an alert is about", "a circular not acknowledged"
    ),
    "neutrality.SERVICES_SILENT": pgettext_lazy(
        "what an alert is about", "public services not heard of"
    ),
}
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

FIGURES = {
    "neutrality.past_clock": _("open cases past their clock"),
    "neutrality.followed_up": _("recommended cases followed up"),
    "neutrality.pledged": _("staff have signed the pledge"),
    "neutrality.services_thin": _("services reduced or closed"),
}

WHYS = {
    "neutrality.REPLACED": _(
        "%(count)s officials were replaced and the Minister's consent is not shown."
    ),
    "neutrality.CASES_PAST": _("%(count)s of %(of)s open cases are past their clock."),
    "neutrality.MANY_CASES_PAST": _("Many cases are past their clock."),
    "neutrality.SERVICES_THIN": _("%(count)s of %(of)s services are reduced or closed."),
    "neutrality.SERVICE_SHUT": _("%(count)s services that must stay open are shut."),
    "neutrality.SERVICE_MUTE": _("%(count)s services that must stay open have not been heard of."),
    "neutrality.SERVICES_SILENT": _("%(count)s of %(of)s services have not been heard of."),
    "neutrality.PLEDGES_LOW": _(
        "%(count)s of %(of)s have not signed the pledge, and its day is past."
    ),
    "neutrality.PLEDGES_UNKNOWN": _("Nobody has counted who signed the pledge."),
    "neutrality.NOTHING_HEARD": _("Neither pledges nor services were reported."),
    "neutrality.PLACES_LATE": _("%(count)s of %(of)s areas are late."),
    "neutrality.PLACES_SILENT": _("%(count)s of %(of)s areas have not reported."),
    "neutrality.PLACES_AT_RISK": _("%(count)s of %(of)s areas are at risk or late."),
    "neutrality.ALL_IN_ORDER": _("Pledges, services and replaced officials are in order."),
    "neutrality.PAST_THE_WINDOW": _("The time in which this is watched ended in order."),
    "neutrality.NOTHING_OWED": _("Nothing is to be reported from here at this time."),
    "neutrality.WITHOUT_CASES": _("Cases are not counted in."),
    "neutrality.TOLD_WITHOUT_CASES": _(
        "Without cases, as reports and the meeting book tell it: %(status)s."
    ),
}
"""Why a place stands as it does."""

NOTIFICATIONS = {
    "neutrality.handler_is_missing": _(
        "Name a handler of neutrality cases at %(institution)s: nobody there may open what came in"
    ),
    "neutrality.clock_ran_out": _("The clock of case %(number)s ran out (%(agency)s)"),
    "neutrality.clock_ran_out.many": _("The clocks of %(count)s cases with you ran out"),
    "neutrality.case_went_up": _("Case %(number)s was taken up to you (%(agency)s)"),
    "neutrality.case_went_up.many": _("%(count)s cases were taken up to you"),
    "neutrality.case_goes_to_minister": _(
        "Case %(number)s goes to the Minister: prepare the governor's letter (%(agency)s)"
    ),
    "neutrality.case_goes_to_minister.many": _(
        "%(count)s cases go to the Minister: prepare the governor's letters"
    ),
    "neutrality.case_may_be_blocked": _(
        "Case %(number)s was not followed up; records may be blocked (%(agency)s)"
    ),
    "neutrality.case_may_be_blocked.many": _(
        "%(count)s cases were not followed up; records may be blocked"
    ),
}

LETTER_TASK = _(
    "decide on the recommendation in neutrality case number %(number)s (%(agency)s) "
    "and report the decision"
)
LETTER_EVIDENCE = _("a copy of the decision")

SOURCES = {"neutrality": _("Case handlers, agencies and desks; terms by catalogue")}

EVENTS = {
    "neutrality.CaseReferred": _("Case referred"),
    "neutrality.CaseMoved": _("Case moved on"),
    "neutrality.ReplyRecorded": _("Reply recorded"),
    "neutrality.CaseClosed": _("Case closed"),
    "neutrality.ClocksExpired": _("%(count)s clocks ran out"),
    "neutrality.CaseRefusedToViewer": _("Somebody opened a case that is not theirs to see"),
    "neutrality.NamesRead": _("Names of a case opened"),
    "neutrality.AuthorityAsked": _("The appointing authority was asked to decide"),
    "neutrality.CircularIssued": _("Circular %(number)s sent to %(count)s agencies"),
    "neutrality.CircularAcknowledged": _("Circular %(number)s acknowledged"),
    "neutrality.PledgesRecorded": _("Pledges of %(count)s agencies: %(signed)s of %(staff)s"),
    "neutrality.ServicesReported": _(
        "Services of %(count)s agencies: %(open)s open, %(reduced)s reduced, %(closed)s closed"
    ),
    "neutrality.ReplacementRecorded": _("Replacement of an official recorded"),
}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    **dict.fromkeys(
        (
            "dates_of_a_case_are_of_this_century",
            "dates_of_a_step_are_of_this_century",
            "dates_of_a_reply_are_of_this_century",
            "dates_of_a_decision_are_of_this_century",
            "dates_of_a_circular_are_of_this_century",
            "dates_of_pledges_are_of_this_century",
            "dates_of_a_replacement_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "neutrality.another_institution_handles_the_case": _(
        "Another institution handles this case now."
    ),
    "neutrality.step_does_not_fit_the_state": _("This step is not possible where the case stands."),
    "neutrality.only_some_recommend": _(
        "Only the supervisor or the civil service agency recommends. Take the case in at an "
        "earlier step."
    ),
    "neutrality.step_is_not_of_this_track": _("This step is not on the way of such a case."),
    "neutrality.step_has_its_own_form": _("This step has a form of its own."),
    "neutrality.only_the_civil_service_agency_blocks": _(
        "Only the civil service agency (BKN) blocks records."
    ),
    "neutrality.clock_cannot_be_extended": _("This term cannot be extended, or not again."),
    "neutrality.clock_has_run_out": _("The clock has run out; it cannot be extended any more."),
    "neutrality.nobody_decides_above": _("Nobody decides above this authority."),
    "neutrality.nobody_to_write_to": _(
        "There is no authority to which you can write about this case now."
    ),
    "neutrality.nobody_handles_this_step": _(
        "No institution that handles this step is set up here. Create it in the directory first."
    ),
    "neutrality.violation_is_unknown": _(
        "Choose a violation of the catalogue: a case needs a legal ground."
    ),
    "neutrality.agency_is_not_the_regions_own": _(
        "Choose an agency of the region or a village; other bodies have authorities of their own."
    ),
    "neutrality.track_does_not_fit_the_agency": _(
        "Village heads and staff belong to a village, civil servants to an agency."
    ),
    "neutrality.reference_is_missing": _("Give the reference number of the referral."),
    "neutrality.name_is_missing": _("Give the name; only case handlers can read it."),
    "neutrality.day_lies_ahead": _("This day lies ahead."),
    "neutrality.deed_is_later_than_the_case": _(
        "What happened cannot be later than the day on which the case was received."
    ),
    "neutrality.reason_is_missing": _("Give a reason; only case handlers can read it."),
    "neutrality.reply_is_older_than_the_case": _("The reply is older than the case."),
    "neutrality.reply_has_no_words": _("Write down what the person said."),
    "neutrality.reply_still_has_time": _(
        "A reply is given %(days)s days; until then nobody can say that there is none."
    ),
    "neutrality.case_is_closed": _("This case is closed."),
    "neutrality.sanction_is_not_of_this_class": _("This sanction does not belong to the class."),
    "neutrality.decision_has_no_number": _("Give the number of the decision."),
    "neutrality.person_could_not_reply_yet": _(
        "First record the reply, that it was waived, or that no answer came."
    ),
    "neutrality.decision_is_older_than_the_step": _(
        "The decision is older than the step at which the case stands."
    ),
    "neutrality.nobody_issues_circulars_here": _(
        "Circulars are issued by a governor, a regent or a mayor."
    ),
    "neutrality.circular_needs_number_and_title": _("Give the number and the title."),
    "neutrality.circular_is_due_before_it_is_issued": _("It is due before it is issued."),
    "neutrality.list_is_empty": _("There is nothing to record."),
    "neutrality.as_of_is_no_day": _(
        "Enter the day on which it was counted, of the years 2000 to 2100, such as 2024-10-28."
    ),
    "neutrality.source_is_missing": _("Name the source of the numbers."),
    "neutrality.agency_has_no_staff": _("%(agency)s: write how many staff there are."),
    "neutrality.fewer_than_none_signed": _("%(agency)s: fewer than none cannot have signed."),
    "neutrality.more_signed_than_staff": _(
        "%(agency)s: more have signed than there are staff. Correct one of the two."
    ),
    "neutrality.staff_is_absurd": _(
        "%(agency)s: no agency has that many staff. Check the number for digits too many."
    ),
    "neutrality.number_is_missing": _("The number is missing."),
    "neutrality.number_is_not_whole": _("This is not a whole number."),
    "neutrality.agency_is_unknown": _(
        "No agency of this region is called “%(agency)s”. Take the name from the template."
    ),
    "neutrality.agency_stands_twice": _("An agency stands twice in the list."),
    "neutrality.newer_pledges_are_recorded": _("%(agency)s: a newer count is recorded already."),
    "neutrality.agency_reports_no_services": _("%(agency)s does not report services."),
    "neutrality.service_needs_a_reason": _("%(agency)s: say why the service is reduced or closed."),
    "neutrality.replacement_needs_post_and_decree": _("Give the post and the decree's number."),
    "a_reference_number_names_one_case_of_a_referrer": _(
        "This reference number is taken by another case of the same institution."
    ),
    "a_case_has_a_reference": _NOT_RIGHT,
    "a_case_has_a_legal_ground": _("A case has a legal ground."),
    "a_case_is_closed_by_its_outcome_alone": _NOT_RIGHT,
    "an_authority_has_only_what_was_recommended": _NOT_RIGHT,
    "a_case_is_received_after_the_deed": _NOT_RIGHT,
    "a_case_closes_after_it_was_received": _NOT_RIGHT,
    "a_step_ends_after_it_began": _NOT_RIGHT,
    "a_case_is_at_one_step_at_a_time": _FIRST,
    "stays_of_an_agency_are_tallied_once": _FIRST,
    "a_reply_that_was_given_has_words": _("Write down what the person said."),
    "a_sanction_and_only_a_sanction_says_which": _NOT_RIGHT,
    "a_decision_has_a_ground": _("A decision has a ground."),
    "a_number_names_one_circular_of_an_issuer": _("This number is taken by another circular."),
    "a_circular_has_a_number_and_a_title": _("Give the number and the title."),
    "a_circular_is_due_after_it_was_issued": _("It is due before it is issued."),
    "a_circular_goes_to_an_agency_once": _FIRST,
    "no_more_sign_than_there_are": _("More have signed than there are staff."),
    "an_agency_has_staff": _("Write how many staff there are."),
    "pledges_have_a_source": _("Name the source of the numbers."),
    "an_agency_reports_its_services_once_a_day": _FIRST,
    "a_service_that_is_not_open_has_a_reason": _("Say why the service is reduced or closed."),
    "a_replacement_names_post_and_decree": _("Give the post and the decree's number."),
    "a_replacement_is_recorded_once": _("This replacement is recorded already."),
}


def days_text(days: int) -> str:
    """Return `3 working days`, in the reader's language."""
    text = ngettext("%(days)s working day", "%(days)s working days", days)
    return text % {"days": number(days)}


SIDES = {
    "neutrality.SANCTIONED": pgettext_lazy("side", "sanctioned"),
    "neutrality.OPEN": pgettext_lazy("side", "still open"),
}
"""What a side of a contradiction says."""
