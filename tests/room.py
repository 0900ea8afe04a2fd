"""Builds the room of the tests: the cast, an election with stations, its activities."""

from datetime import date

from serentak.elections.actions import import_stations, set_up_election
from serentak.elections.public import StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.readiness import actions as readiness
from tests.cast import AT, PROVINCE, Cast, assemble
from tests.kept import kept

STATIONS = (
    "16.02.05.1001.001",
    "16.02.14.2001.001",
    "16.02.14.2002.001",
    "16.07.02.2001.001",
    "16.10.02.2001.001",
    "16.71.02.1001.001",
)


@kept
def room() -> Cast:
    """Return the cast of an election whose activities are set up and of which nobody reported."""
    cast = assemble()
    set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    import_stations(
        rows=[StationRow(PlaceCode(code), 120, 130) for code in STATIONS],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    readiness.instantiate_activities(province=PROVINCE, actor=SYSTEM, at=AT)
    return cast
