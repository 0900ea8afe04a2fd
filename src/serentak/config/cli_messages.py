"""The commands ``serentak messages compile | extract | check``: the translations."""

import argparse
import sys
from typing import Any

from serentak.config import messages, translations
from serentak.config.supervisor import CannotRun

NAMES = ("messages",)


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Offer the group ``messages``."""
    for name, run, text in (
        ("compile", compile_all, "compile the translations that have changed"),
        ("extract", extract, "bring the translation files to the strings in use"),
        ("check", check, "say what is not translated, or wrongly; exit code 1 if anything is"),
    ):
        parser = commands.add_parser(
            f"messages {name}", help=text, description=f"The translations: {text}."
        )
        if run is not compile_all:
            parser.add_argument(
                "slices", nargs="*", metavar="SLICE", help="only these slices (default: all)"
            )
        parser.set_defaults(run=run)


def compile_all(_: argparse.Namespace) -> None:
    """Compile what is stale."""
    for file in translations.compile_stale():
        print(file)


def extract(options: argparse.Namespace) -> None:
    """Update the files and name those that changed."""
    for file in messages.update(only=_known(options.slices)):
        print(file)


def check(options: argparse.Namespace) -> int:
    """List all faults."""
    faults = messages.check(only=_known(options.slices))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(
            f"{len(faults)} faults in the translations. `serentak messages extract` adds what is "
            "missing and removes what is unused; then translate.",
            file=sys.stderr,
        )
    return 1 if faults else 0


def _known(names: list[str]) -> list[str]:
    known = [folder.name for folder in messages.slices()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CannotRun(f"No slice is called {', '.join(unknown)}. There are: {', '.join(known)}.")
    return names or known
