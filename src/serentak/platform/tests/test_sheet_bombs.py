"""No file takes more memory or time than a sheet may have, whatever it says of itself."""

import io
import resource
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from serentak.kernel.refused import Refused
from serentak.platform import sheets
from serentak.platform.sheets import AT_ONCE, ROOMY, Bounds, read_sheet

MB = 1024 * 1024


def workbook(part: str = "", content: bytes = b"") -> bytes:
    """A workbook of two rows, with `content` in the place of one part."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Kode TPS", "Jumlah pemilih"])
        page.write_row(1, 0, ["001", 412])
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(out.getvalue())) as written,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z,
    ):
        for name in written.namelist():
            z.writestr(name, content if name == part else written.read(name))
    return made.getvalue()


def large_workbook_xml() -> bytes:
    """107 kB that took 2.4 GB: endless names in `workbook.xml`."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as z:
        book = z.read("xl/workbook.xml")
    names = b"<definedNames>" + b'<definedName name="a">A!$A$1</definedName>' * 700_000
    return workbook("xl/workbook.xml", book.replace(b"<calcPr", names + b"</definedNames><calcPr"))


def large_shared_strings() -> bytes:
    """680 kB that took 870 MB: millions of strings that no cell shows."""
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return workbook("xl/sharedStrings.xml", strings + b"<si><t>a</t></si>" * 12_000_000 + b"</sst>")


def large_cell() -> bytes:
    """9 MB that took 1.2 GB: a CSV of one cell."""
    return b'kode;catatan\n001;"' + b"a;\n" * (3 * MB) + b'"\n'


def many_short_lines() -> bytes:
    return b"a\n" * (4 * MB)


def wide() -> bytes:
    return b"a;b\n" + b"x;" * (4 * MB) + b"\n"


def large_sheet() -> bytes:
    """One row whose cells never end."""
    sheet = b"<worksheet><sheetData><row r='1'>" + b"<c r='A1'><v>1</v></c>" * 4_000_000
    return workbook("xl/worksheets/sheet1.xml", sheet + b"</row></sheetData></worksheet>")


BOMBS: list[Callable[[], bytes]] = [
    large_workbook_xml,
    large_shared_strings,
    large_cell,
    many_short_lines,
    wide,
    large_sheet,
]


PEAK = """
import re, sys
from serentak.platform.workbooks import main
code = main()
with open("/proc/self/status") as status:
    print("peak", re.search(r"VmHWM:\\s+([0-9]+)", status.read())[1], file=sys.stderr)
sys.exit(code)
"""
"""The reader, who says at its end how much memory it had in kB. What the system counts of children
holds what this process had when it called them.
"""


@pytest.fixture
def peaks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each reader had that ended by itself, in kB."""
    found: list[int] = []
    run = subprocess.run

    def told(command: list[str], **options: Any) -> "subprocess.CompletedProcess[bytes]":
        assert command[-2:] == ["-m", "serentak.platform.workbooks"]
        ended = run([*command[:-2], "-c", PEAK], **options)
        said = ended.stderr.decode().rpartition("peak ")[2]
        found.extend([int(said)] if ended.returncode >= 0 else [])
        return ended

    monkeypatch.setattr(sheets.subprocess, "run", told)
    return found


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_is_refused_within_its_limits_or_read_within_them(
    bomb: Callable[[], bytes], peaks: list[int]
) -> None:
    content = bomb()
    assert len(content) < 10 * MB
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused: list[Refused] = []
    try:
        assert sum(map(len, read_sheet(content).rows)) <= sheets.MOST_CELLS
    except Refused as error:
        refused.append(error)
    for refusal in refused:
        assert refusal.field == "file"
        assert refusal.params, f"{refusal.code} names no limit"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent <= ROOMY.seconds + 1
    assert peaks or refused
    assert all(peak <= ROOMY.mb * 1024 for peak in peaks)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 300 * 1024


def test_time_is_bounded_too() -> None:
    with pytest.raises(Refused) as caught:
        read_sheet(large_shared_strings(), bounds=Bounds(mb=4000, seconds=1, patience=60))
    assert caught.value.code == "platform.sheet_takes_too_much"
    assert caught.value.params == {"mb": 4000, "seconds": 1}
    with pytest.raises(Refused) as caught:
        read_sheet(large_shared_strings(), bounds=Bounds(mb=4000, seconds=30, patience=0))
    assert caught.value.code == "platform.sheet_takes_too_much"


def test_a_reader_that_falls_says_that_the_sheet_is_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets.sys, "executable", "/bin/false")
    with pytest.raises(Refused) as caught:
        read_sheet(b"a;b\n1;2\n")
    assert caught.value.code == "platform.sheet_is_damaged"


def test_four_bombs_at_once_leave_this_process_free() -> None:
    """Nobody's page waits: no lock is held, and the readers do the work, not this process."""
    content = large_shared_strings()
    refused: list[str] = []

    def send() -> None:
        try:
            read_sheet(content, bounds=AT_ONCE)
        except Refused as error:
            refused.append(error.code)

    senders = [threading.Thread(target=send) for _ in range(4)]
    here, readers = time.process_time(), _of_children()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert refused == ["platform.sheet_takes_too_much"] * 4
    assert time.process_time() - here < _of_children() - readers


def _of_children() -> float:
    """Return the processor time of this process' children that have ended, in seconds."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
