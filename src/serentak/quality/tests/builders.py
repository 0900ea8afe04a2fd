"""Builders of the slice's tests: an election with a few stations."""

from datetime import date

from serentak.elections import actions as elections
from serentak.elections.public import StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from tests.cast import AT, PROVINCE

STATIONS = ("16.02.05.1001.001", "16.02.14.2001.001", "16.02.14.2001.002", "16.07.02.2001.001")


def set_up_stations(codes: tuple[str, ...] = STATIONS) -> None:
    """Make the election and its stations."""
    elections.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    import_stations(codes)


def import_stations(codes: tuple[str, ...]) -> None:
    """Add stations."""
    elections.import_stations(
        rows=[StationRow(PlaceCode(code), 200, 210) for code in codes],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SOURCED,
        actor=SYSTEM,
        at=AT,
    )
