"""A plan out and in: sheets as people send them, files of others, what is wrong by row and rule."""

import argparse
import io
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from serentak.kernel.entries import read
from serentak.readiness import commands
from serentak.readiness.documents import catalogue_yaml, plan_workbook
from serentak.readiness.importers.plans import LABELS, WORD_LABELS, read_plan
from serentak.readiness.rules.activities import MOST_ACTIVITIES, Catalogue, Definition
from serentak.readiness.rules.outline import outline
from serentak.readiness.rules.tabular import (
    NUMBERS,
    WORD_COLUMNS,
    WRITERS,
    activity_cells,
    column_of,
    file_of,
    read_activity,
    word_cells,
)

from .builders import catalogue_of, raw_activity, raw_shipped, shipped_activities
from .builders import shipped_thresholds as thresholds

Rows = list[dict[str, Any]]


def rows_of(found: Catalogue | None = None) -> Rows:
    """Return the shipped activities as rows that a test may spoil."""
    shown = (found or shipped_activities()).activities.values()
    return [dict(activity_cells(one)) for one in shown]


def book_of(
    rows: Rows,
    *,
    change: Callable[[Any, Any], None] | None = None,
    top: int = 0,
    words: bool = True,
    extra: list[list[Any]] | None = None,
) -> bytes:
    """Return rows as an office would send them; headings from row `top` on."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("Lembar 1")
        if change:
            change(book, page)
        page.write_row(top, 0, [str(label) for label in LABELS.values()])
        for line, row in enumerate(rows, start=top + 1):
            page.write_row(line, 0, [row.get(column, "") for column in LABELS])
        for line, cells in enumerate(extra or [], start=top + 1 + len(rows)):
            page.write_row(line, 0, cells)
        if words:
            page = book.add_worksheet("Kata")
            page.write_row(0, 0, list(WORD_LABELS))
            for line, cells in enumerate(word_cells(shipped_activities()), start=1):
                page.write_row(line, 0, [cells.get(column, "") for column in WORD_LABELS])
    return out.getvalue()


def faults(content: bytes) -> list[str]:
    found = read_plan(content)
    assert (found.catalogue is None) is bool(found.faults)
    return [str(fault) for fault in found.faults]


def spoiled(key: str, **cells: str) -> list[str]:
    """Return what is said of the shipped plan with some cells of one row changed."""
    rows = rows_of()
    next(row for row in rows if row["key"] == key).update(cells)
    return faults(book_of(rows))


def row_of(key: str) -> int:
    return [row["key"] for row in rows_of()].index(key) + 2


# --- exact both ways


def test_columns_cover_every_field_and_have_headings() -> None:
    assert list(WRITERS) == list(LABELS)
    assert list(WORD_COLUMNS) == list(WORD_LABELS)
    fields = {*Definition.__dataclass_fields__}
    as_columns = {"name": "name_id", "owners": "owner", "last_day": "deadline", "others": "with"}
    named = {as_columns.get(name, name) for name in fields - {"durations"}}
    assert named <= set(WRITERS)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_shipped_plan_survives_workbook_and_yaml(language: str) -> None:
    plan = shipped_activities()
    with override(language):
        book = plan_workbook(plan)
    names = CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names
    assert names[0] == {"id": "Kegiatan", "en": "Activities"}[language]
    for content in (book, catalogue_yaml(plan).encode()):
        found = read_plan(content)
        assert found.faults == ()
        assert found.catalogue == plan
        assert list(found.catalogue.activities) == list(plan.activities)


_WORDS = (
    st.text(
        st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\x7f"), min_size=1
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True)
_DAYS = st.integers(1, 999)


@st.composite
def plans(draw: st.DrawFn) -> Catalogue:
    """Return a plan that holds, of any shape that the columns can say."""
    words = raw_shipped("activities")
    keys = draw(st.lists(_KEYS, min_size=1, max_size=6, unique=True))
    rows = []
    for number, key in enumerate(keys):
        levels = draw(st.sampled_from([["regency"], ["province"], ["province", "regency"]]))
        split = levels != ["province"] and draw(st.booleans())
        likely = sorted(draw(st.lists(_DAYS, min_size=3, max_size=3)))
        target = draw(st.integers(-400, -1))
        owner: Any = draw(st.sampled_from(["KPU", "BAWASLU"]))
        if draw(st.booleans()):
            owner = dict.fromkeys(levels, owner)
        rows.append(
            {
                "key": key,
                "name": {"id": f"{draw(_WORDS)} {key} a", "en": f"{draw(_WORDS)} {key} b"},
                "aliases": [
                    f"{text} {key} {n}" for n, text in enumerate(draw(st.lists(_WORDS, max_size=2)))
                ],
                "aspect": draw(st.sampled_from(list(words["aspects"]))),
                "owner": owner,
                "with": draw(st.lists(st.sampled_from(["POLICE", "ARMY"]), unique=True)),
                "levels": levels,
                "split": "district" if split else "",
                "unit": draw(st.sampled_from(list(words["units"]))),
                "quantity": [
                    {
                        "of": "stations" if split else draw(st.sampled_from(["one", "voters"])),
                        "times": draw(_DAYS),
                        "per_race": draw(st.booleans()),
                    }
                    for _ in range(draw(st.integers(1, 3)))
                ],
                "durations": {
                    **dict(zip(("optimistic", "likely", "pessimistic"), likely, strict=True)),
                    "sourced": draw(
                        st.lists(st.sampled_from(["likely", "optimistic"]), unique=True)
                    ),
                },
                "target": f"H{target}",
                "fixed": draw(st.booleans()),
                "deadline": {"kind": draw(st.sampled_from(["LEGAL", "PHYSICAL"]))}
                | (
                    {"at": f"H{target + 1:+d}" if target < -1 else "H"}
                    if draw(st.booleans())
                    else {}
                ),
                "after": draw(st.lists(st.sampled_from(keys[:number]), unique=True))
                if number
                else [],
                "miss": draw(st.sampled_from("ABCDEFG")),
                "drop": draw(st.sampled_from(["never", "partly", "fully"])),
                "report_every": draw(_DAYS),
                "law": draw(st.just("") | _WORDS),
                "source": draw(st.sampled_from(list(words["sources"]))),
                "confidence": draw(st.sampled_from(["HIGH", "LOW"])),
            }
            | ({"district_owner": "PPK"} if split else {})
        )
    return read(Catalogue, {**words, "activities": rows})


@given(plans())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_is_the_same_after_its_rows(plan: Catalogue) -> None:
    assert read(Catalogue, file_of(plan)) == plan
    assert read(Catalogue, yaml.safe_load(catalogue_yaml(plan))) == plan


@given(plans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_is_the_same_after_a_workbook(plan: Catalogue) -> None:
    found = read_plan(plan_workbook(plan))
    assert [str(fault) for fault in found.faults] == []
    assert found.catalogue == plan


# --- as offices send them


def test_titles_merged_above_totals_below_and_texts_for_numbers_are_read() -> None:
    rows = rows_of()
    for row in rows[:5]:
        row |= {column: int(row[column]) for column in NUMBERS}
        row["target"] = row["target"].lower().replace("-", " – ")
        row["fixed"] = {"no": "Tidak", "yes": "YA"}[row["fixed"]]
        row["levels"] = row["levels"].replace("; ", ", ").title()
        row["confidence"] = row["confidence"].lower()

    def change(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 8, "RENCANA KEGIATAN PILKADA", book.add_format())
        page.merge_range(1, 0, 1, 8, "Provinsi Contoh", book.add_format())
        page.set_row(6, None, None, {"hidden": True})

    numbers = dict(zip(LABELS, map(str, range(1, 40)), strict=False))
    total = ["JUMLAH", "", *[""] * 10, 400, 700, 900]
    below = [total, [], ["Mengetahui, Ketua"]]
    found = read_plan(book_of([numbers, *rows], change=change, top=3, extra=below))
    assert found.faults == ()
    assert found.catalogue == shipped_activities()
    assert found.left_out == (5, len(rows) + 6, len(rows) + 8)


def test_activities_alone_take_the_words_in_use() -> None:
    assert read_plan(book_of(rows_of(), words=False)).catalogue == shipped_activities()


# --- what bad input gets


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"likely": "99", "pessimistic": "3"},
            "likely: optimistic must not exceed likely, nor likely pessimistic",
        ),
        ({"likely": "tiga"}, "likely: 'tiga' is not a whole number"),
        ({"likely": "2.5"}, "likely: '2.5' is not a whole number"),
        ({"likely": "0", "optimistic": "0"}, "optimistic: must be at least 1"),
        ({"target": "H+3"}, "target: lies after the activity's own deadline"),
        ({"target": "besok"}, "target: 'BESOK' is not of the form H-30, H or H+2"),
        ({"unit": "truk"}, "unit: 'truk' stands nowhere under units"),
        ({"aspect": "?"}, "aspect: '?' stands nowhere under aspects"),
        ({"owner": "KPUX"}, "owner: 'KPUX' is no kind of institution"),
        ({"with": "KPUX"}, "with: 'KPUX' is no kind of institution"),
        ({"district_owner": "CAMATX"}, "district_owner: 'CAMATX' is no kind of institution"),
        ({"after": "nowhere"}, "after: 'nowhere' is no activity of this catalogue"),
        ({"quantity": "some"}, "quantity: "),
        ({"quantity": "2 kali"}, "quantity: '2 kali' is not like “2 × stations per race”"),
        ({"fixed": "mungkin"}, "fixed: 'mungkin' is neither yes nor no"),
        ({"levels": "desa"}, "levels: must name province, regency or both"),
        ({"measured_by": "x.y"}, "measured_by: 'x.y' is measured by no slice"),
        ({"name_en": ""}, "name_id: needs a text in both languages, {id:, en:}"),
        ({"source": ""}, "source: is missing"),
        ({"deadline_kind": "HOLY"}, "deadline_kind: 'HOLY' is none of "),
    ],
)
def test_a_cell_that_breaks_a_rule_is_named_with_row_and_rule(
    cells: dict[str, str], said: str
) -> None:
    found = spoiled("ship-t", **cells)
    assert any(line.startswith(f"row {row_of('ship-t')}, {said}") for line in found), found


def test_a_code_that_no_address_can_hold_is_refused() -> None:
    rows = rows_of()
    rows[0]["key"] = "dua kata"
    assert f"row 2, key: {'is made of at most 40 letters, digits, - and _'}" in faults(
        book_of(rows)
    )


def test_a_cycle_is_told_with_its_keys_beside_other_faults() -> None:
    rows = rows_of()
    by_key = {row["key"]: row for row in rows}
    by_key["ship-d"]["after"] = "ship-t"
    by_key["ship-v"]["unit"] = "truk"
    found = faults(book_of(rows))
    assert any("wait for each other" in f and "ship-d" in f and "ship-t" in f for f in found)
    assert f"row {row_of('ship-v')}, unit: 'truk' stands nowhere under units" in found


def test_a_code_that_stands_twice_names_both_rows() -> None:
    rows = rows_of()
    rows.append(dict(rows[3]))
    said = f"row {len(rows) + 1}, key: {rows[3]['key']!r} stands already in row 5"
    assert faults(book_of(rows)) == [said]


def test_a_sheet_half_right_gives_nothing() -> None:
    rows = rows_of()
    for row in rows[40:]:
        row["likely"] = ""
    found = read_plan(book_of(rows))
    assert found.catalogue is None
    assert [fault.row for fault in found.faults] == list(range(42, 83))
    assert {fault.column for fault in found.faults} == {"likely"}


def test_missing_columns_and_wrong_words_are_told() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("x").write_row(0, 0, ["Kode", "Nama"])
        book.worksheets()[0].write_row(1, 0, ["a", "b"])
    assert all(line.endswith("the sheet has no such column") for line in faults(out.getvalue()))
    assert faults(b"PK\x03\x04 cut off")
    assert faults(b"") == ["must be a mapping of fields: activities, aspects, units, …"]
    assert faults(b"\xff\xfe\x00") == ["is neither a workbook (XLSX) nor text in UTF-8"]
    assert faults(b"a: [1, 2")[0].startswith("row 2: is no YAML here")
    assert faults(b"a: &x [1]\nb: *x") == ["row 2: aliases (*name) are not read"]
    assert faults(b"[" * 5000)
    assert "activities: there must be at least one" in faults(b"activities: []")


def test_a_yaml_file_names_its_lines() -> None:
    raw = raw_shipped("activities")
    text = yaml.safe_dump({"activities": raw["activities"][:2]}, sort_keys=False)
    line = next(n for n, x in enumerate(text.splitlines(), 1) if x.startswith("- key") and n > 2)
    raw["activities"] = [raw["activities"][0], {**raw["activities"][1], "unit": "truk"}]
    raw["activities"][1]["after"] = []
    raw["activities"][0]["after"] = []
    content = yaml.safe_dump(
        {"activities": raw["activities"]}
        | {k: raw[k] for k in ("aspects", "units")}
        | {k: raw[k] for k in ("consequences", "sources")},
        sort_keys=False,
    )
    found = read_plan(content.encode())
    assert [f.column for f in found.faults] == ["unit"]
    expected = next(
        n for n, x in enumerate(content.splitlines(), 1) if x.startswith("- key") and n > 2
    )
    assert found.faults[0].row == expected
    assert line > 2


def many(count: int) -> Rows:
    first = rows_of()[0]
    return [
        {**first, "key": f"a{n}", "name_id": f"a {n}", "name_en": f"b {n}", "aliases": "",
         "after": f"a{n - 1}" if n else ""}
        for n in range(count)
    ]  # fmt: skip


def test_ten_thousand_activities_are_refused_in_seconds_by_row_and_rule() -> None:
    content = book_of(many(10_000))
    begun = time.monotonic()
    rule = "10,000 activities stand here; a plan holds at most 1,000"
    assert faults(content) == [f"row 1002: {rule}"]
    assert time.monotonic() - begun < 20


def test_the_largest_plan_is_read_and_summed_up() -> None:
    plan = read_plan(book_of(many(MOST_ACTIVITIES))).catalogue
    assert plan is not None
    begun = time.monotonic()
    assert len(outline(plan, thresholds=thresholds()).slack) == MOST_ACTIVITIES
    assert time.monotonic() - begun < 10


# --- outline and commands


def test_the_outline_follows_the_longest_chain_and_counts_room_behind_targets() -> None:
    plan = catalogue_of(
        raw_activity(
            "opening", target="H", durations=_days(1), after=["a", "b"], deadline=_at("H")
        ),
        raw_activity("a", target="H-5", durations=_days(3)),
        raw_activity("b", target="H-2", durations=_days(9)),
    )
    found = outline(plan, thresholds=thresholds())
    assert found.to_goal
    assert found.steps == (("b", 9), ("opening", 1))
    assert (found.days, found.begin) == (10, -9)
    assert found.slack == {"opening": 0, "a": 4, "b": 1}


def _days(likely: int) -> dict[str, int]:
    return {"optimistic": 1, "likely": likely, "pessimistic": 99}


def _at(day: str) -> dict[str, str]:
    return {"kind": "LEGAL", "at": day}


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(list(map(str, words)))
    assert arguments.needs_database is False
    return int(arguments.run(arguments))


def test_a_plan_is_checked_written_and_installed(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SERENTAK_CATALOGUE = ""
    sheet, file = tmp_path / "plan.xlsx", tmp_path / "plan.yaml"
    assert run("plan write", sheet) == 0
    assert run("plan write", file, "--plan", sheet) == 0
    assert run("plan write", tmp_path / "plan.doc") == 1
    assert run("plan check", file) == 0
    said = capsys.readouterr().out
    assert "81 activities, 16 kinds of owners, no fault" in said
    assert "critical path: 201 days of work in 18 steps" in said
    assert run("plan install", file) == 1
    settings.SERENTAK_CATALOGUE = str(tmp_path / "own")
    assert run("plan install", sheet) == 0
    installed = tmp_path / "own" / "readiness" / "activities.yaml"
    assert read(Catalogue, yaml.safe_load(installed.read_text())) == shipped_activities()

    before = installed.read_bytes()
    sheet.write_bytes(book_of([{**row, "likely": "x"} for row in rows_of()]))
    assert run("plan install", sheet) == 1
    assert "81 faults; nothing was taken" in capsys.readouterr().err
    assert installed.read_bytes() == before

    fewer = deepcopy(raw_shipped("activities"))
    fewer["activities"] = [a for a in fewer["activities"] if a["key"] != "grant-report"]
    file.write_text(yaml.safe_dump(fewer))
    assert run("plan install", file) == 0
    assert "is not shown: grant-report" in capsys.readouterr().out
    assert installed.with_suffix(".yaml.before").read_bytes() == before


def test_column_of_and_empty_cells() -> None:
    assert column_of("durations: likely") == "likely"
    assert column_of("durations") == "likely"
    assert column_of("else") == "else"
    assert read_activity({"key": "a", "likely": " "}).raw == {"key": "a", "durations": {}}
