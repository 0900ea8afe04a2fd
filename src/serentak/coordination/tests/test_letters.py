"""From an alert to a letter that one would sign: the acts, who answers, copies, the form."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from serentak.coordination import actions
from serentak.coordination.documents import sheet
from serentak.coordination.models import Action, Letter
from serentak.coordination.queries import letters
from serentak.coordination.queries.alerts import signed
from serentak.coordination.queries.letters import composed, letter_card
from serentak.coordination.queries.proposals import copies_of, proposal_of
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from tests.cast import AT, OKI, PROVINCE, Cast

from .builders import give, institution_id
from .test_views import LATER, SOON, signed_in

SERVICES = Alert(
    code="neutrality.SERVICES_THIN",
    place=OKI,
    severity=Status.LATE,
    due_date=None,
    link=f"/{OKI}/neutrality#services",
    press=Press(),
    params={"place_name": "Ogan Komering Ilir", "count": "2", "of": "6", "closed": "KTP"},
)


def test_an_alert_proposes_owner_place_day_and_act(cast: Cast) -> None:
    governor = institutions.institution(institution_id("GOVERNOR"))
    found = proposal_of(SERVICES, place=None, speaker=governor, at=AT)
    assert found is not None
    assert found.owner_id == institution_id("REGENT", OKI)
    assert found.act["id"] == (
        "membuka kembali layanan yang terbatas atau tutup di Kabupaten Ogan Komering Ilir"
    )
    assert found.act["en"].startswith("open again the services")
    assert "Ogan Komering Ilir" in found.act["en"]
    assert found.due_date == date(2024, 10, 31)  # three working days after Monday


def test_a_letter_says_the_fact_before_it_asks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = ("Menurut laporan, baru 3.218 dari 7.168 orang; 3.950 belum.", "Apabila belum, PSU.")
    monkeypatch.setattr(letters, "facts_of", lambda *_args, **_more: facts)
    governor = institutions.institution(institution_id("GOVERNOR"))
    assert governor is not None
    said = {}
    for kind, place in (("KPU", OKI), ("REGENT", OKI), ("DISHUB", PROVINCE)):
        row = give(cast, owner_id=institution_id(kind, place), text="Menuntaskan penetapan KPPS")
        owner = institutions.institution(row.owner_id)
        assert owner is not None
        said[kind] = composed(row, sender=governor, recipient=owner, at=AT).draft
    for kind in ("KPU", "REGENT"):
        assert said[kind].points[0] == " ".join(facts)
        assert "menuntaskan penetapan KPPS" in said[kind].points[1]
    assert said["DISHUB"].opening.startswith(
        "bahwa menurut laporan, baru 3.218 dari 7.168 orang; 3.950 belum; bahwa apabila belum, PSU; "
        "bahwa untuk mendukung"
    )
    assert said["KPU"].copies[0] == "Ketua KPU Provinsi Sumatera Selatan"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_form_is_filled_and_the_letter_seen_before_anything_is_sent(
    cast: Cast, language: str
) -> None:
    head = signed_in(cast.governor_desk, language)
    page = head.get(f"/{OKI}/coordination/ask", {"alert": signed(SERVICES)})
    first = page.context["form"].initial
    act = {"id": "Membuka kembali layanan", "en": "Open again the services"}[language]
    assert first["text"].startswith(act)
    assert "Ogan Komering Ilir" in first["text"]
    assert first["owner"] == institution_id("REGENT", OKI)
    given = _sent(first)
    seen = head.post(f"/{OKI}/coordination/ask", given | {"do": "letter"})
    assert seen.status_code == 200
    assert not Action.objects.exists()
    assert not Letter.objects.exists()
    told = seen.content.decode()
    for said in (
        "GUBERNUR SUMATERA SELATAN",
        "Sifat",
        "Lampiran",
        "Yth. Bupati Ogan Komering Ilir",
        "Saudara diarahkan untuk membuka kembali layanan yang terbatas atau tutup di Kabupaten "
        "Ogan Komering Ilir",
        "Menteri Dalam Negeri di Jakarta",
    ):
        assert said in told
    words = seen.context["form"].initial
    sent = given | {name: words[name] for name in WORDS} | {"closing": "Demikian, terima kasih."}
    looked = head.post(f"/{OKI}/coordination/ask", sent | {"do": "look"}).content.decode()
    assert "Demikian, terima kasih." in looked
    pdf = head.post(f"/{OKI}/coordination/ask", sent | {"do": "pdf"})
    assert b"".join(pdf).startswith(b"%PDF") if pdf.streaming else pdf.content[:4] == b"%PDF"
    back = head.post(f"/{OKI}/coordination/ask", sent | {"do": "edit"})
    assert first["text"] in back.content.decode()
    assert not Action.objects.exists()
    answer = head.post(f"/{OKI}/coordination/ask", sent | {"do": "send"})
    row, letter = Action.objects.get(), Letter.objects.get()
    assert answer.headers["Location"] == f"/coordination/letters/{letter.pk}"
    assert letter.closing == "Demikian, terima kasih."
    assert row.text.startswith("Membuka kembali layanan")
    assert row.text_en.startswith("Open again the services")
    assert row.evidence_asked == "laporan harian layanan"
    shown = head.get(f"/coordination/actions/{row.pk}").content.decode()
    assert act in shown


WORDS = ("nature", "enclosures", "subject", "opening", "points", "closing", "copies")


def _sent(first: dict[str, Any]) -> dict[str, Any]:
    names = ("owner", "text", "evidence_asked", "alert", "where")
    return {name: first[name] for name in names} | {
        "client_key": uuid4(),
        "due_date": SOON.isoformat(),
        "check_date": LATER.isoformat(),
    }


def test_sending_without_a_letter_is_a_choice(cast: Cast) -> None:
    head = signed_in(cast.governor_desk)
    page = head.get(f"/{OKI}/coordination/ask", {"alert": signed(SERVICES)})
    assert "Ask without a letter" in page.content.decode()
    given = _sent(page.context["form"].initial)
    assert head.post(f"/{OKI}/coordination/ask", given | {"do": "send"}).status_code == 302
    assert Action.objects.count() == 1
    assert not Letter.objects.exists()


def test_the_page_and_the_papers_say_the_same(cast: Cast, head: Client) -> None:
    desk = cast.governor_desk.viewer
    id = actions.draft_letter(action_id=give(cast).pk, actor=desk, at=AT)
    said = sheet(letter_card(id, desk))
    assert said["head"] == "GUBERNUR SUMATERA SELATAN"
    assert said["signer"] == "GUBERNUR SUMATERA SELATAN"
    assert [name for name, _value in said["fields"]] == ["Nomor", "Sifat", "Lampiran", "Hal"]
    text = re.sub(r"\s+", " ", head.get(f"/coordination/letters/{id}").content.decode())
    for line in (said["head"], said["signer"], said["opening"], *said["points"], *said["copies"]):
        assert line in text


@pytest.fixture
def head(cast: Cast) -> Client:
    return signed_in(cast.governor_desk)


def test_one_point_alone_has_no_number(cast: Cast, head: Client) -> None:
    desk = cast.governor_desk.viewer
    row = give(cast, evidence_asked="", check_date=None, text="Mengontrak perahu")
    id = actions.draft_letter(action_id=row.pk, actor=desk, at=AT)
    text = head.get(f"/coordination/letters/{id}").content.decode()
    point = "<p>Saudara diarahkan untuk mengontrak perahu paling lambat 30 Oktober 2024.</p>"
    assert point in text


@pytest.mark.parametrize(
    ("kind", "place", "verb", "copies"),
    [
        (
            "KPU",
            OKI,
            "REQUEST",
            [
                "Ketua KPU Provinsi Sumatera Selatan",
                "Ketua Bawaslu Kabupaten Ogan Komering Ilir",
                "Bupati Ogan Komering Ilir",
            ],
        ),
        ("KPU", PROVINCE, "REQUEST", ["Ketua Bawaslu Provinsi Sumatera Selatan"]),
        (
            "REGENT",
            OKI,
            "DIRECTIVE",
            [
                "Menteri Dalam Negeri di Jakarta (sebagai laporan)",
                "Ketua KPU Kabupaten Ogan Komering Ilir",
            ],
        ),
        (
            "DISHUB",
            PROVINCE,
            "INSTRUCTION",
            [
                "Sekretaris Daerah Provinsi Sumatera Selatan",
                "Inspektur Provinsi Sumatera Selatan",
            ],
        ),
    ],
)
def test_copies_go_by_how_the_two_stand(
    cast: Cast, kind: str, place: PlaceCode, verb: str, copies: list[str]
) -> None:
    known = institutions.institutions(
        [institution_id("GOVERNOR"), owner := institution_id(kind, place)]
    )
    sender = known[institution_id("GOVERNOR")]
    assert list(copies_of(sender, known[owner], verb, at=AT)) == copies


def test_an_order_has_its_form_and_names_the_agency_with_its_place(cast: Cast) -> None:
    known = institutions.institutions(
        [institution_id("GOVERNOR"), owner := institution_id("DISHUB")]
    )
    row = give(cast, owner_id=owner, place=PROVINCE, text="menyiapkan perahu", verb="INSTRUCTION")
    letter = composed(row, sender=known[row.sender_id], recipient=known[owner], at=AT)
    said = sheet(letter)
    assert said["form"] == "ORDER"
    assert said["to"] == "Kepala Dinas Perhubungan Provinsi Sumatera Selatan"
    assert said["basis"] == ["Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah"]
    assert said["points"][0] == "menyiapkan perahu paling lambat 30 Oktober 2024;"


def test_a_reprimand_prints_its_ground_and_the_letter_before(cast: Cast) -> None:
    desk, given = cast.governor_desk.viewer, give(cast)
    late = given.due_at + timedelta(days=1)
    reminder = actions.draft_letter(action_id=given.pk, verb="REMINDER", actor=desk, at=late)
    first = Letter.objects.get(pk=reminder)
    assert first.points[0] == (
        "Sampai dengan surat ini, Saudara belum melaksanakan hal berikut: Kontrak perahu untuk 272 "
        "TPS; tenggat 30 Oktober 2024 telah terlampaui 2 hari."
    )
    actions.mark_letter_sent(
        letter_id=reminder,
        version=1,
        number="7",
        letter_date=date(2024, 11, 1),
        actor=desk,
        at=late,
    )
    id = actions.draft_letter(
        action_id=given.pk,
        verb="REPRIMAND",
        level=1,
        ground="PP 12/2017 Pasal 38",
        actor=desk,
        at=late + timedelta(days=3),
    )
    letter = Letter.objects.get(pk=id)
    assert letter.opening == (
        "Berdasarkan PP 12/2017 Pasal 38, dan menindaklanjuti surat kami Nomor 7 tanggal 1 November "
        "2024, dengan ini disampaikan teguran tertulis pertama:"
    )
    assert "Saudara telah diingatkan dengan surat pengingat Nomor 7 tanggal 1 November 2024." in (
        letter.points
    )


def test_what_is_confided_goes_sealed_and_to_nobody_else(cast: Cast) -> None:
    known = institutions.institutions(
        [institution_id("GOVERNOR"), owner := institution_id("REGENT", OKI)]
    )
    row = give(cast)
    row.alert_code = "neutrality.CASE"
    letter = composed(row, sender=known[row.sender_id], recipient=known[owner], at=AT)
    assert (letter.draft.nature, letter.draft.copies) == ("Rahasia", ())
