"""Command line of figures: `serentak import baseline`, `serentak import figures FILE`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serentak.kernel.viewer import SYSTEM

if TYPE_CHECKING:
    from .importers import ReadFigures

PROBLEMS_SHOWN = 20


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    baseline = subparsers.add_parser(
        "import baseline",
        help="record the published figures that come with Serentak; repeatable",
    )
    baseline.set_defaults(run=import_baseline)
    figures = subparsers.add_parser(
        "import figures",
        help="record figures from an XLSX or CSV sheet, all or none",
        description="Record figures from an XLSX or CSV sheet with the columns place, measure, "
        "value, source and date; scope, class (sourced or assumed) and rounded may follow.",
    )
    figures.add_argument("file", type=Path)
    figures.add_argument(
        "--dry-run", action="store_true", help="say what is wrong and write nothing"
    )
    figures.set_defaults(run=import_figures)


def import_baseline(_: argparse.Namespace) -> int:
    """Record what is missing and say how many figures that were."""
    from serentak.platform import clock

    from . import actions

    at = clock.now()
    new = actions.load_baseline(until=at.date(), actor=SYSTEM, at=at)
    print(f"{new} figures recorded")
    return 0


def import_figures(arguments: argparse.Namespace) -> int:
    """Check the sheet, say every fault by row and column, and record it when there is none."""
    from serentak.platform import clock

    from . import actions

    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return 1
    at = clock.now()
    found = _read(content)
    if found.problems:
        for problem in found.problems[:PROBLEMS_SHOWN]:
            where = f"row {problem.row}, {problem.column}" if problem.row else "sheet"
            print(f"{where}: {problem.text}", file=sys.stderr)
        print(f"{len(found.problems)} problems; nothing was written", file=sys.stderr)
        return 1
    if arguments.dry_run:
        print(f"{len(found.given):,} figures can be recorded; nothing was written")
        return 0
    count = actions.record_figures(given=found.given, actor=SYSTEM, at=at)
    print(f"{count:,} figures recorded")
    return 0


def _read(content: bytes) -> "ReadFigures":
    from serentak.places import public as places
    from serentak.platform import clock
    from serentak.platform.sheets import mapped_rows, missing_problems, read_sheet, recognise

    from . import importers, queries

    sheet = read_sheet(content, importers.COLUMNS)
    mapping = recognise(sheet.headings, importers.COLUMNS)
    if lacking := missing_problems(mapping, importers.COLUMNS):
        return importers.ReadFigures((), tuple(lacking))
    rows = mapped_rows(sheet, mapping)
    named = {code for row in rows if (code := importers.place_in(row["place"]))}
    there = set(places.places(named))
    return importers.read_figures(
        rows,
        measures=queries.measures(),
        there=there,
        recorded=queries.recorded_keys(there),
        today=clock.local_date(clock.now()),
    )
