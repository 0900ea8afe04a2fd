"""Daily reports and contradictions in words: sentences, sections, states, refusals, events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext, override, pgettext_lazy
from django.utils.translation import gettext as _

from serentak.kernel.area import Section
from serentak.kernel.briefing import Why
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.areas import focus_name
from serentak.platform.catalogue import load, said
from serentak.platform.web import formats
from serentak.platform.web.formats import stopped
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.platform.words import area_sentence, collected, why_text, word

from .rules.chat import Piece
from .rules.closing import minutes_late
from .rules.correcting import Said
from .rules.differing import (
    Checks,
    ContradictionEvent,
    ContradictionState,
    Counted,
    Side,
    Used,
)
from .rules.drafting import IN_OTHERS
from .rules.outline import Code
from .rules.states import ReportState

SECTIONS = {
    Section.SITUATION: pgettext_lazy("section", "Situation"),
    Section.STAGE: pgettext_lazy("section", "Stage"),
    Section.PROBLEMS: pgettext_lazy("section", "Problems, and who is asked"),
    Section.MINISTER: pgettext_lazy("section", "For the Minister"),
    Section.TOMORROW: pgettext_lazy("section", "Tomorrow"),
    Section.MISSING: pgettext_lazy("section", "Not reported"),
}


def section_title(section: str) -> str:
    """Return the title of a section; those of an area are named by it."""
    titles: dict[str, object] = dict(SECTIONS.items())
    for area in areas.areas():
        titles[area.focus] = area.name
        titles |= {own.code: own.title for own in area.sections}
    return str(titles.get(section, section))


STATES = {
    ReportState.WAITING: pgettext_lazy("daily report", "waiting for desks below"),
    ReportState.READY: pgettext_lazy("daily report", "ready to sign"),
    ReportState.SUBMITTED: pgettext_lazy("daily report", "submitted"),
    ReportState.RETURNED: pgettext_lazy("daily report", "returned"),
    ReportState.ACCEPTED: pgettext_lazy("daily report", "accepted, locked"),
}

STATE_STATUS = {
    ReportState.WAITING: Status.NO_REPORT,
    ReportState.READY: Status.NO_REPORT,
    ReportState.SUBMITTED: Status.ON_TRACK,
    ReportState.RETURNED: Status.AT_RISK,
    ReportState.ACCEPTED: Status.DONE,
}
"""By which mark a desk's report is shown in a list."""

ALERTS = {
    "reporting.desks_are_silent": gettext_lazy(
        "Daily report: %(count)s desks have not sent it: %(places)s"
    ),
    # What hangs on it.
    "reporting.unknown": gettext_lazy(
        "How things stand there is unknown, and is told as unknown to the desk above."
    ),
    "reporting.correction_waits": gettext_lazy(
        "%(place_name)s: the daily report of %(day)s was corrected after its acceptance (%(count)s)"
    ),
    "reporting.accepted_otherwise": gettext_lazy(
        "What was passed on from it may be wrong; the acceptance stands."
    ),
    "reporting.sides_differ": gettext_lazy("%(place_name)s: %(name)s. %(a)s; %(b)s"),
    "reporting.neither_is_sure": gettext_lazy(
        "As long as both stand, nobody knows which to plan with."
    ),
    # What would help.
    "reporting.let_owner_answer": gettext_lazy("Let %(owner)s say which holds, and why"),
    "reporting.take_note": gettext_lazy("Read it and take note"),
    "reporting.remind": gettext_lazy("Remind them"),
}

NOTIFICATIONS = {
    "reporting.report_is_awaited": gettext_lazy(
        "The daily report of %(date)s is awaited: sign it off and submit it"
    ),
    "reporting.report_is_corrected": gettext_lazy(
        "Correction %(number)s of the daily report of %(place)s of %(date)s: read what was written "
        "and what it should have been"
    ),
}

CHAT_PIECES = {
    Piece.HEADING: gettext_lazy("whose report it is, of which day; that it was corrected"),
    Piece.MOMENT: gettext_lazy("the day, and the hour of the data"),
    Piece.DESKS: gettext_lazy("which desks have sent their daily report, and which have not"),
    Piece.AREAS: gettext_lazy("each area with its status, the worst first"),
    Piece.PROBLEMS: gettext_lazy("what needs action, by whom and by when"),
    Piece.TOMORROW: gettext_lazy("what is due tomorrow"),
    Piece.CORRECTIONS: gettext_lazy("what the report said wrongly, and what is right"),
    Piece.SOURCE: gettext_lazy("where it can be read in full"),
}
"""What the pieces of the short text for a desk's group hold."""

REFUSALS = {
    "reporting.chat_piece_is_unknown": gettext_lazy(
        "Nothing is filled in for %(names)s. Use the words in braces from the list above the text."
    ),
    "reporting.chat_piece_is_missing": gettext_lazy(
        "Put %(names)s into the text; without it who reads it could be misled."
    ),
    "reporting.no_election": gettext_lazy("There is no election here yet. Set one up first."),
    "reporting.no_desk_here": gettext_lazy(
        "A village or station has no desk; reports are those of districts, regencies and provinces."
    ),
    "reporting.report_is_locked": gettext_lazy(
        "This report was accepted and is locked. What is wrong in it is mended by a correction of "
        "the desk that signed it."
    ),
    "reporting.report_is_submitted": gettext_lazy(
        "This report is submitted. It can be changed again when the desk above returns it; until "
        "then what is wrong is mended by a correction."
    ),
    "reporting.report_is_not_submitted": gettext_lazy(
        "Only a submitted report is accepted or returned; this one is: %(state)s."
    ),
    "reporting.report_is_not_signed": gettext_lazy(
        "Only a signed report is corrected; this one is: %(state)s. Change its words instead."
    ),
    "reporting.corrected_meanwhile": gettext_lazy(
        "Somebody has just corrected this or signed it anew; it says now: “%(text)s” Look at it, "
        "then send yours again if it is still wrong."
    ),
    "reporting.correction_needs_a_reason": gettext_lazy("Say why it was wrong."),
    "reporting.correction_changes_nothing": gettext_lazy(
        "It says that already. Enter what it should have been."
    ),
    "reporting.status_is_missing": gettext_lazy("Choose the status that it should have been."),
    "reporting.figure_is_missing": gettext_lazy("Enter the figure that it should have been."),
    "reporting.figure_is_out_of_bounds": gettext_lazy(
        "A figure is at least 0 and at most %(most)s. Check it."
    ),
    "reporting.share_exceeds_hundred": gettext_lazy("This is counted in per cent, so at most 100."),
    "reporting.part_exceeds_whole": gettext_lazy(
        "The part is more than the whole. Correct one of the two numbers."
    ),
    "reporting.correction_is_read_before_acceptance": gettext_lazy(
        "This report is not accepted. Its corrections are read with it; accept it or return it."
    ),
    "reporting.receipt_of_a_correction_is_missing": gettext_lazy(
        "Name the letter or message by which the Ministry was told of the correction."
    ),
    "reporting.who_corrects_does_not_take_note": gettext_lazy(
        "You corrected this report yourself. Somebody else takes note of it."
    ),
    "who_corrects_does_not_take_note": gettext_lazy(
        "You corrected this report yourself. Somebody else takes note of it."
    ),
    "corrections_of_a_report_are_numbered": gettext_lazy(
        "Somebody has just corrected this report. Reload the page."
    ),
    "a_correction_has_a_reason": gettext_lazy("Say why it was wrong."),
    "a_correction_changes_what_is_said": gettext_lazy(
        "It says that already. Enter what it should have been."
    ),
    "only_a_signed_report_is_corrected": gettext_lazy(
        "Only a signed report is corrected. Change its words instead."
    ),
    "a_correction_stays_as_written": gettext_lazy(
        "A correction is never changed; a wrong one is followed by another."
    ),
    "reporting.contradiction_is_elsewhere": gettext_lazy(
        "This is not open for that step any more. Look how it stands, then go on."
    ),
    "reporting.owner_settles": gettext_lazy(
        "Only the institution that can look answers and settles this. Ask it for an answer."
    ),
    "reporting.answer_is_missing": gettext_lazy("Say why the two differ."),
    "reporting.decision_needs_a_reason": gettext_lazy("Say why this holds."),
    "reporting.reopening_needs_a_reason": gettext_lazy("Say why it is opened again."),
    "reporting.sides_are_equal": gettext_lazy(
        "Both sides say the same by now; there is nothing to open again."
    ),
    "who_settles_did_not_enter_a_side": gettext_lazy(
        "You entered one of the two sides yourself. Somebody else of your institution settles it."
    ),
    "a_step_of_a_contradiction_stays_as_written": gettext_lazy(
        "A step that was taken is never changed; take the next one."
    ),
    "two_sides_differ_once_on_a_subject": gettext_lazy(
        "This contradiction stands on the board already. Reload the page."
    ),
    "a_settled_contradiction_and_no_other_has_a_reason": gettext_lazy(
        "Say why this holds, and which side is used."
    ),
    "reporting.report_is_not_drafted": gettext_lazy("Draft the report first."),
    "reporting.report_changed": gettext_lazy(
        "Somebody changed this report after you opened it. Read it again, then go on."
    ),
    "reporting.sentence_changed": gettext_lazy(
        "Somebody else has just changed this sentence to: “%(text)s”. Read it, then save yours "
        "again."
    ),
    "reporting.sentence_is_gone": gettext_lazy(
        "This sentence is no longer in the report: nothing stands behind it any more."
    ),
    "reporting.text_is_missing": gettext_lazy("Write the sentence."),
    "reporting.text_holds_a_phone_number": gettext_lazy(
        "“%(number)s” looks like a phone number. Reports go to many readers: leave it out."
    ),
    "reporting.text_holds_an_identity_number": gettext_lazy(
        "“%(number)s” looks like an identity number (NIK or NIP). Reports go to many readers: "
        "leave it out."
    ),
    "reporting.gaps_are_not_confirmed": gettext_lazy(
        "%(places)s have not reported. Wait for them, or confirm that the report goes without them."
    ),
    "reporting.reason_is_missing": gettext_lazy("Say what is to be corrected."),
    "reporting.who_signed_does_not_accept": gettext_lazy(
        "You signed this report yourself. Somebody else accepts it, or notes its acceptance."
    ),
    "reporting.receipt_is_missing": gettext_lazy(
        "Name the letter or message by which the Ministry accepted the report."
    ),
    "reporting.not_for_the_public": gettext_lazy(
        "“%(text)s” cannot become public: of %(focus)s only the status may."
    ),
    "reporting.sentence_stays_inside": gettext_lazy(
        "“%(text)s” cannot become public: it stands where all areas are told, or goes to the "
        "Minister."
    ),
    "reporting.section_is_not_open": gettext_lazy("Nothing is added to this section."),
    "reporting.nobody_to_remind": gettext_lazy(
        "Every desk has reported, or was reminded within the hour."
    ),
    "a_place_reports_once_a_round": gettext_lazy(
        "Somebody else has just begun this report. Reload the page."
    ),
    "a_sentence_stands_once_in_a_report": gettext_lazy(
        "This sentence stands in the report already."
    ),
    "an_accepted_report_is_locked": gettext_lazy(
        "This report was accepted and is locked. What is wrong in it is mended by a correction of "
        "the desk that signed it."
    ),
    "who_signed_does_not_accept": gettext_lazy(
        "You signed this report yourself. Somebody else accepts it, or notes its acceptance."
    ),
    "a_returned_report_says_why": gettext_lazy("Say what is to be corrected."),
}

TOPICS = {
    "reporting.sides_differ": pgettext_lazy("what an alert is about", "two sides that differ"),
    "reporting.desks_are_silent": pgettext_lazy(
        "what an alert is about", "daily reports not sent (%(count)s desks)"
    ),
    "reporting.correction_waits": pgettext_lazy(
        "what an alert is about", "a corrected daily report"
    ),
}
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

EVENTS = {
    "reporting.SnapshotsTaken": gettext_lazy("State of %(count)s areas kept for %(day)s"),
    "reporting.ReportDrafted": gettext_lazy("Daily report drafted: %(sentences)s sentences"),
    "reporting.SentenceEdited": gettext_lazy("Sentence of the daily report edited"),
    "reporting.SentenceAdded": gettext_lazy("Sentence added to the daily report"),
    "reporting.ChatTemplateSet": gettext_lazy("Text for the desk's group changed"),
    "reporting.ReportSubmitted": gettext_lazy("Daily report of %(day)s submitted"),
    "reporting.ReportAccepted": gettext_lazy("Daily report of %(day)s accepted"),
    "reporting.ReportReturned": gettext_lazy("Daily report of %(day)s returned"),
    "reporting.ReportCorrected": gettext_lazy(
        "Daily report of %(day)s corrected (correction %(number)s)"
    ),
    "reporting.CorrectionsNoted": gettext_lazy("Corrections of the daily report of %(day)s noted"),
    "reporting.SentencesPublished": gettext_lazy("Public part of the daily report set"),
    "reporting.SilentReminded": gettext_lazy("Desks without a daily report reminded"),
    "reporting.ContradictionsCompared": gettext_lazy(
        "Sides compared: %(opened)s opened, %(reopened)s reopened, %(changed)s changed, "
        "%(gone)s became equal"
    ),
    "reporting.ContradictionHandled": gettext_lazy("%(name)s: %(event)s"),
}

DIFFERING_STATES = {
    ContradictionState.OPEN: pgettext_lazy("contradiction", "open"),
    ContradictionState.ACKNOWLEDGED: pgettext_lazy("contradiction", "looked into"),
    ContradictionState.ANSWERED: pgettext_lazy("contradiction", "answered"),
    ContradictionState.SETTLED: pgettext_lazy("contradiction", "settled"),
    ContradictionState.GONE: pgettext_lazy("contradiction", "both became equal"),
}

DIFFERING_EVENTS = {
    "": pgettext_lazy("contradiction", "the sides differ"),
    ContradictionEvent.ACKNOWLEDGE: pgettext_lazy("contradiction", "the owner looks into it"),
    ContradictionEvent.ANSWER: pgettext_lazy("contradiction", "answered"),
    ContradictionEvent.SETTLE: pgettext_lazy("contradiction", "settled"),
    ContradictionEvent.REOPEN: pgettext_lazy("contradiction", "opened again by a person"),
    ContradictionEvent.CHANGE: pgettext_lazy("contradiction", "a side changed"),
    ContradictionEvent.VANISH: pgettext_lazy("contradiction", "both became equal"),
    ContradictionEvent.COME_BACK: pgettext_lazy("contradiction", "differs again"),
}

USED = {
    Used.A: gettext_lazy("the first side"),
    Used.B: gettext_lazy("the second side"),
    Used.NEITHER: gettext_lazy("neither; the reason says which"),
}

SIDES = {
    "reporting.HOLDS_OFFICE": pgettext_lazy("side", "holds the office, not known as a candidate"),
    "reporting.IS_CANDIDATE": pgettext_lazy("side", "stands on the list of pairs"),
    "reporting.NOTHING": pgettext_lazy("side", "nothing open"),
    "reporting.INCIDENTS": pgettext_lazy("side", "open incidents of S2 and above"),
    "reporting.FLOODS": pgettext_lazy("side", "open floods of S2 and above"),
    "reporting.ALL_WELL": pgettext_lazy("side", "on track or done"),
    "reporting.AREAS_WORSE": pgettext_lazy("side", "areas at risk or late"),
    "reporting.REPORTED": pgettext_lazy("side", "desks that reported every evening"),
    "reporting.SILENT": pgettext_lazy("side", "no report"),
    "reporting.ACTION_DONE": pgettext_lazy("side", "said to be done"),
}
"""What a side says where no number alone does; each slice has its own."""

COUNTED = {
    Counted.STATIONS: pgettext_lazy("what a weight counts", "stations"),
    Counted.VOTERS: pgettext_lazy("what a weight counts", "voters"),
    Counted.CASES: pgettext_lazy("what a weight counts", "cases"),
    Counted.NONE: pgettext_lazy("what a weight counts", "nothing counted"),
}


def catalogue() -> Checks:
    """Return the catalogue of checks."""
    return load("reporting", "contradictions", Checks)


def check_name(key: str) -> str:
    """Return how a check is called in the reader's language, its key where there is none."""
    check = catalogue().contradictions.get(key)
    return said(check.name) if check else key


def side_text(side: Side, values: Mapping[str, Any]) -> str:
    """Return what a side says: number and code, else its words of the catalogue with them."""
    parts = []
    value, of = values.get("value"), values.get("of")
    if value is not None and (values.get("code") is None or value or of is not None):
        text = formats.number(value)
        parts.append(
            _("%(n)s of %(of)s") % {"n": text, "of": formats.number(of)} if of is not None else text
        )
    if day := values.get("day"):
        parts.append(formats.day(date.fromisoformat(day)))
    if code := values.get("code"):
        parts.append(word("SIDES", code))
    text = " ".join(parts)
    return text if code else f"{said(side.says)}: {text}"


def _handled(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    event = str(DIFFERING_EVENTS.get(facts["event"], facts["event"]))
    return {**facts, "name": check_name(str(facts["check"])), "event": event}


EVENT_FACTS = {"reporting.ContradictionHandled": _handled}


def sentence_text(code: str, params: Mapping[str, Any]) -> str:
    """Return a drafted sentence in the reader's language; the parameters are those of its code.

    An area's own sentences are worded by its slice.
    """

    def say(params: Mapping[str, Any]) -> str:
        return _SAYS[Code(code)](params) if code in _SAYS else area_sentence(code, params)

    return _said(params, say)


def _said(params: Mapping[str, Any], say: Callable[[Mapping[str, Any]], str]) -> str:
    """Say what was drafted in the reader's language; what was not is told whole in the house's."""
    others = params.get(IN_OTHERS)
    language = get_language() or settings.LANGUAGE_CODE
    if others is None or language == settings.LANGUAGE_CODE:
        return say(params)
    if language in others:
        return say({**params, **others[language], IN_OTHERS: None})
    with override(settings.LANGUAGE_CODE):
        return say(params)


def said_text(said: Said) -> str:
    """Return what a sentence says in the reader's language, a person's words as they stand."""
    return said.text or sentence_text(said.code, said.params)


def desk_state(state: ReportState | None) -> str:
    """Return how the report of a desk below stands; None is told as silence."""
    return str(STATES[state]) if state else _("not reported")


class Turn(StrEnum):
    """What somebody who looks at a report has to do with it now, or whom they wait for.

    SIGNED: they signed it and would decide on it too, which somebody else of the desk does.
    """

    DRAFT = "DRAFT"
    CHASE = "CHASE"
    SIGN = "SIGN"
    CORRECT = "CORRECT"
    DECIDE = "DECIDE"
    NOTE = "NOTE"
    SIGNED = "SIGNED"
    SIGNED_TOP = "SIGNED_TOP"
    AWAIT_DRAFT = "AWAIT_DRAFT"
    AWAIT_SIGNATURE = "AWAIT_SIGNATURE"
    AWAIT_CORRECTION = "AWAIT_CORRECTION"
    AWAIT_DECISION = "AWAIT_DECISION"
    AWAIT_MINISTER = "AWAIT_MINISTER"
    TAKE_NOTE = "TAKE_NOTE"
    NOTE_LETTER = "NOTE_LETTER"
    AWAIT_NOTE = "AWAIT_NOTE"
    LOCKED = "LOCKED"


TURNS = {
    Turn.DRAFT: gettext_lazy("Draft the report, read it, then sign it by %(hour)s."),
    Turn.CHASE: gettext_lazy(
        "Desks below have not reported yet. Wait for them, or sign without them, by %(hour)s."
    ),
    Turn.SIGN: gettext_lazy("Read it, correct what is wrong, then sign it by %(hour)s."),
    Turn.CORRECT: gettext_lazy("Correct what is asked: “%(reason)s” Then sign it again."),
    Turn.DECIDE: gettext_lazy("Read it, then accept it or return it to %(own)s."),
    Turn.NOTE: gettext_lazy(
        "It goes to the Minister. Once the Ministry has answered, note its letter here."
    ),
    Turn.SIGNED: gettext_lazy("You signed it; somebody else of the %(above)s accepts it."),
    Turn.SIGNED_TOP: gettext_lazy(
        "You signed it; somebody else of the %(own)s notes the Ministry's answer."
    ),
    Turn.AWAIT_DRAFT: gettext_lazy("The %(own)s has not drafted it yet."),
    Turn.AWAIT_SIGNATURE: gettext_lazy("Waits for the %(own)s to sign it."),
    Turn.AWAIT_CORRECTION: gettext_lazy("Waits for the %(own)s to correct it: “%(reason)s”"),
    Turn.AWAIT_DECISION: gettext_lazy("Waits for the %(above)s to accept it."),
    Turn.AWAIT_MINISTER: gettext_lazy(
        "It went to the Minister. The %(own)s notes the Ministry's answer when it comes."
    ),
    Turn.TAKE_NOTE: gettext_lazy(
        "It was corrected after its acceptance, which stands. Read the correction, then take note."
    ),
    Turn.NOTE_LETTER: gettext_lazy(
        "It was corrected after its acceptance, which stands. Tell the Ministry, then note the "
        "letter."
    ),
    Turn.AWAIT_NOTE: gettext_lazy(
        "It was corrected after its acceptance, which stands. Waits for somebody of the "
        "%(noter)s to take note of it."
    ),
    Turn.LOCKED: gettext_lazy(
        "It is locked. What is wrong in it is mended by a correction of the %(own)s, beside what "
        "was signed."
    ),
}


def desk_name(place: str) -> str:
    """Return how the desk of a place is called."""
    return _("Election Desk of %(place)s") % {"place": place}


def receiver(above: str) -> str:
    """Return to whom a report goes: the desk of the place above, of a province the Minister."""
    return desk_name(above) if above else _("Minister of Home Affairs")


def address(above: str) -> list[str]:
    """Return the lines of a report's address, as letters write it.

    Reports to the Minister go through the Director General (letter 100.2.7/2944/SJ of 2023).
    """
    if above:
        return [_("Head of the %(desk)s") % {"desk": desk_name(above)}]
    return [
        _("Minister of Home Affairs"),
        _("attn. Director General of Politics and Public Administration"),
    ]


def figure_name(code: str) -> str:
    """Return what a figure counts, as the beginning of a line."""
    text = word("FIGURES", code)
    return text[:1].upper() + text[1:]


def amount(value: float | None, of: float | None = None, unit: str = "") -> str:
    """Return `12 of 81`, the value alone, or `67% (of 12)` for a share of so many."""
    if unit == "%" and value is not None:
        text = formats.percent(value, 0)
        return _("%(share)s (of %(of)s)") % {"share": text, "of": _plain(of)} if of else text
    if value is None or of is None:
        return _plain(value)
    return _("%(value)s of %(of)s") % {"value": _plain(value), "of": _plain(of)}


def difference(value: float, unit: str = "") -> str:
    """Return a change with its sign: +3, −2, 0; of a share in percentage points."""
    text = ("+" if value > 0 else "") + _plain(round(value, 0) if unit == "%" else value)
    return _("%(n)s points") % {"n": text} if unit == "%" else text


def _plain(value: float | None) -> str:
    if value is None:
        return formats.NOTHING
    return formats.number(value, 0 if float(value).is_integer() else 1)


WORST_FIRST = (Status.LATE, Status.AT_RISK, Status.NO_REPORT, Status.ON_TRACK, Status.DONE)
"""In which order statuses are told."""


def by_status(counts: Mapping[str, Any]) -> str:
    """Return `2 late (Lahat, OKI), 5 at risk`: what presses first, nothing that is zero."""
    names: Mapping[str, Sequence[str]] = counts.get("names", {})
    parts = [
        f"{formats.number(counts[status.value])} {str(STATUS_WORD[status]).lower()}"
        + (f" ({', '.join(named)})" if (named := names.get(status.value)) else "")
        for status in WORST_FIRST
        if counts.get(status.value)
    ]
    return ", ".join(parts)


def _day(text: str, style: str = "medium") -> str:
    return formats.day(date.fromisoformat(text), style)


def _countdown(params: Mapping[str, Any]) -> str:
    days = int(params["days"])
    vote = _day(params["vote_date"], "full")
    if days == 0:
        return _("Today, %(day)s, is the vote.") % {"day": vote}
    text = (
        ngettext(
            "%(days)s day before the vote of %(vote)s.",
            "%(days)s days before the vote of %(vote)s.",
            -days,
        )
        if days < 0
        else ngettext(
            "%(days)s day after the vote of %(vote)s.",
            "%(days)s days after the vote of %(vote)s.",
            days,
        )
    )
    return text % {"days": formats.number(abs(days)), "vote": vote}


def lateness(minutes: int) -> str:
    """Return a time that has passed as minutes, hours or days, the largest that is whole."""
    if minutes < 60:
        n, text = minutes, ngettext("%(n)s minute", "%(n)s minutes", minutes)
    elif minutes < 24 * 60:
        n = minutes // 60
        text = ngettext("%(n)s hour", "%(n)s hours", n)
    else:
        n = minutes // (24 * 60)
        text = ngettext("%(n)s day", "%(n)s days", n)
    return text % {"n": formats.number(n)}


def time_on(at: datetime, day: date, zone: str) -> str:
    """Return the hour of a moment, with its date where that is another day than `day`."""
    hour = formats.clock_time(at, zone)
    there = formats.local(at, zone).date()
    return hour if there == day else f"{formats.day(there, 'short')}, {hour}"


def late(minutes: int) -> str:
    """Return `late by 2 hours`, empty in time."""
    return _("late by %(span)s") % {"span": lateness(minutes)} if minutes else ""


def late_by(text: str, minutes: int) -> str:
    """Return when something came, with how much too late that was; 0 minutes are in time."""
    return f"{text}, {late(minutes)}" if minutes else text


def came(at: datetime | None, minutes: int, *, day: date, zone: str) -> str:
    """Return when a report was first handed in, and by how much too late; empty if it was not."""
    return late_by(time_on(at, day, zone), minutes) if at else ""


def due_by(at: datetime, *, zone: str, now: datetime) -> str:
    """Return by when a report is due, and how long ago that was."""
    text = time_on(at, formats.local(now, zone).date(), zone)
    past = minutes_late(due_at=at, handed_in_at=now)
    return _("%(time)s (%(span)s ago)") % {"time": text, "span": lateness(past)} if past else text


def _late(params: Mapping[str, Any]) -> str:
    desks = []
    for desk in params["desks"]:
        of = ""
        if desk["day"] != params["day"]:
            of = _("report of %(day)s") % {"day": _day(desk["day"], "short")} + ", "
        elif desk["round"] > 1:
            of = _("report %(number)s") % {"number": desk["round"]} + ", "
        desks.append(f"{desk['name']} ({of}{lateness(desk['minutes'])})")
    return _("Reported late: %(desks)s.") % {"desks": ", ".join(desks)}


def _corrected(params: Mapping[str, Any]) -> str:
    told = [
        _("%(report)s (%(count)s)")
        % {
            "report": _report_of(report),
            "count": correction_count(report["count"]),
        }
        for report in params["reports"]
    ]
    return _("Corrected today: %(reports)s.") % {"reports": "; ".join(told)}


def _report_of(report: Mapping[str, Any]) -> str:
    day = _day(report["day"], "short")
    of = _("report of %(day)s") % {"day": day}
    if report["round"] > 1:
        of += ", " + _("report %(number)s") % {"number": report["round"]}
    return f"{report['name']}, {of}" if report["name"] else of


def correction_count(count: int) -> str:
    """Return `2 corrections`."""
    text = ngettext("%(n)s correction", "%(n)s corrections", count)
    return text % {"n": formats.number(count)}


def correction_name(number: int) -> str:
    """Return how a correction is called within its report."""
    return _("Correction %(number)s") % {"number": number}


def _reported(params: Mapping[str, Any]) -> str:
    return _("%(heard)s of %(of)s desks have sent the daily report.") % {
        "heard": formats.number(params["heard"]),
        "of": formats.number(params["of"]),
    }


def _span(params: Mapping[str, Any]) -> str:
    start, end = (date.fromisoformat(params[k]) for k in ("start_date", "end_date"))
    return formats.day_span(start, end)


def _area_status(params: Mapping[str, Any]) -> str:
    text = _("%(focus)s: %(status)s.") % {
        "focus": focus_name(params["focus"]),
        "status": str(STATUS_WORD[Status(params["status"])]).lower(),
    }
    return f"{text} {left_out(params)}".strip()


def left_out(params: Mapping[str, Any]) -> str:
    """Return what the status of an area does not count, as a sentence; empty if nothing."""
    code = params.get("leaves_out")
    return why_text(Why(code)) if code else ""


def _children(params: Mapping[str, Any]) -> str:
    # Reports stored before the level was told have none.
    level = params.get("level")
    if level == Level.REGENCY:
        text = _("Of %(of)s regencies and cities: %(by_status)s.")
    elif level == Level.DISTRICT:
        text = _("Of %(of)s districts: %(by_status)s.")
    else:
        text = _("Of %(of)s areas: %(by_status)s.")
    return text % {"of": formats.number(params["of"]), "by_status": by_status(params)}


def _figure(params: Mapping[str, Any]) -> str:
    unit, code = params.get("unit", ""), params["figure"]
    value = amount(params["value"], params["of"], unit)
    if own := collected("FIGURE_SENTENCES").get(code):
        text = str(own) % {"value": value}
    elif unit == "%" and params["of"]:
        share = formats.percent(params["value"], 0)
        counted = _("%(value)s of %(of)s") % {"value": share, "of": _plain(params["of"])}
        text = f"{counted} {word('FIGURES', code)}"
    else:
        text = f"{value} {word('FIGURES', code)}"
    before = params.get("before")
    if before is None:
        return f"{text}."
    if before == params["value"]:
        return _("%(figure)s, as yesterday.") % {"figure": text}
    change = params["value"] - before
    said = (
        _("%(figure)s, up %(change)s since yesterday.")
        if change > 0
        else _("%(figure)s, down %(change)s since yesterday.")
    )
    return said % {"figure": text, "change": difference(abs(change), unit).lstrip("+")}


def problem_text(params: Mapping[str, Any]) -> str:
    """Return what an alert says, with its place, without a full stop."""
    return _said(params, _problem_text)


def _problem_text(params: Mapping[str, Any]) -> str:
    text = word("ALERTS", params["alert"], params["params"]).rstrip(".")
    place = PlaceCode(str(params.get("place") or ""))
    if not place or level_of(place) <= Level.PROVINCE:
        return text
    card = places.places([place]).get(place)
    return f"{card.full_name}. {text}" if card and card.name not in text else text


def due_text(params: Mapping[str, Any]) -> str:
    """Return until when, by the desk's words: a target, the last day, else a day that is due."""
    due, told = params["due_date"], params["params"]
    if due == told.get("target_date"):
        moved = told.get("moved_date")
        return formats.target_day(
            date.fromisoformat(moved or due), date.fromisoformat(due) if moved else None
        )
    if due == told.get("deadline_date"):
        return _("last day %(day)s") % {"day": _day(due)}
    return _("due %(day)s") % {"day": _day(due)}


def _problem(params: Mapping[str, Any]) -> str:
    text = problem_text(params)
    asks = params.get("asks")
    # Who is asked is told a day already; a target that was moved says from when.
    if params["due_date"] and (not asks or params["params"].get("moved_date")):
        text = f"{text} ({due_text(params)})"
    parts = [stopped(text)]
    if params["so"]:
        parts.append(word("ALERTS", params["so"], params["params"]))
    if asks:
        parts.append(_("Needed: %(owner)s, to %(act)s by %(day)s.") % _asked(asks))
    return " ".join(parts)


def _asked(asks: Mapping[str, Any]) -> dict[str, str]:
    """Return who would settle a problem, by what act and when, in the reader's language."""
    language = (get_language() or "id")[:2]
    return {
        "owner": asks["owner"].get(language) or asks["owner"]["id"],
        "act": asks["act"].get(language) or asks["act"]["id"],
        "day": _day(asks["due_date"], "weekday"),
    }


def short_problem(params: Mapping[str, Any]) -> str:
    """Return a problem for a short text: what and where, then who and by when."""
    text = problem_text(params)
    if asks := params.get("asks"):
        return f"{stopped(text)} " + _("%(owner)s, by %(day)s.") % _asked(asks)
    return stopped(f"{text} ({due_text(params)})" if params["due_date"] else text)


def _due(params: Mapping[str, Any]) -> str:
    text = _("Due on %(day)s: %(problem)s") % {
        "day": _day(params["due_date"], "weekday"),
        "problem": problem_text(params),
    }
    return stopped(text)


def _missing(params: Mapping[str, Any]) -> str:
    return _(
        "%(desks)s: no daily report; how things stand there is unknown and does not count as on "
        "track."
    ) % {"desks": ", ".join(map(_silent, params["desks"]))}


def _silent(desk: Mapping[str, Any]) -> str:
    if not desk["days"]:
        return _("%(name)s (never reported)") % {"name": desk["name"]}
    text = ngettext("%(name)s (%(days)s day)", "%(name)s (%(days)s days)", desk["days"])
    return text % {"name": desk["name"], "days": formats.number(desk["days"])}


_SAYS: Mapping[Code, Callable[[Mapping[str, Any]], str]] = {
    Code.COUNTDOWN: _countdown,
    Code.REPORTED: _reported,
    Code.LATE: _late,
    Code.CORRECTED: _corrected,
    Code.STAGE_RUNNING: lambda p: (
        _("Under way: %(stage)s, %(span)s.") % {"stage": p["stage"], "span": _span(p)}
    ),
    Code.AREA_STATUS: _area_status,
    Code.CHILDREN_BY_STATUS: _children,
    Code.FIGURE: _figure,
    Code.PROBLEM: _problem,
    Code.DUE: _due,
    Code.STAGE_BEGINS: lambda p: (
        _("%(day)s: %(stage)s begins.")
        % {"day": _day(p["start_date"], "weekday"), "stage": p["stage"]}
    ),
    Code.STAGE_ENDS: lambda p: (
        _("%(day)s: %(stage)s ends.") % {"day": _day(p["end_date"], "weekday"), "stage": p["stage"]}
    ),
    Code.NOTHING_DUE: lambda _p: _("Nothing is due."),
    Code.MISSING: _missing,
    Code.ADDED: lambda _p: "",
}


def joined(names: Sequence[str], most: int = 4) -> str:
    """Return a few names, and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    more = len(names) - most
    return _("%(names)s and %(more)s more") % {
        "names": ", ".join(names[:most]),
        "more": formats.number(more),
    }
