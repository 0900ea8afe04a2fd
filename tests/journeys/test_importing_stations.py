"""A commission brings a sheet of stations with two bad rows, mends it, and brings it again."""

import io
import re
import subprocess
import sys

import xlsxwriter
from playwright.sync_api import FilePayload, Page, expect
from python_calamine import CalamineWorkbook

from tests import stage

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
    page.get_by_role("button", name="Periksa lembar kerja").click()
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
    page.get_by_role("button", name="Periksa lembar kerja").click()
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


def recapitulation() -> bytes:
    """A list as it goes round: a cover, headings on two rows, numbers of columns, a total."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Sampul").write("B3", "DAFTAR PEMILIH TETAP")
        page = book.add_worksheet("Rekap")
        page.merge_range("A1:G1", "REKAPITULASI DAFTAR PEMILIH TETAP", None)
        for at, heading in enumerate(["NO", "KECAMATAN", "DESA/KELURAHAN", "NO TPS"]):
            page.merge_range(2, at, 3, at, heading, None)
        page.merge_range("E3:G3", "JUMLAH PEMILIH", None)
        page.write_row("E4", ["L", "P", "L+P"])
        page.write_row("A5", ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"])
        page.write_row("A6", [1, "KEC. AIR SUGIHAN", "DESA TIRTA MULYA", "TPS 095", 231, 244, 475])
        page.write_row("A7", [2, "KEC. AIR SUGIHAN", "DESA TIRTA MULYA", "TPS 096", 200, 210, 410])
        page.merge_range("A8:D8", "JUMLAH", None)
        page.write_row("E8", [431, 454, 885])
    return out.getvalue()


def test_a_recapitulation_is_understood_and_what_is_left_out_is_said(meet: Meet) -> None:
    person = meet("kpu.sumsel", phone=True)
    page = person.go(SHEET)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = FilePayload(name="rekap.xlsx", mimeType=kind, buffer=recapitulation())
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Periksa lembar kerja").click()
    person.look()
    expect(page.get_by_label("Lembar kerja dalam buku kerja")).to_have_value("Rekap")
    expect(page.get_by_text("hanya memuat nomor kolom")).to_be_visible()
    expect(page.get_by_text("2 (Air Sugihan 2)")).to_be_visible()
    before = stations_shown(person)
    page.go_back()
    page.get_by_role("button", name="Simpan 2 baris").click()
    person.look()
    assert stations_shown(person) == before + 2


def test_a_large_list_is_worked_on_behind_the_page(meet: Meet, server: stage.Server) -> None:
    """Without a script too: the page looks again by itself."""
    rows = "".join(
        f"16.02.14.{village}.{number:03};150;150\n"
        for village in (2003, 2004, 2005)
        for number in range(100, 800)
    )
    person = meet("kpu.sumsel", phone=True, scripts=False)
    page = send(person, "kode;L;P\n" + rows)
    expect(page.get_by_text("Diterima; menunggu giliran")).to_be_visible()
    run_worker(server)
    expect(page.get_by_role("button", name="Simpan 2.100 baris")).to_be_visible()
    page.get_by_role("button", name="Simpan 2.100 baris").click()
    person.look()
    expect(page.get_by_text("Disimpan, semua baris atau tidak sama sekali")).to_be_visible()
    run_worker(server)
    expect(page.get_by_text("2.100 TPS disimpan").first).to_be_visible()


def run_worker(server: stage.Server) -> None:
    """Let a worker do all that waits, and end."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--one-shot"]
    variables = stage.environment(server.database)
    subprocess.run(command, env=variables, check=True, timeout=60, stdin=subprocess.DEVNULL)
