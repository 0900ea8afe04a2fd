"""Ballots come as a sheet, are sorted with fifteen short, are counted; the desk sees what lacks."""

import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from .people import Meet, Person

STORE = "/16.02/logistics"
LOT = "UJI-01"
SHEET = f"Nama barang;Nomor lot;Jumlah\nSurat suara gubernur;{LOT};12 dus\n"
GOVERNOR = re.compile(r"Surat suara Pemilihan Gubernur|Ballot papers for the governor's race")


def figures(person: Person) -> list[int]:
    """Needed, good, unsorted, damaged, under way, short of the governor's ballots in OKI."""
    page = person.go(STORE)
    row = page.locator("#table-items tr").filter(has_text=GOVERNOR).first
    cells = row.locator("td").all_text_contents()
    return [int(re.sub(r"\D", "", cell) or 0) for cell in cells[:6]]


def send(page: Page) -> None:
    sheet = FilePayload(name="kiriman.csv", mimeType="text/csv", buffer=SHEET.encode())
    page.set_input_files("input[type=file]", sheet)


def test_ballots_are_received_sorted_and_counted_and_the_desk_sees_what_lacks(meet: Meet) -> None:
    store, desk = meet("kpu.oki", phone=True), meet("desk.sumsel")
    needed, *_, short = figures(desk)
    assert short == needed, "no ballot has come"

    page = store.go(STORE)
    page.get_by_role("link", name="Terima barang").click()
    store.look().get_by_role("link", name="Dari lembar").click()
    send(store.look())
    page.get_by_role("button", name="Periksa lembar").click()
    expect(store.look().get_by_text("12 × 2.000 per dus = 24.000")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Simpan")).click()
    expect(store.look().get_by_text("1 baris lembar dicatat.")).to_be_visible()
    assert figures(desk) == [needed, 0, 24_000, 0, 0, needed - 24_000]

    page.get_by_role("link", name="Sortir surat suara").click()
    row = store.look().get_by_role("group", name="Baris 1")
    expect(row.get_by_label(re.compile(r"\bLot\b"))).to_have_value(LOT)
    for label, number in (("Dibuka", "25000"), ("Baik", "23978"), ("Rusak", "7")):
        row.get_by_label(re.compile(rf"\b{label}\b")).fill(number)
    page.get_by_role("button", name="Sortir surat suara").click()
    expect(store.look().get_by_text("Hanya ada 24.000; yang diminta 25.000.")).to_be_visible()
    row.get_by_label(re.compile(r"\bDibuka\b")).fill("24000")
    page.get_by_role("button", name="Sortir surat suara").click()
    expect(store.look().get_by_text("Hasil sortir sudah dicatat.")).to_be_visible()
    # Fifteen were missing, seven are damaged.
    assert figures(desk) == [needed, 23_978, 0, 7, 0, needed - 23_978]

    page.get_by_role("link", name="Hitung ulang").click()
    row = store.look().get_by_role("group").filter(has=page.locator(f'input[value="{LOT}"]')).first
    row.get_by_label("Keadaan").select_option("Baik")
    row.get_by_label(re.compile(r"\bTerhitung\b")).fill("23979")
    page.get_by_label("Alasan").fill("Satu lembar terselip")
    page.get_by_role("button", name="Hitung ulang").click()
    expect(store.look().get_by_text("Hasil hitung sudah dicatat.")).to_be_visible()
    assert figures(desk)[1] == 23_979

    page = desk.go(STORE)
    expect(page.get_by_text("Satu lembar terselip")).to_be_visible()
    page.get_by_role("link", name="Dihitung ulang").first.click()
    expect(desk.look().get_by_text("Selisih hitung").first).to_be_visible()


@pytest.mark.parametrize("options", [{"phone": True}, {}])
def test_pages_hold_in_english_too(meet: Meet, options: Any) -> None:
    person = meet("kpu.oki", **options)
    person.go(STORE)
    person.press("button", "English")
    for page in (
        "",
        "/receive",
        "/receive/import",
        "/sort",
        "/sort/import",
        "/count",
        "/count/import",
        "/destroy",
        "/order",
        "/transfers",
    ):
        expect(person.go(f"{STORE}{page}").locator("html")).to_have_attribute("lang", "en")


def test_new_stations_change_needs_only_when_they_are_taken_over(meet: Meet) -> None:
    commission = meet("kpu.sumsel")
    page = commission.go("/16/logistics/needs")
    expect(page.get_by_text("tidak ada yang diambil alih")).to_be_visible()

    page = commission.go("/16.02/stations/import")
    rows = "".join(f"16.02.14.2001.{n:03};200;200;400\n" for n in range(900, 921))
    text = f"kode;L;P;jumlah\n{rows}"
    sheet = FilePayload(name="tps.csv", mimeType="text/csv", buffer=text.encode())
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Periksa lembar").click()
    commission.look().get_by_role("button", name="Simpan 21 baris").click(timeout=60_000)
    commission.look()

    page = commission.go("/16/logistics/needs")
    expect(page.get_by_text("21 TPS lebih, 8.400 pemilih lebih: +21 Kotak suara")).to_be_visible()
    page.get_by_role("button", name="Hitung kebutuhan dari daftar ini").click(timeout=60_000)
    expect(commission.look().get_by_text("Sebutkan alasan perubahan daftar").first).to_be_visible()
    page.get_by_label("Alasan").fill("SK KPU 99/2024 (SINTETIS)")
    page.get_by_role("button", name="Hitung kebutuhan dari daftar ini").click(timeout=30_000)
    expect(commission.look().get_by_text("Kebutuhan kini dihitung dari daftar 2.")).to_be_visible()
