"""Command line: the election is set up, a sheet is taken over or refused as a whole."""

import argparse
from pathlib import Path

import pytest

from serentak.elections import commands, public
from serentak.elections.models import StationVoters
from tests.cast import NUSA_KARTA, PROVINCE, load_places

pytestmark = pytest.mark.django_db

SHEET = "Kode TPS;L;P\n16.02.14.2001.001;231;244\n16.02.14.2001.002;400;201\n"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    commands.add_commands(subparsers)
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments))


def take_over(folder: Path, text: str, *more: str) -> int:
    file = folder / "dpt.csv"
    file.write_text(text)
    return run(
        "import stations", str(file), "--place", "16.02", "--source", "SK 1", "--as-of",
        "2024-09-22", *more,
    )  # fmt: skip


def test_an_election_is_set_up(capsys) -> None:
    load_places()
    assert run("set-up-election", "16") == 0
    assert "2024-11-27" in capsys.readouterr().out
    assert public.current_election(PROVINCE) is not None


def test_a_sheet_is_taken_over_with_a_reason_for_what_is_over_the_limit(tmp_path, capsys) -> None:
    load_places()
    assert take_over(tmp_path, SHEET) == 1
    refused = capsys.readouterr().err
    assert "row 3, male" in refused
    assert "1 problems; nothing was written" in refused
    assert not StationVoters.objects.exists()
    assert take_over(tmp_path, SHEET, "--reason", "Lapas") == 0
    assert capsys.readouterr().out == "2 stations imported\n"
    assert [s.over_limit_reason for s in public.stations_of(NUSA_KARTA)] == ["", "Lapas"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nama;Alamat\nAni;Jalan\n", "2 problems"),
        (SHEET + "16.02.14.2999.001;1;1\n", "row 4, code"),
    ],
)
def test_one_fault_and_nothing_is_written(tmp_path, capsys, text, said) -> None:
    load_places()
    assert take_over(tmp_path, text, "--reason", "Lapas") == 1
    assert said in capsys.readouterr().err
    assert not StationVoters.objects.exists()


def test_a_file_that_is_not_there_is_named(capsys) -> None:
    load_places()
    words = ("/nowhere.csv", "--place", "16.02", "--source", "x", "--as-of", "2024-09-22")
    assert run("import stations", *words) == 1
    assert "/nowhere.csv" in capsys.readouterr().err
