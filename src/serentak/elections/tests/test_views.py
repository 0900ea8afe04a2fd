"""Pages: what each sees, what an export holds, an import step by step."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from serentak.elections import public
from serentak.elections.models import CandidatePair, StationVoters
from serentak.kernel.codes import PlaceCode
from serentak.platform.audit import history
from serentak.platform.models import User
from serentak.platform.web import imports
from tests.cast import AIR_SUGIHAN, NUSA_KARTA, OKI, PROVINCE, Cast, Member
from tests.markup import compact

from .builders import import_rows, row, set_up

pytestmark = pytest.mark.django_db

FIRST = "16.02.14.2001.001"


@pytest.fixture
def election(cast: Cast) -> Cast:
    """The cast with an election and three stations."""
    set_up()
    import_rows(
        row(FIRST, 231, 244), row("16.02.14.2001.002", 100, 90), row("16.02.14.2002.001", 10, 11)
    )
    return cast


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def page_of(member: Member, path: str, status: int = 200) -> str:
    response = signed_in(member).get(path)
    assert response.status_code == status
    return response.content.decode()


# --- the page


def test_the_page_shows_races_days_and_stations(election: Cast) -> None:
    page = page_of(election.observer, f"/{NUSA_KARTA}/election")
    for text in (
        "Pemilihan Gubernur dan Wakil Gubernur Sumatera Selatan",
        "Pemilihan Bupati dan Wakil Bupati Ogan Komering Ilir",
        "Kampanye", "TPS 001", "TPS 002", "475", "Rabu, 27 November 2024",
    ):  # fmt: skip
        assert text in page, text
    assert "16.02.14.2002.001" not in page


def test_a_regency_shows_its_districts_and_their_sums(election: Cast) -> None:
    page = page_of(election.governor_desk, f"/{OKI}/election")
    line = re.search(rf'href="/{AIR_SUGIHAN}/election".*?</tr>', page, re.S)
    assert line is not None
    assert re.findall(r">(\d+)</td>", compact(line[0])) == ["3", "686", "341", "345", "229"]
    assert "Kayu Agung" in page


def test_a_district_shows_its_stations_under_their_villages(election: Cast) -> None:
    page = page_of(election.district_committee, f"/{AIR_SUGIHAN}/election")
    assert page.count("Nusa Karta") >= 2
    assert "Kerta Mukti" in page


def test_the_page_takes_a_fixed_number_of_queries(
    election: Cast, django_assert_max_num_queries
) -> None:
    client = signed_in(election.governor_desk)
    client.get(f"/{PROVINCE}/election")
    with django_assert_max_num_queries(16):
        client.get(f"/{PROVINCE}/election")


@pytest.mark.parametrize(
    ("who", "path"),
    [("neighbour", f"/{OKI}/election"), ("regent_desk", f"/{PROVINCE}/election"),
     ("governor_desk", "/18/election")],
)  # fmt: skip
def test_out_of_scope_is_not_found(election: Cast, who: str, path: str) -> None:
    page_of(getattr(election, who), path, status=404)


def test_a_stranger_is_asked_to_sign_in(election: Cast) -> None:
    response = Client().get(f"/{OKI}/election")
    assert response.status_code == 302
    assert "next=" in response.headers["Location"]


def test_the_stations_are_exported_as_shown(election: Cast) -> None:
    response = signed_in(election.observer).get(f"/{AIR_SUGIHAN}/election?q=Nusa&export=csv")
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert next(line for line in lines if "16.02.14.2001" in line).count("231") == 1
    assert not any("16.02.14.2002" in line for line in lines)


def test_a_place_without_an_election_says_so(cast: Cast) -> None:
    page = page_of(cast.observer, f"/{NUSA_KARTA}/election")
    assert "Belum ada TPS" in page


# --- ballots


def test_a_commission_edits_its_ballot_and_others_do_not_see_how(election: Cast) -> None:
    path = f"/{OKI}/election/pairs"
    assert path in page_of(election.commission, f"/{OKI}/election")
    assert path not in page_of(election.regent_desk, f"/{OKI}/election")
    page_of(election.regent_desk, path, status=404)
    page_of(election.commission, f"/{PROVINCE}/election/pairs", status=404)
    client = signed_in(election.commission)
    sent = {"figure_class": "SYNTHETIC", "number_1": "1", "head_1": "Ani", "deputy_1": "Budi"}
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert (
        escape("Hanya ada satu pasangan calon: tambahkan kolom kosong") in refused.content.decode()
    )
    response = client.post(path, sent | {"number_2": "2", "blank_2": "on"}, follow=True)
    page = response.content.decode()
    assert "Ani – Budi" in page
    assert "Kolom kosong" in page
    assert list(CandidatePair.objects.values_list("ballot_number", "is_blank_column")) == [
        (1, False), (2, True),
    ]  # fmt: skip
    shown = client.get(path).content.decode()
    assert 'value="Budi"' in shown
    assert "Daftar pasangan calon dicatat" in shown


def test_the_races_below_say_how_many_run(election: Cast) -> None:
    client = signed_in(election.commission)
    one = {"figure_class": "SYNTHETIC", "number_1": "1", "head_1": "Ani", "deputy_1": "Budi"}
    client.post(f"/{OKI}/election/pairs", one | {"number_2": "2", "blank_2": "on"})
    page = page_of(election.governor_desk, f"/{PROVINCE}/election")
    assert "Pemilihan bupati dan wali kota" in page
    assert "1 pasangan calon dan kolom kosong" in page
    assert "belum ada pasangan calon" in page
    client.post(
        f"/{OKI}/election/pairs", one | {"number_2": "2", "head_2": "Cici", "deputy_2": "Dedi"}
    )
    assert "2 pasangan calon" in page_of(election.governor_desk, f"/{PROVINCE}/election")


def test_a_row_without_a_number_is_named(election: Cast) -> None:
    response = signed_in(election.commission).post(
        f"/{OKI}/election/pairs", {"figure_class": "SOURCED", "head_1": "Ani", "deputy_1": "B"}
    )
    assert response.status_code == 422
    assert "Tulis nomor urutnya" in response.content.decode()


# --- import

IMPORT = f"/{OKI}/stations/import"
LIST_DATE = "2024-09-22"
SHEET = b"Kode TPS;L;P\n16.02.14.2002.001;20;22\n16.02.14.2002.002;30;33\n"


def send(client: Client, content: bytes, name: str = "dpt.csv", path: str = IMPORT) -> Any:
    return client.post(path, {"step": "send", "file": SimpleUploadedFile(name, content)})


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_sheet_is_checked_first_and_then_saved(election: Cast) -> None:
    client = signed_in(election.commission)
    checked = send(client, SHEET)
    page = checked.content.decode()
    assert checked.status_code == 200
    assert StationVoters.objects.count() == 3
    response = client.post(
        IMPORT,
        {"token": token_in(page), "step": "commit", "source": "SK KPU 1", "as_of": "2024-09-22"},
        follow=True,
    )
    assert "2 TPS disimpan" in response.content.decode()
    changed, new = (public.station_card(PlaceCode(f"16.02.14.2002.00{n}")) for n in (1, 2))
    assert changed is not None
    assert new is not None
    assert (changed.total, new.total) == (42, 63)
    assert (new.source, new.as_of_date) == ("SK KPU 1", date(2024, 9, 22))
    [event, *_] = history(f"place:{OKI}")
    assert (event.facts["new_stations"], event.facts["changed"]) == (1, 1)
    assert "TPS diimpor" in page_of(election.observer, f"/{OKI}/election")


def test_two_bad_rows_are_named_and_come_back_in_the_sheet(election: Cast) -> None:
    client = signed_in(election.commission)
    bad = SHEET + b"16.02.14.2999.001;1;1\n16.02.14.2001.003;-4;1\n"
    checked = send(client, bad)
    page = checked.content.decode()
    assert checked.status_code == 422
    assert "baris 4" in page.lower()
    assert escape("Tidak ada desa/kelurahan dengan kode 16.02.14.2999") in page
    assert "tidak boleh negatif" in page
    assert 'value="commit"' not in page
    refused = client.post(IMPORT, {"token": token_in(page), "step": "commit", "as_of": LIST_DATE})
    assert refused.status_code == 422
    assert StationVoters.objects.count() == 3
    back = client.post(IMPORT, {"token": token_in(page), "step": "return"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(back.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][-1] == ""
    assert "16.02.14.2999" in str(rows[3][-1])
    assert "negatif" in str(rows[4][-1])


def test_more_voters_than_allowed_are_saved_with_a_reason_only(election: Cast) -> None:
    client = signed_in(election.commission)
    page = send(client, b"Kode TPS;L;P\n16.02.14.2002.003;400;300\n").content.decode()
    without = client.post(IMPORT, {"token": token_in(page), "step": "commit", "as_of": LIST_DATE})
    assert without.status_code == 422
    assert StationVoters.objects.count() == 3
    client.post(
        IMPORT, {"token": token_in(page), "step": "commit", "reason": "Lapas", "as_of": LIST_DATE}
    )
    station = StationVoters.objects.get(pk="16.02.14.2002.003")
    assert (station.total, station.over_limit_reason) == (700, "Lapas")


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("as_of", "2100-12-31", "belum tiba"),
        ("as_of", "2000-01-01", "terlalu lama"),
        ("as_of", "9999-12-31", "di luar tahun 2000 sampai 2100"),
        ("as_of", "0001-01-01", "di luar tahun 2000 sampai 2100"),
        ("as_of", "kemarin", "Tanggal daftar"),
        ("as_of", "", "Tanggal daftar"),
        ("source", "x" * 201, "Sumber daftar"),
    ],
)
def test_a_list_says_where_it_comes_from_and_of_which_day(
    election: Cast, fact: str, value: str, said: str
) -> None:
    client = signed_in(election.commission)
    page = send(client, SHEET).content.decode()
    sent = {"token": token_in(page), "step": "commit", "source": "SK", "as_of": LIST_DATE}
    refused = client.post(IMPORT, sent | {fact: value})
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert StationVoters.objects.count() == 3
    assert client.post(IMPORT, sent).status_code == 302


def test_a_village_shows_the_import_that_brought_its_stations(election: Cast) -> None:
    client = signed_in(election.commission)
    page = send(client, SHEET).content.decode()
    client.post(IMPORT, {"token": token_in(page), "step": "commit", "as_of": LIST_DATE})
    assert "2 TPS diimpor" in page_of(election.observer, "/16.02.14.2002/election")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "dpt.xlsx", "PDF"),
        (b"Nama;Alamat\nAni;Jalan\n", "dpt.csv", "Pemilih laki-laki"),
        (b"", "dpt.csv", "kosong"),
        (b"Kode TPS;L;P\n" + b"x" * (11 * 1024 * 1024), "dpt.csv", "MB"),
    ],
)
def test_what_is_no_sheet_of_stations_is_refused(election: Cast, content, name, said) -> None:
    response = send(signed_in(election.commission), content, name)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert StationVoters.objects.count() == 3


@pytest.mark.parametrize("who", ["regent_desk", "governor_desk", "neighbour", "observer"])
def test_only_the_commission_may_import(election: Cast, who: str) -> None:
    client = signed_in(getattr(election, who))
    assert client.get(IMPORT).status_code == 404
    assert send(client, SHEET).status_code == 404
    assert IMPORT not in client.get(f"/{OKI}/election").content.decode()


def test_the_template_is_a_workbook_with_a_guide(election: Cast) -> None:
    response = signed_in(election.commission).get(f"{IMPORT}?template=1")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "Kode TPS atau desa/kelurahan"
    assert len(book.sheet_names) == 2


def test_a_village_has_no_import_of_its_own(election: Cast) -> None:
    page_of(election.commission, f"/{NUSA_KARTA}/stations/import", status=404)


def test_before_saving_one_sees_what_is_new_what_changes_and_what_it_sums_up_to(
    election: Cast,
) -> None:
    rows = f"{FIRST};236;244\n16.02.14.2002.001;10;11\n16.02.14.2002.002;30;33\n"
    checked = send(signed_in(election.commission), f"Kode TPS;L;P\n{rows}".encode())
    facts = [fact.text for fact in checked.context["checked"].outlook]
    assert facts[:5] == [
        "1 (Air Sugihan 1)",
        "1 (Air Sugihan 1)",
        "1",
        "3 TPS, 686 pemilih",
        "4 TPS, 754 pemilih",
    ]
    assert "selisih" in facts[5]


def test_a_large_sheet_is_taken_over_by_the_worker_with_the_same_access(
    election: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS_AT_ONCE", 1)
    client = signed_in(election.commission)
    sent = send(client, SHEET)
    path, user_id = sent["Location"], election.commission.user_id
    job = {"user_id": user_id, "path": IMPORT, "token": path.partition("=")[2]}
    imports.work_on(**job)
    page = client.get(path).content.decode()
    assert not StationVoters.objects.filter(pk="16.02.14.2002.002").exists()
    client.post(IMPORT, {"token": token_in(page), "step": "commit", "as_of": LIST_DATE})
    imports.work_on(**job | {"user_id": election.observer.user_id})
    assert not StationVoters.objects.filter(pk="16.02.14.2002.002").exists()
    imports.work_on(**job)
    imports.work_on(**job)
    assert StationVoters.objects.filter(pk="16.02.14.2002.002").exists()
    assert len([e for e in history(f"place:{OKI}") if e.name.endswith("StationsImported")]) == 2
    assert client.get(path)["Location"] == f"/{OKI}/election"


@pytest.mark.parametrize("language", ["id", "en"])
def test_all_stations_come_in_one_sheet_which_can_be_sent_back(
    election: Cast, language: str
) -> None:
    client = signed_in(election.commission)
    client.cookies["serentak_language"] = language
    content = client.get(f"/{OKI}/stations.xlsx").content
    checked = send(client, content, "tps.xlsx").context["checked"]
    assert (checked.rows, checked.errors, checked.confirms) == (3, 0, 0)
    assert [fact.text[:1] for fact in checked.outlook[:3]] == ["0", "0", "3"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_villages_table_can_be_sent_back(election: Cast, kind: str, language: str) -> None:
    client = signed_in(election.commission)
    client.cookies["serentak_language"] = language
    content = client.get(f"/{NUSA_KARTA}/election?export={kind}").content
    checked = send(client, content).context["checked"]
    assert (checked.rows, checked.errors) == (2, 0)
    assert checked.outlook[2].text == "2"


def test_the_template_names_the_villages_and_says_nothing_of_them(election: Cast) -> None:
    client = signed_in(election.commission)
    content = client.get(f"{IMPORT}?template=1").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["16.02.05.1001", "Kayu Agung", "Kayu Agung Asli"]
    checked = send(client, content, "tps.xlsx").context["checked"]
    assert (checked.rows, checked.errors) == (0, 0)
    assert checked.aside == {"empty": len(rows) - 1}
