"""Command line of the tree of places: `serentak import regions`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from serentak.kernel.viewer import SYSTEM

FAULTS_SHOWN = 20


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    regions = subparsers.add_parser(
        "import regions", help="take over a list of regions; repeatable"
    )
    regions.add_argument(
        "--file",
        type=Path,
        help="CSV with the columns code,name, also compressed (xz); without it the list that "
        "comes with Serentak",
    )
    regions.set_defaults(run=import_regions)


def import_regions(arguments: argparse.Namespace) -> int:
    """Check the list, say every fault by row and field, and load it when there is none."""
    from rich.progress import Progress

    from serentak.platform import clock
    from serentak.platform.words import word

    from . import actions
    from .importers import read_regions, shipped_list

    try:
        content = arguments.file.read_bytes() if arguments.file else shipped_list()
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return 1
    found = read_regions(content)
    if found.faults:
        for fault in found.faults[:FAULTS_SHOWN]:
            where = f"row {fault.row}" + (f", {fault.field}" if fault.field else "")
            print(f"{where}: {word('REFUSALS', fault.code, fault.params)}", file=sys.stderr)
        print(
            word("REFUSALS", "places.list_has_faults", {"count": len(found.faults)}),
            file=sys.stderr,
        )
        return 1
    with Progress(transient=True) as bar:
        task = bar.add_task("regions", total=len(found.regions) + 1)
        loaded = actions.load_regions(
            regions=found.regions,
            actor=SYSTEM,
            at=clock.now(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    print(
        f"{loaded.listed} regions listed: {loaded.added} new, {loaded.changed} changed, "
        f"{loaded.absent} in the tree but not in the list."
    )
    return 0
