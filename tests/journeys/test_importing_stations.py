"""A commission brings a sheet of stations with two bad rows, mends it, and brings it again."""

import io
import re

from playwright.sync_api import FilePayload, Page, expect
from python_calamine import CalamineWorkbook

from .people import Meet, Person

DISTRICT = "/16.02.14/election"
SHEET = "/16.02/stations/import"
BAD = (
    "kode;L;P;jumlah\n"
    "16.02.14.2001.097;231;244;475\n"
    "16.02.14.2001.098;abc;200;\n"
    "16.02.14.9999.001;100;90;190\n"
)
GOOD = BAD.replace("abc", "210").replace("16.02.14.9999.001", "16.02.14.2001.099")


def send(person: Person, text: str) -> Page:
    page = person.go(SHEET)
    sheet = FilePayload(name="tps.csv", mimeType="text/csv", buffer=text.encode())
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Periksa lembar").click()
    return person.look()


def stations_shown(person: Person) -> int:
    """How many stations the district of Air Sugihan has, as the page of the election says."""
    page = person.go(DISTRICT)
    found = re.search(r"([\d.]+) TPS", page.locator("main").inner_text())
    assert found
    return int(found[1].replace(".", ""))


def test_two_bad_rows_are_named_nothing_is_written_and_the_mended_sheet_is_taken(
    meet: Meet,
) -> None:
    person = meet("kpu.sumsel")
    before = stations_shown(person)

    page = send(person, BAD)
    expect(page.get_by_role("heading", name=re.compile("2 kesalahan"))).to_be_visible()
    faults = page.get_by_role("table", name="Yang salah, menurut baris").get_by_role("row")
    expect(faults.filter(has_text="baris 3")).to_contain_text("“abc” bukan bilangan bulat")
    expect(faults.filter(has_text="baris 4")).to_contain_text("16.02.14.9999")
    expect(page.get_by_role("button", name=re.compile("^Simpan"))).to_have_count(0)

    with page.expect_download() as returned:
        page.get_by_role("button", name=re.compile("Unduh lembar")).click()
    rows = CalamineWorkbook.from_path(returned.value.path()).get_sheet_by_index(0).to_python()
    last = [str(row[-1]) for row in rows]
    assert (last[1], "abc" in last[2], "16.02.14.9999" in last[3]) == ("", True, True)
    assert stations_shown(person) == before

    page = send(person, GOOD)
    expect(page.get_by_text("Tidak ditemukan kesalahan")).to_be_visible()
    assert stations_shown(person) == before
    page = send(person, GOOD)
    page.get_by_role("button", name="Simpan 3 baris").click()
    expect(person.look().get_by_text("3 TPS diimpor").first).to_be_visible()
    assert stations_shown(person) == before + 3


def test_a_file_that_is_not_what_it_says_is_refused(meet: Meet) -> None:
    person = meet("kpu.sumsel", phone=True)
    page = person.go(SHEET)
    photo = FilePayload(
        name="tps.xlsx", mimeType="text/csv", buffer=b"\x89PNG\r\n\x1a\n" + bytes(99)
    )
    page.set_input_files("input[type=file]", photo)
    page.get_by_role("button", name="Periksa lembar").click()
    person.look()
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)


def test_the_template_can_be_filled_in(meet: Meet) -> None:
    page = meet("kpu.sumsel").go(SHEET)
    with page.expect_download() as template:
        page.get_by_role("link", name=re.compile("Templat")).click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(template.value.path().read_bytes()))
    headings = [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]]
    assert any("laki-laki" in heading for heading in headings)


def test_who_does_not_own_the_stations_does_not_find_the_page(meet: Meet) -> None:
    meet("desk.sumsel").go(SHEET, status=404)
    meet("ppk.airsugihan").go(SHEET, status=404)
