"""The imports of figures: what they record once, and what a sheet is told by row."""

import argparse
from pathlib import Path

import pytest

from serentak.figures import commands
from serentak.figures.models import Figure
from tests.cast import Cast

HEADINGS = "Kode wilayah;Ukuran;Angka;Sumber;Tanggal;Kelas\n"
GOOD = (
    HEADINGS + "16.02;TPS;1.249;KPU OKI;2024-09-20;\n1607;villages;305;BPS;2024-08;asumsi\n"
    "16;area_km2;86771,7;BIG;2024-01-02;bersumber\n"
)


def run(folder: Path, text: str, *more: str) -> int:
    file = folder / "angka.csv"
    file.write_text(text)
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["import figures", str(file), *more])
    return int(arguments.run(arguments))


def test_a_sheet_of_figures_is_checked_and_then_recorded(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, GOOD, "--dry-run") == 0
    assert "3 figures can be recorded" in capsys.readouterr().out
    assert not Figure.objects.exists()
    assert run(tmp_path, GOOD) == 0
    assert capsys.readouterr().out == "3 figures recorded\n"
    rows = Figure.objects.order_by("id").values_list("place", "measure", "value", "figure_class")
    assert [(p, m, str(v.normalize()), c) for p, m, v, c in rows] == [
        ("16.02", "stations", "1249", "SOURCED"),
        ("16.07", "villages", "305", "ASSUMED"),
        ("16", "area_km2", "86771.7", "SOURCED"),
    ]
    assert run(tmp_path, GOOD) == 1
    assert "row 2, source" in capsys.readouterr().err
    assert Figure.objects.count() == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("16.99;TPS;5;KPU;2024-09-20;", "row 4, place"),
        ("lima;TPS;5;KPU;2024-09-20;", "row 4, place"),
        ("16.02;kucing;5;KPU;2024-09-20;", "row 4, measure"),
        ("16.02;TPS;-5;KPU;2024-09-20;", "row 4, value"),
        ("16.02;TPS;banyak;KPU;2024-09-20;", "row 4, value"),
        ("16.02;TPS;5,5;KPU;2024-09-20;", "row 4, value"),
        ("16.02;TPS;5;;2024-09-20;", "row 4, source"),
        ("16.02;TPS;5;KPU;kemarin;", "row 4, source_date"),
        ("16.02;TPS;5;KPU;2024-10-12 s.d. 14;", "row 4, source_date"),
        ("16.02;TPS;5;KPU;2024-10-1234;", "row 4, source_date"),
        ("16.02;TPS;5;KPU;9999-12-31;", "row 4, source_date"),
        ("16.02;TPS;5;KPU;2024-09-20;sintetis", "row 4, figure_class"),
        ("16.07;villages;305;BPS;2024-08;", "row 4, source"),
    ],
)
def test_one_wrong_row_and_nothing_is_recorded(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    start = HEADINGS + "16.02;TPS;1.249;KPU OKI;2024-09-20;\n1607;villages;305;BPS;2024-08;\n"
    assert run(tmp_path, start + line + "\n") == 1
    told = capsys.readouterr().err
    assert said in told
    assert "1 problems; nothing was written" in told
    assert not Figure.objects.exists()


def test_a_sheet_without_its_columns_is_told_which(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "Nama;Alamat\nAni;Jalan\n") == 1
    assert "5 problems" in capsys.readouterr().err


def test_the_baseline_is_recorded_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["import baseline"])
    for said in ("27 figures recorded", "0 figures recorded"):
        assert arguments.run(arguments) == 0
        assert said in capsys.readouterr().out
    assert Figure.objects.count() == 27
