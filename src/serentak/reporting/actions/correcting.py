"""Corrects what a signed report says, and takes note of it above."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from serentak.institutions import public as institutions
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import COUNTRY, PlaceCode, parent_of
from serentak.kernel.refused import Conflict, Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.reporting import words
from serentak.reporting.events import CorrectionsNoted, ReportCorrected
from serentak.reporting.models import Correction, DailyReport, Sentence, Snapshot
from serentak.reporting.permissions import ACCEPT_DAILY_REPORT, WRITE_DAILY_REPORT
from serentak.reporting.queries.snapshots import figures_of, stored_on
from serentak.reporting.rules.correcting import (
    Given,
    Said,
    What,
    corrected,
    correction_faults,
    mark_of,
)
from serentak.reporting.rules.states import HEARD, REPORT_TRANSITIONS, ReportEvent, ReportState

from .chasing import DESKS
from .parts import (
    MOST_OF_A_REASON,
    MOST_OF_A_RECEIPT,
    _about,
    _check_personal,
    _checked,
    _desk,
    _desk_above,
    _locked,
    _one_line,
    _role_in,
    _sentence,
    _touch,
)


@action
def correct_report(
    *,
    sentence_id: int,
    reason: str,
    value: int | None = None,
    of: int | None = None,
    status: Status | None = None,
    text: str = "",
    seen: str | None = None,
    actor: Viewer,
    at: datetime,
) -> int:
    """Correct a sentence of a signed report beside what was signed; return the correction's number.

    The desk that signed corrects, before acceptance and after: a figure by another `value` (`of`
    how many), a status by another, everything else by other words; the newest holds. `seen` is the
    mark of what was read (`mark_of`): who comes second is told what stands now, and a repeat gets
    the first answer. Told are the desk above and each one further up whose own report of that
    day and round was signed already; where it was accepted, somebody there takes note of it.
    """
    sentence = _sentence(sentence_id)
    report = sentence.report
    place = PlaceCode(report.place_id)
    institution_id = _desk(place, actor, WRITE_DAILY_REPORT)
    signed_at = _signed_at(report)
    reason = _one_line(reason, field="reason", most=MOST_OF_A_REASON)
    if not reason:
        raise Refused("reporting.correction_needs_a_reason", field="reason")
    _check_personal(reason, field="reason")
    if text:
        text = _checked(text)
    given = Given(value, of, status, text)
    standing = [row for row in _standing(report) if row.key == sentence.key]
    if standing and _is_repeat(standing, given, reason, seen=seen, actor=actor):
        return standing[-1].number
    said = standing[-1].now if standing else sentence.said
    if seen is not None and seen != _mark(signed_at, standing):
        raise Conflict("reporting.corrected_meanwhile", text=words.said_text(said))
    faults = correction_faults(said, given, words=words.said_text(said))
    if faults:
        raise Refused.of(*faults)
    now = corrected(said, given)
    row = Correction.objects.create(
        report=report,
        number=report.corrections.count() + 1,
        signed_at=signed_at,
        key=sentence.key,
        section=sentence.section,
        code=sentence.code,
        focus=sentence.focus,
        params_before=dict(said.params),
        text_before=said.text,
        params=dict(now.params),
        text=now.text,
        reason=reason,
        corrected_by_id=actor.user_id,
        corrected_as=_role_in(institution_id, actor),
        corrected_at=at,
    )
    if report.state == ReportState.SUBMITTED:
        _touch(report)
    _mend_stored_day(report, sentence, said, now)
    notify(notices=list(_told(report, row)), actor=actor, at=at)
    changed = [name for name in now.params if now.params[name] != said.params.get(name)]
    done = ReportCorrected(
        **_about(report, institution_id),
        day=report.day,
        number=row.number,
        key=row.key,
        before={name: said.params.get(name) for name in changed},
        after={name: now.params[name] for name in changed},
        text=now.text,
        reason=reason,
    )
    record(done, actor=actor, at=at)
    return row.number


@action
def note_corrections(
    *, report_id: int, seen_number: int, receipt: str = "", actor: Viewer, at: datetime
) -> None:
    """Take note of the corrections of an accepted report up to `seen_number`, which was read.

    The acceptance stands. Whoever may accept the report takes note; of a province's, whose
    receiver has no desk in the house, somebody else of its own desk, with the letter or message.
    """
    report = _locked(report_id)
    place = PlaceCode(report.place_id)
    institution_id, is_own = _desk_above(place, actor, of_own=WRITE_DAILY_REPORT)
    if report.state != ReportState.ACCEPTED:
        raise Refused("reporting.correction_is_read_before_acceptance")
    receipt = _one_line(receipt, field="receipt", most=MOST_OF_A_RECEIPT)
    if is_own and not receipt:
        raise Refused("reporting.receipt_of_a_correction_is_missing", field="receipt")
    rows = [row for row in _unnoted(report) if row.number <= seen_number]
    if actor.user_id is not None and any(r.corrected_by_id == actor.user_id for r in rows):
        raise Refused("reporting.who_corrects_does_not_take_note")
    if not rows:
        return
    _note(rows, receipt, actor, at)
    done = CorrectionsNoted(
        **_about(report, institution_id),
        day=report.day,
        numbers=tuple(row.number for row in rows),
        receipt=receipt,
    )
    record(done, actor=actor, at=at)


def _note_by_accepting(report: DailyReport, actor: Viewer, at: datetime) -> None:
    """Take note of what was corrected before acceptance, which was read with the report.

    What who accepts has corrected waits for somebody else.
    """
    mine = actor.user_id
    _note([r for r in _unnoted(report) if not mine or r.corrected_by_id != mine], "", actor, at)


def _take_in_corrections(report: DailyReport, at: datetime) -> None:
    """Put what was corrected into a report that is returned, as the words of who corrected.

    So they are signed with it, and no new draft overwrites them.
    """
    rows = {row.key: row for row in _standing(report)}
    for sentence in report.sentences.filter(key__in=rows):
        row = rows[sentence.key]
        sentence.params = dict(row.params)
        with override(settings.LANGUAGE_CODE):
            sentence.text = words.said_text(row.now)
        sentence.edited_at = at
        sentence.edited_by_id = row.corrected_by_id
        sentence.is_public = False
        sentence.save()


def _signed_at(report: DailyReport) -> datetime:
    """Return when a report was signed; refused where it is not, or was returned since."""
    state = ReportState(report.state)
    refused = Refused("reporting.report_is_not_signed", state=words.STATES[state])
    REPORT_TRANSITIONS.must(state, ReportEvent.CORRECT, otherwise=refused)
    if report.submitted_at is None:
        raise refused
    return report.submitted_at


def _standing(report: DailyReport) -> list[Correction]:
    """Return the corrections of what is signed now, in their order."""
    rows = report.corrections.order_by("number")
    return [row for row in rows if row.signed_at == report.submitted_at]


def _mark(signed_at: datetime, standing: list[Correction]) -> str:
    return mark_of(signed_at, standing[-1].number if standing else 0)


def _is_repeat(
    standing: list[Correction], given: Given, reason: str, *, seen: str | None, actor: Viewer
) -> bool:
    """Tell whether the last correction was sent before, from the same page, by the same account."""
    last = standing[-1]
    return (
        seen == _mark(last.signed_at, standing[:-1])
        and last.corrected_by_id == actor.user_id
        and last.reason == reason
        and corrected(last.before, given) == last.now
    )


def _mend_stored_day(report: DailyReport, sentence: Sentence, said: Said, now: Said) -> None:
    """Mend the figure or status in what is stored of the day, where the same wrong one stands.

    Tomorrow is compared with it: a mended figure would look like one that fell.
    """
    place = PlaceCode(report.place_id)
    if said.what is What.WORDS:
        return
    stored = stored_on(report.day, [place]).get((place, Focus(sentence.focus)))
    if stored is None:
        return
    row = Snapshot.objects.filter(place=place, day=report.day, focus=sentence.focus)
    if said.what is What.STATUS and stored.status == said.params["status"]:
        row.update(status=now.params["status"])
    if said.what is What.FIGURE:
        figures = [
            replace(figure, value=now.params["value"], of=now.params["of"])
            if figure.code == said.params["figure"] and figure.value == said.params["value"]
            else figure
            for figure in stored.figures
        ]
        row.update(figures=figures_of(figures))


def _told(report: DailyReport, row: Correction) -> Iterator[Notice]:
    """Yield the notices of a correction: to the own desk, the one above, and those that took it in.

    Above the province is the Ministry, which has no desk in the house.
    """
    place = PlaceCode(report.place_id)
    above = []
    upper = parent_of(place)
    while upper is not None and upper != COUNTRY:
        above.append(upper)
        own = DailyReport.objects.filter(
            place=upper, day=report.day, round=report.round, state__in=HEARD
        )
        upper = parent_of(upper) if own.exists() else None
    desks = institutions.institutions_by(kinds=DESKS, places=[place, *above])
    link = f"/{place}/daily/{report.day.isoformat()}"
    link += f"?round={report.round}" if report.round > 1 else ""
    card = places.place(place)
    params = {"place": card.full_name, "date": report.day.isoformat(), "number": row.number}
    for (_kind, at_place), desk in desks.items():
        permission = WRITE_DAILY_REPORT if at_place == place else ACCEPT_DAILY_REPORT
        yield Notice(
            institution_id=desk.id,
            permission=permission,
            code="reporting.report_is_corrected",
            params=params,
            link=f"{link}#corrections",
        )


def _unnoted(report: DailyReport) -> list[Correction]:
    return [row for row in _standing(report) if row.noted_at is None]


def _note(rows: list[Correction], receipt: str, actor: Viewer, at: datetime) -> None:
    for row in rows:
        row.noted_at = at
        row.noted_by_id = actor.user_id
        row.receipt = receipt
    Correction.objects.bulk_update(rows, ["noted_at", "noted_by", "receipt"])
