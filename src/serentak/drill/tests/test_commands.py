"""`serentak scene list` says what there is."""

import argparse
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from serentak.drill import commands
from serentak.kernel.refused import Refused
from serentak.platform import clock

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args([*words])
    return int(arguments.run(arguments))


def test_the_list_names_each_scene_and_marks_the_loaded_one(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=datetime(2024, 10, 28, tzinfo=UTC), scene="h-30")
    assert run("scene list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "h-30", "28", "Oct", "2024", "09:30", "Tiga", "puluh", "hari", "sebelum", "pemungutan",
        "suara", "(loaded)",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[2::2]] == ["h-11", "h-7", "h-1", "h-night"]


def test_the_clock_is_moved_by_hours(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=datetime(2024, 10, 28, tzinfo=UTC), scene="h-30")
    assert run("scene forward", "24") == 0
    assert "It is 29 Oct 2024 07:00" in capsys.readouterr().out


def test_loading_is_refused_in_earnest() -> None:
    with pytest.raises(Refused):
        run("scene load", "h-30")
