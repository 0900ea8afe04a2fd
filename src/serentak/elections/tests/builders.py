"""Builders of the slice's tests: an election, a few stations."""

from datetime import date

from serentak.elections import actions
from serentak.elections.rules import Limits, StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from tests.cast import AT, PROVINCE

LIMITS = Limits(station_voters=600, absurd_voters=5000, ballot_reserve_permille=25)
LIST_DATE = date(2024, 9, 22)


def set_up() -> int:
    """Make the election of the cast's province."""
    return actions.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)


def row(code: str, male: int = 120, female: int = 130, **more: str) -> StationRow:
    """Return a station."""
    return StationRow(PlaceCode(code), male, female, **more)


def import_rows(*rows: StationRow, actor: Viewer = SYSTEM) -> int:
    """Take over stations as the final list has them."""
    return actions.import_stations(
        rows=rows,
        source="DPT",
        as_of_date=LIST_DATE,
        figure_class=FigureClass.SOURCED,
        actor=actor,
        at=AT,
    )
