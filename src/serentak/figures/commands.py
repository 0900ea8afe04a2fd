"""Command line of figures: `serentak import baseline`."""

from __future__ import annotations

import argparse
from typing import Any

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    baseline = subparsers.add_parser(
        "import baseline",
        help="record the published figures that come with Serentak; repeatable",
    )
    baseline.set_defaults(run=import_baseline)


def import_baseline(_: argparse.Namespace) -> int:
    """Record what is missing and say how many figures that were."""
    new = actions.load_baseline(actor=SYSTEM, at=clock.now())
    print(f"{new} figures recorded")
    return 0
