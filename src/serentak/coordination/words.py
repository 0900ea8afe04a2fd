"""Coordination in words: refusals, alerts, events, notifications, labels of stored choices."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serentak.platform.web.formats import day, moment, number, stopped
from serentak.platform.words import NOT_OF_THIS_CENTURY, word

from .rules.escalation import Climb, Days, When
from .rules.letters import ReprimandFault, clause
from .rules.minutes import OutcomeKind, Why
from .rules.promises import Standing
from .rules.states import ActionEvent, ActionState, LetterState, MeetingState
from .rules.telling import Answer, Asking

ACTION_STATES = {
    ActionState.OPEN: _("not acknowledged"),
    ActionState.ACKNOWLEDGED: _("acknowledged"),
    ActionState.IN_PROGRESS: _("in progress"),
    ActionState.DONE: _("waits for verification"),
    ActionState.VERIFIED: _("verified"),
    ActionState.REFUSED: _("refused"),
    ActionState.CANCELLED: _("cancelled"),
}

MEETING_STATES = {
    MeetingState.PLANNED: _("planned"),
    MeetingState.HELD: _("held"),
    MeetingState.CLOSED: _("closed"),
}

LETTER_STATES = {
    LetterState.DRAFT: _("draft"),
    LetterState.SENT: _("sent"),
    LetterState.DISCARDED: _("put away"),
}

ATTENDANCE = {
    "INVITED": _("invited"),
    "PRESENT": _("present"),
    "REPRESENTED": _("represented"),
    "ABSENT": _("absent"),
}

KINDS = {
    OutcomeKind.INFORMATION: _("Information"),
    OutcomeKind.DECISION: _("Decision"),
}
"""The other kinds carry the name of their verb."""

VERBS = {
    "INSTRUCTION": _("Instruction"),
    "CIRCULAR": _("Circular"),
    "DIRECTIVE": _("Directive"),
    "GUIDANCE": _("Guidance"),
    "REMINDER": _("Reminder"),
    "REPRIMAND": _("Reprimand"),
    "REQUEST": _("Request"),
    "REPORT": _("Report"),
    "COORDINATION": _("Coordination"),
}

STEPS = {
    ActionEvent.ACKNOWLEDGE: _("Acknowledge"),
    ActionEvent.START: _("Begin work"),
    ActionEvent.COMPLETE: _("Report as done"),
    ActionEvent.REFUSE: _("Refuse"),
    ActionEvent.VERIFY: _("Verify"),
    ActionEvent.REJECT: _("Evidence is not enough"),
    ActionEvent.CANCEL: _("Take it back"),
    ActionEvent.REOPEN: _("Ask again"),
}

WHY = {
    Why.NAMED: _("“%(words)s” is %(owner)s."),
    Why.OWN_REGION: _("“%(words)s” without a place is that of the meeting's region: %(owner)s."),
    Why.THROUGH_HEAD: _("“%(words)s” works below: it is asked through %(owner)s."),
    Why.PLACE_ALONE: _("“%(words)s” alone is taken as %(owner)s."),
    Why.EVERY: _("“%(words)s”: one line for each."),
    Why.SAME_LINE: _("The line names several; this one is theirs too."),
    Why.TWO_DEEDS: _("The line asks for two things: each has a row of its own."),
    Why.NOBODY: _("It asks for something, but names nobody who can be addressed from here."),
    Why.SIMILAR: _("Is this meant: %(words)s?"),
    Why.DAY: _("“%(words)s” is %(day)s."),
    Why.PERIOD: _("“%(words)s” is a stretch of days and not the due date."),
    Why.UNCLEAR_DAY: _("“%(words)s” names no day: choose one."),
    Why.NO_SUCH_DAY: _("“%(words)s” is no day of the calendar: ask which was meant."),
    Why.CASE: _("This speaks of a case: it belongs into the case, with a sealed letter."),
}

STANDINGS = {
    Standing.OVERDUE: _("overdue"),
    Standing.UNACKNOWLEDGED: _("not acknowledged"),
    Standing.REFUSED: _("refused"),
    Standing.DUE_SOON: _("due soon"),
    Standing.RUNNING: _("in time"),
    Standing.UNVERIFIED: _("not verified yet"),
    Standing.TO_VERIFY: _("waits for verification"),
    Standing.KEPT: _("kept"),
    Standing.KEPT_LATE: _("kept late"),
    Standing.CANCELLED: _("cancelled"),
}


def standing_word(found: Standing) -> str:
    """Return how an action stands, as its own page says it."""
    return str(STANDINGS[found])


REFUSALS = {
    **dict.fromkeys(
        (
            "dates_of_a_meeting_are_of_this_century",
            "dates_of_a_visit_are_of_this_century",
            "dates_of_an_outcome_are_of_this_century",
            "dates_of_an_action_are_of_this_century",
            "dates_of_a_letter_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "coordination.text_is_missing": _("Write what is to happen."),
    "coordination.theme_is_missing": _("A meeting needs a theme."),
    "coordination.owner_is_missing": _("Choose an institution that can be addressed from here."),
    "coordination.place_is_missing": _("This place does not exist."),
    "coordination.verb_is_not_allowed": _(
        "%(sender)s may not say this to %(owner)s. Between the two is allowed: %(allowed)s."
    ),
    "coordination.verb_and_kind_differ": _("Kind and verb do not fit each other."),
    "coordination.reprimand_is_a_letter": _(
        "A reprimand is not asked for at once: it is drafted as a letter after a reminder, with "
        "its legal ground."
    ),
    "coordination.due_date_has_passed": _("This day has passed. Choose a due date from today on."),
    "coordination.due_date_is_too_far": _("This day is years ahead. Check the year."),
    "coordination.check_comes_before_due_date": _(
        "It is checked before it is due. Choose a later day for the check."
    ),
    "coordination.decision_has_no_owner": _(
        "Who answers for this? A decision needs a responsible institution."
    ),
    "coordination.decision_has_no_due_date": _("By when? A decision needs a due date."),
    "coordination.decision_has_no_check": _(
        "When is it checked? A decision needs a day or a meeting at which it is checked."
    ),
    "coordination.check_meeting_is_missing": _(
        "The meeting at which it is checked must be a later one of the same place."
    ),
    "coordination.case_is_not_for_minutes": _(
        "This speaks of a case, and minutes are read by all who are invited. Take the line out and "
        "write a letter from the case itself."
    ),
    "coordination.outcomes_are_missing": _("There is nothing to record: paste at least one line."),
    "coordination.not_for_an_agenda": _(
        "Cases are not for an agenda that everybody reads. Ask the institution directly."
    ),
    "coordination.link_is_no_path": _("The link must be a page of this site."),
    "coordination.not_your_voice": _(
        "You cannot speak in this name. One asks for one's own institution; a desk asks for its "
        "governor, regent or mayor."
    ),
    "coordination.only_the_owner_answers": _(
        "Only %(owner)s, or the desk that works for it, answers this."
    ),
    "coordination.only_the_sender_decides": _(
        "Only %(sender)s, who asked, or the desk that works for it, decides this."
    ),
    "coordination.only_the_sender_writes": _("Only who asked drafts letters on this."),
    "coordination.only_the_host_runs_it": _("Only the host of this meeting, or its desk, runs it."),
    "coordination.step_is_not_possible": _("It is %(state)s; this cannot be done now."),
    "coordination.reason_is_missing": _("Give a reason."),
    "coordination.evidence_is_missing": _(
        "Done needs evidence: a photo or document, or in words what was done, where and when."
    ),
    "coordination.who_did_cannot_verify": _(
        "You reported this as done; somebody else has to verify it."
    ),
    "coordination.meeting_is_closed": _("This meeting is closed; nothing is added to it any more."),
    "coordination.meeting_lies_ahead": _("This meeting has not begun yet."),
    "coordination.findings_are_missing": _("Write what was found."),
    "coordination.visit_lies_ahead": _("This visit lies ahead; record it after it took place."),
    "coordination.number_is_missing": _("Enter the number that the letter got when it was signed."),
    "coordination.letter_date_lies_ahead": _("The letter's date lies ahead."),
    "coordination.letter_date_comes_before_draft": _(
        "A letter is not older than its draft. Give the day on which it was signed."
    ),
    "coordination.nothing_to_remind_of": _(
        "Nothing is late yet: a reminder waits until the due date has passed or the time to "
        "acknowledge is over."
    ),
    "coordination.level_is_unknown": _("A reprimand has level I or II."),
    f"coordination.{ReprimandFault.NO_GROUND}": _(
        "A reprimand needs its legal ground: law, article and what was breached. There is no "
        "default."
    ),
    f"coordination.{ReprimandFault.NO_REMINDER}": _(
        "Before a reprimand comes a reminder on the same matter. Draft and send it first."
    ),
    f"coordination.{ReprimandFault.TOO_SOON}": _(
        "The reminder was sent less than %(days)s days ago. Wait for the answer."
    ),
    f"coordination.{ReprimandFault.NO_LEVEL_BEFORE}": _(
        "Level II comes after level I on the same matter."
    ),
    f"coordination.{ReprimandFault.LEVEL_TOO_SOON}": _(
        "The reprimand of the level before was sent less than %(days)s days ago. Wait for the "
        "answer."
    ),
    "nobody_asks_of_oneself": _("An institution does not ask of itself."),
    "a_decision_has_who_answers_a_due_date_and_a_check": _(
        "A decision needs a responsible institution, a due date and a check."
    ),
    "a_done_action_has_evidence": _("Done needs evidence."),
    "who_verifies_is_not_who_did": _("You reported this as done; somebody else has to verify it."),
    "a_refused_or_cancelled_action_has_a_reason": _("Give a reason."),
    "a_reprimand_has_a_level_and_a_legal_ground": _(
        "A reprimand needs its level and its legal ground."
    ),
    "an_action_has_one_draft_of_a_verb": _("There is a draft of this letter already."),
    "coordination.point_was_put_off": _(
        "A point that was put off stays on this agenda. Take the putting off back first."
    ),
    "coordination.point_is_not_put_off": _(
        "This point does not wait for a meeting any more. Look at the list again."
    ),
    "coordination.point_is_missing": _("Say which points were not reached."),
    "coordination.point_was_dealt_with": _(
        "The meeting to which this point was carried has begun. Put it off there."
    ),
    "an_action_stands_on_an_agenda_once": _("This action stands on the agenda already."),
    "outcomes_of_a_meeting_are_numbered": _(
        "Somebody else recorded outcomes at the same time. Look at the meeting and send again."
    ),
}

CLIMBS = {
    Climb.TELL_OWNER: _("who answers was told again"),
    Climb.TELL_SENDER: _("who asked was told"),
    Climb.AGENDA: _("put on the next meeting's agenda"),
    Climb.PROPOSE_REMINDER: _("a reminder was proposed"),
    Climb.REPORT_TO_MINISTER: _("goes into the report to the Minister"),
}

ALERTS = {
    f"coordination.{Standing.OVERDUE}": _("%(owner)s: %(task)s"),
    f"coordination.{Standing.UNACKNOWLEDGED}": _("%(owner)s has not acknowledged: %(task)s"),
    f"coordination.{Standing.REFUSED}": _("%(owner)s refused: %(task)s"),
    f"coordination.{Standing.UNVERIFIED}": _(
        "%(owner)s reports as done, and %(sender)s has not verified: %(task)s"
    ),
    f"coordination.{Standing.TO_VERIFY}": _("%(owner)s reports as done: %(task)s"),
    # What hangs on it.
    "coordination.refused_and_overdue": _("It was refused, and nobody has decided anew."),
    **{
        f"coordination.climbed.{climb}": format_lazy(
            _("It has climbed: {step}; its clock: %(clock)s."), step=said
        )
        for climb, said in CLIMBS.items()
    },
    # What would help.
    "coordination.see_action": _("Follow up"),
    "coordination.decide_anew": _("Decide anew"),
    "coordination.verify": _("Verify"),
}

TOPICS = dict.fromkeys(
    (code for code in ALERTS if code.removeprefix("coordination.") in set(Standing)),
    pgettext_lazy("what an alert is about", "%(task)s"),
)
"""What an alert is about, as a sentence names it in passing."""

FIGURES = {
    "coordination.on_time": _("actions due that were settled in time"),
    "coordination.overdue": _("actions past their day"),
    "coordination.unacknowledged": _("actions not acknowledged"),
    "coordination.open": _("actions not settled"),
}

WHYS = {
    "coordination.OVERDUE": _("%(count)s of %(of)s requests are past the day first promised."),
    "coordination.UNANSWERED": _("%(count)s of %(of)s requests have no answer in time."),
    "coordination.UNVERIFIED": _(
        "%(count)s of %(of)s are reported done, and who asked has not looked yet."
    ),
    "coordination.TIGHT": _("%(count)s of %(of)s requests end by tomorrow or were refused."),
    "coordination.ALL_VERIFIED": _("All %(of)s requests are done and verified."),
    "coordination.RUNNING": _("Nothing is past its day; %(count)s of %(of)s requests still run."),
}
"""Why a place stands as it does."""

CLOCKS = {
    (When.UNACKNOWLEDGED, Days.ALL): _("hours since the asking without an answer"),
    (When.OVERDUE, Days.ALL): _("hours since the end of the due date"),
    (When.UNVERIFIED, Days.ALL): _("hours since it was reported done"),
    (When.UNACKNOWLEDGED, Days.WORKING): _(
        "hours of working days since the asking without an answer"
    ),
    (When.OVERDUE, Days.WORKING): _("hours of working days since the end of the due date"),
    (When.UNVERIFIED, Days.WORKING): _("hours of working days since it was reported done"),
}
"""By which clock what is asked climbs, before the due date and after it."""

EVENTS = {
    "coordination.MeetingPlanned": _("Meeting planned, %(invited)s invited"),
    "coordination.AgendaSet": _("Agenda set, %(count)s points"),
    "coordination.MeetingHeld": _("Meeting held"),
    "coordination.AttendanceRecorded": _("Attendance: %(present)s of %(invited)s"),
    "coordination.OutcomesRecorded": _("%(count)s outcomes recorded, %(actions)s actions given"),
    "coordination.PointsPutOff": _("%(count)s points put off, %(carried)s to the next meeting"),
    "coordination.PointTakenBack": _("A point put off was taken back"),
    "coordination.MeetingClosed": _("Meeting closed"),
    "coordination.ActionGiven": _("Asked, due %(due_date)s"),
    "coordination.ActionMoved": _("%(step)s: %(before)s → %(after)s"),
    "coordination.ActionsEscalated": _("Climbed by itself: %(steps)s"),
    "coordination.GuidanceRecorded": _("Visit of guidance on %(visit_date)s"),
    "coordination.LetterDrafted": _("Letter drafted: %(verb)s"),
    "coordination.LetterRevised": _("Draft changed: %(verb)s"),
    "coordination.LetterSent": _("Letter sent: %(verb)s, number %(number)s"),
    "coordination.LetterDiscarded": _("Draft put away: %(verb)s"),
}

NOTIFICATIONS = {
    "coordination.invited_to": _("Invitation: %(theme)s, %(date)s, %(where)s"),
    "coordination.letter_came": _(
        "Letter of %(sender)s, number %(number)s of %(date)s: %(subject)s"
    ),
    # What was told before place and sender were named.
    "coordination.invited": _("Invitation: %(theme)s, %(date)s"),
    "coordination.asked": _("Asked of you, due %(due)s: %(task)s"),
    "coordination.letter_sent": _("Letter %(number)s was sent: %(subject)s"),
    f"coordination.{ActionEvent.ACKNOWLEDGE}": _("Acknowledged: %(task)s"),
    f"coordination.{ActionEvent.START}": _("Work has begun: %(task)s"),
    f"coordination.{ActionEvent.COMPLETE}": _("Reported as done, please verify: %(task)s"),
    f"coordination.{ActionEvent.REFUSE}": _("Refused: %(task)s"),
    f"coordination.{ActionEvent.VERIFY}": _("Verified: %(task)s"),
    f"coordination.{ActionEvent.REJECT}": _("The evidence is not enough: %(task)s"),
    f"coordination.{ActionEvent.CANCEL}": _("Taken back: %(task)s"),
    f"coordination.{ActionEvent.REOPEN}": _("Asked again, due %(due)s: %(task)s"),
    f"coordination.climb.{Climb.TELL_OWNER}": _("Please answer, due %(due)s: %(task)s"),
    f"coordination.climb.{When.UNACKNOWLEDGED}": _("Not acknowledged, due %(due)s: %(task)s"),
    f"coordination.climb.{When.OVERDUE}": _("Overdue since %(due)s: %(task)s"),
    f"coordination.climb.{When.UNVERIFIED}": _("Reported as done, verify it: %(task)s"),
    f"coordination.climb.{Climb.AGENDA}": _("On the agenda of the next meeting: %(task)s"),
    f"coordination.climb.{Climb.PROPOSE_REMINDER}": _(
        "Overdue since %(due)s, a reminder can be drafted: %(task)s"
    ),
    f"coordination.climb.{Climb.REPORT_TO_MINISTER}": _(
        "Goes into the report to the Minister: %(task)s"
    ),
}


def event_text(name: str, facts: Mapping[str, Any]) -> str:
    """Return what happened, with the labels of steps, states and verbs."""
    return word("EVENTS", name, _event_facts(facts))


def _event_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    shown: dict[str, Any] = dict(facts)
    for key, labels in _LABELS.items():
        if key in shown:
            shown[key] = labels.get(shown[key], shown[key])
    for key in ("due_date", "visit_date"):
        if shown.get(key):
            shown[key] = day(date.fromisoformat(str(shown[key])))
    if "step" in shown and shown.get("due_date"):
        shown["step"] = _("%(step)s, due %(due)s") % {
            "step": shown["step"],
            "due": shown["due_date"],
        }
    if "steps" in shown:
        # Each line is an action and the step taken; many climb at once.
        taken = dict.fromkeys(line.rpartition(" ")[2] for line in shown["steps"])
        shown["steps"] = ", ".join(str(CLIMBS[Climb(step)]) for step in taken)
    return shown


_LABELS: Mapping[str, Mapping[str, Any]] = {
    "step": {k.value: v for k, v in STEPS.items()},
    "before": {k.value: v for k, v in ACTION_STATES.items()},
    "after": {k.value: v for k, v in ACTION_STATES.items()},
    "verb": VERBS,
}

EVENT_FACTS = dict.fromkeys(EVENTS, _event_facts)
"""How the facts of an event are written in an activity list."""


def put_off_text(times: int, *, theme: str, on: date, said: str) -> str:
    """Return how often meetings did not reach a point, which was the last, and what it said."""
    told = ngettext(
        "Put off once, at %(theme)s, %(day)s.",
        "Put off %(n)s times, last at %(theme)s, %(day)s.",
        times,
    ) % {"n": number(times), "theme": theme, "day": day(on)}
    return " ".join((told, gettext("Said there: “%(said)s”") % {"said": said})) if said else told


def _on(text: str) -> str:
    return day(date.fromisoformat(text))


def _unanswered(params: Mapping[str, Any]) -> str:
    """Return who was asked, what came back and what the Minister is to do.

    Sentences stored before answers were told have no `answer`, and `is_request` for `asking`.
    """
    before = Asking.REQUEST if params.get("is_request", True) else Asking.DIRECTIVE
    asking = Asking(params.get("asking", before))
    answer = Answer(params.get("answer", Answer.NONE))
    given = {
        "owner": params["owner"],
        "asked": _on(params["asked_date"]),
        "due": _on(params["due_date"]),
        "task": _clause(params["task"]),
    }
    parts = (_asked(asking) % given, _answered(answer, params.get("reason", "")), _wished(asking))
    return " ".join(parts)


def _clause(task: str) -> str:
    """Return what is asked as a sentence goes on with it: in Indonesian after "untuk"."""
    is_indonesian = (get_language() or "id").startswith("id")
    return clause(task) if is_indonesian else task.rstrip(". ")


def _asked(asking: Asking) -> str:
    if asking is Asking.REQUEST:
        return gettext("%(owner)s was asked on %(asked)s (due %(due)s): %(task)s.")
    if asking is Asking.DIRECTIVE:
        return gettext("%(owner)s was given a directive on %(asked)s (due %(due)s): %(task)s.")
    return gettext("%(owner)s was given an instruction on %(asked)s (due %(due)s): %(task)s.")


def _answered(answer: Answer, reason: str) -> str:
    if answer is Answer.REFUSED:
        if reason:
            return gettext("It was refused: “%(reason)s”") % {"reason": stopped(reason)}
        return gettext("It was refused.")
    if answer is Answer.ACKNOWLEDGED:
        return gettext("It was acknowledged, but is overdue.")
    return gettext("It has not been answered.")


def _wished(asking: Asking) -> str:
    if asking is Asking.REQUEST:
        return gettext("The Minister is asked to take it up with the body's national level.")
    if asking is Asking.DIRECTIVE:
        return gettext("The Minister is asked for guidance.")
    return gettext("This is told for information; who gave the instruction settles it.")


def _settled(params: Mapping[str, Any]) -> str:
    days = params["days"]
    how = (
        ngettext("kept %(n)s day late", "kept %(n)s days late", days) % {"n": number(days)}
        if days
        else gettext("kept in time")
    )
    return gettext("Settled today: %(owner)s, %(task)s (%(how)s).") % {
        "owner": params["owner"],
        "task": params["task"].rstrip("."),
        "how": how,
    }


def _meeting_ahead(params: Mapping[str, Any]) -> str:
    return gettext("Meeting on %(moment)s: %(theme)s.") % {
        "moment": moment(datetime.fromisoformat(params["at"]), params["zone"], "long"),
        "theme": params["theme"].rstrip("."),
    }


SENTENCES = {
    "coordination.MEETING_AHEAD": _meeting_ahead,
    "coordination.SETTLED": _settled,
    "coordination.UNANSWERED": _unanswered,
    # Signed reports keep the codes of before they named their slice.
    "SETTLED": _settled,
    "UNANSWERED": _unanswered,
}
"""What coordination adds to a daily report."""
