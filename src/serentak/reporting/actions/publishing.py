"""Sets which sentences of a report are for everybody."""

from collections.abc import Collection
from datetime import datetime

from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.areas import focus_name
from serentak.platform.audit import record
from serentak.reporting.events import SentencesPublished
from serentak.reporting.models import Sentence
from serentak.reporting.permissions import PUBLISH_REPORT
from serentak.reporting.queries.sources import is_publishable, outline
from serentak.reporting.rules.states import ReportState

from .parts import _about, _check_personal, _check_seen, _desk, _locked, _touch, _words_of


@action
def mark_public(
    *,
    report_id: int,
    sentence_ids: Collection[int],
    seen_revision: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Set which sentences of a report are for everybody; the others are not.

    The public page shows them once the report is submitted. Of some areas only the status may be
    marked. Of a locked report marks can be taken away, none added. A sentence of another report is
    none of this one's. `seen_revision` as in `accept_report`.
    """
    report = _locked(report_id)
    institution_id = _desk(PlaceCode(report.place_id), actor, PUBLISH_REPORT)
    _check_seen(report, seen_revision)
    is_locked = report.state == ReportState.ACCEPTED
    rows = {sentence.pk: sentence for sentence in report.sentences.all()}
    wanted = set(sentence_ids)
    if wanted - set(rows):
        raise OutOfScope("sentence", wanted - set(rows))
    if is_locked and any(not rows[id].is_public for id in wanted):
        raise Refused("reporting.report_is_locked")
    for id in wanted:
        _check_public(rows[id])
    changed = [row for id, row in rows.items() if row.is_public != (id in wanted)]
    if not changed:
        return
    for row in changed:
        row.is_public = row.pk in wanted
    Sentence.objects.bulk_update(changed, ["is_public"])
    if not is_locked:
        _touch(report)
    event = SentencesPublished(
        **_about(report, institution_id),
        day=report.day,
        marked=tuple(row.key for row in changed if row.is_public),
        unmarked=tuple(row.key for row in changed if not row.is_public),
    )
    record(event, actor=actor, at=at)


def _check_public(row: Sentence) -> None:
    text, focus = _words_of(row), Focus(row.focus) if row.focus else None
    if is_publishable(row):
        _check_personal(text)
    elif focus and outline().is_status_public_only(focus):
        raise Refused("reporting.not_for_the_public", text=text, focus=focus_name(focus))
    else:
        raise Refused("reporting.sentence_stays_inside", text=text)
