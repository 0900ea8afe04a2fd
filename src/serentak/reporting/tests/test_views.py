"""The pages: read, edited in place, refused with the words kept, taken away, closed to others."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.models import User
from serentak.reporting import actions
from serentak.reporting.models import DailyReport, Sentence
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast, Member, seat
from tests.markup import compact
from tests.room import room

from .builders import NOT_ANSWERED, drafted, progress, sentence, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None, settings: Settings) -> Cast:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=AT, scene="test")
    return room()


def as_(member: Member) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def test_a_desk_drafts_edits_and_signs_without_a_script(people: Cast) -> None:
    desk = as_(people.regent_desk)
    assert "Susun laporan" in desk.get("/16.02/daily").content.decode()
    assert desk.post("/16.02/daily/draft").status_code == 302
    report = DailyReport.objects.get()
    text = desk.get("/16.02/daily").content.decode()
    assert "Kesiapan &amp; logistik: " in text
    found = sentence(report)
    form = desk.get(f"/16.02/daily?edit={found.pk}").content.decode()
    assert f"/16.02/daily/{report.pk}/sentences/{found.pk}" in form
    answer = desk.post(
        f"/16.02/daily/{report.pk}/sentences/{found.pk}", {"text": "Berisiko di dua kecamatan."}
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"/16.02/daily#s{found.pk}"
    report.refresh_from_db()
    done = desk.post(f"/16.02/daily/{report.pk}/submit", {"seen_revision": report.revision})
    assert done.status_code == 302
    report.refresh_from_db()
    assert (report.state, report.signed_off_by_id) == ("SUBMITTED", people.regent_desk.user_id)


def test_who_signs_is_told_what_the_public_page_will_show(people: Cast) -> None:
    desk = as_(people.regent_desk)
    report = drafted(OKI)
    told = "Tidak ada kalimat yang ditandai untuk umum: halaman publik "
    assert f"{told}tetap kosong." in compact(desk.get("/16.02/daily").content.decode())
    actions.mark_public(
        report_id=report.pk, sentence_ids=[sentence(report).pk], actor=SYSTEM, at=AT
    )
    assert told not in compact(desk.get("/16.02/daily").content.decode())
    submitted(OKI)
    drafted(OKI, at=AT + timedelta(days=1))
    clock.set_clock(domain_at=AT + timedelta(days=1), scene="test")
    shown = compact(desk.get("/16.02/daily").content.decode())
    assert f"{told}tetap memuat laporan 28 Okt 2024." in shown


def test_refused_words_stay_in_the_form(people: Cast) -> None:
    desk = as_(people.regent_desk)
    report = drafted(OKI)
    found = sentence(report)
    answer = desk.post(
        f"/16.02/daily/{report.pk}/sentences/{found.pk}", {"text": "Telepon 0812-3456-7890"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Telepon 0812-3456-7890</textarea>" in text
    assert "nomor telepon" in text
    actions.edit_sentence(
        sentence_id=found.pk, text="Yang lain.", seen_at=None, actor=SYSTEM, at=AT
    )
    late = desk.post(f"/16.02/daily/{report.pk}/sentences/{found.pk}", {"text": "Milik saya."})
    assert late.status_code == 422
    assert "Yang lain." in late.content.decode()
    assert "Milik saya.</textarea>" in late.content.decode()


def test_what_a_person_adds_is_read_by_them(people: Cast) -> None:
    desk = as_(people.regent_desk)
    report = drafted(OKI)
    form = desk.get("/16.02/daily").content.decode()
    offered = re.findall(r'<option value="([A-Z]+)"', form)
    assert "SERVICES" in offered
    assert not {*NOT_ANSWERED, "MISSING"} & set(offered)
    for section in offered:
        sent = {"section": section, "text": f"Kata tentang {section}."}
        assert desk.post(f"/16.02/daily/{report.pk}/add", sent).status_code == 302
    shown = compact(desk.get("/16.02/daily").content.decode())
    assert all(f"<p>Kata tentang {section}." in shown for section in offered)


def test_gaps_are_confirmed_by_the_signer(people: Cast) -> None:
    desk = as_(people.governor_desk)
    report = drafted(PROVINCE)
    path = f"/16/daily/{report.pk}/submit"
    answer = desk.post(path, {"seen_revision": report.revision})
    assert answer.status_code == 422
    assert "belum melapor" in answer.content.decode()
    sent = {"seen_revision": report.revision, "without_missing": "on"}
    assert desk.post(path, sent).status_code == 302


def test_the_desk_above_accepts_and_returns(people: Cast) -> None:
    above = as_(people.governor_desk)
    report = submitted(OKI)
    day = "2024-10-28"
    text = above.get(f"/16.02/daily/{day}").content.decode()
    assert f"/16.02/daily/{report.pk}/accept" in text
    assert "?edit=" not in text
    returned = above.post(f"/16.02/daily/{report.pk}/return", {"reason": "", "day": day})
    assert returned.status_code == 422
    above.post(f"/16.02/daily/{report.pk}/return", {"reason": "Angka turun.", "day": day})
    report.refresh_from_db()
    assert report.state == "RETURNED"
    assert "Angka turun." in as_(people.regent_desk).get("/16.02/daily").content.decode()


def test_who_signed_is_told_who_accepts_instead_of_a_form(people: Cast) -> None:
    officer = seat("petugas", "Indah", "GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE)
    report = submitted(PROVINCE, actor=officer.viewer)
    path = f"/16/daily/{report.pk}/accept"
    own = as_(officer)
    text = own.get("/16/daily").content.decode()
    assert path not in text
    assert (
        "Anda yang mengesahkan; orang lain di Desk Pilkada Provinsi Sumatera Selatan yang mencatat"
        in text
    )
    refused = own.post(path, {"seen_revision": report.revision, "receipt": "ya"})
    assert refused.status_code == 422
    assert "Anda sendiri yang mengesahkan" in refused.content.decode()
    head = as_(people.governor_desk)
    text = head.get("/16/daily").content.decode()
    assert path in text
    assert "catat suratnya di sini" in text
    assert 'name="receipt"' in text
    assert "opsional" not in text
    sent = {"seen_revision": report.revision, "receipt": "Radiogram 1"}
    assert head.post(path, sent).status_code == 302
    report.refresh_from_db()
    assert report.accepted_by_id == people.governor_desk.user_id


def test_what_the_head_signed_an_officer_is_asked_to_note(people: Cast) -> None:
    officer = seat("petugas", "Indah", "GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE)
    report = submitted(PROVINCE, actor=people.governor_desk.viewer)
    path = f"/16/daily/{report.pk}/accept"
    assert path not in as_(people.governor_desk).get("/16/daily").content.decode()
    assert path in as_(officer).get("/16/daily").content.decode()


def test_each_is_told_what_to_do_now_and_who_is_waited_for(people: Cast) -> None:
    below, above = as_(people.regent_desk), as_(people.governor_desk)

    def now(client: Client) -> str:
        text = client.get("/16.02/daily/2024-10-28").content.decode()
        return text.partition('id="now">')[2].partition("</p>")[0]

    assert "Susun laporan" in below.get("/16.02/daily").content.decode()
    report = drafted(OKI)
    assert now(below).startswith("Baca, betulkan bila perlu, lalu sahkan")
    assert now(above).startswith("Menunggu pengesahan Desk Pilkada Kabupaten Ogan Komering Ilir")
    actions.submit_report(
        report_id=report.pk, seen_revision=report.revision, without_missing=False,
        actor=people.regent_desk.viewer, at=AT,
    )  # fmt: skip
    assert now(below).startswith("Menunggu diterima Desk Pilkada Provinsi Sumatera Selatan")
    assert now(above).startswith("Baca, lalu terima")
    actions.return_report(report_id=report.pk, reason="Angka turun", actor=SYSTEM, at=AT)
    assert "Perbaiki yang diminta: “Angka turun.” Lalu sahkan" in now(below)
    told = "Menunggu perbaikan dari Desk Pilkada Kabupaten Ogan Komering Ilir: “Angka turun.”"
    assert now(above).startswith(told)
    DailyReport.objects.filter(pk=report.pk).update(return_reason="Angka turun?")
    assert "“Angka turun?” Lalu" in now(below)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("draft", {}),
        ("{id}/submit", {"seen_revision": 1}),
        ("{id}/accept", {"seen_revision": 2}),
        ("{id}/return", {"reason": "x"}),
        ("{id}/add", {"section": "STAGE", "text": "x"}),
        ("{id}/public", {"seen_revision": 2}),
        ("remind", {}),
        ("{id}/sentences/{sentence}", {"text": "x"}),
    ],
)
@pytest.mark.parametrize("who", ["neighbour", "observer", "commission"])
def test_others_are_answered_404(people: Cast, who: str, path: str, data: dict[str, Any]) -> None:
    report = submitted(OKI)
    before = list(Sentence.objects.values()), DailyReport.objects.values().get()
    url = path.format(id=report.pk, sentence=sentence(report).pk)
    assert as_(getattr(people, who)).post(f"/16.02/daily/{url}", data).status_code == 404
    assert (list(Sentence.objects.values()), DailyReport.objects.values().get()) == before


@pytest.mark.parametrize(
    "path",
    ["daily", "daily/2024-10-28", "daily/past", "daily/2024-10-28/report.pdf", "book.pdf"],
)
def test_a_neighbour_reads_nothing(people: Cast, path: str) -> None:
    submitted(OKI)
    assert as_(people.neighbour).get(f"/16.02/{path}").status_code == 404
    assert Client().get(f"/16.02/{path}").status_code == 302


def test_an_accepted_report_is_edited_by_nobody(people: Cast) -> None:
    report = submitted()
    desk, above = as_(people.regent_desk), as_(people.governor_desk)
    path = f"/16.02/daily/{report.pk}"
    accepted = above.post(f"{path}/accept", {"seen_revision": report.revision})
    assert accepted.status_code == 302
    found = sentence(report)
    words = {"text": "Semua aman.", "seen_at": ""}
    answer = desk.post(f"{path}/sentences/{found.pk}", words)
    assert answer.status_code == 422
    assert "sudah diterima dan terkunci" in answer.content.decode()
    for who in (above, as_(people.neighbour)):
        assert who.post(f"{path}/sentences/{found.pk}", words).status_code == 404
    found.refresh_from_db()
    assert found.text == ""
    again = desk.post(f"{path}/submit", {"seen_revision": report.revision})
    assert again.status_code == 422


@pytest.mark.parametrize("path", ["daily/2024-10-27", "daily/nonsense", "daily/2024-99-99"])
def test_a_day_without_a_report_is_not_found(people: Cast, path: str) -> None:
    assert as_(people.governor_desk).get(f"/16.02/{path}").status_code == 404


def test_a_report_leaves_as_pdf_docx_and_text(people: Cast) -> None:
    desk = as_(people.governor_desk)
    drafted(OKI)
    base = "/16.02/daily/2024-10-28/report"
    first, again = (desk.get(f"{base}.pdf").content for _ in range(2))
    assert first.startswith(b"%PDF")
    assert first == again
    word, same = (desk.get(f"{base}.docx") for _ in range(2))
    assert word.content == same.content
    with zipfile.ZipFile(io.BytesIO(word.content)) as archive:
        body = archive.read("word/document.xml").decode()
    assert "LAPORAN HARIAN" in body
    assert "kegiatan selesai" in body
    plain = desk.get(f"{base}.txt")
    assert plain["Content-Type"].startswith("text/plain")
    assert plain.content.decode().startswith(
        "*KONSEP, belum disahkan: Desk Pilkada Kabupaten Ogan Komering Ilir, H-30*"
    )
    assert desk.get(f"{base}.exe").status_code == 404


def test_the_first_page_follows_the_official_form(people: Cast) -> None:
    drafted(PROVINCE)
    lines = _docx_lines(as_(people.governor_desk), "/16/daily/2024-10-28/report.docx")
    assert lines[:3] == ["PEMERINTAH PROVINSI SUMATERA SELATAN", "DESK PILKADA", "LAPORAN HARIAN"]
    for told in (
        "Nomor\t: ………………",
        "Hari, tanggal\t: Senin, 28 Oktober 2024 (H-30)",
        "Yth.\t: Menteri Dalam Negeri",
        "\t  u.p. Direktur Jenderal Politik dan Pemerintahan Umum",
        "Palembang, 28 Oktober 2024",
    ):
        assert told in lines, told
    sections = [line for line in lines if line[:2].strip(".").isdecimal()]
    assert sections[0] == "1. Gambaran umum"
    assert not any("dari 100 persen" in line for line in lines)


def test_the_text_for_the_group_is_short_and_says_the_hour_of_the_data(people: Cast) -> None:
    drafted(PROVINCE)
    text = as_(people.governor_desk).get("/16/daily/2024-10-28/report.txt").content.decode()
    lines = text.splitlines()
    assert (
        lines[0]
        == "*KONSEP, belum disahkan: Desk Pilkada Provinsi Sumatera Selatan, H-30* (data rekaan)"
    )
    assert lines[1].startswith("Senin, 28 Oktober 2024, data pukul ")
    assert lines[1].endswith(" WIB")
    assert lines[2].startswith("Laporan harian masuk: 0 dari 4 desk. Belum masuk: ")
    assert lines[-1] == "Selengkapnya: laporan harian H-30."


def test_a_report_handed_in_late_stays_known_as_late(people: Cast) -> None:
    report = drafted(OKI)
    after = AT + timedelta(days=15, hours=9)
    actions.submit_report(
        report_id=report.pk, seen_revision=report.revision, without_missing=False,
        actor=people.regent_desk.viewer, at=after,
    )  # fmt: skip
    actions.accept_report(report_id=report.pk, actor=people.governor_desk.viewer, at=after)
    clock.set_clock(domain_at=after + timedelta(days=1), scene="test")
    desk = as_(people.governor_desk)
    late = "12 Nov, 18.00, terlambat 15 hari"
    for path in ("/16.02/daily/2024-10-28", "/16.02/daily/past"):
        assert late in desk.get(path).content.decode(), path
    lines = _docx_lines(desk, "/16.02/daily/2024-10-28/report.docx")
    assert any("12 November 2024, 18.00 WIB, terlambat 15 hari" in line for line in lines)


def test_the_list_of_desks_tells_who_was_late(people: Cast) -> None:
    evening = AT + timedelta(hours=9, minutes=20)
    submitted(OKI, at=evening)
    clock.set_clock(domain_at=evening, scene="test")
    text = compact(as_(people.governor_desk).get("/16/daily").content.decode())
    assert "<small>terlambat 1 jam</small>" in text
    assert ">18.20</span>" in text


def _docx_lines(desk: Client, path: str) -> list[str]:
    document = docx.Document(io.BytesIO(desk.get(path).content))
    return [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    ("role", "signature"),
    [
        ("REGENT_DESK_HEAD", ["Ketua Desk Pilkada Kabupaten Ogan Komering Ilir,"]),
        (
            "REGENT_DESK_OFFICER",
            [
                "a.n. Ketua Desk Pilkada Kabupaten Ogan Komering Ilir",
                "Petugas Desk Pilkada Kabupaten/Kota,",
            ],
        ),
    ],
)
def test_a_report_is_signed_under_the_office_of_who_signed(
    people: Cast, role: str, signature: list[str]
) -> None:
    signer = seat("penanda.oki", "Kartini", role, "REGENT_DESK", OKI)
    submitted(OKI, actor=signer.viewer)
    desk = as_(people.governor_desk)
    lines = _docx_lines(desk, "/16.02/daily/2024-10-28/report.docx")
    end = lines.index("Kartini")
    assert lines[end - 2 - len(signature) : end + 1] == [*signature, "", "", "Kartini"]
    assert desk.get("/16.02/daily/2024-10-28/report.pdf").content.startswith(b"%PDF")
    shown = desk.get("/16.02/daily/2024-10-28").content.decode()
    assert ("Kartini, Ketua Desk" in shown) is (role == "REGENT_DESK_HEAD")


def test_a_draft_waits_for_the_heads_signature_and_a_district_for_its_heads(people: Cast) -> None:
    drafted(OKI)
    drafted(AIR_SUGIHAN)
    desk = as_(people.governor_desk)
    lines = _docx_lines(desk, "/16.02/daily/2024-10-28/report.docx")
    assert "Ketua Desk Pilkada Kabupaten Ogan Komering Ilir," in lines
    assert "Camat Air Sugihan," in _docx_lines(desk, "/16.02.14/daily/2024-10-28/report.docx")


def _desks_told(desk: Client) -> tuple[bytes, bytes, str, bool]:
    """Return what the province's report of the day says of the desks below, in every form."""
    base = "/16/daily/2024-10-28/report"
    pdf, docx, chat = (desk.get(f"{base}.{kind}").content for kind in ("pdf", "docx", "txt"))
    return pdf, docx, chat.decode(), "1/4" in desk.get("/16/daily/2024-10-28").content.decode()


@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_signed_report_tells_the_desks_as_they_stood_when_it_was_signed(
    people: Cast, is_accepted: bool
) -> None:
    accepted = submitted(OKI)
    actions.accept_report(report_id=accepted.pk, actor=SYSTEM, at=AT)
    report = submitted(PROVINCE)
    if is_accepted:
        actions.accept_report(report_id=report.pk, receipt="Radiogram 1", actor=SYSTEM, at=AT)
    desk = as_(people.governor_desk)
    before = _desks_told(desk)
    assert "Laporan harian masuk: 1 dari 4 desk." in before[2]
    assert before[3]
    submitted(BANYUASIN)
    assert _desks_told(desk) == before
    report.refresh_from_db()
    assert report.of_children == 4


def test_what_a_desk_sends_anew_later_changes_no_signed_report(people: Cast) -> None:
    below = submitted(OKI)
    submitted(PROVINCE)
    desk = as_(people.governor_desk)
    before = _desks_told(desk)
    actions.return_report(report_id=below.pk, reason="Angka turun.", actor=SYSTEM, at=AT)
    assert _desks_told(desk) == before
    submitted(OKI, at=AT + timedelta(hours=1))
    assert _desks_told(desk) == before


def test_markup_that_a_person_writes_stays_text(people: Cast) -> None:
    report = drafted(OKI)
    actions.edit_sentence(
        sentence_id=sentence(report).pk, text='#panic() <script>alert("x")</script> *[$',
        seen_at=None, actor=SYSTEM, at=AT,
    )  # fmt: skip
    desk = as_(people.regent_desk)
    assert b"<script>alert" not in desk.get("/16.02/daily").content
    for kind in ("pdf", "docx"):
        assert desk.get(f"/16.02/daily/2024-10-28/report.{kind}").status_code == 200


def test_the_meeting_book_is_made_from_the_screens_briefings(people: Cast) -> None:
    desk = as_(people.governor_desk)
    first, again = (desk.get("/16/book.pdf").content for _ in range(2))
    assert first.startswith(b"%PDF")
    sheets = desk.get("/16/book.xlsx")
    with zipfile.ZipFile(io.BytesIO(sheets.content)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "Kabupaten Banyuasin" in strings
    assert "Kegiatan selesai" in strings
    assert desk.get("/16.02.14/book.pdf").status_code == 404
    assert len(again) == len(first)


def test_the_number_of_queries_does_not_grow_with_desks(people: Cast) -> None:
    for place in ("16.02", "16.07"):
        submitted(place)  # type: ignore[arg-type]
    drafted(PROVINCE)
    desk = as_(people.governor_desk)
    desk.get("/16/daily")
    with CaptureQueriesContext(connection) as few:
        desk.get("/16/daily")
    for place in ("16.10", "16.71"):
        submitted(place)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as many:
        desk.get("/16/daily")
    assert len(many) == len(few)
    assert len(few) <= 22


def test_all_none_or_a_section_is_marked_at_once(people: Cast) -> None:
    head = seat("head.oki", "Kartini", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    report = drafted(OKI)
    desk = as_(head)
    page = desk.get("/16.02/daily").content.decode()
    for word in ('value="all"', 'value="none"', 'form="public" name="marks"'):
        assert word in page

    def mark(marks: str) -> set[str]:
        report.refresh_from_db()
        sent = {"marks": marks, "seen_revision": report.revision}
        answer = desk.post(f"/16.02/daily/{report.pk}/public", sent)
        assert answer.status_code == 302
        return set(report.sentences.filter(is_public=True).values_list("section", flat=True))

    everything = mark("all")
    assert everything
    assert mark("none") == set()
    one = sorted(everything)[0]
    assert mark(one) == {one}


def test_a_head_sets_the_public_part(people: Cast) -> None:
    head = seat("head.oki", "Kartini", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    report = drafted(OKI)
    desk = as_(head)
    assert 'form="public"' in desk.get("/16.02/daily").content.decode()
    assert 'form="public"' not in as_(people.regent_desk).get("/16.02/daily").content.decode()
    id = sentence(report).pk
    sent = {"public": [id], "seen_revision": 0}
    refused = desk.post(f"/16.02/daily/{report.pk}/public", sent)
    assert refused.status_code == 422
    assert f'name="seen_revision" value="{report.revision}"' in refused.content.decode()
    assert not sentence(report).is_public
    sent["seen_revision"] = report.revision
    assert desk.post(f"/16.02/daily/{report.pk}/public", sent).status_code == 302
    assert sentence(report).is_public


def test_in_english_too(people: Cast) -> None:
    drafted(PROVINCE)
    desk = as_(people.governor_desk)
    desk.cookies["serentak_language"] = "en"
    text = desk.get("/16/daily").content.decode()
    assert "Readiness &amp; logistics: " in text
    assert "of 4 desks have sent the daily report" in text


@pytest.mark.parametrize(
    "page", ["daily", "daily/past", "daily/2024-10-28", "book.pdf", "book.xlsx"]
)
def test_without_an_election_there_is_neither_report_nor_book(cast: Cast, page: str) -> None:
    assert as_(cast.regent_desk).get(f"/16.02/{page}").status_code == 404


def test_a_draft_that_was_overtaken_says_so(people: Cast) -> None:
    drafted(at=AT - timedelta(hours=2))
    desk, said = as_(people.regent_desk), "Ada kegiatan baru di wilayah ini sejak konsep disusun"
    assert said not in desk.get("/16.02/daily").content.decode()
    progress("asn-pledge", 100)
    assert said in desk.get("/16.02/daily").content.decode()
    drafted(at=AT + timedelta(minutes=1))
    assert said not in desk.get("/16.02/daily").content.decode()
