"""What desks do with reports: drafted, edited, signed, accepted, returned, made public."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from serentak.coordination import actions as coordination
from serentak.institutions.public import institution_by, viewer_for
from serentak.kernel.area import Section
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform.models import AuditDetail, AuditEvent
from serentak.reporting import actions, words
from serentak.reporting.models import DailyReport, Sentence, Snapshot
from serentak.reporting.public import public_reports
from serentak.reporting.queries import material
from serentak.reporting.rules.drafting import IN_OTHERS
from serentak.reporting.rules.states import ReportState
from tests.cast import AT, BANYUASIN, NUSA_KARTA, OKI, PALEMBANG, PROVINCE, Cast, seat
from tests.room import room

from .builders import DAY, EVENING, NOT_ANSWERED, drafted, progress, sentence, submitted

pytestmark = pytest.mark.django_db

Notification = apps.get_model("notices", "Notification")


@pytest.fixture
def people(db: None) -> Cast:
    """The cast, with an election and its activities set up."""
    return room()


@pytest.fixture
def head(people: Cast) -> Viewer:
    """The head of OKI's desk, who may publish too."""
    return seat("head.oki", "Kartini", "REGENT_DESK_HEAD", "REGENT_DESK", OKI).viewer


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"reporting.{name}").order_by("id"))


@contextmanager
def refused(code: str, field: str | None = None, kind: type[Refused] = Refused) -> Iterator[None]:
    """Expect a refusal after which nothing is written."""
    before = AuditEvent.objects.count(), list(Sentence.objects.order_by("pk").values())
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.field == field
    assert (AuditEvent.objects.count(), list(Sentence.objects.order_by("pk").values())) == before


def state_of(found: DailyReport) -> str:
    return str(DailyReport.objects.values_list("state", flat=True).get(pk=found.pk))


# --- drafting


def test_a_draft_says_what_the_areas_say_and_leaves_one_event(people: Cast) -> None:
    found = drafted(OKI, actor=people.regent_desk.viewer)
    assert found.state == ReportState.READY
    assert found.due_at.isoformat() == "2024-10-28T10:00:00+00:00"
    keys = set(found.sentences.values_list("key", flat=True))
    assert {"countdown", "status:READINESS", "figure:readiness.finished"} <= keys
    (event,) = events("ReportDrafted")
    assert event.institution_id == people.regent_desk.institution_id
    assert event.facts["sentences"] == len(keys)


def test_a_draft_that_changes_nothing_leaves_no_event(people: Cast) -> None:
    first = drafted(OKI)
    again = drafted(OKI)
    assert (again.pk, again.revision) == (first.pk, first.revision)
    assert len(events("ReportDrafted")) == 1


def test_a_new_draft_follows_the_numbers_and_leaves_a_persons_words(people: Cast) -> None:
    first = drafted(OKI)
    edited = sentence(first, "figure:readiness.finished")
    actions.edit_sentence(
        sentence_id=edited.pk, text="Belum satu pun selesai.", seen_at=None, actor=SYSTEM, at=AT
    )
    owed = sentence(first, "figure:readiness.reports_owed").params["value"]
    progress("asn-pledge", 100)
    again = drafted(OKI)
    assert sentence(again, "figure:readiness.reports_owed").params["value"] < owed
    kept = sentence(again, "figure:readiness.finished")
    assert kept.text == "Belum satu pun selesai."
    assert kept.is_outdated
    assert kept.params["value"] > 0


def test_a_province_waits_for_its_desks_until_their_hour(people: Cast) -> None:
    assert drafted(PROVINCE).state == ReportState.WAITING
    for place in (OKI, BANYUASIN):
        submitted(place)
    waiting = drafted(PROVINCE)
    assert waiting.state == ReportState.WAITING
    assert sorted(waiting.missing) == ["16.10", "16.71"]
    assert sentence(waiting, "reported").params == {"heard": 2, "of": 4}
    closed = drafted(PROVINCE, at=EVENING)
    assert closed.state == ReportState.READY
    assert "16.71" in str(sentence(closed, "missing").params)


def test_a_report_that_came_late_is_told_above_on_the_day_it_came(people: Cast) -> None:
    drafted(OKI)
    submitted(BANYUASIN)
    report = DailyReport.objects.get(place=OKI)
    after = EVENING + timedelta(days=15)
    actions.submit_report(
        report_id=report.pk, seen_revision=report.revision, without_missing=False,
        actor=SYSTEM, at=after,
    )  # fmt: skip
    submitted(PALEMBANG, at=after)
    told = sentence(drafted(PROVINCE, at=after + timedelta(minutes=1)), "late")
    assert [(d["place"], d["day"]) for d in told.params["desks"]] == [
        (OKI, "2024-10-28"),
        (PALEMBANG, "2024-11-12"),
    ]
    with override("id"):
        assert words.sentence_text(told.code, told.params) == (
            "Laporan harian terlambat: Ogan Komering Ilir (laporan 28 Okt, 15 hari), Palembang (2 jam)."
        )
    with override("en"):
        assert words.sentence_text(told.code, told.params) == (
            "Reported late: Ogan Komering Ilir (report of 28 Oct, 15 days), Palembang (2 hours)."
        )
    next_day = drafted(PROVINCE, at=after + timedelta(days=1))
    assert not next_day.sentences.filter(key="late").exists()


def test_a_report_is_as_late_as_it_first_was_however_often_it_is_sent_anew(people: Cast) -> None:
    in_time, late = submitted(OKI), submitted(BANYUASIN, at=EVENING)
    for found in (in_time, late):
        first = found.first_submitted_at
        actions.return_report(report_id=found.pk, reason="Angka.", actor=SYSTEM, at=EVENING)
        found.refresh_from_db()
        actions.submit_report(
            report_id=found.pk, seen_revision=found.revision, without_missing=False,
            actor=SYSTEM, at=EVENING + timedelta(days=2),
        )  # fmt: skip
        found.refresh_from_db()
        assert found.first_submitted_at == first
        assert found.submitted_at == EVENING + timedelta(days=2)


def test_a_village_has_no_desk(people: Cast) -> None:
    with refused("reporting.no_desk_here"):
        actions.draft_report(place=NUSA_KARTA, actor=SYSTEM, at=AT)


def test_without_an_election_there_is_nothing_to_report(cast: Cast) -> None:
    with refused("reporting.no_election"):
        actions.draft_report(place=OKI, actor=SYSTEM, at=AT)


@pytest.mark.parametrize("who", ["governor_desk", "neighbour", "agency", "observer", "commission"])
def test_only_the_own_desk_writes(people: Cast, who: str) -> None:
    with pytest.raises(OutOfScope):
        actions.draft_report(place=OKI, actor=getattr(people, who).viewer, at=AT)
    assert not DailyReport.objects.exists()


def test_a_draft_holds_what_any_reader_may_see(people: Cast, monkeypatch: Any) -> None:
    """Whoever drafts, the areas are asked for the plain reader, never for the system."""
    asked: list[Viewer] = []
    source = material.gather.__globals__["briefings_of"]

    def listening(parent: PlaceCode, *, viewer: Viewer, at: Any) -> Any:
        asked.append(viewer)
        return source(parent, viewer=viewer, at=at)

    monkeypatch.setitem(material.gather.__globals__, "briefings_of", listening)
    drafted(OKI)
    assert [v.system for v in asked] == [False, False], "once in each language"
    assert asked[0].places(next(iter(asked[0].grants[0].permissions))) == (OKI,)


# --- a person's words


def edit(found: Sentence, text: str, **changes: Any) -> None:
    given: dict[str, Any] = {"seen_at": found.edited_at, "actor": SYSTEM, "at": AT}
    actions.edit_sentence(sentence_id=found.pk, text=text, **{**given, **changes})


def test_edited_words_stand_in_a_persons_name_and_go_back(people: Cast) -> None:
    found = drafted(OKI)
    edit(sentence(found), "  Kesiapan  berisiko. ", actor=people.regent_desk.viewer)
    edited = sentence(found)
    assert (edited.text, edited.edited_by_id) == ("Kesiapan berisiko.", people.regent_desk.user_id)
    (event,) = events("SentenceEdited")
    assert event.facts == {"key": "status:READINESS"}
    edit(edited, "")
    assert (sentence(found).text, sentence(found).edited_at) == ("", None)
    assert len(events("SentenceEdited")) == 2


def test_the_same_words_again_leave_no_event(people: Cast) -> None:
    found = drafted(OKI)
    edit(sentence(found), "Satu.")
    edit(sentence(found), "Satu.")
    assert len(events("SentenceEdited")) == 1


def test_of_two_who_edit_a_sentence_the_second_is_told(people: Cast) -> None:
    found = drafted(OKI)
    seen = sentence(found)
    edit(seen, "Yang pertama.")
    with refused("reporting.sentence_changed", "text", Conflict):
        edit(seen, "Yang kedua.", at=AT + timedelta(minutes=1))
    assert sentence(found).text == "Yang pertama."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 1201, "platform.text_is_too_long"),
        ("Hubungi 0812-3456-7890.", "reporting.text_holds_a_phone_number"),
        ("Hubungi +62 812 3456 7890.", "reporting.text_holds_a_phone_number"),
        ("Posko (0711) 350123.", "reporting.text_holds_a_phone_number"),
        ("NIP 19800101 200501 1 001.", "reporting.text_holds_an_identity_number"),
    ],
)
def test_words_that_a_report_cannot_hold_are_refused(people: Cast, text: str, code: str) -> None:
    found = drafted(OKI)
    with refused(code, "text"):
        edit(sentence(found), text)


def test_a_persons_number_does_not_become_public(people: Cast, head: Viewer) -> None:
    """Neither by the mark, nor by words that came into a marked sentence later."""
    found = drafted(OKI)
    told = sentence(found)
    given: dict[str, Any] = {"report_id": found.pk, "sentence_ids": [told.pk], "actor": head}
    Sentence.objects.filter(pk=told.pk).update(text="Posko 0711-350123.", edited_at=AT)
    with refused("reporting.text_holds_a_phone_number"):
        actions.mark_public(**given, at=AT)
    Sentence.objects.filter(pk=told.pk).update(text="Posko dibuka.")
    actions.mark_public(**given, at=AT)
    with refused("reporting.text_holds_an_identity_number", "text"):
        edit(sentence(found), "NIK 1602141234560001.")
    submitted(OKI)
    assert [s.text for s in public_reports(PROVINCE)[OKI].sentences] == ["Posko dibuka."]
    Sentence.objects.filter(pk=told.pk).update(text="Posko 62 812 3456 7890.")
    assert OKI not in public_reports(PROVINCE)


def test_numbers_of_the_report_are_no_phone_numbers(people: Cast) -> None:
    found = drafted(OKI)
    edit(sentence(found), "Terdaftar 6382739 pemilih di 13206 TPS; nomor 100.2.7/2944/SJ.")
    assert sentence(found).text


def test_a_sentence_of_ones_own_is_added_and_taken_away(people: Cast) -> None:
    found = drafted(OKI)
    id = actions.add_sentence(
        report_id=found.pk, section=Section.SITUATION, text="Hujan deras.", actor=SYSTEM, at=AT
    )
    drafted(OKI)
    assert Sentence.objects.get(pk=id).text == "Hujan deras."
    edit(Sentence.objects.get(pk=id), "")
    assert not Sentence.objects.filter(pk=id).exists()
    assert [len(events(n)) for n in ("SentenceAdded", "SentenceEdited")] == [1, 1]


# --- the way up


def test_signing_names_the_signer_and_needs_the_gaps_confirmed(people: Cast) -> None:
    desk = people.governor_desk
    found = drafted(PROVINCE, actor=desk.viewer)
    given: dict[str, Any] = {
        "report_id": found.pk, "seen_revision": found.revision, "actor": desk.viewer, "at": AT,
    }  # fmt: skip
    with refused("reporting.gaps_are_not_confirmed", "without_missing"):
        actions.submit_report(**given, without_missing=False)
    actions.submit_report(**given, without_missing=True)
    found.refresh_from_db()
    assert (found.state, found.signed_off_by_id) == (ReportState.SUBMITTED, desk.user_id)
    assert len(found.missing) == 4
    (event,) = events("ReportSubmitted")
    assert event.facts["missing"] == 4
    assert len(event.facts["digest"]) == 64


def test_nobody_signs_what_was_altered_since_they_read_it(people: Cast) -> None:
    found = drafted(OKI)
    edit(sentence(found), "Lain.")
    with refused("reporting.report_changed", kind=Conflict):
        actions.submit_report(
            report_id=found.pk, seen_revision=found.revision, without_missing=True,
            actor=SYSTEM, at=AT,
        )  # fmt: skip
    assert state_of(found) == ReportState.READY


def test_the_desk_above_accepts_and_then_nothing_moves(people: Cast) -> None:
    found = submitted(OKI, actor=people.regent_desk.viewer)
    actions.accept_report(report_id=found.pk, actor=people.governor_desk.viewer, at=AT)
    assert state_of(found) == ReportState.ACCEPTED
    with refused("reporting.report_is_locked"):
        edit(sentence(found), "Lain.")
    with refused("reporting.report_is_locked"):
        actions.draft_report(place=OKI, actor=SYSTEM, at=AT)
    with refused("reporting.report_is_locked"):
        actions.return_report(report_id=found.pk, reason="x", actor=SYSTEM, at=AT)
    with refused("reporting.report_is_locked"):
        actions.accept_report(report_id=found.pk, actor=SYSTEM, at=AT)
    with refused("reporting.report_is_locked"):
        ids = [sentence(found).pk]
        actions.mark_public(report_id=found.pk, sentence_ids=ids, actor=SYSTEM, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.sentences.update(text="x", edited_at=AT),
        lambda r: r.sentences.all().delete(),
        lambda r: Sentence.objects.create(
            report=r, section="STAGE", position=1, key="x", code="DUE"
        ),
        lambda r: DailyReport.objects.filter(pk=r.pk).update(receipt="x"),
        lambda r: DailyReport.objects.filter(pk=r.pk).update(state="RETURNED"),
        lambda r: Sentence.objects.filter(report__place=BANYUASIN, key="countdown").update(
            report=r, key="moved"
        ),
        lambda r: r.sentences.filter(key="countdown").update(
            report=DailyReport.objects.get(place=BANYUASIN), key="moved"
        ),
        lambda r: DailyReport.objects.filter(pk=r.pk).delete(),
    ],
)
def test_the_database_itself_locks_an_accepted_report(
    people: Cast, change: Callable[[DailyReport], object]
) -> None:
    drafted(BANYUASIN)
    found = submitted(OKI)
    actions.accept_report(report_id=found.pk, actor=SYSTEM, at=AT)
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        change(found)


@pytest.mark.parametrize("who", ["regent_desk", "neighbour", "commission", "supervisor"])
def test_nobody_but_the_desk_above_accepts_or_returns(people: Cast, who: str) -> None:
    found = submitted(OKI)
    viewer = getattr(people, who).viewer
    with pytest.raises(OutOfScope):
        actions.accept_report(report_id=found.pk, actor=viewer, at=AT)
    with pytest.raises(OutOfScope):
        actions.return_report(report_id=found.pk, reason="x", actor=viewer, at=AT)
    assert state_of(found) == ReportState.SUBMITTED


def test_a_head_does_not_accept_the_own_report(head: Viewer) -> None:
    found = submitted(OKI, actor=head)
    with pytest.raises(OutOfScope):
        actions.accept_report(report_id=found.pk, receipt="x", actor=head, at=AT)


def test_a_returned_report_says_why_is_mended_and_sent_again(people: Cast) -> None:
    found = submitted(OKI)
    above = people.governor_desk.viewer
    with refused("reporting.reason_is_missing", "reason"):
        actions.return_report(report_id=found.pk, reason=" ", actor=above, at=AT)
    actions.return_report(report_id=found.pk, reason="Angka turun.", actor=above, at=AT)
    found.refresh_from_db()
    assert (found.state, found.return_reason) == (ReportState.RETURNED, "Angka turun.")
    edit(sentence(found), "Sudah diperbaiki.")
    found.refresh_from_db()
    actions.submit_report(
        report_id=found.pk, seen_revision=found.revision, without_missing=True,
        actor=people.regent_desk.viewer, at=AT,
    )  # fmt: skip
    assert state_of(found) == ReportState.SUBMITTED
    assert events("ReportReturned")[0].facts == {"day": "2024-10-28"}


def test_what_was_not_sent_is_neither_accepted_nor_returned(people: Cast) -> None:
    found = drafted(OKI)
    with refused("reporting.report_is_not_submitted"):
        actions.accept_report(report_id=found.pk, actor=SYSTEM, at=AT)
    with refused("reporting.report_is_not_submitted"):
        actions.return_report(report_id=found.pk, reason="x", actor=SYSTEM, at=AT)


def test_a_submitted_report_is_not_edited(people: Cast) -> None:
    found = submitted(OKI)
    with refused("reporting.report_is_submitted"):
        edit(sentence(found), "Lain.")


def test_a_receipt_and_a_reason_are_one_line_that_fits(people: Cast) -> None:
    """They are refused where too long; what no database can hold is taken out of them."""
    own = submitted(PROVINCE, actor=people.governor_desk.viewer)
    other = seat("head.sumsel", "Ratna", "GOVERNOR_DESK_HEAD", "GOVERNOR_DESK", PROVINCE).viewer
    with refused("platform.text_is_too_long", "receipt"):
        actions.accept_report(report_id=own.pk, receipt="x" * 201, actor=other, at=AT)
    with refused("reporting.receipt_is_missing", "receipt"):
        actions.accept_report(report_id=own.pk, receipt=" \x00 ", actor=other, at=AT)
    actions.accept_report(report_id=own.pk, receipt="x" * 199 + "\x00y\n", actor=other, at=AT)
    below = submitted(OKI)
    with refused("platform.text_is_too_long", "reason"):
        actions.return_report(report_id=below.pk, reason="x" * 2001, actor=SYSTEM, at=AT)
    with refused("reporting.reason_is_missing", "reason"):
        actions.return_report(report_id=below.pk, reason="\x00", actor=SYSTEM, at=AT)
    actions.return_report(report_id=below.pk, reason="Angka\x00\nturun", actor=SYSTEM, at=AT)
    own.refresh_from_db()
    below.refresh_from_db()
    assert (own.receipt, below.return_reason) == ("x" * 199 + "y", "Angka turun")


def test_the_ministrys_acceptance_is_noted_with_its_letter(people: Cast) -> None:
    desk = people.governor_desk.viewer
    found = submitted(PROVINCE, actor=desk)
    other = seat("head.sumsel", "Ratna", "GOVERNOR_DESK_HEAD", "GOVERNOR_DESK", PROVINCE).viewer
    with refused("reporting.receipt_is_missing", "receipt"):
        actions.accept_report(report_id=found.pk, actor=other, at=AT)
    with refused("reporting.who_signed_does_not_accept"):
        actions.accept_report(report_id=found.pk, receipt="ya", actor=desk, at=AT)
    actions.accept_report(report_id=found.pk, receipt="Radiogram 1", actor=other, at=AT)
    assert state_of(found) == ReportState.ACCEPTED
    [event] = events("ReportAccepted")
    assert event.facts == {"day": "2024-10-28"}
    assert AuditDetail.objects.get(event=event).personal == {"receipt": "Radiogram 1"}


def test_what_the_head_signed_an_officer_notes(people: Cast) -> None:
    head = people.governor_desk.viewer
    officer = seat(
        "petugas.sumsel", "Indah", "GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE
    ).viewer
    found = submitted(PROVINCE, actor=head)
    with pytest.raises(OutOfScope):
        actions.return_report(report_id=found.pk, reason="Angka.", actor=officer, at=AT)
    actions.accept_report(report_id=found.pk, receipt="Radiogram 1", actor=officer, at=AT)
    assert state_of(found) == ReportState.ACCEPTED
    below = submitted(OKI)
    with pytest.raises(OutOfScope):
        actions.accept_report(report_id=below.pk, actor=officer, at=AT)


def test_who_signed_does_not_accept_whatever_roles_they_hold(head: Viewer) -> None:
    above = seat("head.sumsel", "Ratna", "GOVERNOR_DESK_HEAD", "GOVERNOR_DESK", PROVINCE).viewer
    both = replace(head, grants=head.grants + above.grants)
    found = submitted(OKI, actor=both)
    with refused("reporting.who_signed_does_not_accept"):
        actions.accept_report(report_id=found.pk, actor=both, at=AT)
    with (
        pytest.raises(DatabaseError, match="who_signed_does_not_accept"),
        transaction.atomic(),
    ):
        DailyReport.objects.filter(pk=found.pk).update(accepted_by=found.signed_off_by_id)
    actions.accept_report(report_id=found.pk, actor=above, at=AT)
    assert state_of(found) == ReportState.ACCEPTED


# --- the public part


def test_marks_are_set_as_a_whole_with_one_event(head: Viewer) -> None:
    found = drafted(OKI)
    ids = [sentence(found).pk, sentence(found, "countdown").pk]
    actions.mark_public(report_id=found.pk, sentence_ids=ids, actor=head, at=AT)
    actions.mark_public(report_id=found.pk, sentence_ids=ids, actor=head, at=AT)
    actions.mark_public(report_id=found.pk, sentence_ids=ids[:1], actor=head, at=AT)
    assert [s.key for s in found.sentences.filter(is_public=True)] == ["status:READINESS"]
    first, second = events("SentencesPublished")
    assert sorted(first.facts["marked"]) == ["countdown", "status:READINESS"]
    assert second.facts["unmarked"] == ["countdown"]


def test_edited_words_lose_the_mark_of_other_words(head: Viewer) -> None:
    found = drafted(OKI)
    actions.mark_public(report_id=found.pk, sentence_ids=[sentence(found).pk], actor=head, at=AT)
    edit(sentence(found), "Kata-kata lain.")
    assert not sentence(found).is_public


def test_an_officer_writes_but_does_not_publish(people: Cast) -> None:
    found = drafted(OKI)
    with pytest.raises(OutOfScope):
        actions.mark_public(
            report_id=found.pk, sentence_ids=[], actor=people.regent_desk.viewer, at=AT
        )


def test_of_restricted_areas_only_the_status_is_marked(head: Viewer) -> None:
    found = drafted(OKI)
    Sentence.objects.filter(report=found).update(focus=Focus.NEUTRALITY)
    with refused("reporting.not_for_the_public"):
        actions.mark_public(
            report_id=found.pk,
            sentence_ids=[sentence(found, "figure:readiness.late").pk],
            actor=head,
            at=AT,
        )
    actions.mark_public(report_id=found.pk, sentence_ids=[sentence(found).pk], actor=head, at=AT)
    assert sentence(found).is_public


def test_a_sentence_of_another_report_is_not_marked(head: Viewer) -> None:
    mine, other = drafted(OKI), drafted(BANYUASIN)
    with pytest.raises(OutOfScope):
        actions.mark_public(report_id=mine.pk, sentence_ids=[sentence(other).pk], actor=head, at=AT)
    assert not Sentence.objects.filter(is_public=True).exists()


# --- silence, stored days


def test_silent_desks_are_reminded_once_an_hour(people: Cast) -> None:
    submitted(OKI)
    desk = people.governor_desk.viewer
    assert actions.remind_silent(place=PROVINCE, actor=desk, at=AT) == 3
    with refused("reporting.nobody_to_remind"):
        actions.remind_silent(place=PROVINCE, actor=desk, at=AT + timedelta(minutes=30))
    assert actions.remind_silent(place=PROVINCE, actor=desk, at=AT + timedelta(hours=1)) == 3
    assert events("SilentReminded")[0].facts["places"] == ["16.07", "16.10", "16.71"]
    with pytest.raises(OutOfScope):
        actions.remind_silent(place=PROVINCE, actor=people.observer.viewer, at=AT)


def test_a_day_is_stored_once_and_its_last_word_stands(people: Cast) -> None:
    count = actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=AT)
    assert Snapshot.objects.filter(focus__in=[Focus.READINESS, Focus.NEUTRALITY]).count() == 10
    progress("asn-pledge", 100)
    assert actions.take_snapshots(place=PROVINCE, actor=SYSTEM, at=EVENING) == count
    assert Snapshot.objects.filter(day=DAY).count() == count
    kept = Snapshot.objects.get(place=OKI, focus=Focus.READINESS)
    assert kept.taken_at == EVENING
    finished = next(f for f in kept.figures if f["code"] == "readiness.finished")
    assert finished["value"] == 1
    with pytest.raises(OutOfScope):
        actions.take_snapshots(place=PROVINCE, actor=people.observer.viewer, at=AT)


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_is_told() -> None:
    room()
    found = drafted(OKI)
    gate = Barrier(2)

    def sign(_: int) -> str:
        gate.wait(10)
        try:
            actions.submit_report(
                report_id=found.pk, seen_revision=found.revision, without_missing=True,
                actor=SYSTEM, at=AT,
            )  # fmt: skip
            return "signed"
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(sign, range(2)))
    assert answers == ["reporting.report_is_submitted", "signed"]
    assert len(events("ReportSubmitted")) == 1


def test_viewers_are_built_from_roles(people: Cast) -> None:
    fresh = viewer_for(user_id=people.regent_desk.user_id, at=AT)
    assert drafted(OKI, actor=fresh).pk


# --- what fresh eyes found


def test_words_about_neutrality_stay_inside_whoever_wrote_them(people: Cast) -> None:
    report = drafted(OKI)
    added = actions.add_sentence(
        report_id=report.pk,
        section="NEUTRALITY",
        text="Tiga kasus di dinas.",
        actor=SYSTEM,
        at=AT,
    )
    assert Sentence.objects.get(pk=added).focus == Focus.NEUTRALITY
    with refused("reporting.not_for_the_public"):
        actions.mark_public(report_id=report.pk, sentence_ids=[added], actor=SYSTEM, at=AT)
    status = sentence(report, "status:NEUTRALITY")
    actions.edit_sentence(
        sentence_id=status.pk, text="Satu kasus.", seen_at=None, actor=SYSTEM, at=AT
    )
    with refused("reporting.not_for_the_public"):
        actions.mark_public(report_id=report.pk, sentence_ids=[status.pk], actor=SYSTEM, at=AT)


def test_words_about_services_are_read_as_what_is_drafted_there(people: Cast) -> None:
    report = drafted(OKI)
    given: dict[str, Any] = {"report_id": report.pk, "actor": SYSTEM, "at": AT}
    added = actions.add_sentence(**given, section="SERVICES", text="Dua loket tutup.")
    assert Sentence.objects.get(pk=added).focus == Focus.NEUTRALITY
    with refused("reporting.not_for_the_public"):
        actions.mark_public(report_id=report.pk, sentence_ids=[added], actor=SYSTEM, at=AT)
    Sentence.objects.filter(pk=added).update(focus="", is_public=True)
    actions.submit_report(
        report_id=report.pk, seen_revision=report.revision + 1, without_missing=True,
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    assert OKI not in public_reports(PROVINCE)


@pytest.mark.parametrize("section", [*NOT_ANSWERED, "GARDENS", Section.MISSING])
def test_nothing_is_added_where_nobody_would_read_it(people: Cast, section: str) -> None:
    report = drafted(OKI)
    with refused("reporting.section_is_not_open", "section"):
        actions.add_sentence(
            report_id=report.pk, section=section, text="Aman.", actor=SYSTEM, at=AT
        )


def test_own_words_about_problems_stay_inside(people: Cast) -> None:
    report = drafted(OKI)
    added = actions.add_sentence(
        report_id=report.pk, section=Section.PROBLEMS, text="Banjir.", actor=SYSTEM, at=AT
    )
    with refused("reporting.sentence_stays_inside"):
        actions.mark_public(report_id=report.pk, sentence_ids=[added], actor=SYSTEM, at=AT)


def test_signs_that_no_file_holds_are_taken_out(people: Cast) -> None:
    found = sentence(drafted(OKI))
    actions.edit_sentence(
        sentence_id=found.pk, text="Aman\x01 \u202eterkendali", seen_at=None, actor=SYSTEM, at=AT
    )
    found.refresh_from_db()
    assert found.text == "Aman terkendali"


def test_whoever_drafts_the_names_are_the_same(people: Cast) -> None:
    first = drafted(OKI)
    before = list(first.sentences.order_by("pk").values("key", "params"))
    with override("en"):
        again = drafted(OKI)
    assert list(again.sentences.order_by("pk").values("key", "params")) == before
    assert again.revision == first.revision


def test_no_sentence_mixes_two_languages(people: Cast) -> None:
    progress("asn-pledge", 100)
    found = drafted(PROVINCE).sentences.all()
    with override("id"):
        house = {s.key: words.sentence_text(s.code, s.params) for s in found}
    with override("en"):
        english = {s.key: words.sentence_text(s.code, s.params) for s in found}
    written = " ".join(text for key, text in english.items() if text != house[key])
    assert not re.findall(r"\b(?:hari|kegiatan|lembar|dari|belum|tidak|di sana)\b", written)
    assert not re.findall(r"\d\.\d{3}\b", written), "1,200 in English, 1.200 in Indonesian"
    # What was drafted before the other language was kept is told whole in the house's.
    stage = next(s for s in found if s.params.get(IN_OTHERS))
    stage.params[IN_OTHERS] = {}
    with override("en"):
        assert words.sentence_text(stage.code, stage.params) == house[stage.key]


def test_what_was_sent_anew_is_read_before_it_is_accepted(people: Cast) -> None:
    report = submitted(OKI)
    seen = report.revision
    actions.return_report(report_id=report.pk, reason="Angka turun.", actor=SYSTEM, at=AT)
    submitted(OKI)
    with refused("reporting.report_changed", kind=Conflict):
        actions.accept_report(report_id=report.pk, seen_revision=seen, actor=SYSTEM, at=AT)


def test_nobody_takes_a_mark_away_that_they_did_not_see(people: Cast) -> None:
    report = drafted(OKI)
    one = sentence(report)
    actions.mark_public(report_id=report.pk, sentence_ids=[one.pk], actor=SYSTEM, at=AT)
    with refused("reporting.report_changed", kind=Conflict):
        actions.mark_public(
            report_id=report.pk,
            sentence_ids=[],
            seen_revision=report.revision,
            actor=SYSTEM,
            at=AT,
        )
    one.refresh_from_db()
    assert one.is_public


def test_a_mark_of_a_locked_report_can_be_taken_away_and_none_added(people: Cast) -> None:
    report = drafted(OKI)
    one, other = sentence(report), sentence(report, "figure:readiness.finished")
    actions.mark_public(report_id=report.pk, sentence_ids=[one.pk], actor=SYSTEM, at=AT)
    submitted(OKI)
    actions.accept_report(report_id=report.pk, actor=SYSTEM, at=AT)
    with refused("reporting.report_is_locked"):
        actions.mark_public(
            report_id=report.pk, sentence_ids=[one.pk, other.pk], actor=SYSTEM, at=AT
        )
    actions.mark_public(report_id=report.pk, sentence_ids=[one.pk], actor=SYSTEM, at=AT)  # it stays
    actions.mark_public(report_id=report.pk, sentence_ids=[], actor=SYSTEM, at=AT)
    one.refresh_from_db()
    assert not one.is_public
    with pytest.raises(DatabaseError), transaction.atomic():
        Sentence.objects.filter(pk=one.pk).update(is_public=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sentence.objects.filter(pk=one.pk).update(text="Lain.", edited_at=AT)


def test_a_request_without_an_answer_goes_to_the_minister(people: Cast) -> None:
    police = institution_by("POLICE", PROVINCE)
    assert police is not None
    id = coordination.create_action(
        client_key=uuid4(),
        ask=coordination.Ask(
            owner_id=police.id,
            text="Kawal perahu logistik",
            due_date=DAY + timedelta(days=2),
            check_date=DAY + timedelta(days=3),
            evidence_asked="surat tugas",
            place=PROVINCE,
        ),
        actor=people.governor_desk.viewer,
        at=AT,
    )
    for days in range(1, 25):
        coordination.escalate_overdue(actor=SYSTEM, at=AT + timedelta(days=days))
    report = drafted(PROVINCE, at=AT + timedelta(days=25))
    told = report.sentences.get(section=Section.MINISTER)
    assert told.link.endswith(str(id))
    assert told.focus == Focus.COORDINATION
    with refused("reporting.sentence_stays_inside"):
        actions.mark_public(report_id=report.pk, sentence_ids=[told.pk], actor=SYSTEM, at=AT)


ASKED = {
    "owner": "KPU", "task": "Kirim surat suara.", "asked_date": "2024-10-28",
    "due_date": "2024-10-30", "reason": "Kapal rusak",
}  # fmt: skip
NATIONAL = "The Minister is asked to take it up with the body's national level."
GUIDANCE = "The Minister is asked for guidance."
OWN = "This is told for information; who gave the instruction settles it."


@pytest.mark.parametrize(
    ("how", "asked", "answered", "wished"),
    [
        ({}, "asked", "It has not been answered.", NATIONAL),
        ({"is_request": True}, "asked", "It has not been answered.", NATIONAL),
        ({"is_request": False}, "given a directive", "It has not been answered.", GUIDANCE),
        ({"asking": "REQUEST", "answer": "NONE"}, "asked", "It has not been answered.", NATIONAL),
        (
            {"asking": "REQUEST", "answer": "ACKNOWLEDGED"},
            "asked", "It was acknowledged, but is overdue.", NATIONAL,
        ),
        (
            {"asking": "REQUEST", "answer": "REFUSED"},
            "asked", "It was refused: “Kapal rusak.”", NATIONAL,
        ),
        (
            {"asking": "DIRECTIVE", "answer": "NONE"},
            "given a directive", "It has not been answered.", GUIDANCE,
        ),
        (
            {"asking": "DIRECTIVE", "answer": "ACKNOWLEDGED"},
            "given a directive", "It was acknowledged, but is overdue.", GUIDANCE,
        ),
        (
            {"asking": "DIRECTIVE", "answer": "REFUSED", "reason": "Tidak mau!"},
            "given a directive", "It was refused: “Tidak mau!”", GUIDANCE,
        ),
        (
            {"asking": "INSTRUCTION", "answer": "REFUSED", "reason": ""},
            "given an instruction", "It was refused.", OWN,
        ),
    ],
)  # fmt: skip
def test_the_minister_is_told_what_came_back(
    how: dict[str, Any], asked: str, answered: str, wished: str
) -> None:
    with override("en"):
        text = words.sentence_text("UNANSWERED", {**ASKED, **how})
    head = f"KPU was {asked} on 28 Oct 2024 (due 30 Oct 2024): Kirim surat suara."
    assert text == f"{head} {answered} {wished}"


@pytest.mark.parametrize("answer", ["NONE", "ACKNOWLEDGED", "REFUSED"])
@pytest.mark.parametrize(
    ("verb", "asking"),
    [("REQUEST", "REQUEST"), ("COORDINATION", "REQUEST"), ("DIRECTIVE", "DIRECTIVE")],
)
def test_an_answer_reaches_the_minister_as_it_was(
    people: Cast, answer: str, verb: str, asking: str
) -> None:
    regent = institution_by("REGENT", OKI)
    assert regent is not None
    id = coordination.create_action(
        client_key=uuid4(),
        ask=coordination.Ask(
            owner_id=regent.id, text="Sewa perahu", verb=verb, due_date=DAY + timedelta(days=2),
            evidence_asked="kontrak", place=OKI,
        ),
        actor=people.governor_desk.viewer,
        at=AT,
    )  # fmt: skip
    given: dict[str, Any] = {
        "action_id": id, "version": 1, "actor": people.regent_desk.viewer, "at": AT,
    }  # fmt: skip
    if answer == "ACKNOWLEDGED":
        coordination.acknowledge_action(**given)
    if answer == "REFUSED":
        coordination.refuse_action(**given, reason="Dana habis")
    later = AT + timedelta(days=25)
    coordination.escalate_overdue(actor=SYSTEM, at=later)
    (told,) = drafted(PROVINCE, at=later).sentences.filter(section=Section.MINISTER)
    found = (told.params["asking"], told.params["answer"], told.params["reason"])
    assert found == (asking, answer, "Dana habis" if answer == "REFUSED" else "")


def test_what_was_settled_that_day_is_told_and_may_be_public(people: Cast) -> None:
    regent = institution_by("REGENT", OKI)
    assert regent is not None
    id = coordination.create_action(
        client_key=uuid4(),
        ask=coordination.Ask(
            owner_id=regent.id, text="Sewa perahu.", due_date=DAY + timedelta(days=1), place=OKI
        ),
        actor=people.governor_desk.viewer,
        at=AT,
    )
    done = AT + timedelta(days=3)
    coordination.complete_action(
        action_id=id,
        version=1,
        note="Kontrak",
        evidence=None,
        actor=people.regent_desk.viewer,
        at=done,
    )
    assert not drafted(PROVINCE, at=done).sentences.filter(code="coordination.SETTLED")
    desk = people.governor_desk.viewer
    coordination.verify_action(action_id=id, version=2, actor=desk, at=done)
    report = drafted(PROVINCE, at=done)
    told = report.sentences.get(code="coordination.SETTLED")
    assert (told.section, told.focus) == ("COORDINATION", Focus.COORDINATION)
    text = "Settled today: Regent of Ogan Komering Ilir, Sewa perahu (kept 2 days late)."
    with override("en"):
        assert words.sentence_text(told.code, told.params) == text
    actions.mark_public(report_id=report.pk, sentence_ids=[told.pk], actor=SYSTEM, at=done)
    assert not drafted(PROVINCE, at=done + timedelta(days=1)).sentences.filter(
        code="coordination.SETTLED"
    )


# --- chasing


def told() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(code="reporting.report_is_awaited")
    return sorted(rows.values_list("user__username", "link", "params__date"))


def test_desks_whose_hour_has_passed_are_told_once_a_day(people: Cast) -> None:
    submitted(BANYUASIN)
    assert actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=AT) == 0
    assert told() == []
    assert actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=EVENING) == 3
    assert told() == [(people.regent_desk.username, "/16.02/daily", "2024-10-28")]
    later = EVENING + timedelta(hours=2)
    assert actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=later) == 0
    assert len(told()) == 1
    (event,) = events("SilentReminded")
    assert sorted(event.facts["places"]) == ["16.02", "16.10", "16.71"]
    tomorrow = EVENING + timedelta(days=1)
    assert actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=tomorrow) == 4
    assert [date for name, _, date in told() if name == people.regent_desk.username] == [
        "2024-10-28",
        "2024-10-29",
    ]
    with pytest.raises(OutOfScope):
        actions.chase_silent(place=PROVINCE, actor=people.observer.viewer, at=EVENING)


def test_who_was_reminded_by_a_person_is_not_chased(people: Cast) -> None:
    actions.remind_silent(place=PROVINCE, actor=people.governor_desk.viewer, at=EVENING)
    later = EVENING + timedelta(hours=2)
    assert actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=later) == 0
    assert len(told()) >= 1
    assert actions.remind_silent(place=PROVINCE, actor=people.governor_desk.viewer, at=later) == 4


def test_the_queries_of_chasing_do_not_grow_with_the_desks(people: Cast) -> None:
    for place in (BANYUASIN, PALEMBANG):
        submitted(place)
    with CaptureQueriesContext(connection) as few:
        actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=EVENING)
    with CaptureQueriesContext(connection) as many:
        actions.chase_silent(place=PROVINCE, actor=SYSTEM, at=EVENING + timedelta(days=1))
    assert len(many) == len(few)
