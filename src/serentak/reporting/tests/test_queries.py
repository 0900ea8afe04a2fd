"""Stored days, what is public, silent desks, and who may see what."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.coordination import actions as coordination
from serentak.coordination.public import Standing
from serentak.institutions.public import institution_by
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Viewer
from serentak.neutrality.public import VIEW_CASES, VIEW_NEUTRALITY
from serentak.platform.areas import areas
from serentak.reporting import actions, jobs, public
from serentak.reporting.models import Sentence
from serentak.reporting.permissions import VIEW_DAILY_REPORT
from serentak.reporting.queries.book import book
from serentak.reporting.queries.publishing import last_published_day
from serentak.reporting.queries.reports import daily_page
from tests.cast import AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast
from tests.room import room

from .builders import DAY, EVENING, drafted, progress, sentence, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return room()


def finished(day: date) -> float | None:
    """Return how many activities were stored as finished on a day, None where nothing was."""
    found = public.stored_on(day, [OKI]).get((OKI, Focus.READINESS))
    values = {f.code: f.value for f in found.figures} if found else {}
    return values.get("readiness.finished")


def test_a_day_is_what_was_stored_then(people: Cast) -> None:
    actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT)
    progress("asn-pledge", 100)
    actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT + timedelta(days=1))
    assert (finished(DAY), finished(DAY + timedelta(days=1))) == (0, 1)
    before = DAY - timedelta(days=1)
    assert public.stored_on(before, [OKI]) == {}
    with CaptureQueriesContext(connection) as asked:
        days = public.stored_days(OKI, until=DAY + timedelta(days=1), days=7)
        public.stored_on(before, [OKI])
        public.stored_on(DAY, [PROVINCE, OKI, PALEMBANG])
    assert len(asked) == 3
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
    assert len(asked) == 3
    assert set(found) == {OKI}
    (only,) = found[OKI].sentences
    assert only.text.startswith("Kesiapan & logistik: ")
    assert only.status is not None


def test_a_restricted_area_is_not_public_even_if_a_row_says_so(people: Cast) -> None:
    submitted(OKI)
    Sentence.objects.update(is_public=True, focus=Focus.NEUTRALITY)
    texts = [s.text for s in public.public_reports(PROVINCE)[OKI].sentences]
    assert texts
    told = (*(f"{area.name}: " for area in areas()), "Dari ")
    assert all(text.startswith(told) for text in texts), texts


def test_what_was_published_stays_when_a_report_is_signed_without_a_public_sentence(
    people: Cast,
) -> None:
    found = drafted(OKI)
    actions.mark_public(report_id=found.pk, sentence_ids=[sentence(found).pk], actor=SYSTEM, at=AT)
    submitted(OKI)
    submitted(OKI, at=AT + timedelta(days=1))
    assert public.public_reports(PROVINCE)[OKI].day == DAY
    assert last_published_day(OKI) == DAY
    assert last_published_day(PALEMBANG) is None


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


# --- the meeting book


def ask(people: Cast, place: PlaceCode, kind: str, text: str, due: int = 2) -> None:
    owner = institution_by(kind, place)
    assert owner is not None
    coordination.create_action(
        client_key=uuid4(),
        ask=coordination.Ask(
            owner_id=owner.id,
            text=text,
            due_date=DAY + timedelta(days=due),
            check_date=DAY + timedelta(days=due + 1),
            evidence_asked="salinan kontrak",
            place=place,
        ),
        actor=people.governor_desk.viewer,
        at=AT,
    )


def test_a_page_of_the_book_names_what_is_asked_and_counts_all_promises(people: Cast) -> None:
    for number in range(7):
        ask(people, OKI, "REGENT", f"Perahu {number}", due=2 + number)
    ask(people, BANYUASIN, "REGENT", "Gudang")
    coordination.plan_meeting(
        client_key=uuid4(),
        place=PROVINCE,
        theme="Rakor kesiapan",
        starts_at=AT + timedelta(days=2),
        venue="Palembang",
        invited=[],
        actor=people.governor_desk.viewer,
        at=AT,
    )
    later = AT + timedelta(days=4)
    found = book(PROVINCE, viewer=people.governor_desk.viewer, at=later - timedelta(days=3))
    assert found.meeting is not None
    assert found.meeting.theme == "Rakor kesiapan"
    found = book(PROVINCE, viewer=people.governor_desk.viewer, at=later)
    assert found.meeting is None
    oki = next(page for page in found.children if page.card.code == OKI)
    assert [card.text for card in oki.asked] == [f"Perahu {n}" for n in range(5)]
    assert oki.record is not None
    assert oki.record.total == 7
    assert oki.record.of(Standing.OVERDUE) == 2
    # The province counts what is asked everywhere under it, and lists as much of it.
    assert found.own.record is not None
    assert found.own.record.total == 8
    assert {card.text for card in found.own.asked} >= {"Gudang", "Perahu 0"}
    assert Focus.COORDINATION in oki.briefings


def test_the_queries_of_the_book_do_not_grow(people: Cast) -> None:
    desk = people.governor_desk.viewer
    ask(people, OKI, "REGENT", "Perahu")
    with CaptureQueriesContext(connection) as few:
        book(PROVINCE, viewer=desk, at=AT)
    for place in (OKI, BANYUASIN, PALEMBANG):
        ask(people, place, "REGENT", "Gudang")
    with CaptureQueriesContext(connection) as many:
        book(PROVINCE, viewer=desk, at=AT)
    assert len(many) == len(few)


def test_what_only_handlers_of_cases_may_know_is_not_in_the_book(people: Cast) -> None:
    grants = (
        Grant(1, "X", frozenset({VIEW_DAILY_REPORT, VIEW_CASES, VIEW_NEUTRALITY}), (PROVINCE,)),
    )
    handler = Viewer(user_id=1, grants=grants)
    found = book(PROVINCE, viewer=handler, at=AT)
    assert set(found.own.briefings) == {Focus.NEUTRALITY}
    codes = {f.code for page in found.children for f in page.briefings[Focus.NEUTRALITY].figures}
    assert "neutrality.past_clock" not in codes
    assert found.own.record is None
