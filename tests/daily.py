"""Daily reports for tests of what stands above them: marked, and signed with a secret inside."""

from collections.abc import Sequence

from django.apps import apps

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.reporting import actions
from tests.cast import AT

Sentence = apps.get_model("reporting", "Sentence")


def marked_report(place: PlaceCode) -> int:
    """Draft a report and mark all that may be public, without signing it; return its id."""
    id = actions.draft_report(place=place, actor=SYSTEM, at=AT)
    ids = list(Sentence.objects.filter(report=id).values_list("pk", flat=True))
    actions.mark_public(report_id=id, sentence_ids=ids, actor=SYSTEM, at=AT)
    return id


def signed_report(place: PlaceCode, *, marked: Sequence[str], secret: str) -> int:
    """Sign a report with the sentences of these keys marked; the unmarked first one is secret."""
    id = actions.draft_report(place=place, actor=SYSTEM, at=AT)
    rows = {sentence.key: sentence for sentence in Sentence.objects.filter(report=id)}
    actions.edit_sentence(
        sentence_id=rows["countdown"].pk, text=secret, seen_at=None, actor=SYSTEM, at=AT
    )
    ids = [rows[key].pk for key in marked]
    actions.mark_public(report_id=id, sentence_ids=ids, actor=SYSTEM, at=AT)
    revision = Sentence.objects.filter(report=id).values_list("report__revision", flat=True)[0]
    actions.submit_report(
        report_id=id, seen_revision=revision, without_missing=True, actor=SYSTEM, at=AT
    )
    return id


def return_report(report_id: int) -> None:
    """Send a signed report back to its desk."""
    actions.return_report(report_id=report_id, reason="Angka turun.", actor=SYSTEM, at=AT)


def unmark_report(report_id: int) -> None:
    """Take every public mark of a report away."""
    actions.mark_public(report_id=report_id, sentence_ids=[], actor=SYSTEM, at=AT)
