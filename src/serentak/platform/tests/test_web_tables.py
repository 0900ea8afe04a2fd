"""Tables: sorted, filtered, paged, exported as shown; the address holds it all."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from serentak.kernel.status import Status
from serentak.platform.models import User
from serentak.platform.web.exports import Sheet, csv_lines, harmless, workbook
from serentak.platform.web.tables import BoundTable, Choice, Column, Kind, Table
from tests.markup import compact


@dataclass(frozen=True)
class Row:
    name: str
    stations: int | None
    share: float | None
    status: Status
    due: date | None = date(2024, 11, 1)


ROWS = [
    Row("Lahat", 754, 0.78, Status.AT_RISK),
    Row("=cmd|'/c calc'!A1", None, None, Status.NO_REPORT, None),
    Row("banyuasin", 1389, 0.69, Status.LATE),
    Row("Ogan Ilir", 667, 0.8625, Status.ON_TRACK),
]


def table(rows: Sequence[Row] = ROWS, **more: Any) -> Table[Row]:
    return Table(
        name="places",
        title="Kabupaten",
        columns=[
            Column("name", "Nama", lambda r: r.name, link=lambda r: f"/p/{len(r.name)}"),
            Column("stations", "TPS", lambda r: r.stations, kind=Kind.NUMBER),
            Column("share", "Siap", lambda r: r.share, kind=Kind.SHARE, places=1),
            Column("status", "Status", lambda r: r.status, kind=Kind.STATUS),
            Column("due", "Target", lambda r: r.due, kind=Kind.DAY),
            Column("act", "Tindakan", lambda r: "", is_sortable=False, is_exported=False),
        ],
        rows=rows,
        choices=[
            Choice(
                "status",
                "Status",
                [(s.value, s.value) for s in Status],
                lambda rows, value: [r for r in rows if r.status == value],
            )
        ],
        **more,
    )


def bound(query: str = "", **more: Any) -> BoundTable[Row]:
    return table(**more).bind(RequestFactory().get(f"/list?{query}"))


def names(shown: BoundTable[Row]) -> list[str]:
    return [row.name for row in shown.rows]


def test_rows_stand_in_their_own_order_until_one_sorts() -> None:
    assert names(bound()) == [row.name for row in ROWS]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["=cmd|'/c calc'!A1", "banyuasin", "Lahat", "Ogan Ilir"]),
        ("stations", ["Ogan Ilir", "Lahat", "banyuasin", "=cmd|'/c calc'!A1"]),
        ("-stations", ["banyuasin", "Lahat", "Ogan Ilir", "=cmd|'/c calc'!A1"]),
        ("status", ["Ogan Ilir", "Lahat", "banyuasin", "=cmd|'/c calc'!A1"]),
    ],
)
def test_sorting_knows_numbers_names_statuses_and_puts_the_unknown_last(
    sort: str, expected: list[str]
) -> None:
    assert names(bound(f"sort={sort}")) == expected


@pytest.mark.parametrize("sort", ["nothing", "-", "--name", "act", "name;drop"])
def test_an_unknown_order_falls_to_the_default(sort: str) -> None:
    shown = bound(f"sort={sort}", sort="-name")
    assert shown.sort == "-name"
    assert names(shown)[0] == "Ogan Ilir"


def test_search_finds_every_word_whatever_the_case() -> None:
    assert names(bound("q=BANYU")) == ["banyuasin"]
    assert names(bound("q=ilir+ogan")) == ["Ogan Ilir"]
    assert names(bound("q=+lahat")) == ["Lahat"]
    assert names(bound("q=nirwana")) == []


def test_a_choice_narrows_and_an_unknown_one_is_ignored() -> None:
    assert names(bound("status=LATE")) == ["banyuasin"]
    assert len(names(bound("status=WRONG"))) == 4
    assert bound("status=LATE").is_filtered
    assert not bound("status=WRONG").is_filtered


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("99", 2), ("0", 2), ("x", 1), ("", 1)])
def test_pages_are_found_whatever_number_is_asked(asked: str, number: int) -> None:
    assert bound(f"page={asked}", page_size=3).page.number == number


def test_links_keep_the_rest_of_the_address() -> None:
    shown = bound("q=a&status=LATE&page=2&other=1&export=csv")
    assert shown.url(sort="name", page=None) == "/list?q=a&status=LATE&other=1&sort=name"
    assert shown.url_all == "/list?other=1"
    assert shown.url_xlsx == "/list?q=a&status=LATE&other=1&export=xlsx"
    assert shown.other_parameters == [("other", "1")]


def test_a_second_click_turns_the_order_round() -> None:
    assert bound().headings[0].url == "/list?sort=name"
    up, down = bound("sort=name").headings[0], bound("sort=-name").headings[0]
    assert (up.url, up.direction) == ("/list?sort=-name", "ascending")
    assert (down.url, down.direction) == ("/list?sort=name", "descending")
    assert bound().headings[-1].url == ""


def test_two_tables_on_a_page_do_not_disturb_each_other() -> None:
    shown = bound("sort=name&b-q=lahat", prefix="b-")
    assert shown.sort == ""
    assert names(shown) == ["Lahat"]
    assert shown.url(page=2) == "/list?sort=name&b-q=lahat&b-page=2"


def test_groups_stand_only_in_the_rows_own_order() -> None:
    rows = sorted(ROWS, key=lambda r: r.status.rank)
    own = bound(rows=rows, group=lambda r: r.status.value)
    assert [line.group for line in own.lines] == ["ON_TRACK", "AT_RISK", "LATE", "NO_REPORT"]
    assert {line.group for line in bound("sort=name", rows=rows, group=lambda r: "x").lines} == {""}


def test_a_folding_table_opens_its_first_group_and_all_that_a_filter_keeps() -> None:
    def by_number(row: Row) -> str:
        return "known" if row.stations else "unknown"

    rows = sorted(ROWS, key=by_number)
    shown = page(rows=rows, group=by_number, folds=True)
    assert shown.count("<tbody>") == 2
    opened = re.findall(r'<details class="flap"( open)?><summary>(\w+) <span>(\d rows?)<', shown)
    assert opened == [(" open", "known", "3 rows"), ("", "unknown", "1 row")]
    assert page("q=1", rows=rows, group=by_number, folds=True).count('class="flap" open') == 2
    assert 'class="flap" open' not in page(rows=rows, group=by_number)


def test_the_fold_of_the_filters_says_what_narrows_the_rows() -> None:
    with translation.override("en"):
        assert bound("q=lahat&status=LATE").active == ["Status: LATE", "Search: lahat"]
    assert "Search and filter <span>Status: LATE</span></summary>" in page("status=LATE")
    assert "Search and filter</summary>" in page()


def page(query: str = "", language: str = "en", **more: Any) -> str:
    request = RequestFactory().get(
        f"/list?{query}", headers={"HX-Request": "true", "HX-Target": "table-places"}
    )
    with translation.override(language):
        answer = table(**more).bind(request).answer(request)
    assert isinstance(answer, HttpResponse)
    assert answer["Cache-Control"] == "no-store"
    return compact(answer.content.decode())


def test_a_fragment_is_the_table_alone() -> None:
    markup = page("sort=-stations")
    assert "<html" not in markup
    assert markup.lstrip().startswith('<div id="table-places"')
    assert 'aria-sort="descending"' in markup
    assert '<td class="n" data-l="TPS">1,389</td>' in markup
    assert "86.3%" in markup
    assert "On track" in markup
    assert "=cmd|&#x27;/c calc&#x27;!A1" in markup


def test_the_whole_page_and_another_target_are_left_to_the_view() -> None:
    plain = RequestFactory().get("/list")
    other = RequestFactory().get("/list", headers={"HX-Request": "true", "HX-Target": "elsewhere"})
    assert table().bind(plain).answer(plain) is None
    assert table().bind(other).answer(other) is None


def test_an_empty_table_says_so_and_offers_the_way_back() -> None:
    assert "Nothing matches." in page("q=nirwana")
    assert "Nothing here yet." in page(rows=[])


def export(query: str, language: str = "id", **more: Any) -> HttpResponse:
    request = RequestFactory().get(f"/list?{query}")
    with translation.override(language):
        answer = table(**more).bind(request).answer(request)
    assert answer is not None
    return answer


@pytest.mark.django_db
def test_csv_holds_all_pages_of_the_filter_in_order_for_machines() -> None:
    answer = export("sort=-stations&page=2&export=csv", page_size=1)
    text = answer.content.decode("utf-8")
    assert text.startswith("\N{BYTE ORDER MARK}")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["Nama", "TPS", "Siap", "Status", "Target"]
    assert rows[1][:3] == ["banyuasin", "1389", "0.69"]
    assert rows[1][4] == "2024-11-01"
    assert rows[4][0] == "'=cmd|'/c calc'!A1"
    assert rows[4][1] == ""
    assert 'filename="places-' in answer["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("id", "Terlambat"), ("en", "Late")])
def test_an_export_speaks_the_language_of_the_screen(language: str, word: str) -> None:
    text = export("status=LATE&export=csv", language).content.decode()
    assert f",{word}," in text


@pytest.mark.django_db
def test_xlsx_holds_numbers_dates_and_text_that_is_no_formula() -> None:
    answer = export("export=xlsx&status=LATE", notes=["Sumber: KPU"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["Nama", "TPS", "Siap", "Status", "Target"]
    assert rows[1][:3] == ["banyuasin", 1389.0, 0.69]
    assert rows[1][4] == date(2024, 11, 1)
    assert len(rows) == 2
    about = [row[0] for row in book.get_sheet_by_index(1).to_python()]
    assert about[0] == "Kabupaten"
    assert "Status: LATE" in about
    assert "Sumber: KPU" in about


@pytest.mark.django_db
def test_a_workbook_never_holds_a_formula() -> None:
    rows = [["=1+1"], ["+1"], ["@SUM(A1)"], ["-2"], ["http://x.example"]]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(workbook(Sheet("s", "a[b]:c" * 10, ["="], ["text"], rows)))
    )
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()] == [
        "=",
        *(r[0] for r in rows),
    ]
    assert len(book.sheet_names[0]) <= 31


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_text_that_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("a=1") == "a=1"


def test_moments_are_exported_in_the_zone_of_the_province() -> None:
    at = datetime(2024, 10, 28, 2, 30, tzinfo=UTC)
    assert (
        list(csv_lines(Sheet("s", "t", ["a"], ["moment"], [[at]])))[1]
        == "2024-10-28T09:30:00+07:00\r\n"
    )


@pytest.mark.django_db
def test_an_unknown_export_is_not_found() -> None:
    with pytest.raises(Http404):
        export("export=exe")


@pytest.mark.django_db
def test_a_queryset_is_sorted_searched_and_paged_by_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    User.objects.bulk_create(
        [
            User(username=f"u{i}", full_name=f"Nama {i:03}", phone="" if i % 2 else "1")
            for i in range(30)
        ]
    )
    people = Table(
        name="people",
        title="Orang",
        columns=[
            Column("name", "Nama", lambda u: u.full_name, order=("full_name",)),
            Column("user", "Pengguna", lambda u: u.username),
        ],
        rows=User.objects.all(),
        search_fields=("full_name__icontains",),
        page_size=10,
    )
    request = RequestFactory().get("/?sort=-name&q=nama+0&page=2")
    with django_assert_num_queries(2):
        shown = people.bind(request)
        found = [line.row.full_name for line in shown.lines]
    assert found == [f"Nama {i:03}" for i in range(19, 9, -1)]
    assert [bool(heading.url) for heading in shown.headings] == [True, False]
