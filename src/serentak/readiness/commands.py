"""Command line of readiness: `serentak set-up-activities 16`."""

import argparse
from typing import Any

from serentak.kernel.codes import parse_code
from serentak.kernel.viewer import SYSTEM


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    activities = subparsers.add_parser(
        "set-up-activities",
        help="make a province's activities from its stations, or let their amounts follow them",
    )
    activities.add_argument("province", type=parse_code, help="the province's code, such as 16")
    activities.set_defaults(run=set_up_activities)


def set_up_activities(arguments: argparse.Namespace) -> int:
    """Make what is missing and renew the amounts of what exists."""
    from serentak.platform import clock

    from . import actions

    count = actions.instantiate_activities(
        province=arguments.province, actor=SYSTEM, at=clock.now()
    )
    print(f"{count:,} activities made; the amounts of all follow the stations")
    return 0
