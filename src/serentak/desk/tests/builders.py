"""Builds the room of the tests: the cast, an election with stations, its activities."""

from __future__ import annotations

from serentak.elections.tests.builders import import_rows, row, set_up
from serentak.kernel.viewer import SYSTEM
from serentak.readiness import actions as readiness
from tests.cast import AT, PROVINCE, Cast, assemble

STATIONS = (
    "16.02.05.1001.001",
    "16.02.14.2001.001",
    "16.02.14.2002.001",
    "16.07.02.2001.001",
    "16.10.02.2001.001",
    "16.71.02.1001.001",
)


def room() -> Cast:
    """Return the cast of an election whose activities are set up and of which nobody reported."""
    cast = assemble()
    set_up()
    import_rows(*(row(code) for code in STATIONS))
    readiness.instantiate_activities(province=PROVINCE, actor=SYSTEM, at=AT)
    return cast
