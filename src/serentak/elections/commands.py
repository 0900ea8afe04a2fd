"""Command line of elections: `serentak set-up-election 16`, `serentak import stations`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serentak.kernel.briefing import FigureClass
from serentak.kernel.century import read_day
from serentak.kernel.codes import PlaceCode, parse_code
from serentak.kernel.viewer import SYSTEM

if TYPE_CHECKING:
    from .importers import ReadStations

PROBLEMS_SHOWN = 20


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    election = subparsers.add_parser(
        "set-up-election", help="make the election of a province with its stages and contests"
    )
    election.add_argument("province", type=parse_code, help="the province's code, such as 16")
    election.add_argument("--calendar", default="stages-2024", help="(%(default)s)")
    election.set_defaults(run=set_up_election)
    stations = subparsers.add_parser(
        "import stations", help="take over stations and listed voters from an XLSX or CSV sheet"
    )
    stations.add_argument("file", type=Path)
    stations.add_argument(
        "--place", type=parse_code, required=True, help="province, regency or district"
    )
    stations.add_argument("--source", required=True, help="decision or letter that fixes the list")
    stations.add_argument(
        "--as-of", type=read_day, required=True, help="the list's date, 2024-09-22"
    )
    stations.add_argument(
        "--reason", default="", help="for stations over the limit that give none of their own"
    )
    stations.set_defaults(run=import_stations)


def set_up_election(arguments: argparse.Namespace) -> int:
    """Make the election."""
    from serentak.platform import clock

    from . import actions, queries

    actions.set_up_election(
        place=arguments.province, calendar=arguments.calendar, actor=SYSTEM, at=clock.now()
    )
    election = queries.current_election(arguments.province)
    print(f"{election.name}, {election.vote_date}" if election else "")
    return 0


def import_stations(arguments: argparse.Namespace) -> int:
    """Check the sheet, say every fault by row and column, and take it over when there is none."""
    from serentak.platform import clock
    from serentak.platform.sheets import Severity

    from . import actions, importers, queries

    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return 1
    found = _read(content, arguments.place)
    problems = [p for p in found.problems if p.severity is Severity.ERROR or not arguments.reason]
    if problems:
        for problem in problems[:PROBLEMS_SHOWN]:
            where = f"row {problem.row}, {problem.column}" if problem.row else "sheet"
            print(f"{where}: {problem.text}", file=sys.stderr)
        print(f"{len(problems)} problems; nothing was written", file=sys.stderr)
        return 1
    count = actions.import_stations(
        rows=importers.with_reason(found.rows, arguments.reason, limits=queries.limits()),
        source=arguments.source,
        as_of_date=arguments.as_of,
        figure_class=FigureClass.SOURCED,
        actor=SYSTEM,
        at=clock.now(),
    )
    print(f"{count:,} stations imported")
    return 0


def _read(content: bytes, place: PlaceCode) -> "ReadStations":
    from serentak.platform.sheets import mapped_rows, missing_problems, read_sheet, recognise

    from . import importers, queries

    sheet = read_sheet(content, importers.COLUMNS)
    mapping = recognise(sheet.headings, importers.COLUMNS)
    if lacking := missing_problems(mapping, importers.COLUMNS):
        return importers.ReadStations((), tuple(lacking))
    return importers.read_stations(
        mapped_rows(sheet, mapping),
        villages=importers.Villages(queries.village_names(place)),
        within=place,
        limits=queries.limits(),
    )
