"""Pages of logistics: what is needed, there and short; what the keeper of a store enters."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from serentak.kernel.codes import Level
from serentak.kernel.viewer import SYSTEM
from serentak.logistics.actions import Sorted, Thing, sort_ballots
from serentak.logistics.models import Entry, NeedVersion, Stock
from serentak.logistics.queries.catalogues import items, packs_text, what_text
from serentak.logistics.queries.place import child_lines, item_lines
from serentak.logistics.queries.stock import on_hand
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import What
from serentak.platform import clock
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast, Member

from .builders import add_stations, receive, set_up_stations, take_over

BALLOTS = Thing("ballot-governor", Race.GOVERNOR, "G1")
NEEDED = 523 + 504 + 409 + 569 + 307
"""Governor's ballots of OKI's five stations, each with its reserve rounded up."""


@pytest.fixture(autouse=True)
def _set_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    set_up_stations()


@pytest.fixture
def store(cast: Cast) -> Client:
    return signed_in(cast.commission)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


def cells(page: str, heading: str) -> list[str]:
    """Return the cells of the row that a heading begins."""
    row = re.search(
        rf'<th scope="row">(?:<a [^>]*>)?{re.escape(heading)}(?:</a>)?</th>(.*?)</tr>', page
    )
    assert row, heading
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1])]


# --- the page of a place


def test_a_place_shows_what_it_needs_what_is_there_and_what_lacks(store: Client) -> None:
    take_over(reason="")
    receive(BALLOTS, 2_000)
    sort_ballots(
        client_key=uuid4(), place=OKI, lines=[Sorted(BALLOTS, 1_000, 980, 5)], actor=SYSTEM, at=AT
    )
    page = text(store.get(f"/{OKI}/logistics"))
    name = "Ballot papers for the governor&#x27;s race"
    assert cells(page, name)[:6] == ["2,312", "980", "1,000", "5", "0", "332"]
    assert cells(page, "Ballot box, governor")[:6] == ["5", "0", "0", "0", "0", "5"]
    assert "Counted from list 1: 8 stations and 3,624 voters of the province" in page
    assert "Election Commission of Sumatera Selatan" in page
    assert cells(page, "Air Sugihan") == ["2", "4", "1,752", "0", "1,752"]
    assert "Not yet there" not in page
    assert NEEDED == 2_312


def test_below_a_store_nothing_is_short_that_has_not_come(store: Client) -> None:
    take_over(reason="")
    page = text(store.get(f"/{AIR_SUGIHAN}/logistics"))
    assert "Not yet there" in page
    assert ">Short<" not in page


def test_before_a_list_is_taken_over_nothing_is_said_of_needs(store: Client) -> None:
    receive(Thing("booth"), 40)
    page = text(store.get(f"/{OKI}/logistics"))
    assert "Nobody has taken over a list of stations yet" in page
    assert cells(page, "Voting booth")[:6] == ["–", "40", "0", "0", "0", "–"]


def test_a_country_language_and_a_sheet(cast: Cast) -> None:
    take_over(reason="")
    client = signed_in(cast.governor_desk, "id")
    page = text(client.get(f"/{OKI}/logistics"))
    assert "Kebutuhan" in page
    assert cells(page, "Bilik suara")[0] == "20"
    sheet = text(client.get(f"/{OKI}/logistics?i-export=csv"))
    assert "Kotak suara, gubernur" in sheet
    assert client.get(f"/{OKI}/logistics?p-export=xlsx").status_code == 200


def test_who_keeps_the_store_sees_the_buttons_and_nobody_else(cast: Cast, store: Client) -> None:
    assert f"/{OKI}/logistics/receive" in text(store.get(f"/{OKI}/logistics"))
    for who in (cast.governor_desk, cast.province_commission, cast.observer):
        client = signed_in(who)
        assert f"/{OKI}/logistics/receive" not in text(client.get(f"/{OKI}/logistics"))
        for deed in ("receive", "sort", "count", "destroy", "receive/import"):
            assert client.get(f"/{OKI}/logistics/{deed}").status_code == 404
    assert store.get(f"/{BANYUASIN}/logistics/receive").status_code == 404


def test_a_district_committee_counts_and_does_no_more(cast: Cast) -> None:
    client = signed_in(cast.district_committee)
    page = text(client.get(f"/{AIR_SUGIHAN}/logistics"))
    assert f"/{AIR_SUGIHAN}/logistics/count" in page
    assert f"/{AIR_SUGIHAN}/logistics/receive" not in page
    assert client.get(f"/{AIR_SUGIHAN}/logistics/receive").status_code == 404
    assert client.get(f"/{AIR_SUGIHAN}/logistics/count").status_code == 200


def test_an_entry_shows_what_it_moved(cast: Cast, store: Client) -> None:
    entry = receive(BALLOTS, 2_000)
    assert f"/logistics/entries/{entry}" in text(store.get(f"/{OKI}/logistics"))
    page = text(store.get(f"/logistics/entries/{entry}"))
    assert "Supplier, Unsorted" in page
    assert "BA-1" in page
    assert store.get("/logistics/entries/999999").status_code == 404
    assert signed_in(cast.neighbour).get(f"/logistics/entries/{entry}").status_code == 404


def test_pages_ask_as_much_whatever_there_is(django_assert_max_num_queries: Any) -> None:
    take_over(reason="")
    for lot in range(20):
        receive(Thing("ballot-governor", Race.GOVERNOR, f"G{lot}"), 100)
    with django_assert_max_num_queries(7):
        item_lines(OKI)
    with django_assert_max_num_queries(11):
        child_lines(PROVINCE)
    with django_assert_max_num_queries(1):
        on_hand(PROVINCE, Level.REGENCY)


# --- what the keeper enters


def sent(*rows: dict[str, object], **more: object) -> dict[str, object]:
    data: dict[str, object] = {
        "client_key": str(uuid4()), "rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0, **more,
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return data


def test_rows_are_received_and_empty_ones_left_out(store: Client) -> None:
    booth = {"what": "booth", "quantity": "40"}
    boxes = {"what": "ballot-box:REGENT", "quantity": "10"}
    data = sent(booth, {"what": "ink"}, {}, boxes, reference="SJ-7")
    answer = store.post(f"/{OKI}/logistics/receive", data)
    assert answer.status_code == 302
    assert Entry.objects.get().record_number == "SJ-7"
    assert store.post(f"/{OKI}/logistics/receive", data).status_code == 302
    held = on_hand(OKI, Level.REGENCY)[OKI]
    assert {what.item: hand.good for what, hand in held.items()} == {"booth": 40, "ballot-box": 10}


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"what": "", "quantity": "4"}, "what", "Choose the item"),
        ({"what": "booth", "quantity": "0"}, "quantity", "Enter a whole number from 1 to"),
        ({"what": "booth", "quantity": "-4"}, "quantity", "Enter a whole number from 1 to"),
        ({"what": "booth", "quantity": "1.5"}, "quantity", "Enter a whole number"),
        ({"what": "booth", "lot": "A", "quantity": "4"}, "lot", "comes in no lots"),
        ({"what": "spaceship", "quantity": "4"}, "what", "not one of the available choices"),
    ],
)
def test_a_fault_stands_at_its_row_and_field(
    store: Client, row: dict[str, object], field: str, words: str
) -> None:
    answer = store.post(
        f"/{OKI}/logistics/receive", sent({}, {"what": "ink", "quantity": "1"}, row)
    )
    assert answer.status_code == 422
    page = text(answer)
    error = re.search(rf'id="id_rows-2-{field}_error">(.*?)</div>', page)
    assert error, page
    assert words in error[1]
    assert not Entry.objects.exists()


def test_nothing_filled_in_is_told(store: Client) -> None:
    answer = store.post(f"/{OKI}/logistics/receive", sent({}, {}))
    assert answer.status_code == 422
    assert "Fill in at least one row." in text(answer)


def test_more_rows_keep_what_was_typed(store: Client) -> None:
    data = sent({"what": "booth", "quantity": "40"}, reference="SJ-7", do="more")
    page = text(store.post(f"/{OKI}/logistics/receive", data))
    assert 'value="40"' in page
    assert 'value="SJ-7"' in page
    assert 'name="rows-5-what"' in page
    assert not Entry.objects.exists()


def test_sorting_begins_with_what_lies_unsorted_and_tells_what_lacks(store: Client) -> None:
    receive(BALLOTS, 2_000)
    page = text(store.get(f"/{OKI}/logistics/sort"))
    assert 'value="G1"' in page
    row = {"what": "ballot-governor:GOVERNOR", "lot": "G1", "opened": "2000", "damaged": "5"}
    answer = store.post(f"/{OKI}/logistics/sort", sent(row))
    assert "fill in every number of this row" in text(answer)
    done = store.post(f"/{OKI}/logistics/sort", sent(row | {"good": "1980"}))
    assert done.status_code == 302
    hand = on_hand(OKI, Level.REGENCY)[OKI][What("ballot-governor", Race.GOVERNOR)]
    assert (hand.good, hand.unsorted, hand.damaged) == (1_980, 0, 5)
    again = store.post(f"/{OKI}/logistics/sort", sent(row | {"good": "1980"}))
    assert "Only 0 lie there; 2,000 were asked for." in text(again)


def test_a_count_keeps_its_reason_and_a_destruction_its_record(store: Client) -> None:
    receive(Thing("booth"), 40)
    row = {"what": "booth", "condition": "GOOD", "quantity": "37"}
    assert store.post(f"/{OKI}/logistics/count", sent(row, reason=" ")).status_code == 422
    done = store.post(f"/{OKI}/logistics/count", sent(row, reason="Tiga hanyut"))
    assert done.status_code == 302
    gone = row | {"quantity": "7"}
    said = {"record_number": "BA-9", "witnesses": "Bawaslu"}
    assert store.post(f"/{OKI}/logistics/destroy", sent(gone)).status_code == 422
    assert store.post(f"/{OKI}/logistics/destroy", sent(gone, **said)).status_code == 302
    assert on_hand(OKI, Level.REGENCY)[OKI][What("booth", None)].good == 30


# --- a sheet of deliveries


def upload(client: Client, content: str, deed: str = "receive") -> str:
    file = SimpleUploadedFile("kiriman.csv", content.encode(), "text/csv")
    return text(client.post(f"/{OKI}/logistics/{deed}/import", {"file": file}))


def commit(client: Client, page: str, deed: str, **more: str) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    data = {"token": token[1], "step": "commit", **more}
    return client.post(f"/{OKI}/logistics/{deed}/import", data)


def test_a_sheet_is_received_once_and_tells_how_packs_were_counted(store: Client) -> None:
    content = (
        "No,Nama barang,Nomor lot,Jumlah\n1,Surat suara gubernur,G1,12 dus\n2,Bilik suara,,1.249\n"
    )
    page = upload(store, content)
    assert "12 × 2,000 a carton = 24,000" in page
    assert "1,249" in page
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    data = {"token": token[1], "step": "commit", "reference": "SJ-8"}
    assert store.post(f"/{OKI}/logistics/receive/import", data).status_code == 302
    entry = Entry.objects.get()
    assert (entry.record_number, entry.movements.count()) == ("SJ-8", 2)
    second = re.search(r'name="token" value="([^"]+)"', upload(store, content))
    assert second
    store.post(f"/{OKI}/logistics/receive/import", data | {"token": second[1]})
    assert Entry.objects.count() == 1, "the same sheet is the same delivery"


def test_a_sheet_half_right_is_sent_back_whole(store: Client) -> None:
    page = upload(store, "Nama barang,Jumlah\nBilik suara,40\nPesawat,1\nTinta,12 peti\n")
    assert "The catalogue has no such item." in page
    assert "Write pieces or packs" in page
    assert not Stock.objects.exists()


def test_the_template_lists_what_the_store_may_keep(store: Client) -> None:
    answer = store.get(f"/{OKI}/logistics/receive/import?template=1")
    assert answer.status_code == 200
    assert "spreadsheet" in answer["Content-Type"]


def test_a_sheet_of_sorting_names_the_row_that_asks_for_too_much(store: Client) -> None:
    receive(Thing("ballot-governor", Race.GOVERNOR, "G1"), 1_000)
    receive(Thing("ballot-governor", Race.GOVERNOR, "G2"), 500)
    content = (
        "BERITA ACARA PENYORTIRAN\n\nNo,Uraian,Nomor lot,Dibuka,Baik,Rusak\n"
        "1,Surat suara gubernur,G1,600,590,-\n2,Surat suara gubernur,G2,{},{},0\n"
    )
    page = upload(store, content.format(501, 501), "sort")
    assert "opened 1,101, good 1,091, damaged 0, missing 10" in page
    refused = commit(store, page, "sort")
    assert refused.status_code == 422
    assert "Only 500 lie there; 501 were asked for." in text(refused)
    assert Entry.objects.count() == 2, "nothing of the sheet was written"
    assert commit(store, upload(store, content.format(500, 500), "sort"), "sort").status_code == 302
    hand = on_hand(OKI, Level.REGENCY)[OKI][What("ballot-governor", Race.GOVERNOR)]
    assert (hand.good, hand.unsorted, hand.damaged) == (1_090, 400, 0)


def test_a_row_of_totals_is_left_out_and_compared(store: Client) -> None:
    rows = "No,Uraian,Satuan,Jumlah\n1,Tinta,botol,12\n2,Bilik suara,buah,40\n,JUMLAH,,{}\n"
    page = upload(store, rows.format(52))
    assert commit(store, page, "receive").status_code == 302
    assert on_hand(OKI, Level.REGENCY)[OKI][What("booth", None)].good == 40
    assert "totals" in upload(store, rows.format(53)).casefold()
    packs = upload(store, rows.replace("buah,40", "dus,2").format(52))
    assert "Mend them in the sheet" in packs, "nobody knows how many booths a carton holds"
    assert commit(store, packs, "receive").status_code == 422
    assert on_hand(OKI, Level.REGENCY)[OKI][What("booth", None)].good == 40


def test_a_sheet_of_a_count_shows_what_it_changes_and_wants_a_reason(store: Client) -> None:
    receive(Thing("booth"), 40)
    receive(Thing("ink"), 12)
    page = upload(store, "Barang,Kondisi,Hasil hitung\nBilik suara,baik,38\nTinta,,12\n", "count")
    assert "40 → 38" in page
    assert "12 → 12" not in page
    refused = commit(store, page, "count", reference=" ")
    assert "Say why it was counted" in text(refused)
    page = upload(store, "Barang,Kondisi,Hasil hitung\nBilik suara,baik,38\nTinta,,12\n", "count")
    assert commit(store, page, "count", reference="Stok opname").status_code == 302
    assert on_hand(OKI, Level.REGENCY)[OKI][What("booth", None)].good == 38


# --- needs taken over


def test_a_new_list_is_shown_and_taken_over(cast: Cast) -> None:
    take_over(reason="")
    client = signed_in(cast.province_commission)
    assert "there is nothing to take over" in text(client.get(f"/{PROVINCE}/logistics/needs"))
    add_stations("16.02.14.2002.002", "16.02.14.2002.003")
    page = text(client.get(f"/{PROVINCE}/logistics/needs"))
    assert "2 more stations, 800 more voters: +2 Ballot box, governor" in page
    assert cells(page, "Voting booth") == ["32", "40", "8"]
    data = {"client_key": str(uuid4()), "version": "1", "reason": ""}
    assert "Say why the list changed" in text(client.post(f"/{PROVINCE}/logistics/needs", data))
    stale = data | {"version": "0", "reason": "SK 13"}
    assert client.post(f"/{PROVINCE}/logistics/needs", stale).status_code == 422
    done = client.post(f"/{PROVINCE}/logistics/needs", data | {"reason": "SK 13"})
    assert done.status_code == 302
    assert NeedVersion.objects.count() == 2
    assert client.get(f"/{OKI}/logistics/needs").status_code == 404


# --- words


def test_pieces_are_told_in_packs() -> None:
    ballot, booth = items().items["ballot-governor"], items().items["booth"]
    box, tie = items().items["ballot-box"], items().items["cable-tie"]
    assert packs_text(ballot, 4_213) == "2 dus, 10 ikat, 13 lembar"
    assert packs_text(ballot, 4_200) == "2 dus, 10 ikat"
    assert packs_text(ballot, 13) == ""
    assert packs_text(booth, 45) == "2 dus, 5 buah"
    assert packs_text(box, 20) == "2 dus"
    assert packs_text(tie, 410) == "2 dus, 10 buah"


def test_an_item_that_left_the_catalogue_keeps_its_name() -> None:
    assert what_text(What("ballot-box", Race.REGENT)) == "Kotak suara, bupati atau wali kota"
    assert what_text(What("abacus", None)) == "abacus"
