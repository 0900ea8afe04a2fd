"""`serentak import baseline`: records once, and says how many."""

from __future__ import annotations

import argparse

import pytest

from serentak.figures import commands
from serentak.figures.models import Figure
from tests.cast import Cast


def test_the_baseline_is_recorded_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["import baseline"])
    for said in ("27 figures recorded", "0 figures recorded"):
        assert arguments.run(arguments) == 0
        assert said in capsys.readouterr().out
    assert Figure.objects.count() == 27
