"""Drafts reports, and puts a person's words into them."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Refused
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged
from serentak.platform.reading import afresh
from serentak.reporting.events import ChatTemplateSet, ReportDrafted, SentenceAdded, SentenceEdited
from serentak.reporting.models import ChatTemplate, DailyReport, Sentence
from serentak.reporting.permissions import WRITE_DAILY_REPORT
from serentak.reporting.queries.material import Gathered, Moment, gather, moment_of
from serentak.reporting.queries.sources import outline, rules
from serentak.reporting.rules.chat import faults_of
from serentak.reporting.rules.drafting import Drafted, draft, in_languages
from serentak.reporting.rules.outline import Code
from serentak.reporting.rules.redrafting import Stored, redraft
from serentak.reporting.rules.states import ReportState, readiness_event, report_after

from .parts import (
    _about,
    _check_editable,
    _checked,
    _desk,
    _locked,
    _sentence,
    _touch,
    _words_of,
)
from .storing import _keep


@action
def set_chat_template(
    *, place: PlaceCode, text: str, version: int | None, actor: Viewer, at: datetime
) -> None:
    """Keep how the desk's short text for its group reads; empty: in the house's order again.

    `version` is what the actor saw, 0 where the desk had kept none. The same text changes nothing.
    """
    institution_id = _desk(place, actor, WRITE_DAILY_REPORT)
    text = text.strip()
    if text and (faults := tuple(faults_of(text))):
        raise Refused.of(*faults)
    row, is_new = ChatTemplate.objects.select_for_update().get_or_create(
        place_id=place, defaults={"changed_at": at, "version": 0}
    )
    check_unchanged(version, row.version)
    if row.text == text and not is_new:
        return
    row.text, row.changed_at, row.changed_by_id = text, at, actor.user_id
    row.version += 1
    row.save()
    event = ChatTemplateSet(
        subjects=(f"chat_template:{place}",),
        place=place,
        institution_id=institution_id,
        is_own=bool(text),
    )
    record(event, actor=actor, at=at)


@action
def draft_report(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Draft the report that the desk of a place writes now, and return its id.

    Repeatable: what nobody touched follows the new draft, a person's words stay and are marked
    when the number behind them changed, and a draft that changes nothing leaves no event. What the
    areas said of the place and its children is stored for the day. Refused once it is submitted.
    The report is locked before anything is read, so that no older draft comes over a newer one, and
    it is in the house's language whoever drafts, so that drafts compare; what its sentences say in
    the other languages stands beside.
    """
    institution_id = _desk(place, actor, WRITE_DAILY_REPORT)
    moment = moment_of(place, at)
    report = _begun(moment)
    _check_editable(report)
    house = settings.LANGUAGE_CODE
    with afresh():  # nothing is written inside, so no read need be asked twice
        read = {language: _gathered(language, moment, at) for language, _ in settings.LANGUAGES}
        drafts = {
            language: draft(found.material, rules(), outline()) for language, found in read.items()
        }
    drafted = in_languages(drafts.pop(house), drafts)
    gathered = read[house]
    changed = _rewrite(report, drafted)
    missing = [child.place for child in gathered.material.missing]
    event = readiness_event(missing=len(missing), children_closed=gathered.children_closed)
    state = event and report_after(ReportState(report.state), event)
    _keep(gathered.briefings, moment, at)
    if report.drafted_at and not changed and not state and report.missing == missing:
        return report.pk
    report.state = state or report.state
    report.drafted_at = at
    report.missing = missing
    report.of_children = gathered.material.of_children
    report.revision += 1
    report.save()
    done = ReportDrafted(
        **_about(report, institution_id),
        day=report.day,
        sentences=len(drafted),
        changed=changed,
        missing=len(missing),
    )
    record(done, actor=actor, at=at)
    return report.pk


def _gathered(language: str, moment: Moment, at: datetime) -> Gathered:
    with override(language):
        return gather(moment, at=at)


def _begun(moment: Moment) -> DailyReport:
    """Return the report of a moment, locked; begun where it does not exist."""
    DailyReport.objects.get_or_create(
        place_id=moment.place,
        day=moment.day,
        round=moment.round.number,
        defaults={"due_at": moment.round.due_at},
    )
    return DailyReport.objects.select_for_update().get(
        place=moment.place, day=moment.day, round=moment.round.number
    )


def _rewrite(report: DailyReport, drafted: list[Drafted]) -> int:
    """Bring the sentences of a report to a new draft; return how many changed in words or marks."""
    found = {s.key: s for s in report.sentences.order_by("position")}
    stored = [
        Stored(s.key, s.params, is_edited=bool(s.text), is_added=s.code == Code.ADDED)
        for s in found.values()
    ]
    plan = redraft(stored, drafted)
    position = {sentence.key: number for number, sentence in enumerate(drafted, 1)}
    report.sentences.filter(key__in=plan.drop).delete()
    Sentence.objects.bulk_create(
        _filled(Sentence(report=report, key=s.key), s, position[s.key]) for s in plan.create
    )
    rewritten = []
    changed = len(plan.create) + len(plan.drop)
    for sentence in plan.rewrite:
        row = found[sentence.key]
        changed += row.params != sentence.params
        rewritten.append(_filled(row, sentence, position[sentence.key]))
    for key in plan.mark:
        changed += not found[key].is_outdated
        found[key].is_outdated = True
    gone = [found[key] for key in plan.mark if key not in position]
    for row in gone:
        row.is_gone = True
    Sentence.objects.bulk_update(
        [*rewritten, *gone],
        [
            "section",
            "position",
            "code",
            "focus",
            "params",
            "rows",
            "link",
            "is_outdated",
            "is_gone",
        ],
    )
    return changed


def _filled(row: Sentence, drafted: Drafted, position: int) -> Sentence:
    row.section = str(drafted.section)
    row.position = position
    row.code = str(drafted.code)
    row.focus = drafted.focus.value if drafted.focus else ""
    row.params = dict(drafted.params)
    row.rows = [asdict(part) for part in drafted.rows]
    row.link = drafted.link
    row.is_gone = False
    return row


@action
def edit_sentence(
    *, sentence_id: int, text: str, seen_at: datetime | None, actor: Viewer, at: datetime
) -> None:
    """Put a person's words instead of a sentence; empty words bring the draft's back.

    `seen_at` is when the words were edited that the person saw (None: the draft's): somebody else's
    later words are not overwritten. A public mark is taken away, for it stood for other words. A
    sentence that a person had added, or that nothing stands behind any more, goes with its words.
    """
    sentence = _sentence(sentence_id)
    report = sentence.report
    institution_id = _desk(PlaceCode(report.place_id), actor, WRITE_DAILY_REPORT)
    _check_editable(report)
    if sentence.edited_at != seen_at:
        raise Conflict("reporting.sentence_changed", field="text", text=_words_of(sentence))
    text = _checked(text, may_be_empty=True)
    if text == sentence.text:
        return
    sentence.text = text
    sentence.edited_at = at if text else None
    sentence.edited_by_id = actor.user_id if text else None
    sentence.is_public = False
    sentence.is_outdated = False
    if not text and (sentence.code == Code.ADDED or sentence.is_gone):
        sentence.delete()
    else:
        sentence.save()
    _touch(report)
    event = SentenceEdited(**_about(report, institution_id), key=sentence.key, text=text)
    record(event, actor=actor, at=at)


@action
def add_sentence(*, report_id: int, section: str, text: str, actor: Viewer, at: datetime) -> int:
    """Add a person's own sentence to a section, in their name; return its id.

    It belongs to the area of its section: read by who may read that, public as it may be. Refused
    in sections of areas that the house does not have yet.
    """
    report = _locked(report_id)
    institution_id = _desk(PlaceCode(report.place_id), actor, WRITE_DAILY_REPORT)
    _check_editable(report)
    focus = outline().focus_of(section)
    if focus is None or section not in outline().addable():
        raise Refused("reporting.section_is_not_open", field="section")
    text = _checked(text)
    number = hashlib.sha256(f"{section}:{text}".encode()).hexdigest()[:16]
    sentence = Sentence.objects.create(
        report=report,
        focus=focus.value,
        section=str(section),
        position=900,
        key=f"added:{number}",
        code=Code.ADDED.value,
        text=text,
        edited_by_id=actor.user_id,
        edited_at=at,
    )
    _touch(report)
    event = SentenceAdded(**_about(report, institution_id), section=str(section), text=text)
    record(event, actor=actor, at=at)
    return sentence.pk
