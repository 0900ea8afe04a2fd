"""`serentak import regions`: loads, says faults by row, writes nothing then."""

import argparse
from pathlib import Path

import pytest

from serentak.places import commands
from serentak.places.models import Place

from .builders import SOUTH_SUMATRA

pytestmark = pytest.mark.django_db


def run(file: Path) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["import regions", "--file", str(file)])
    return int(arguments.run(arguments))


def test_a_list_is_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text(SOUTH_SUMATRA)
    assert run(file) == 0
    assert "16 regions listed: 17 new, 0 changed" in capsys.readouterr().out
    assert Place.objects.count() == 17


def test_faults_are_said_by_row_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(SOUTH_SUMATRA + "16.7,X\n16.99.01,Y\n")
    assert run(file) == 1
    said = capsys.readouterr().err
    assert "18, code: " in said
    assert "19, code: " in said
    assert Place.objects.count() == 0


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.csv") == 1
    assert "none.csv" in capsys.readouterr().err
