"""The commands ``serentak messages compile | extract | check``: the translations."""

import argparse
import sys
from typing import Any

from serentak.config import messages, translations

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
        parser.set_defaults(run=run)


def compile_all(_: argparse.Namespace) -> None:
    """Compile what is stale."""
    for file in translations.compile_stale():
        print(file)


def extract(_: argparse.Namespace) -> None:
    """Update the files and name those that changed."""
    for file in messages.update():
        print(file)


def check(_: argparse.Namespace) -> int:
    """List all faults."""
    faults = messages.check()
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(
            f"{len(faults)} faults in the translations. `serentak messages extract` adds what is "
            "missing and removes what is unused; then translate.",
            file=sys.stderr,
        )
    return 1 if faults else 0
