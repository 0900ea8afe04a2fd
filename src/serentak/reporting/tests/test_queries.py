"""Stored days, what is public, silent desks, and who may see what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.kernel.briefing import Focus
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Viewer
from serentak.reporting import actions, jobs, public
from serentak.reporting.models import Sentence
from serentak.reporting.permissions import VIEW_DAILY_REPORT
from serentak.reporting.queries.reports import daily_page
from tests.cast import AT, OKI, PALEMBANG, PROVINCE, Cast
from tests.room import room

from .builders import DAY, EVENING, drafted, progress, sentence, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return room()


def test_yesterday_is_what_was_stored_then(people: Cast) -> None:
    actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT)
    progress("asn-pledge", 100)
    actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT + timedelta(days=1))
    before = public.yesterday(OKI, Focus.READINESS, DAY + timedelta(days=1))
    now = public.yesterday(OKI, Focus.READINESS, DAY + timedelta(days=2))
    assert before is not None
    assert now is not None
    assert (before.value("readiness.finished"), now.value("readiness.finished")) == (0, 1)
    assert public.yesterday(OKI, Focus.READINESS, DAY) is None
    days = public.stored_days(OKI, until=DAY + timedelta(days=1), days=7)
    kept = [s.day for s in days if s.focus is Focus.READINESS]
    assert kept == [DAY, DAY + timedelta(days=1)]


def test_the_page_tells_what_changed_since_yesterday(people: Cast) -> None:
    actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT)
    progress("asn-pledge", 100)
    later = AT + timedelta(days=1)
    drafted(OKI, at=later)
    page = daily_page(OKI, viewer=people.regent_desk.viewer, at=later)
    changes = {c.code: c.difference for c in page.changes}
    assert changes["readiness.finished"] == 1
    text = next(s.text for s in page.sentences if s.code == "FIGURE")
    assert "kemarin" in text


def test_who_may_not_see_an_area_does_not_read_its_sentences(people: Cast) -> None:
    drafted(OKI)
    grant = Grant(1, "READER", frozenset({VIEW_DAILY_REPORT}), (OKI,))
    page = daily_page(OKI, viewer=Viewer(user_id=1, grants=(grant,)), at=AT)
    assert page.sentences
    assert all(s.focus is None for s in page.sentences)
    assert page.changes == ()


def test_only_marked_sentences_of_signed_reports_are_public(people: Cast) -> None:
    marked = drafted(OKI)
    actions.mark_public(
        report_id=marked.pk, sentence_ids=[sentence(marked).pk], actor=SYSTEM, at=AT
    )
    assert public.public_reports(PROVINCE) == {}
    submitted(OKI)
    submitted(PALEMBANG)
    with CaptureQueriesContext(connection) as asked:
        found = public.public_reports(PROVINCE)
    assert len(asked) == 2
    assert set(found) == {OKI}
    (only,) = found[OKI].sentences
    assert only.text.startswith("Kesiapan & logistik: ")
    assert only.status is not None


def test_a_restricted_area_is_not_public_even_if_a_row_says_so(people: Cast) -> None:
    submitted(OKI)
    Sentence.objects.update(is_public=True, focus=Focus.NEUTRALITY)
    texts = [s.text for s in public.public_reports(PROVINCE)[OKI].sentences]
    assert texts
    told = ("Kesiapan & logistik: ", "Netralitas ASN: ", "Dari ")
    assert all(text.startswith(told) for text in texts), texts


def test_a_returned_report_is_not_public(people: Cast) -> None:
    found = drafted(OKI)
    actions.mark_public(report_id=found.pk, sentence_ids=[sentence(found).pk], actor=SYSTEM, at=AT)
    submitted(OKI)
    actions.return_report(report_id=found.pk, reason="x", actor=SYSTEM, at=AT)
    assert public.public_reports(PROVINCE) == {}


def test_silent_desks_are_an_alert_after_their_hour(people: Cast) -> None:
    desk = people.governor_desk.viewer
    assert public.alerts(parent=PROVINCE, viewer=desk, at=AT) == ()
    submitted(OKI)
    (alert,) = public.alerts(parent=PROVINCE, viewer=desk, at=EVENING)
    assert alert.params["count"] == "3"
    assert "Ogan Ilir" in str(alert.params["places"])
    assert public.alerts(parent=PROVINCE, viewer=PUBLIC, at=EVENING) == ()
    assert public.alerts(parent=OKI, viewer=desk, at=EVENING) == ()


def test_jobs_enqueue_the_desks_whose_hour_is_near(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, *, lock, place: asked.append((name, place)))
    monkeypatch.setattr(jobs.clock, "now", lambda: AT + timedelta(hours=6, minutes=30))
    jobs.draft_reports(timestamp=0)
    assert asked == [("reporting.draft_report", p) for p in ("16.02", "16.07", "16.10", "16.71")]
    asked.clear()
    jobs.take_snapshots(timestamp=0)
    assert asked == [("reporting.take_snapshot", "16")]
    jobs.draft_report(place="16.02")
    jobs.take_snapshot(place="16")
    submitted(OKI, at=AT + timedelta(hours=6, minutes=30))
    jobs.draft_report(place="16.02")
    assert Sentence.objects.exists()
