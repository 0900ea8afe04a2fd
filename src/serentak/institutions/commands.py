"""Command line of institutions: `serentak create-institutions 16`."""

from __future__ import annotations

import argparse
from typing import Any

from rich.progress import Progress

from serentak.kernel.codes import parse_code
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    create = subparsers.add_parser(
        "create-institutions",
        help="make the institutions that a province's places call for; repeatable",
    )
    create.add_argument("province", type=parse_code, help="the province's code, such as 16")
    create.set_defaults(run=create_institutions)


def create_institutions(arguments: argparse.Namespace) -> int:
    """Make what is missing and say how many institutions that were."""
    with Progress(transient=True) as bar:
        task = bar.add_task("institutions", total=None)
        made = actions.create_province_institutions(
            province=arguments.province,
            actor=SYSTEM,
            at=clock.now(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    print(f"{made:,} institutions created")
    return 0
