"""Contingency in words: steps, runs, refusals, alerts, events."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.catalogue import load, said

from .rules import START, Plans, RunEvent, RunState, StepEvent, StepState

RUN_STATES = {
    RunState.RUNNING: pgettext_lazy("a plan", "Running"),
    RunState.ENDED: pgettext_lazy("a plan", "Ended"),
    RunState.STOPPED: pgettext_lazy("a plan", "Called off"),
}

STEP_STATES = {
    StepState.OPEN: pgettext_lazy("a step", "Open"),
    StepState.DONE: pgettext_lazy("a step", "Done"),
    StepState.SKIPPED: pgettext_lazy("a step", "Dropped"),
}

STEP_EVENTS = {
    StepEvent.FINISH: pgettext_lazy("what happened to a step", "done"),
    StepEvent.DROP: pgettext_lazy("what happened to a step", "dropped"),
    StepEvent.UNDO: pgettext_lazy("what happened to a step", "not done after all"),
}

RUN_EVENTS = {
    RunEvent.END: pgettext_lazy("what happened to a plan", "ended"),
    RunEvent.STOP: pgettext_lazy("what happened to a plan", "called off"),
}

STARTED = pgettext_lazy("what happened to a plan", "started")

EXERCISE = _("Exercise (LATIHAN)")

OWN_DUTY_WORD = pgettext_lazy("how a step is said", "Own duty, followed by the desk")

ALERTS = {
    "contingency.steps_are_late": _(
        "Contingency plans: %(steps)s steps of %(runs)s running plans are past their clock, the "
        "first since %(hour)s"
    ),
    # From what an action was made.
    "contingency.PLAN_RUNS": _("A contingency plan runs"),
    "contingency.CONFIDED": _("A contingency plan runs; confided"),
    "contingency.REHEARSAL": _("Exercise (LATIHAN): nothing has happened"),
    # What would help.
    "contingency.see_runs": _("See the running plans, and call who has not answered"),
}

TOPICS = {
    "contingency.steps_are_late": pgettext_lazy(
        "what an alert is about", "steps of running contingency plans"
    ),
    "contingency.PLAN_RUNS": pgettext_lazy("what an alert is about", "a running contingency plan"),
    "contingency.CONFIDED": pgettext_lazy("what an alert is about", "a running contingency plan"),
    "contingency.REHEARSAL": pgettext_lazy("what an alert is about", "an exercise (LATIHAN)"),
}

EVENTS = {
    "contingency.PlanStarted": _(
        "%(plan)s%(exercise)s was started: %(steps)s steps, %(asked)s asked in writing"
    ),
    "contingency.StepNoted": _("%(plan)s, step %(step)s: %(event)s %(reason)s"),
    "contingency.RunFinished": _("%(plan)s: %(event)s %(reason)s"),
    "contingency.ConfidedRunChanged": _("%(plan)s: %(event)s %(reason)s"),
}


def _plan(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name the plan in the reader's language; one that is gone, as stored."""
    known = load("contingency", "plans", Plans).plans.get(str(facts["plan"]))
    return {**facts, "plan": said(known.name)} if known else facts


def _exercise(facts: Mapping[str, Any]) -> str:
    """Return what stands behind the name of a plan that is only rehearsed."""
    return f" ({EXERCISE})" if facts.get("is_rehearsal") else ""


def _started(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_plan(facts), "exercise": _exercise(facts)}


def _with_reason(facts: Mapping[str, Any], event: object) -> Mapping[str, Any]:
    reason = f"– {told}" if (told := facts.get("reason")) else ""
    found = _plan(facts)
    return {**found, "plan": f"{found['plan']}{_exercise(facts)}", "event": event, "reason": reason}


def _noted(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return _with_reason(facts, STEP_EVENTS[StepEvent(str(facts["event"]))])


def _finished(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return _with_reason(facts, RUN_EVENTS[RunEvent(str(facts["event"]))])


def _confided(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    worded: dict[str, Any] = {START: STARTED}
    worded |= {event.value: text for event, text in (*STEP_EVENTS.items(), *RUN_EVENTS.items())}
    step = f"{n}. " if (n := facts.get("step")) else ""
    return _with_reason(facts, f"{step}{worded[str(facts['event'])]}")


EVENT_FACTS = {
    "contingency.PlanStarted": _started,
    "contingency.StepNoted": _noted,
    "contingency.RunFinished": _finished,
    "contingency.ConfidedRunChanged": _confided,
}

_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    "contingency.plan_is_unknown": _("There is no such plan; choose one of the page."),
    "contingency.its_owner_says_so": _(
        "Who was asked has an account and says there that it is done. Call them, or drop the step."
    ),
    "contingency.what_was_asked_is_taken_back": _(
        "What was asked for this step has been taken back; it cannot be opened again."
    ),
    "contingency.steps_are_open": _(
        "Some steps are still open. Note them as done or drop them, or call the plan off."
    ),
    "contingency.run_is_over": _("This plan is over; nothing can be noted any more."),
    "contingency.step_is_elsewhere": _("Somebody else was first. Reload the page."),
    "contingency.reason_is_missing": _("Say why."),
    "a_run_that_is_over_says_when": _NOT_RIGHT,
    "a_run_ends_after_it_began": _NOT_RIGHT,
    "a_run_is_called_off_for_a_reason": _("Say why."),
    "a_plan_runs_once_for_a_subject_at_a_place": _(
        "This plan runs here already. Open it among the running ones."
    ),
    "steps_of_a_run_are_numbered": _NOT_RIGHT,
    "a_step_that_is_over_says_when": _NOT_RIGHT,
    "a_step_is_dropped_for_a_reason": _("Say why."),
    "what_is_asked_is_asked_of_somebody": _NOT_RIGHT,
}
