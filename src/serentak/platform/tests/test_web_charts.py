"""Charts: coordinates from dates, everything escaped, everything said in the twin too."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.status import Status
from serentak.platform.web.charts import (
    Curve,
    CurvePoint,
    Gantt,
    GanttRow,
    Stage,
    StageTimeline,
    Tile,
    TileGrid,
)
from serentak.platform.web.charts.scale import DayScale, coordinate

VOTE = date(2024, 11, 27)
TODAY = date(2024, 10, 28)
NASTY = '<script>"&amp;'


def drawn(figure: Any, language: str = "id") -> str:
    with translation.override(language):
        return Template("{% chart figure %}").render(Context({"figure": figure}))


def gantt(count: int = 3, **more: Any) -> Gantt:
    rows = [
        GanttRow(
            label=f"{NASTY} {i}",
            start=TODAY + timedelta(i % 25),
            end=TODAY + timedelta(i % 25 + 2),
            target=TODAY + timedelta(i % 25 + 1),
            is_critical=i == 0,
            status=Status.AT_RISK,
            link=f"/activity/{i}",
            note=f"catatan {i}",
            group="Logistik" if i < 2 else "Badan",
        )
        for i in range(count)
    ]
    return Gantt(rows, TODAY, VOTE, "Jalur kritis", **more)


FIGURES = [
    gantt(),
    gantt(10),
    gantt(80),
    Gantt([], TODAY, VOTE, "kosong"),
    StageTimeline([Stage(NASTY, date(2024, 9, 25), date(2024, 11, 23))], TODAY, VOTE, "Tahapan"),
    StageTimeline([], TODAY, VOTE, "kosong"),
    Curve([CurvePoint(TODAY, 55)], [CurvePoint(VOTE, 100)], TODAY, VOTE, NASTY, "persen"),
    Curve([], [], TODAY, VOTE, "kosong", "persen"),
    TileGrid([Tile("OKI", NASTY, Status.LATE, "64 %", "/16.02", 5, 3)]),
    TileGrid([]),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: type(f).__name__)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_drawn_is_escaped_and_has_no_inline_style(figure: Any, language: str) -> None:
    markup = drawn(figure, language)
    assert "<script" not in markup
    assert "style=" not in markup
    numbers = re.findall(r'\s(?:x|y|width|height|cx|cy|d)="([^"]*)"', markup)
    assert all("," not in number and "nan" not in number for number in numbers)


def test_gantt_draws_a_row_each_with_today_vote_target_and_critical() -> None:
    layout = gantt().layout()
    assert len(layout["bars"]) == 3
    assert [head["text"] for head in layout["heads"]] == ["Logistik", "Badan"]
    assert layout["lines"]["today"]["text"] == "H-30"
    assert float(layout["lines"]["today"]["x"]) < float(layout["lines"]["vote"]["x"])
    first = layout["bars"][0]
    assert first["diamond"].startswith("M")
    assert (first["starts"], first["ends"], first["target"]) == ("H-30", "H-28", "H-29")
    markup = drawn(gantt())
    assert markup.count('class="acc"') == 2, "the critical bar and the legend"


def test_gantt_says_every_row_in_its_twin() -> None:
    markup = drawn(gantt(), "en")
    twin = markup[markup.index("<ol") :]
    for i in range(3):
        assert f'<a href="/activity/{i}">' in twin
        assert f"catatan {i}" in twin
    assert "At risk" in twin
    assert twin.count("critical") == 1


def test_gantt_grows_with_its_rows() -> None:
    few, many = gantt(10).layout(), gantt(80).layout()
    assert float(many["height"]) > 80 * 20
    assert float(few["height"]) < 400


def test_gantt_shortens_a_long_label_and_keeps_it_whole_in_title_and_twin() -> None:
    label = "Sortir dan lipat surat suara gubernur dan bupati di gudang KPU Ogan Komering Ilir"
    markup = drawn(Gantt([GanttRow(label, TODAY, TODAY)], TODAY, VOTE, "x"))
    assert "…" in markup
    assert markup.count(label) == 2


def test_stages_show_how_far_the_running_one_is() -> None:
    stages = [
        Stage("Pencalonan", date(2024, 8, 27), date(2024, 9, 22)),
        Stage("Kampanye", date(2024, 9, 25), date(2024, 11, 23)),
        Stage("Pemungutan suara", VOTE, VOTE, is_vote=True),
    ]
    layout = StageTimeline(stages, TODAY, VOTE, "Tahapan").layout()
    assert [bar["kind"] for bar in layout["bars"]] == ["past", "now", "vote"]
    assert layout["bars"][1]["progress"] == (34, 60)
    assert 0 < float(layout["bars"][1]["done"]) < float(layout["bars"][1]["width"])
    assert [item["when"] for item in layout["twin"]] == ["past", "now", "ahead"]
    assert "day 34 of 60" in drawn(StageTimeline(stages, TODAY, VOTE, "x"), "en")


def test_a_stage_outside_the_drawing_stays_in_the_twin() -> None:
    stages = [Stage("Anggaran", date(2024, 1, 1), date(2024, 1, 26))]
    layout = StageTimeline(stages, TODAY, VOTE, "x", first=date(2024, 9, 1), last=VOTE).layout()
    assert layout["bars"] == []
    assert len(layout["twin"]) == 1


def test_curve_reads_target_and_progress_in_its_table() -> None:
    target = [CurvePoint(VOTE - timedelta(60), 0), CurvePoint(VOTE, 100)]
    actual = [CurvePoint(VOTE - timedelta(60), 0), CurvePoint(TODAY, 55)]
    layout = Curve(actual, target, TODAY, VOTE, "x", "persen").layout()
    here = next(row for row in layout["twin"] if row["is_today"])
    assert here["target"] == pytest.approx(50)
    assert here["actual"] == 55
    assert layout["twin"][-1]["actual"] is None
    assert len(layout["twin"]) <= 10


def test_tiles_carry_place_status_letter_and_full_name() -> None:
    markup = drawn(TileGrid([Tile("OKI", "Ogan Komering Ilir", Status.LATE, "64 %", "/x", 5, 3)]))
    assert 'class="tiles c5"' in markup
    assert '<li class="x5 y3">' in markup
    assert 'data-s="late"' in markup
    assert "Ogan Komering Ilir" in markup
    assert "64 %" in markup


def test_the_sign_of_a_status_is_the_same_in_every_language() -> None:
    grid = TileGrid([Tile("A", "A", status) for status in Status])
    signs = []
    for language in ("id", "en"):
        with translation.override(language):
            signs.append([str(item["letter"]) for item in grid.layout()["tiles"]])
    assert signs[0] == signs[1]
    assert len(set(signs[0])) == len(Status)


def test_tiles_without_places_flow() -> None:
    grid = TileGrid([Tile("A", "A", Status.DONE, column=1, row=1), Tile("B", "B", Status.DONE)], 4)
    assert grid.layout()["css"] == "c4"
    assert all(item["css"] == "" for item in grid.layout()["tiles"])


def test_a_grid_larger_than_the_style_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 9"):
        TileGrid([Tile("A", "A", Status.DONE, column=10, row=1)]).layout()


days = st.dates(min_value=date(2024, 1, 1), max_value=date(2025, 12, 31))


@given(first=days, length=st.integers(0, 700), day=days)
def test_a_scale_keeps_every_day_within_the_drawing(first: date, length: int, day: date) -> None:
    scale = DayScale(first, first + timedelta(length), 300, 1150)
    assert 300 <= scale.start_of(day) <= scale.end_of(day) <= 1150.001
    ticks = list(scale.countdown_ticks(VOTE)) + list(scale.month_ticks())
    assert all(scale.shows(tick) for tick in ticks)
    assert len(ticks) < 80


def test_a_scale_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before its first"):
        DayScale(VOTE, TODAY, 0, 1)


def test_coordinates_are_written_for_machines() -> None:
    with translation.override("id"):
        assert [coordinate(x) for x in (1, 1.25, 1160.04, -0.5)] == ["1", "1.2", "1160", "-0.5"]
