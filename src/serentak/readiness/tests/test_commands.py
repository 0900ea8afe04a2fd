"""Command line: a province's activities are set up, and again after stations changed."""

import argparse

import pytest

from serentak.kernel.refused import Refused
from serentak.readiness import commands
from serentak.readiness.models import Activity
from tests.cast import OKI, Cast

from .builders import activity, set_up_stations

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments))


def test_activities_are_made_and_follow_the_stations(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_stations()
    assert run("set-up-activities", "16") == 0
    assert Activity.objects.filter(place=OKI).count() == 79
    assert capsys.readouterr().out.startswith("333 activities made")
    Activity.objects.filter(pk=activity("ship-t").pk).update(target_quantity=8)
    assert run("set-up-activities", "16") == 0
    assert capsys.readouterr().out == "0 activities made; the amounts of all follow the stations\n"
    assert activity("ship-t").target_quantity == 10
    with pytest.raises(Refused, match="activities_are_set_up_by_province"):
        run("set-up-activities", "16.02")
