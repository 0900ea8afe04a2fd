"""Command line of readiness: `serentak set-up-activities 16`, `serentak plan check FILE`."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serentak.kernel.codes import parse_code
from serentak.kernel.countdown import countdown_text
from serentak.kernel.viewer import SYSTEM

if TYPE_CHECKING:
    from .importers.plans import ReadPlan
    from .rules.activities import Catalogue

FAULTS_SHOWN = 100


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    activities = subparsers.add_parser(
        "set-up-activities",
        help="make a province's activities from its stations, or let their amounts follow them",
    )
    activities.add_argument("province", type=parse_code, help="the province's code, such as 16")
    activities.set_defaults(run=set_up_activities)
    check = subparsers.add_parser(
        "plan check", help="say what is wrong with a plan (YAML or XLSX), or what it amounts to"
    )
    check.add_argument("file", type=Path)
    check.set_defaults(run=check_plan, needs_database=False)
    write = subparsers.add_parser(
        "plan write", help="write a plan to a file: a workbook (.xlsx) or YAML"
    )
    write.add_argument("file", type=Path)
    write.add_argument("--plan", type=Path, help="the file to take; without it the plan in use")
    write.set_defaults(run=write_plan, needs_database=False)
    install = subparsers.add_parser(
        "plan install", help="check a plan and put it where this installation keeps its catalogues"
    )
    install.add_argument("file", type=Path)
    install.set_defaults(run=install_plan, needs_database=False)


def set_up_activities(arguments: argparse.Namespace) -> int:
    """Make what is missing and renew the amounts of what exists."""
    from serentak.platform import clock

    from . import actions

    count = actions.instantiate_activities(
        province=arguments.province, actor=SYSTEM, at=clock.now()
    )
    print(f"{count:,} activities made; the amounts of all follow the stations")
    return 0


def check_plan(arguments: argparse.Namespace) -> int:
    """Say what is wrong by row and rule, or sum the plan up."""
    found = _read(arguments.file)
    if found.catalogue is None:
        return 1
    _sum_up(found.catalogue)
    return 0


def write_plan(arguments: argparse.Namespace) -> int:
    """Write a plan as a workbook or as YAML, as the file's name says."""
    from .documents import catalogue_yaml, plan_workbook
    from .queries.board import catalogue

    taken = _read(arguments.plan).catalogue if arguments.plan else catalogue()
    if taken is None:
        return 1
    kind = arguments.file.suffix.lower()
    if kind == ".xlsx":
        content = plan_workbook(taken)
    elif kind in {".yaml", ".yml"}:
        content = catalogue_yaml(taken).encode()
    else:
        print(f"{arguments.file}: the name must end in .xlsx or .yaml", file=sys.stderr)
        return 1
    _replace(arguments.file, content)
    print(f"{len(taken.activities):,} activities written to {arguments.file}")
    return 0


def install_plan(arguments: argparse.Namespace) -> int:
    """Put a plan in the place of the one in use; the file that stood there is kept beside it."""
    from django.conf import settings

    from .documents import plan_yaml
    from .queries.board import catalogue

    found = _read(arguments.file)
    if found.catalogue is None:
        return 1
    if not settings.SERENTAK_CATALOGUE:
        print("SERENTAK_CATALOGUE names no folder for this installation's own", file=sys.stderr)
        return 1
    gone = [key for key in catalogue().activities if key not in found.catalogue.activities]
    path = Path(settings.SERENTAK_CATALOGUE) / "readiness" / "activities.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _replace(path.with_suffix(".yaml.before"), path.read_bytes())
    _replace(path, plan_yaml(found.raw).encode())
    print(f"{len(found.catalogue.activities):,} activities stand in {path}")
    if gone:
        print(f"no longer there, and what was reported on them is not shown: {', '.join(gone)}")
    print("start Serentak anew, then: serentak set-up-activities PROVINCE")
    return 0


def _read(file: Path) -> "ReadPlan":
    """Read a plan and say what is wrong with it; nothing is taken of one that breaks a rule."""
    from .importers.plans import read_plan

    found = read_plan(file.read_bytes())
    if found.left_out:
        shown = ", ".join(map(str, found.left_out))
        print(f"{file}: rows that are no activities, left out: {shown}", file=sys.stderr)
    for fault in found.faults[:FAULTS_SHOWN]:
        print(f"{file}: {fault}", file=sys.stderr)
    if found.faults:
        count = len(found.faults)
        shown = f", the first {FAULTS_SHOWN} are shown" if count > FAULTS_SHOWN else ""
        print(f"{file}: {count:,} faults{shown}; nothing was taken", file=sys.stderr)
    return found


def _sum_up(plan: "Catalogue") -> None:
    from .queries.board import thresholds
    from .rules.outline import outline

    found = outline(plan, thresholds=thresholds())
    levels = Counter(level.name.lower() for one in plan.activities.values() for level in one.levels)
    owners = {kind for one in plan.activities.values() for kind in one.owner.values()}
    print(f"{len(plan.activities):,} activities, {len(owners)} kinds of owners, no fault")
    print(", ".join(f"{count:,} of a {level}" for level, count in sorted(levels.items())))
    print(f"critical path: {found.days:,} days of work in {len(found.steps)} steps")
    for key, days in found.steps:
        print(f"  {key}  {days} d  until {countdown_text(plan.activities[key].target)}")
    print(f"it must begin by {countdown_text(found.begin)}")
    for key, room in found.slack.items():
        if room < 0:
            print(f"note: {key}: the target is {-room} days too late for what waits for it")
    rooms = list(found.slack.values())
    for words, least, most in (("no", -9999, 0), ("1–7 days of", 1, 7), ("8–14 days of", 8, 14)):
        count = sum(least <= room <= most for room in rooms)
        print(f"{count:,} activities have {words} slack behind their target")
    print(f"{sum(room > 14 for room in rooms):,} activities have more")
    if not found.to_goal:
        goals = ", ".join(thresholds().goals)
        print(f"note: none of the goals in rules.yaml ({goals}) stands in this plan")


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
