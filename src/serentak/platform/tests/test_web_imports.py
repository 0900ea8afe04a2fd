"""Sheets: read whatever their form, columns recognised, problems by row, all or nothing."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from serentak.kernel.refused import Fault, Refused
from serentak.platform import sheets
from serentak.platform.access import signed_in
from serentak.platform.models import User
from serentak.platform.sheets import (
    Problem,
    RawSheet,
    Severity,
    SheetColumn,
    SheetRow,
    mapped_rows,
    pasted_rows,
    read_sheet,
    recognise,
    returned_workbook,
    template_workbook,
    unadorned,
)
from serentak.platform.web import imports
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken
from serentak.platform.workbooks import answer_to

COLUMNS = (
    SheetColumn("code", "Kode TPS", ("kode",)),
    SheetColumn("voters", "Jumlah pemilih", ("DPT",), about="bilangan bulat", example="412"),
    SheetColumn("note", "Catatan", is_required=False),
)
GOOD = b"Kode TPS;Jumlah pemilih\n001;412\n002;300\n"


@pytest.fixture(autouse=True)
def _invented_codes(settings: Settings) -> None:
    settings.SERENTAK_NEEDS_WORDS = False


def xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace(b";", b","),
        GOOD.replace(b";", b"\t"),
        b"\xef\xbb\xbf" + GOOD,
        b"Daftar TPS\n\n" + GOOD + b"\n\n",
        xlsx([["Kode TPS", "Jumlah pemilih"], ["001", 412], ["002", 300.0]]),
        xlsx([["Daftar TPS"], [], ["Kode TPS", "Jumlah pemilih"], ["001", "412"], ["002", "300"]]),
    ],
)
def test_a_sheet_is_read_whatever_its_form(content: bytes) -> None:
    sheet = read_sheet(content)
    assert list(sheet.headings) == ["Kode TPS", "Jumlah pemilih"]
    rows = mapped_rows(sheet, recognise(sheet.headings, COLUMNS))
    assert [(row["code"], row["voters"], row["note"]) for row in rows] == [
        ("001", "412", ""),
        ("002", "300", ""),
    ]


def test_rows_carry_the_numbers_that_the_sender_sees() -> None:
    sheet = read_sheet(b"Judul\n\n" + GOOD.replace(b"002", b"\n002"))
    rows = mapped_rows(sheet, recognise(sheet.headings, COLUMNS))
    assert [row.number for row in rows] == [4, 6]


def test_dates_and_codes_keep_their_text() -> None:
    sheet = read_sheet(xlsx([["kode", "tanggal"], ["16.10", date(2024, 11, 27)]]))
    assert list(sheet.rows[0]) == ["16.10", "2024-11-27"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "platform.sheet_is_neither_xlsx_nor_csv"),
        (b"", "platform.sheet_is_neither_xlsx_nor_csv"),
        (b"Kode;Pemilih\n", "platform.sheet_is_empty"),
        (b"\n\n\n", "platform.sheet_is_empty"),
        (b"1;2\n3;4\n", "platform.sheet_is_empty"),
        (b'a;b\n"open;1\n', "platform.sheet_is_damaged"),
        (xlsx([]), "platform.sheet_is_empty"),
        (xlsx([["a"], [1]])[:-60], "platform.sheet_is_neither_xlsx_nor_csv"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_sheet(content)
    assert caught.value.code == code


def test_a_sheet_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    for content in (b"a;b\n" + b"x;1\n" * 40, xlsx([["a"], *[["x"]] * 10])):
        with pytest.raises(Refused) as caught:
            read_sheet(content)
        assert caught.value.code == "platform.sheet_is_too_large"


def far(**cells: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Kode TPS", "Jumlah pemilih"])
        page.write_row(1, 0, ["001", 412])
        for address, value in cells.items():
            page.write(address, value, book.add_format({"bold": True}))
    return out.getvalue()


@pytest.mark.parametrize("address", ["XFD1048576", "A60000", "CW2"])
def test_a_cell_far_outside_the_table_is_refused_before_a_table_is_built(address: str) -> None:
    with pytest.raises(Refused) as caught:
        read_sheet(far(**{address: "x"}))
    assert caught.value.code == "platform.sheet_is_too_large"
    assert read_sheet(far(**{address: None})).rows == [["001", "412"]]


def test_a_table_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 15)
    assert read_sheet(far(E3="x")).rows
    with pytest.raises(Refused):
        read_sheet(far(F3="x"))


def test_formulas_without_results_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_sheet(far(B3="=100+100"))
    assert caught.value.code == "platform.formulas_are_not_computed"


def test_formulas_with_results_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far(B3="=100+100"))) as written, zipfile.ZipFile(out, "w") as z:
        for part in written.namelist():
            z.writestr(part, written.read(part).replace(b' fullCalcOnLoad="1"', b""))
    assert read_sheet(out.getvalue()).rows[1][1] == "0"


def test_a_workbook_whose_parts_do_not_hang_together_is_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Refused) as caught:
        read_sheet(out.getvalue())
    assert caught.value.code == "platform.sheet_is_damaged"


def read_here(content: bytes) -> RawSheet:
    """Read many sheets in this process: starting one for each takes most of the time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sheets, "_answer", lambda order, content, _: answer_to(order, content))
        return read_sheet(content)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(content: bytes) -> None:
    try:
        sheet = read_here(content)
    except Refused:
        return
    assert sheet.rows
    returned_workbook(sheet, [], recognise(sheet.headings, COLUMNS))


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
@example([(";", ";;")])
def test_what_is_written_as_csv_is_read_again(rows: list[tuple[str, str]]) -> None:
    text = "Kode TPS,Jumlah pemilih\n" + "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )
    wanted = [
        tuple(unadorned(cell.strip()) for cell in row)
        for row in rows
        if any(cell.strip() for cell in row)
    ]
    if not wanted:
        return
    sheet = read_here(text.encode())
    if list(sheet.headings) != ["Kode TPS", "Jumlah pemilih"]:
        return
    found = mapped_rows(sheet, recognise(sheet.headings, COLUMNS))
    assert [(row["code"], row["voters"]) for row in found] == wanted


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["KODE TPS", "jumlah_pemilih"], {"code": 0, "voters": 1}),
        (["dpt", "Kode"], {"code": 1, "voters": 0}),
        (["voters", "code", "Cátatan"], {"code": 1, "voters": 0, "note": 2}),
        (["Kode TPS", "Kode TPS"], {"code": 0}),
        (["Nama", ""], {}),
    ],
)
def test_headings_are_recognised_by_name_and_alias(
    headings: list[str], expected: dict[str, int]
) -> None:
    assert recognise(headings, COLUMNS) == expected


def test_pasted_rows_are_read() -> None:
    assert pasted_rows("Posko\t17\tsusul\n\nPiket; 39\n") == [
        ["Posko", "17", "susul"],
        ["Piket", "39"],
    ]


def book(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_the_template_is_read_by_the_import() -> None:
    content = template_workbook("Impor TPS", COLUMNS)
    headings = book(content).get_sheet_by_index(0).to_python()[0]
    assert recognise(headings, COLUMNS) == {"code": 0, "voters": 1, "note": 2}
    guide = book(content).get_sheet_by_index(1).to_python()
    assert any(row[0] == "Jumlah pemilih" and row[3] == "412" for row in guide)


def test_the_returned_sheet_says_what_is_wrong_in_each_row() -> None:
    sheet = RawSheet(["Kode", "DPT"], [["001", "x"], ["", ""], ["=1+1", "5"]], first_row=4)
    problems = [
        Problem(4, "voters", "platform.file_is_empty"),
        Problem(4, "code", "a.b"),
        Problem(6, None, "a.c"),
    ]
    with translation.override("en"):
        rows = (
            book(returned_workbook(sheet, problems, {"code": 0, "voters": 1}))
            .get_sheet_by_index(0)
            .to_python()
        )
    assert rows[0][:2] == ["Kode", "DPT"]
    assert rows[1] == ["001", "x", "The file is empty. Choose another one. · a.b"]
    assert rows[3] == ["=1+1", "5", "a.c"]


# --- the pages


class Stations(ImportView):
    title = "Impor TPS"
    columns = COLUMNS
    saved: list[tuple[int, str, str]] = []

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        found = []
        for row in rows:
            if not row["voters"].isdigit():
                found.append(
                    Problem(row.number, "voters", "platform.column_is_missing", {"column": "<b>"})
                )
            elif int(row["voters"]) > 600:
                found.append(Problem(row.number, "voters", "a.many", severity=Severity.CONFIRM))
        return found

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        return [Outlook("Sampai sekarang", str(len(self.saved)))]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        if rows[0]["code"] == "refuse":
            raise Refused("platform.file_is_empty")
        if rows[0]["code"] == "taken":
            raise Refused.of(
                Fault("platform.username_is_taken", "code", {"username": "001"}, row=2),
                Fault("platform.account_is_your_own", "voters", row=3),
                Fault("platform.file_is_empty"),
            )
        self.saved.append((len(rows), held.digest, reason))
        return Taken("/health", "Saved.")


urlpatterns = [
    path("", include("serentak.config.urls")),
    path("import", signed_in(Stations.as_view()), name="import"),
]


@pytest.fixture
def page(client: Client, person: User, settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    Stations.saved.clear()
    return client


def send(page: Client, content: bytes) -> HttpResponse:
    return page.post("/import", {"step": "send", "file": SimpleUploadedFile("tps.csv", content)})


def test_a_reason_that_is_too_long_is_told(page: Client) -> None:
    held = token(send(page, b"Kode TPS;Jumlah pemilih\n001;700\n"))
    answer = page.post("/import", {"step": "commit", "token": held, "reason": "x" * 501})
    assert answer.status_code == 422
    assert not Stations.saved


def test_a_reason_is_not_lost_when_the_rows_are_refused(page: Client) -> None:
    held = token(send(page, b"Kode TPS;Jumlah pemilih\nrefuse;700\n"))
    sent = {"step": "commit", "token": held, "reason": "lokasi khusus & pulau"}
    answer = page.post("/import", sent)
    assert answer.status_code == 422
    assert "lokasi khusus &amp; pulau</textarea>" in answer.content.decode()


def test_every_fault_of_the_last_step_stands_at_its_row_and_column(page: Client) -> None:
    held = token(send(page, b"Kode TPS;Jumlah pemilih\ntaken;7\n002;8\n"))
    answer = page.post("/import", {"step": "commit", "token": held})
    assert answer.status_code == 422
    shown = [
        (p["problem"].row, p["label"], p["value"], p["problem"].code)
        for p in answer.context["problems"]
    ]
    assert shown == [
        (2, "Kode TPS", "taken", "platform.username_is_taken"),
        (3, "Jumlah pemilih", "8", "platform.account_is_your_own"),
    ]
    assert answer.context["refusal"] == "The file is empty. Choose another one."
    assert not Stations.saved


@pytest.mark.parametrize("column", ["9" * 5000, "²", "-1", "99"])
def test_a_column_that_is_no_number_is_none(page: Client, column: str) -> None:
    held = token(send(page, GOOD))
    answer = page.post("/import", {"step": "map", "token": held, "column-code": column})
    assert answer.status_code in {200, 422}
    assert answer.context["checked"].problems


def token(answer: HttpResponse) -> str:
    held: Held = answer.context["held"]
    return held.token


def test_a_good_sheet_is_shown_and_saved_only_when_committed(page: Client) -> None:
    answer = send(page, GOOD)
    assert answer.status_code == 200
    assert "No mistakes found." in answer.content.decode()
    assert Stations.saved == []
    answer = page.post("/import", {"step": "commit", "token": token(answer)})
    assert (answer.status_code, answer["Location"]) == (302, "/health")
    assert Stations.saved[0][0] == 2
    assert len(Stations.saved[0][1]) == 64


def test_a_commit_sent_twice_saves_once(page: Client) -> None:
    data = {"step": "commit", "token": token(send(page, GOOD))}
    answers = [page.post("/import", data) for _ in range(3)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/health")] * 3
    assert len(Stations.saved) == 1


def test_a_sheet_saved_since_leads_to_what_was_saved(page: Client) -> None:
    held = token(send(page, GOOD))
    page.post("/import", {"step": "commit", "token": held})
    again = page.get(f"/import?sheet={held}")
    assert (again.status_code, again["Location"]) == (302, "/health")
    assert page.get("/import?sheet=unknown").status_code == 422


def test_what_changed_since_it_was_checked_is_looked_at_again(page: Client) -> None:
    first, second = (send(page, GOOD + more) for more in (b"", b"003;9\n"))
    marks = [answer.context["checked"].mark for answer in (first, second)]
    assert f'name="seen" value="{marks[1]}"' in second.content.decode()
    commit = {"step": "commit", "token": token(first), "seen": marks[0]}
    assert page.post("/import", commit).status_code == 302
    commit = {"step": "commit", "token": token(second), "seen": marks[1]}
    refused = page.post("/import", commit)
    assert refused.status_code == 422
    assert "Something changed here since you checked the sheet" in refused.context["refusal"]
    assert len(Stations.saved) == 1
    commit["seen"] = refused.context["checked"].mark
    assert page.post("/import", commit).status_code == 302
    assert len(Stations.saved) == 2


def test_columns_chosen_anew_are_read_before_anything_is_saved(page: Client) -> None:
    """What the page showed was read by other columns, whatever the sums say."""
    held = send(page, GOOD)
    mark = held.context["checked"].mark
    columns = {"column-code": "0", "column-voters": "1", "column-note": ""}
    commit = {"step": "commit", "token": token(held), "seen": mark, **columns}
    assert page.post("/import", {**commit, "column-note": "1"}).status_code == 422
    assert Stations.saved == []
    assert page.post("/import", {**commit}).status_code == 302


def test_a_sheet_with_mistakes_names_row_column_and_rule_and_cannot_be_saved(page: Client) -> None:
    answer = send(page, GOOD.replace(b"300", b"<i>x"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "row 3" in text
    assert "&lt;i&gt;x" in text
    assert "The column “&lt;b&gt;” is missing." in text
    assert 'value="commit"' not in text
    answer = page.post("/import", {"step": "commit", "token": token(answer)})
    assert answer.status_code == 422
    assert Stations.saved == []


def test_the_sheet_comes_back_with_a_column_of_errors(page: Client) -> None:
    answer = send(page, GOOD.replace(b"300", b"x"))
    answer = page.post("/import", {"step": "return", "token": token(answer)})
    rows = book(answer.content).get_sheet_by_index(0).to_python()
    assert rows[0][-1] == "What is wrong"
    assert rows[2][1] == "x"
    assert 'filename="tps-checked.xlsx"' in answer["Content-Disposition"]


def test_what_needs_a_reason_is_saved_with_one(page: Client) -> None:
    answer = send(page, GOOD.replace(b"300", b"700"))
    data = {"step": "commit", "token": token(answer)}
    refused = page.post("/import", data)
    assert refused.status_code == 422
    assert "Say why these rows are right." in refused.content.decode()
    assert page.post("/import", data | {"reason": "lokasi khusus"}).status_code == 302
    assert Stations.saved[0][2] == "lokasi khusus"


def test_columns_can_be_chosen_by_hand(page: Client) -> None:
    answer = send(page, b"A;B\n001;412\n")
    assert "The column “Kode TPS” is missing." in answer.content.decode()
    data = {
        "step": "check",
        "token": token(answer),
        "column-code": "0",
        "column-voters": "1",
        "column-note": "",
    }
    answer = page.post("/import", data)
    assert answer.status_code == 200
    assert page.post("/import", data | {"step": "commit"}).status_code == 302


@pytest.mark.parametrize("at", ["99", "-1", "x", "1" * 30])
def test_a_column_that_is_not_there_is_missing(page: Client, at: str) -> None:
    data = {
        "step": "check",
        "token": token(send(page, GOOD)),
        "column-code": at,
        "column-voters": "1",
    }
    assert page.post("/import", data).status_code == 422


def test_what_an_action_refuses_is_shown_and_the_sheet_stays(page: Client) -> None:
    answer = send(page, GOOD.replace(b"001", b"refuse"))
    answer = page.post("/import", {"step": "commit", "token": token(answer)})
    assert answer.status_code == 422
    assert "The file is empty. Choose another one." in answer.content.decode()
    assert token(answer)


def test_a_sheet_belongs_to_the_one_who_sent_it(page: Client, db: None) -> None:
    mine = token(send(page, GOOD))
    other = User.objects.create(username="lain", full_name="Orang lain")
    page.force_login(other)
    answer = page.post("/import", {"step": "commit", "token": mine})
    assert answer.status_code == 422
    assert "no longer here" in answer.content.decode()
    assert Stations.saved == []


def test_no_file_a_wrong_file_and_an_empty_sheet_are_answered_with_422(page: Client) -> None:
    assert page.post("/import", {"step": "send"}).status_code == 422
    for content in (b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 30, b"Kode;Pemilih\n"):
        assert send(page, content).status_code == 422


def test_rows_are_pasted_as_they_are_copied_from_a_spreadsheet(page: Client) -> None:
    pasted = GOOD.decode().replace(";", "\t").replace("\n", "\r\n")
    answer = page.post("/import", {"step": "send", "pasted": pasted})
    assert answer.status_code == 200
    done = page.post("/import", {"step": "commit", "token": token(answer)})
    assert done.status_code == 302
    assert [saved[0] for saved in Stations.saved] == [2]
    blank = page.post("/import", {"step": "send", "pasted": " \n "})
    assert blank.status_code == 422
    assert "Choose a file." in blank.content.decode()


def test_the_template_can_be_taken(page: Client) -> None:
    answer = page.get("/import?template=1")
    assert answer.content.startswith(b"PK")
    assert 'filename="impor-tps.xlsx"' in answer["Content-Disposition"]
    assert page.get("/import").status_code == 200


# --- large sheets go to the worker


MANY = b"Kode TPS;Jumlah pemilih\n" + b"".join(b"%04d;300\n" % n for n in range(2500))


def work() -> None:
    """Do as the worker does, with all jobs that wait."""
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("id"):
        imports.work_on(**job.args)


def opened(page: Client, answer: HttpResponse) -> HttpResponse:
    assert answer.status_code == 302
    return page.get(answer["Location"])


def test_a_large_sheet_is_checked_and_saved_by_the_worker(page: Client) -> None:
    sent = send(page, MANY)
    shown = opened(page, sent)
    assert shown["Refresh"] == "2"
    assert "waits for its turn" in shown.content.decode()
    assert Stations.saved == []
    work()
    shown = page.get(sent["Location"])
    assert "Refresh" not in shown
    assert "Save 2,500 rows" in shown.content.decode()
    saving = page.post("/import", {"step": "commit", "token": token(shown)})
    assert "all rows or none" in opened(page, saving).content.decode()
    assert Stations.saved == []
    work()
    assert [saved[0] for saved in Stations.saved] == [2500]
    done = page.get(saving["Location"])
    assert (done.status_code, done["Location"]) == (302, "/health")


def test_the_work_is_done_once_however_often_the_job_runs(page: Client) -> None:
    shown = opened(page, send(page, MANY))
    work()
    data = {"step": "commit", "token": token(shown)}
    page.post("/import", data)
    page.post("/import", data)
    work()
    work()
    assert len(Stations.saved) == 1


def test_a_killed_worker_leaves_nothing_half_taken_and_the_job_is_taken_up_again(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    def killed(*_args: object, **_kwargs: object) -> Taken:
        Stations.saved.append((0, "half", ""))
        raise Killed

    shown = opened(page, send(page, MANY))
    work()
    saving = page.post("/import", {"step": "commit", "token": token(shown)})
    with monkeypatch.context() as patched:
        patched.setattr(Stations, "commit", killed)
        with pytest.raises(Killed):
            work()
    Stations.saved.clear()
    assert "all rows or none" in page.get(saving["Location"]).content.decode()
    work()
    assert [saved[0] for saved in Stations.saved] == [2500]
    assert page.get(saving["Location"])["Location"] == "/health"


def test_a_sheet_that_kills_each_worker_is_told(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    sent = send(page, MANY)
    monkeypatch.setattr(Stations, "check", killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            work()
    work()
    shown = page.get(sent["Location"])
    assert shown.status_code == 422
    assert "nothing of it was saved" in shown.content.decode()


def test_an_error_of_ours_is_told_and_not_hidden(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(page, MANY)
    monkeypatch.setattr(Stations, "check", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work()
    assert "Something went wrong on our side" in page.get(sent["Location"]).content.decode()


def test_who_may_no_longer_send_is_refused_when_the_worker_saves(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(page, send(page, MANY))
    work()
    saving = page.post("/import", {"step": "commit", "token": token(shown)})
    monkeypatch.setattr(imports, "may_open", lambda *_: False)
    work()
    assert Stations.saved == []
    assert "may no longer send" in page.get(saving["Location"]).content.decode()


def test_mistakes_and_refusals_of_a_large_sheet_are_shown_and_taken_away(page: Client) -> None:
    sent = send(page, MANY.replace(b"0007;300", b"0007;x"))
    work()
    shown = page.get(sent["Location"])
    assert shown.status_code == 422
    assert "row 9" in shown.content.decode()
    back = page.post("/import", {"step": "return", "token": token(shown)})
    assert book(back.content).get_sheet_by_index(0).to_python()[8][1] == "x"

    sent = send(page, MANY.replace(b"0000;", b"taken;"))
    work()
    shown = page.get(sent["Location"])
    page.post("/import", {"step": "commit", "token": token(shown)})
    work()
    shown = page.get(sent["Location"])
    assert shown.context["problems"][0]["problem"].row == 2
    assert "The file is empty." in shown.content.decode()
    assert Stations.saved == []


def test_a_bomb_is_refused_on_the_page_and_no_other_page_waits(page: Client) -> None:
    sent = send(page, b'Kode TPS;Jumlah pemilih\n001;"' + b"a;\n" * 3_000_000 + b'"\n')
    work()
    shown = page.get(sent["Location"])
    assert shown.status_code == 422
    assert "32,767 characters" in shown.content.decode()


def test_a_large_sheet_belongs_to_the_one_who_sent_it(page: Client) -> None:
    sent = send(page, MANY)
    page.force_login(User.objects.create(username="lain", full_name="Orang lain"))
    assert "no longer here" in page.get(sent["Location"]).content.decode()


def test_an_empty_sheet_that_was_chosen_is_told(page: Client) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        filled = book.add_worksheet("Isi")
        filled.write_row(0, 0, ["Kode TPS", "Jumlah pemilih"])
        filled.write_row(1, 0, ["001", 412])
        book.add_worksheet("Kosong")
    held = token(send(page, out.getvalue()))
    answer = page.post("/import", {"step": "read", "token": held, "sheet": "Kosong"})
    assert answer.status_code == 422
    assert "holds no rows under its headings" in answer.content.decode()
