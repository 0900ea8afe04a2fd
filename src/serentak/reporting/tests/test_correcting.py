"""Corrections of signed reports: what they may say, beside what they stand, who is told."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform import clock
from serentak.platform.models import AuditEvent, User
from serentak.reporting import actions, public
from serentak.reporting.models import Correction, DailyReport, Sentence
from serentak.reporting.queries.reports import DailyPage, daily_page, past_reports
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Cast, Member, seat
from tests.room import room

from .builders import DAY, drafted, sentence, submitted

Notification = apps.get_model("notices", "Notification")

FINISHED = "figure:readiness.finished"
LATER = AT + timedelta(hours=2)

# --- a signed report


@pytest.fixture
def people(db: None) -> Cast:
    """The cast, with an election and its activities set up."""
    return room()


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    before = AuditEvent.objects.count(), Correction.objects.count()
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code in (f"reporting.{code}", code)
    assert (AuditEvent.objects.count(), Correction.objects.count()) == before


def correct(report: DailyReport, key: str = FINISHED, **given: Any) -> int:
    """Correct a figure of a report, to 7 unless said otherwise."""
    told = {"reason": "Salah salin.", "actor": SYSTEM, "at": LATER, **given}
    if not {"value", "status", "text"} & told.keys():
        told["value"] = 7
    return actions.correct_report(sentence_id=sentence(report, key).pk, **told)


def accepted(place: PlaceCode = OKI) -> DailyReport:
    report = submitted(place)
    actions.accept_report(report_id=report.pk, receipt="100.2/1", actor=SYSTEM, at=AT)
    report.refresh_from_db()
    return report


def page_of(place: PlaceCode, viewer: Viewer = SYSTEM) -> DailyPage:
    return daily_page(place, viewer=viewer, at=LATER, day=DAY)


def heads(place: PlaceCode = OKI) -> tuple[Member, Member]:
    """Return the head of OKI's desk and the officer of the governor's."""
    return (
        seat("head.oki", "Kartini", "REGENT_DESK_HEAD", "REGENT_DESK", place),
        seat("petugas", "Budi", "GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE),
    )


@pytest.mark.parametrize("make", [submitted, accepted])
def test_what_was_signed_stays_and_the_correction_stands_beside_it(people: Cast, make: Any) -> None:
    report = make()
    before = list(report.sentences.order_by("pk").values())
    assert correct(report, actor=people.regent_desk.viewer) == 1
    assert list(report.sentences.order_by("pk").values()) == before
    page = page_of(OKI)
    [said] = [s for s in page.sentences if s.corrections]
    assert (said.params["value"], said.signed != said.text) == (7, True)
    [card] = page.corrections
    assert (card.written, card.meant) == (said.signed, said.text)
    assert (card.by, card.reason, card.holds) == ("Slamet Wijaya", "Salah salin.", True)
    assert page.report
    assert page.report.state == report.state
    [event] = AuditEvent.objects.filter(name="reporting.ReportCorrected")
    assert (event.facts["before"]["value"], event.facts["after"]["value"]) == (0, 7)
    assert "Salah salin." not in str(event.facts)


@pytest.mark.parametrize("state", ["drafted", "returned"])
def test_what_is_not_signed_is_changed_and_not_corrected(people: Cast, state: str) -> None:
    report = drafted()
    if state == "returned":
        report = submitted()
        actions.return_report(report_id=report.pk, reason="Periksa.", actor=SYSTEM, at=AT)
    with refused("report_is_not_signed"):
        correct(report)


def test_the_desk_that_signed_corrects_and_nobody_else(people: Cast) -> None:
    report = accepted()
    for member in (people.governor_desk, people.neighbour, people.commission, people.observer):
        with pytest.raises(OutOfScope):
            correct(report, actor=member.viewer)
    assert correct(report, actor=people.regent_desk.viewer) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, "correction_needs_a_reason"),
        ({"reason": "Telepon 0812-3456-7890"}, "text_holds_a_phone_number"),
        ({"value": 0}, "correction_changes_nothing"),
        ({"value": -1}, "figure_is_out_of_bounds"),
        ({"value": 5000}, "part_exceeds_whole"),
        ({"key": "countdown", "text": "NIK 1602010101900001"}, "text_holds_an_identity_number"),
        ({"key": "countdown", "text": ""}, "text_is_missing"),
        ({"key": "countdown", "text": "a" * 1201}, "platform.text_is_too_long"),
        ({"reason": "a" * 2001}, "platform.text_is_too_long"),
    ],
)
def test_a_correction_that_does_not_hold_writes_nothing(
    people: Cast, given: dict[str, Any], code: str
) -> None:
    report = submitted()
    with refused(code):
        correct(report, **given)


def test_the_newest_holds_and_all_are_kept(people: Cast) -> None:
    report = accepted()
    assert [correct(report, value=n) for n in (7, 9)] == [1, 2]
    page = page_of(OKI)
    [said] = [s for s in page.sentences if s.corrections]
    assert said.params["value"] == 9
    assert [(c.before.params["value"], c.now.params["value"]) for c in page.corrections] == [
        (0, 7),
        (7, 9),
    ]
    assert past_reports(OKI, viewer=SYSTEM)[0].corrected == 2


def test_who_comes_second_is_told_and_a_repeat_gets_the_first_answer(people: Cast) -> None:
    report = accepted()
    [seen] = {s.mark for s in page_of(OKI).sentences if s.code == "FIGURE"}
    head, _ = heads()
    mine = people.regent_desk.viewer
    assert correct(report, seen=seen, actor=mine) == 1
    assert correct(report, seen=seen, actor=mine) == 1
    assert Correction.objects.count() == 1
    for value in ({}, {"value": 9}):  # the same words of another are no repeat
        with refused("corrected_meanwhile", Conflict):
            correct(report, seen=seen, actor=head.viewer, **value)
    with refused("corrected_meanwhile", Conflict):
        correct(report, seen=seen, value=9, actor=mine)


def test_the_database_holds_corrections_to_what_they_are(people: Cast) -> None:
    report = accepted()
    correct(report)
    row = Correction.objects.get()

    def fails(name: str, act: Any) -> None:
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            act()

    def another(**changes: Any) -> Any:
        values = {**row.__dict__, "number": 2, **changes, "id": None}
        values.pop("_state")
        values.pop("_django_version", None)
        return lambda: Correction.objects.create(**values)

    stays = "stays as it was written"
    fails(stays, lambda: Correction.objects.update(reason="Lain."))
    fails(stays, lambda: Correction.objects.all().delete())
    fails("corrections_of_a_report_are_numbered", another(number=1))
    fails("a_correction_has_a_reason", another(reason=""))
    fails("a_correction_changes_what_is_said", another(params=row.params_before))
    fails("a_note_of_a_correction_has_a_time", another(receipt="100.2/1"))
    fails("only a signed report", another(signed_at=LATER))
    draft = drafted(AIR_SUGIHAN)
    fails("only a signed report", another(report_id=draft.pk))
    Correction.objects.update(noted_at=LATER)
    fails(stays, lambda: Correction.objects.update(noted_at=AT))


# --- who is told, and takes note


def notified(member: Member) -> int:
    return Notification.objects.filter(
        user=member.user_id, code="reporting.report_is_corrected"
    ).count()


def test_the_desk_above_and_the_own_desk_are_told(people: Cast) -> None:
    head, _ = heads()
    correct(submitted(), actor=people.regent_desk.viewer)
    assert notified(people.governor_desk) == notified(head) == 1
    assert not notified(people.regent_desk)
    assert not notified(people.neighbour)
    told = Notification.objects.filter(user=people.governor_desk.user_id).latest("pk")
    assert told.link == f"/16.02/daily/{DAY}#corrections"


@pytest.mark.parametrize("took_in", [False, True])
def test_further_up_is_told_where_the_figure_was_taken_in(people: Cast, took_in: bool) -> None:
    report = submitted(AIR_SUGIHAN)
    if took_in:
        submitted(OKI)
    correct(report, "countdown", text="Hari ke-30.")
    assert notified(people.governor_desk) == took_in


def test_acceptance_stands_and_who_accepted_takes_note(people: Cast) -> None:
    report = accepted()
    assert public.alerts(parent=PROVINCE, viewer=people.governor_desk.viewer, at=AT) == ()
    correct(report, actor=people.regent_desk.viewer)
    [alert] = public.alerts(parent=PROVINCE, viewer=people.governor_desk.viewer, at=AT)
    assert (alert.code, alert.place, alert.link) == (
        "reporting.correction_waits",
        OKI,
        f"/16.02/daily/{DAY}",
    )
    assert public.alerts(parent=PROVINCE, viewer=people.observer.viewer, at=AT) == ()
    given: dict[str, Any] = {"report_id": report.pk, "seen_number": 1, "at": LATER}
    with pytest.raises(OutOfScope):
        actions.note_corrections(**given, actor=people.regent_desk.viewer)
    actions.note_corrections(**{**given, "seen_number": 0}, actor=people.governor_desk.viewer)
    assert Correction.objects.get().noted_at is None
    for _time in range(2):
        actions.note_corrections(**given, actor=people.governor_desk.viewer)
    assert AuditEvent.objects.filter(name="reporting.CorrectionsNoted").count() == 1
    report.refresh_from_db()
    assert (report.state, report.accepted_at) == ("ACCEPTED", AT)
    assert public.alerts(parent=PROVINCE, viewer=people.governor_desk.viewer, at=AT) == ()


def test_a_provinces_correction_is_noted_by_somebody_else_with_a_letter(people: Cast) -> None:
    report = accepted(PROVINCE)
    _, officer = heads()
    correct(report, actor=officer.viewer)
    given: dict[str, Any] = {"report_id": report.pk, "seen_number": 1, "at": LATER}
    with refused("receipt_of_a_correction_is_missing"):
        actions.note_corrections(**given, actor=people.governor_desk.viewer)
    with refused("who_corrects_does_not_take_note"):
        actions.note_corrections(**given, receipt="100.2/2", actor=officer.viewer)
    actions.note_corrections(**given, receipt="100.2/2", actor=people.governor_desk.viewer)
    assert Correction.objects.get().receipt == "100.2/2"


def test_what_is_corrected_before_acceptance_is_read_with_it(people: Cast) -> None:
    report = submitted()
    seen = report.revision
    correct(report, actor=people.regent_desk.viewer)
    given: dict[str, Any] = {"report_id": report.pk, "actor": people.governor_desk.viewer}
    with refused("correction_is_read_before_acceptance"):
        actions.note_corrections(**given, seen_number=1, at=LATER)
    with refused("report_changed", Conflict):
        actions.accept_report(**given, seen_revision=seen, at=LATER)
    actions.accept_report(**given, seen_revision=seen + 1, at=LATER)
    assert Correction.objects.get().noted_by_id == people.governor_desk.user_id


def test_a_returned_report_takes_its_corrections_in(people: Cast) -> None:
    report = submitted()
    correct(report, actor=people.regent_desk.viewer)
    actions.return_report(report_id=report.pk, reason="Periksa.", actor=SYSTEM, at=LATER)
    row = sentence(report, FINISHED)
    assert row.text.startswith("7 dari 79 kegiatan selesai")
    assert row.edited_by_id == people.regent_desk.user_id
    drafted(OKI, at=LATER)
    assert sentence(report, FINISHED).text == row.text
    again = submitted(OKI, at=LATER)
    page = page_of(OKI)
    assert [c.holds for c in page.corrections] == [False]
    assert not [s for s in page.sentences if s.corrections]
    assert correct(again, text="Kegiatan selesai: 8.", at=LATER + timedelta(hours=1)) == 2


# --- where it shows


def test_tomorrow_is_compared_with_the_mended_figure(people: Cast) -> None:
    report = submitted()
    correct(report)
    status = "status:READINESS"
    was = sentence(report, status).params["status"]
    other = next(s for s in Status if s.value != was)
    correct(report, status, status=other)
    stored = public.stored_on(DAY, [OKI])[OKI, Focus.READINESS]
    values = {f.code: f.value for f in stored.figures}
    assert (values["readiness.finished"], stored.status) == (7, other)
    tomorrow = drafted(OKI, at=AT + timedelta(days=1))
    assert sentence(tomorrow, FINISHED).params["before"] == 7
    assert not tomorrow.sentences.filter(code="CORRECTED").exists()
    [part] = [p for p in page_of(OKI).parts if p.section == "READINESS"]
    assert part.status is other


def test_the_next_report_and_the_one_above_tell_it(people: Cast) -> None:
    report = accepted()
    above = submitted(PROVINCE)
    tomorrow = AT + timedelta(days=1)
    correct(report, at=tomorrow)
    page = page_of(PROVINCE)
    assert [c.place for c in page.corrections_below] == [OKI]
    assert not page.corrections
    above.refresh_from_db()
    for place in (OKI, PROVINCE):
        told = drafted(place, at=tomorrow).sentences.get(code="CORRECTED")
        assert [r["count"] for r in told.params["reports"]] == [1]


def test_the_public_page_shows_the_correction_of_what_it_showed(people: Cast) -> None:
    report = drafted()
    neutral = "status:NEUTRALITY"
    children = "children:NEUTRALITY"
    ids = [sentence(report, key).pk for key in (FINISHED, neutral, children)]
    actions.mark_public(report_id=report.pk, sentence_ids=ids, actor=SYSTEM, at=AT)
    report = accepted()
    correct(report)
    correct(report, children, text="Satu kecamatan terlambat karena Camat Mesuji.")
    was = sentence(report, neutral).params["status"]
    other = next(s for s in Status if s.value != was)
    correct(report, neutral, status=other)
    with CaptureQueriesContext(connection) as asked:
        [found] = public.public_reports(PROVINCE).values()
    assert len(asked) == 3
    figure, status, words = sorted(
        found.sentences, key=lambda s: (s.focus is not Focus.READINESS, s.status is None)
    )
    assert (figure.value, figure.corrected_at) == (7, LATER)
    assert figure.text_signed.startswith("0 dari 79 kegiatan selesai")
    assert status.status is other
    # A person's words on neutrality stay inside; what was published holds no more, and that is said.
    assert (words.text, words.corrected_at) == ("", LATER)
    assert "Mesuji" not in str(found)
    assert "Salah salin" not in str(found)


def test_a_correction_is_shown_to_who_may_see_the_area(people: Cast) -> None:
    report = accepted()
    correct(report)
    correct(report, "countdown", text="Hari ke-30.")
    assert len(page_of(OKI, people.observer.viewer).corrections) == 2
    [row] = past_reports(OKI, viewer=people.observer.viewer)
    assert row.corrected == 2


# --- pages


@pytest.fixture
def shown(people: Cast, settings: Settings) -> Cast:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=LATER, scene="test")
    return people


def as_(member: Member, language: str = "id") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def test_a_desk_corrects_on_the_page_and_the_acceptor_takes_note(shown: Cast) -> None:
    report = accepted()
    path, id = f"/16.02/daily/{DAY}", sentence(report, FINISHED).pk
    desk, above = as_(shown.regent_desk), as_(shown.governor_desk)
    assert f"?correct={id}" in desk.get(path).content.decode()
    assert "?correct=" not in above.get(path).content.decode()
    form = desk.get(f"{path}?correct={id}").content.decode()
    mark = form.partition('name="seen" value="')[2].partition('"')[0]
    sent = {"day": str(DAY), "seen": mark, "value": "tujuh", "of": "", "reason": "Salah salin."}
    act = f"/16.02/daily/{report.pk}/sentences/{id}/correct"
    wrong = desk.post(act, sent)
    assert wrong.status_code == 422
    assert 'value="tujuh"' in wrong.content.decode()
    whole = form.partition('name="of" value="')[2].partition('"')[0]
    done = desk.post(act, {**sent, "value": "7", "of": whole})
    assert (done.status_code, done["Location"]) == (302, f"{path}#s{id}")
    text = desk.get(path).content.decode()
    assert "menyatakan ralat telah diketahui" in text
    assert "<del>" in text
    assert "Nyatakan telah diketahui" not in text
    text = above.get(path).content.decode()
    assert "Langkah Anda" in text
    assert "Salah salin." in text
    assert "Diralat sesudahnya" in above.get("/16/daily").content.decode()
    note = {"day": str(DAY), "seen_number": "1"}
    assert above.post(f"/16.02/daily/{report.pk}/note", note).status_code == 302
    assert "diketahui" in above.get(path).content.decode()
    assert "1 ralat" in above.get("/16.02/daily/past").content.decode()
    english = as_(shown.governor_desk, "en").get(path).content.decode()
    assert "Should have been:" in english


def test_the_files_carry_the_correction(shown: Cast) -> None:
    report = accepted()
    correct(report, actor=shown.regent_desk.viewer)
    desk = as_(shown.governor_desk)
    chat = desk.get(f"/16.02/daily/{DAY}/report.txt").content.decode()
    assert chat.startswith("*RALAT: Desk Pilkada")
    assert "Ralat ke-1. Tertulis: “0 dari" in chat
    assert "Seharusnya: “7 dari" in chat
    content = desk.get(f"/16.02/daily/{DAY}/report.docx").getvalue()
    lines = [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]
    assert "RALAT ATAS LAPORAN INI" in lines
    [body] = [line for line in lines if "[Ralat ke-1, seharusnya: 7 dari" in line]
    assert body.startswith("0 dari")
    assert any("Alasan: Salah salin." in line and "Slamet Wijaya" in line for line in lines)
    first, again = (desk.get(f"/16.02/daily/{DAY}/report.pdf").getvalue() for _ in range(2))
    assert first == again


def test_corrections_cost_no_queries_of_their_own(shown: Cast) -> None:
    report = accepted()
    desk = as_(shown.governor_desk)
    path = f"/16.02/daily/{DAY}"
    desk.get(path)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(path)
        return len(queries)

    correct(report)
    one = asked()
    correct(report, value=8)
    correct(report, "countdown", text="Hari ke-30.")
    assert asked() == one


def test_marks_of_a_stranger_are_none(people: Cast) -> None:
    report = accepted()
    with refused("corrected_meanwhile", Conflict):
        correct(report, seen="2024#1")
    assert Sentence.objects.filter(report=report).exists()
