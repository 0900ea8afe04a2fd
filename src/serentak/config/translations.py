"""Compiles translations that are newer than their compiled form.

It needs nothing but Babel, since the build of the wheel and a machine without gettext use it.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def source_files(package: Path = PACKAGE) -> list[Path]:
    """The translations of all slices."""
    return sorted(package.glob("*/locale/*/LC_MESSAGES/django.po"))


def stale(package: Path = PACKAGE) -> list[Path]:
    """The translations whose compiled form is missing or older."""
    return [
        source
        for source in source_files(package)
        if not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime < source.stat().st_mtime
    ]


def compile_stale(package: Path = PACKAGE) -> list[Path]:
    """Compile what is stale and give the compiled files; uncertain (fuzzy) entries are left out."""
    written = []
    for source in stale(package):
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], domain="django")
        compiled = source.with_suffix(".mo")
        # Two processes may compile at once, and a web process may be reading.
        fresh = compiled.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalog, use_fuzzy=False)
        fresh.replace(compiled)
        written.append(compiled)
    return written
