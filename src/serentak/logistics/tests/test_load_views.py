"""The pages of loads: packed, sent off, received by the code on its paper, settled."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from serentak.logistics.actions import Thing
from serentak.logistics.models import Consignment
from serentak.logistics.rules.items import Race
from serentak.platform.models import User
from serentak.platform.tests.builders import PNG
from tests.cast import AT, Cast, Member
from tests.markup import compact

from .builders import receive, set_up_stations

BOXES = Thing("ballot-box", Race.GOVERNOR)


def as_(member: Member, language: str = "id") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    client.cookies["serentak_language"] = language
    return client


@pytest.fixture(autouse=True)
def _set_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    set_up_stations()
    receive(BOXES, 100)


def packing(**changed: Any) -> dict[str, Any]:
    form = {
        "client_key": "0b0d7a64-6a0f-4f7e-9f3e-0a9a4b3a1111",
        "destination": "16.02.14",
        "due_day": "2024-11-20",
        "due_hour": "17:00",
        "seals": "a1, a2\nA3",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "1",
        "rows-0-what": "ballot-box:GOVERNOR",
        "rows-0-lot": "",
        "rows-0-condition": "GOOD",
        "rows-0-quantity": "40",
    }
    return {**form, **changed}


def packed(cast: Cast) -> Consignment:
    answer = as_(cast.commission).post("/16.02/logistics/pack", packing())
    load = Consignment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/logistics/loads/{load.pk}")
    return load


def gone(cast: Cast) -> Consignment:
    load = packed(cast)
    sent = {"version": 1, "vehicle": "Truk BG 1234 XX", "escort": "Polres OKI, 6 orang"}
    answer = as_(cast.commission).post(f"/logistics/loads/{load.pk}/depart", sent)
    assert answer.status_code == 302
    load.refresh_from_db()
    return load


def counted(load: Consignment, **changed: Any) -> dict[str, Any]:
    form = {
        "client_key": "0b0d7a64-6a0f-4f7e-9f3e-0a9a4b3a2222",
        "seals": "A1 A2 A3",
        "record_number": "BAST-1",
        "remark": "",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "1",
        "rows-0-accepted": "40",
    }
    return {**form, **changed}


def test_a_load_is_packed_and_leaves(cast: Cast) -> None:
    page = as_(cast.commission).get("/16.02/logistics/pack").content.decode()
    assert "Kecamatan Air Sugihan" in page
    assert "Kabupaten Banyuasin" in page
    assert 'value="16.07.02"' not in page
    assert 'value="17:00"' in page, "an hour that a browser can show"
    load = gone(cast)
    assert sorted(load.seals.values_list("number", flat=True)) == ["A1", "A2", "A3"]
    text = compact(as_(cast.commission).get(f"/logistics/loads/{load.pk}").content.decode())
    assert "Truk BG 1234 XX" in text
    assert "Dalam perjalanan" in text
    assert "<svg" in text
    listed = as_(cast.governor_desk).get("/16.02/logistics").content.decode()
    assert "16.02/0001" in listed


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"destination": ""}, "Bidang ini tidak boleh kosong"),
        ({"due_day": "2024-10-01"}, "Waktu ini sudah lewat"),
        ({"rows-0-quantity": "101"}, "100"),
        ({"seals": "A1 A1"}, "A1 tertulis dua kali"),
        ({"seals": "x" * 31}, "bukan nomor segel"),
    ],
)
def test_what_cannot_be_packed_is_told_at_its_field(
    cast: Cast, changed: dict[str, str], told: str
) -> None:
    answer = as_(cast.commission).post("/16.02/logistics/pack", packing(**changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Consignment.objects.exists()


def test_the_receiver_counts_by_the_code_and_the_sender_sees_the_difference(cast: Cast) -> None:
    load = gone(cast)
    committee = as_(cast.district_committee)
    path = f"/logistics/receive/{load.code}"
    page = committee.get(path).content.decode()
    assert "dikirim 40" in page
    assert 'name="photo"' in page
    assert 'name="receiver_name"' not in page
    for wrong, told in (
        ({"rows-0-accepted": "38"}, "Dikirim 40, sedangkan"),
        ({"rows-0-accepted": "38", "rows-0-rejected": "2"}, "Pilih alasan selisihnya"),
        ({"rows-0-accepted": ""}, "Bidang ini tidak boleh kosong"),
        ({"rows-0-accepted": "-1"}, "0"),
        ({"rows-TOTAL_FORMS": "0"}, "1"),
    ):
        answer = committee.post(path, counted(load, **wrong))
        assert answer.status_code == 422, wrong
        assert told in answer.content.decode()
        assert "BAST-1" in answer.content.decode()
    right = counted(
        load, **{"rows-0-accepted": "38", "rows-0-rejected": "2", "rows-0-reason": "WET"}
    )
    assert committee.post(path, right).status_code == 302
    assert committee.post(path, right).status_code == 302, "the same once more is the same"
    text = as_(cast.commission).get(f"/logistics/loads/{load.pk}").content.decode()
    assert "Diserahterimakan dengan selisih" in text
    assert "Basah sampai isi" in text
    assert "Selesaikan selisih" in text
    alert = as_(cast.governor_desk).get("/16.02/").content.decode()
    assert "Kiriman 16.02/0001 ke Air Sugihan: 2 barang ditolak atau tidak ada" in alert
    load.refresh_from_db()
    settled = {
        "client_key": "0b0d7a64-6a0f-4f7e-9f3e-0a9a4b3a3333",
        "version": load.version,
        "settlement": "BA 7/2024",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "1",
        "rows-0-damaged": "1",
    }
    keeper = as_(cast.commission)
    answer = keeper.post(f"/logistics/loads/{load.pk}/settle", settled)
    assert answer.status_code == 422
    assert "berjumlah 2, sedangkan isian ini menjelaskan 1" in answer.content.decode()
    settled |= {"rows-0-returned": "1"}
    assert keeper.post(f"/logistics/loads/{load.pk}/settle", settled).status_code == 302
    assert "BA 7/2024" in keeper.get(f"/logistics/loads/{load.pk}").content.decode()


def test_who_has_no_account_signs_on_paper_with_a_photo(cast: Cast) -> None:
    load = gone(cast)
    keeper = as_(cast.commission)
    path = f"/logistics/receive/{load.code}"
    assert 'name="receiver_name"' in keeper.get(path).content.decode()
    answer = keeper.post(path, counted(load))
    assert answer.status_code == 422
    photo = SimpleUploadedFile("bast.png", PNG, "image/png")
    sent = counted(load, receiver_name="Sumiati, Ketua PPK", photo=photo)
    assert keeper.post(path, sent).status_code == 302
    page = keeper.get(f"/logistics/loads/{load.pk}").content.decode()
    assert "Sumiati, Ketua PPK (tanda tangan di kertas)" in " ".join(page.split())
    got = keeper.get(f"/logistics/loads/{load.pk}/photo")
    assert got.status_code == 200
    got.close()


def test_a_receipt_at_the_wrong_place_or_of_somebody_elses_load(cast: Cast) -> None:
    load = gone(cast)
    path = f"/logistics/receive/{load.code}"
    for stranger in (cast.neighbour, cast.governor_desk, cast.observer):
        assert as_(stranger).post(path, counted(load)).status_code in (302, 404)
    assert as_(cast.district_committee).get("/logistics/receive/unknown").status_code == 404
    load.refresh_from_db()
    assert load.received_at is None


def test_the_record_is_a_pdf_with_the_code(cast: Cast) -> None:
    load = gone(cast)
    first, again = (
        as_(cast.district_committee).get(f"/logistics/loads/{load.pk}/record.pdf").getvalue()
        for _ in range(2)
    )
    assert first.startswith(b"%PDF")
    assert first == again


def test_a_load_goes_back(cast: Cast) -> None:
    load = packed(cast)
    keeper = as_(cast.commission)
    path = f"/logistics/loads/{load.pk}/unload"
    assert keeper.post(path, {"version": 1, "reason": ""}).status_code == 422
    assert keeper.post(path, {"version": 1, "reason": "Truk rusak"}).status_code == 302
    assert "Dibongkar" in keeper.get(f"/logistics/loads/{load.pk}").content.decode()
