"""Readiness in words: refusals, alerts, events, figures, groups, reasons and stored choices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serentak.platform.catalogue import load, said
from serentak.platform.web.formats import clock_time, day, first_day, local, moment, number
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.activities import Catalogue, Confidence, Drop
from .rules.priority import Group, Reason
from .rules.reporting import ReportKind
from .rules.scenarios import ChangeKind
from .rules.states import TargetEvent, TargetState

REFUSALS = {
    "readiness.a_ledger_says_it": _(
        "%(activity)s: a ledger or checks say how much is done here; nobody reports it by hand. "
        "Record it there."
    ),
    **dict.fromkeys(
        (
            "dates_of_an_activity_are_of_this_century",
            "dates_of_a_target_change_are_of_this_century",
            "days_of_a_forecast_are_of_this_century",
            "days_of_a_shock_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "readiness.report_is_older": _(
        "%(activity)s: a later report stands already; past reports cannot come before it."
    ),
    "readiness.quantity_is_missing": _(
        "%(activity)s: write the total reached so far, or choose “no change”."
    ),
    "readiness.quantity_is_negative": _(
        "%(activity)s: an amount cannot be less than 0. Write the total reached so far."
    ),
    "readiness.quantity_is_absurd": _(
        "%(activity)s: %(quantity)s is more than %(factor)s times the target of %(target)s. Check "
        "the figure; write the total reached so far."
    ),
    "readiness.percent_exceeds_hundred": _(
        "%(activity)s: this is counted in per cent, so at most 100."
    ),
    "readiness.more_than_target_needs_a_note": _(
        "%(activity)s: %(quantity)s is more than the target of %(target)s. Say why in the note."
    ),
    "readiness.less_than_before_is_a_correction": _(
        "%(activity)s: %(quantity)s is less than the %(before)s reported before. If %(before)s was "
        "wrong or holds no more, report it as a correction, with the reason in the note."
    ),
    "readiness.nothing_to_correct": _(
        "%(activity)s: no total was reported yet, so there is nothing to correct. Choose “new "
        "figure”."
    ),
    "readiness.corrected_total_changed": _(
        "%(activity)s: somebody reported %(before)s meanwhile; you saw %(seen)s. Look at it, then "
        "correct it if it is wrong."
    ),
    "readiness.correction_changes_nothing": _(
        "%(activity)s: %(before)s stands already. Write the total that is right."
    ),
    "readiness.correction_needs_a_reason": _(
        "%(activity)s: say in the note why the %(before)s reported before was wrong."
    ),
    "readiness.kind_is_unknown": _(
        "“%(text)s” is no kind of report. Leave it empty for progress, or write “koreksi”."
    ),
    "readiness.targets_changed_meanwhile": _(
        "The date of %(activities)s changed since you opened this page. Nothing was agreed; look "
        "at the new dates and choose them again."
    ),
    "readiness.activity_is_not_there": _("There is no activity “%(activity)s” at %(place)s."),
    "readiness.days_are_too_many": _("What is tried lies below %(most)s days, not at %(days)s."),
    "readiness.factor_out_of_range": _(
        "A factor on the days left lies above 0 and is at most %(most)s, not %(factor)s."
    ),
    "readiness.shock_is_unknown": _("The catalogue of shocks has no “%(shock)s”."),
    "readiness.chance_out_of_range": _("A chance lies between 0 and 1, not at %(chance)s."),
    "readiness.strike_lies_outside": _(
        "The day chosen for “%(shock)s” lies before today or after the days on which it can matter."
    ),
    "readiness.page_is_empty": _("There is nothing to send: answer at least one activity."),
    "readiness.page_answers_twice": _("%(activity)s is answered twice on this page. Keep one row."),
    "readiness.key_was_used_by_another": _(
        "This page was sent before by somebody else. Look your answers over and send them again."
    ),
    "readiness.key_was_used_for_other_answers": _(
        "This page was sent before with other answers. Nothing was written now; look the answers "
        "over and send them again."
    ),
    "readiness.not_your_activity": _(
        "%(activity)s belongs to %(owner)s; only they, or a desk that may write for them, report "
        "on it."
    ),
    "readiness.not_yours_to_agree": _(
        "%(activity)s belongs to %(owner)s; only they, or the region's desk or head, record what a "
        "meeting agreed on it."
    ),
    "readiness.activity_is_dropped": _(
        "%(activity)s was dropped by its owner. It must be taken up again first."
    ),
    "readiness.activities_are_set_up_by_province": _(
        "Activities are set up for a whole province. Give the province's code, such as 16."
    ),
    "readiness.no_election": _("There is no election yet. Set one up first."),
    "readiness.counts_are_missing": _(
        "%(place)s has no figures for “%(activity)s”. Record stations and voters first."
    ),
    "readiness.owner_is_missing": _(
        "%(place)s has no institution of the kind %(kind)s, which answers for “%(activity)s”. "
        "Create the province's institutions first."
    ),
    "readiness.target_is_agreed": _(
        "The target of %(activity)s is agreed. It can be moved, with a reason."
    ),
    "readiness.target_is_not_agreed": _(
        "The target of %(activity)s is only proposed. Propose another date instead of moving it."
    ),
    "readiness.target_is_unchanged": _("%(date)s is already the target. Choose another date."),
    "readiness.target_is_fixed_by_law": _(
        "The date of %(activity)s is fixed (%(law)s): %(date)s. It cannot be set otherwise."
    ),
    "readiness.target_after_deadline": _(
        "%(date)s lies after the last day of %(activity)s, %(deadline)s (%(law)s). Choose an "
        "earlier date."
    ),
    "readiness.reason_is_missing": _("Give a reason."),
    "readiness.meeting_is_missing": _("Name the meeting that agreed the targets, and its date."),
    "readiness.meeting_is_of_elsewhere": _(
        "%(activity)s is not under the place of the meeting %(meeting)s. Choose a meeting of its "
        "own place or of one above it."
    ),
    "readiness.meeting_lies_ahead": _("The meeting of %(date)s has not taken place yet."),
    "readiness.nothing_to_agree": _("Choose at least one proposed target."),
    "readiness.only_the_owner_drops": _(
        "%(activity)s belongs to %(owner)s; only they can drop it or take it up again."
    ),
    "readiness.activity_cannot_be_dropped": _(
        "%(activity)s cannot be dropped: if it is missed, %(consequence)s."
    ),
    "readiness.too_little_is_done": _(
        "%(activity)s may be dropped only in part: at least %(share)s must be done first, now it "
        "is %(done)s."
    ),
    "readiness.activity_is_open": _("%(activity)s is open already."),
    "readiness.activity_is_finished": _("%(activity)s is finished; there is nothing to drop."),
    "readiness.row_holds_no_total": _(
        "No total was found on this line (“%(text)s”). Write the activity, a colon, and the number."
    ),
    "readiness.row_is_unknown": _("“%(text)s” is no activity that you report here."),
    "readiness.row_is_nearly": _("“%(text)s” is not known. Is “%(near)s” meant?"),
    "readiness.total_is_no_number": _(
        "%(activity)s: “%(text)s” is not a number. Write digits only, for example 13."
    ),
    "readiness.total_beside_another_answer": _(
        "%(activity)s: the number %(text)s stands beside another answer. Choose “new figure”, or "
        "take the number away."
    ),
    "readiness.note_is_too_long": _(
        "%(activity)s: the note has %(length)s characters, at most %(most)s fit. Shorten it."
    ),
    "readiness.date_is_absurd": _(
        "%(date)s lies before the preparation of this election, which began on %(first)s. Check "
        "the date."
    ),
    "readiness.finished_target_stands": _(
        "%(activity)s is finished; its target is not moved any more."
    ),
    "readiness.row_is_repeated": _("This activity stands already in row %(first)s."),
    "readiness.chance_is_unchanged": _("The shock has this chance already. Enter another one."),
    "readiness.shock_lies_ahead": _("%(date)s has not come yet. Enter the day on which it struck."),
    "readiness.shock_strikes_elsewhere": _(
        "“%(shock)s” does not strike here by the catalogue. Choose another shock."
    ),
    "readiness.shock_is_noted_already": _("This shock is noted for this place already."),
    "readiness.shock_is_not_noted": _("This shock is not noted for this place any more."),
    "readiness.scenario_has_no_name": _("Give it a name, so that others find it again."),
    "readiness.scenario_changes_nothing": _("Change at least one thing."),
    "readiness.scenario_changes_too_much": _(
        "At most %(most)s changes can be tried at once. Divide them."
    ),
    "readiness.change_is_repeated": _("The same change stands already in row %(first)s."),
    "readiness.durations_are_out_of_order": _(
        "The three durations must not fall: best case, most likely, worst case."
    ),
    "readiness.amount_is_out_of_range": _(
        "%(amount)s does not fit: enter a number from %(least)s to %(most)s."
    ),
    "readiness.days_change_nothing": _("Enter how many days: fewer with a minus, more without."),
    "readiness.scenario_is_adopted_already": _("This has become requests already."),
    "readiness.scenario_is_not_computed": _("This is not computed yet. Wait a moment."),
    "readiness.scenario_asks_nobody": _(
        "None of these changes can be asked of another institution: nothing was sent."
    ),
    "one_forecast_is_kept_of_each_day": _("A forecast of this day is being kept already."),
    "a_chance_lies_between_0_and_1": _("A chance lies between 0 and 1."),
    "a_chance_of_a_shock_lies_between_0_and_1": _("A chance lies between 0 and 1."),
    "a_chance_set_by_hand_has_a_reason": _("Give a reason."),
    "a_scenario_has_a_name": _("Give it a name, so that others find it again."),
    "an_activity_exists_once_at_a_place": _("This activity exists at this place already."),
    "a_page_of_reports_answers_each_activity_once": _("An activity is answered twice."),
    "a_report_of_less_than_before_has_a_note": _("Say in the note why the amount went down."),
    "a_correction_of_a_total_changes_it_and_says_why": _(
        "A correction names another total than the one before, and says why."
    ),
    "a_revised_target_has_a_reason": _("Give a reason."),
    "reports_and_target_changes_stay_as_written": _(
        "Reports and changes of targets are never changed; add another one."
    ),
}

ALERTS = {
    f"readiness.{Reason.OVERDUE}": _("%(activity)s: %(done)s of %(target)s %(unit)s"),
    f"readiness.{Reason.DEADLINE_OUT_OF_REACH}": _(
        "%(activity)s: expected %(days)s after its deadline"
    ),
    f"readiness.{Reason.TARGET_OUT_OF_REACH}": _(
        "%(activity)s: expected %(days)s after its target"
    ),
    f"readiness.{Reason.NO_SLACK}": _("%(activity)s: only %(days)s of slack before its deadline"),
    f"readiness.{Reason.DUE_SOON}": _("%(activity)s: %(done)s of %(target)s %(unit)s"),
    "readiness.IN_SEVERAL_PLACES": _("%(activity)s: not finished in %(count)s places (%(places)s)"),
    "readiness.REPORTS_OVERDUE": _("%(place_name)s: %(count)s reports overdue, %(since)s"),
    "readiness.LOW_CHANCE": _(
        "%(of_place)s: ready on H-1 in only %(of_100)s of 100 runs of the forecast"
    ),
    "readiness.LOW_CHANCES": _(
        "%(count)s areas will hardly be ready on H-1 by the forecast (%(places)s)"
    ),
    "readiness.MORE_PEOPLE": _("%(activity)s: %(amount)s more people would help"),
    "readiness.MORE_VEHICLES": _("%(activity)s: %(amount)s more vehicles would help"),
    "readiness.SOONER": _("%(activity)s: finishing %(amount)s days sooner would help"),
    "readiness.DROP_ASKED": _("%(activity)s: leaving it out would help"),
    # What hangs on it.
    "readiness.hardly_ready": _(
        "What is not ready on H-1 endangers the vote at %(stations)s stations for %(voters)s "
        "voters."
    ),
    "readiness.miss_is_likelier": _("By the forecast it raises the chance to be ready on H-1."),
    "readiness.miss": _(
        "If it is missed, %(consequence)s: %(stations)s stations, %(voters)s voters.%(waiting)s"
    ),
    "readiness.silence": _("Nobody knows how these stand; silence is never counted as done."),
    # What would help.
    "readiness.ask_owner": _("Ask %(owner)s"),
    "readiness.remind": _("See what is owed"),
    "readiness.see_moves": _("See what would help most"),
}

TOPICS = {
    **dict.fromkeys(
        (f"readiness.{reason}" for reason in Reason),
        pgettext_lazy("what an alert is about", "%(activity)s"),
    ),
    "readiness.IN_SEVERAL_PLACES": pgettext_lazy(
        "what an alert is about", "%(activity)s (%(count)s areas)"
    ),
    "readiness.REPORTS_OVERDUE": pgettext_lazy("what an alert is about", "overdue reports"),
    **dict.fromkeys(
        ("readiness.LOW_CHANCE", "readiness.LOW_CHANCES"),
        pgettext_lazy("what an alert is about", "the chance to be ready on H-1"),
    ),
    **dict.fromkeys(
        (
            "readiness.MORE_PEOPLE",
            "readiness.MORE_VEHICLES",
            "readiness.SOONER",
            "readiness.DROP_ASKED",
        ),
        pgettext_lazy("what an alert is about", "%(activity)s"),
    ),
}
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

FIGURE_SENTENCES = {
    "readiness.margin": _(
        "The critical path leaves %(value)s days of margin before the stations open"
    ),
    "readiness.days_too_late": _("The critical path ends %(value)s days after the stations open"),
}
"""Figures that a report tells as a sentence of its own, without a full stop."""

FIGURES = {
    "readiness.margin": _("days to spare on the longest chain of work before stations open"),
    "readiness.days_too_late": _(
        "days too late: the longest chain of work ends after stations must open"
    ),
    "readiness.finished": _("activities finished"),
    "readiness.late": _("activities late"),
    "readiness.reports_owed": _("reports are due today"),
}

SOURCES = {"readiness": _("Reports of the institutions; dates by catalogue and agreed targets")}

WHYS = {
    "readiness.WORK.STOPPED": _(
        "%(count)s works without which no vote can be held are past their last day."
    ),
    "readiness.WORK.LATE": _("%(count)s of %(of)s works under way are past their target."),
    "readiness.WORK.SILENT": _("%(count)s of %(of)s works under way have no report."),
    "readiness.WORK.TIGHT": _("%(count)s of %(of)s works do not fit into the time that is left."),
    "readiness.WORK.ALL_DONE": _("All %(of)s works are done."),
    "readiness.WORK.ON_PACE": _("%(count)s of %(of)s works under way keep their dates."),
    "readiness.WORK.UNLIKELY": _(
        "By the forecast it is ready on H-1 in %(count)s of %(of)s runs only."
    ),
    "readiness.CHANCE": _("Ready on H-1: %(count)s of 100 (computed %(at)s)."),
    "readiness.CHANCE_BELOW_ONE": _("Ready on H-1: below 1 of 100 (computed %(at)s)."),
    "readiness.CHANCE_ABOVE_99": _("Ready on H-1: above 99 of 100 (computed %(at)s)."),
    "readiness.PLACES.UNLIKELY": _(
        "By the forecast it is ready on H-1 in %(count)s of %(of)s runs only."
    ),
    "readiness.WORK.NOTHING_DUE": _("All that is due is done; the rest has time."),
    "readiness.WORK.NOT_SET_UP": _("No work is set up here."),
    "readiness.PLACES.STOPPED": _(
        "In %(count)s of %(of)s areas no vote can be held as things stand."
    ),
    "readiness.PLACES.NOT_SET_UP": _("No work is set up here."),
    "readiness.PLACES.LATE": _("%(count)s of %(of)s areas are late."),
    "readiness.PLACES.SILENT": _("%(count)s of %(of)s areas have no report."),
    "readiness.PLACES.TIGHT": _("%(count)s of %(of)s areas are at risk or late."),
    "readiness.PLACES.ALL_DONE": _("All %(of)s areas are done."),
    "readiness.PLACES.ON_PACE": _(
        "%(count)s of %(of)s areas are on track, no other is late or silent."
    ),
    "readiness.PLACES.NOTHING_DUE": _("All that is due is done; the rest has time."),
    "readiness.PLACES.WITH_OWN": _("The province's own work counts as one more area."),
}
"""Why a place stands as it does; the areas of a province are its regencies and its own work."""

EVENTS = {
    "readiness.ActivitiesInstantiated": _(
        "%(created)s activities taken from the catalogue, %(resized)s amounts renewed"
    ),
    "readiness.ProgressReported": _("Progress reports sent: %(count)s"),
    "readiness.ReportsTakenOver": _("Earlier reports entered: %(count)s"),
    "readiness.TargetProposed": _("Target proposed: %(name)s, %(step)s"),
    "readiness.TargetsAgreed": _("Targets agreed: %(count)s"),
    "readiness.TargetMoved": _("Target moved: %(name)s, %(step)s"),
    "readiness.ActivityDropped": _("Activity dropped: %(name)s"),
    "readiness.ActivityReinstated": _("Activity taken up again: %(name)s"),
    "readiness.ForecastComputed": _("Forecast computed"),
    "readiness.ShockChanceSet": _(
        "Chance of a shock set: %(name)s, %(before)s → %(after)s per cent a week"
    ),
    "readiness.ShockNoted": _("Shock noted or taken back: %(name)s, %(struck_on)s"),
    "readiness.ScenarioTried": _("Tried on the forecast: %(changes)s changes"),
    "readiness.ScenarioComputed": _("What was tried on the forecast is computed"),
    "readiness.ScenarioAdopted": _("Tried on the forecast and asked of owners: %(requests)s"),
}


def _event_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name an activity in the reader's language; one no longer in the catalogue, as stored."""
    known = load("readiness", "activities", Catalogue).activities.get(facts["activity"])
    return {**facts, "name": said(known.name)} if known else facts


def _reported_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tell corrections apart from progress in the count of reports."""
    corrections = sum(row["kind"] == ReportKind.CORRECTION for row in facts["rows"])
    if not corrections:
        return facts
    text = ngettext(
        "%(count)s, %(n)s of them a correction",
        "%(count)s, %(n)s of them corrections",
        corrections,
    )
    return {**facts, "count": text % {"count": facts["count"], "n": number(corrections)}}


def _shock_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name a shock in the reader's language; one no longer in the catalogue, as stored."""
    raw = load("readiness", "shocks", _shock_names)
    known = raw.get(facts["shock"])
    return {**facts, "name": said(known)} if known else facts


def _shock_names(raw: Any) -> Mapping[str, Mapping[str, str]]:
    return {one["key"]: one["name"] for one in raw["shocks"]}


EVENT_FACTS = {
    **dict.fromkeys(("readiness.ShockChanceSet", "readiness.ShockNoted"), _shock_facts),
    **dict.fromkeys(
        (
            "readiness.TargetProposed",
            "readiness.TargetMoved",
            "readiness.ActivityDropped",
            "readiness.ActivityReinstated",
        ),
        _event_facts,
    ),
    "readiness.ProgressReported": _reported_facts,
}

GROUPS = {
    Group.FINISH_NOW: _("Finish now"),
    Group.NEXT: _("Next"),
    Group.LATER: _("Later"),
    Group.MAY_BE_DROPPED: _("May be dropped"),
}

GROUP_HINTS = {
    Group.FINISH_NOW: _("without it the vote, a deadline or what waits for it is in danger"),
    Group.NEXT: _("begins within two weeks, or waits for what stands above"),
    Group.LATER: _("not before what stands above"),
    Group.MAY_BE_DROPPED: _("nothing needed hangs on it; only the owner decides"),
}

REASONS = {
    Reason.OVERDUE: _(
        "%(days)s past its target%(first)s. If it is missed, %(consequence)s%(reach)s."
    ),
    Reason.DEADLINE_OUT_OF_REACH: _(
        "Expected %(days)s after its %(kind)s deadline. If it is missed, %(consequence)s%(reach)s."
    ),
    Reason.TARGET_OUT_OF_REACH: _(
        "Expected %(days)s after its target%(first)s; %(slack)s of slack before its deadline. If "
        "it is missed, %(consequence)s%(reach)s."
    ),
    Reason.NO_SLACK: _(
        "Only %(days)s of slack before its %(kind)s deadline. If it is missed, "
        "%(consequence)s%(reach)s."
    ),
    Reason.DUE_SOON: _("Its target is %(days)s away. If it is missed, %(consequence)s%(reach)s."),
    Reason.WAITS: _(
        "Cannot begin yet and will pass its target%(first)s by %(days)s: waits for %(waits_for)s."
    ),
    Reason.UNDER_WAY: _("Under way or to begin now; on course for its target."),
    Reason.STARTS_SOON: _("Must begin within %(days)s to meet its target."),
    Reason.HAS_TIME: _("Need not begin for another %(days)s."),
    Reason.NOTHING_HANGS_ON_IT: _("Nothing that the vote needs waits for it; %(consequence)s."),
    Reason.REST_MAY_BE_DROPPED: _(
        "Most of it is done and the rest will be %(days)s late; nothing needed waits for it."
    ),
}
"""Why an activity stands in its group; `days` and `slack` are said by `days_text`."""


def days_text(days: int) -> str:
    """Return `3 days`, in the reader's language."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(days)}


def silence_text(days: int | None, oldest: int) -> str:
    """Return for how long a place has been silent, or (None) its oldest overdue report is."""
    if days is None:
        return gettext("the oldest for %(days)s") % {"days": days_text(oldest)}
    return gettext("silent for %(days)s") % {"days": days_text(days)}


def waiting_text(count: int) -> str:
    """Return how many others depend on an activity, as a sentence to be added; empty for none."""
    text = ngettext(
        " %(count)s other activity depends on it.",
        " %(count)s other activities depend on it.",
        count,
    )
    return text % {"count": number(count)} if count else ""


def first_text(first: date | None) -> str:
    """Return ` (first 24 Oct)` where a target was moved from that day, else nothing."""
    return f" ({first_day(first)})" if first else ""


def slack_text(days: int, kind: object) -> str:
    """Return the days left to a deadline, or by how many it has passed and of what kind it is."""
    if days >= 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": number(days)}
    text = ngettext(
        "%(days)s day past deadline (%(kind)s)", "%(days)s days past deadline (%(kind)s)", -days
    )
    return text % {"days": number(-days), "kind": kind}


def names_text(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, and how many more there are; one more is named too."""
    if len(names) <= most + 1:
        return ", ".join(names)
    more = len(names) - most
    return gettext("%(names)s and %(more)s more") % {
        "names": ", ".join(names[:most]),
        "more": number(more),
    }


def places_text(count: int, of: int, names: Sequence[str], *, with_province: bool) -> str:
    """Return in how many of how many places something stands so, with the first by name.

    `with_province` says that the province's own work is one of them.
    """
    shown = ", ".join(names) + (", …" if count > len(names) else "")
    if of == 1:
        return shown
    text = ngettext(
        "%(count)s of %(of)s place: %(names)s", "%(count)s of %(of)s places: %(names)s", of
    )
    if with_province:
        text = gettext("%(count)s of %(of)s places, the province among them: %(names)s")
    return text % {"count": number(count), "of": number(of), "names": shown}


REACH = _(" (%(stations)s stations, %(voters)s voters)")

REPORT_KINDS = {
    ReportKind.QUANTITY: _("New figure"),
    ReportKind.CORRECTION: pgettext_lazy("kind of report", "Correction"),
    ReportKind.NO_CHANGE: _("No change"),
    ReportKind.NOTHING_TO_REPORT: _("Nothing to report"),
}

TARGET_STATES = {
    TargetState.PROPOSED: pgettext_lazy("target", "proposed"),
    TargetState.AGREED: pgettext_lazy("target", "agreed"),
    TargetState.REVISED: pgettext_lazy("target", "moved"),
}

TARGET_EVENTS = {
    TargetEvent.PROPOSE: _("Proposed"),
    TargetEvent.AGREE: _("Agreed"),
    TargetEvent.REVISE: _("Moved"),
}

DROPS = {
    Drop.NEVER: pgettext_lazy("may be dropped", "no"),
    Drop.PARTLY: pgettext_lazy("may be dropped", "in part"),
    Drop.FULLY: pgettext_lazy("may be dropped", "yes"),
}

CONFIDENCES = {
    Confidence.HIGH: pgettext_lazy("confidence", "high"),
    Confidence.MEDIUM: pgettext_lazy("confidence", "medium"),
    Confidence.LOW: pgettext_lazy("confidence", "low"),
}


def age_text(computed_at: datetime, *, today: date, zone: str) -> str:
    """Return when something was computed: its time, with the day unless that is today."""
    when = local(computed_at, zone)
    clock = clock_time(computed_at, zone)
    return clock if when.date() == today else f"{day(when.date(), 'short')}, {clock}"


def chance_text(share: float) -> str:
    """Return a chance as one says it: `86 of 100`, never with false decimals."""
    if share < 0.01:
        return gettext("below 1 of 100")
    if share > 0.99:
        return gettext("above 99 of 100")
    return gettext("%(count)s of 100") % {"count": number(round(100 * share))}


def points_text(points: float) -> str:
    """Return by how much a chance rises: `+7`; less than one is said as such."""
    whole = round(100 * points)
    return gettext("less than +1") if whole < 1 else f"+{number(whole)}"


def stations_text(points: float, error: float) -> str:
    """Return by how many stations a choice exceeds another: `+12 ± 3`, in whole stations."""
    whole, spread = round(points), max(1, ceil(error)) if error else 0
    if abs(whole) <= spread:
        return gettext("no more than chance")
    return f"{'+' if whole > 0 else '−'}{number(abs(whole))} ± {number(spread)}"


CHANGE_KINDS = {
    ChangeKind.PERSON: _("More people"),
    ChangeKind.VEHICLE: _("More vehicles"),
    ChangeKind.DAYS: _("More or fewer days"),
    ChangeKind.DURATION: _("Other durations"),
    ChangeKind.DROP: _("Leave it out"),
    ChangeKind.SHOCK: _("Add a shock"),
}

SHOCK_GROUPS = {
    "ALL": _("all regencies and cities"),
    "EACH": _("each for itself"),
    "CONTEST": _("each contest for itself"),
}

MOVES = {
    "person": _("one more person"),
    "vehicle": _("one more vehicle"),
    "day": _("one day sooner"),
}


def _chance_told(params: Mapping[str, Any]) -> str:
    text = gettext(
        "By the forecast of %(at)s the area is ready on H-1 in %(chance)s runs; in 80 of 100 all "
        "that belongs before the vote is finished by %(finish)s"
    )
    return text % {
        "at": moment(datetime.fromisoformat(params["computed_at"]), params["zone"]),
        "chance": chance_text(params["share"]),
        "finish": day(date.fromisoformat(params["finish"])),
    }


SENTENCES = {"readiness.CHANCE_TOLD": _chance_told}
"""What readiness adds to a daily report."""
