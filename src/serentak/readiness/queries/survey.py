"""What a page asks of a place at once, from one board."""

from dataclasses import dataclass
from datetime import datetime

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.platform.reading import kept
from serentak.readiness.permissions import VIEW_READINESS

from .board import board
from .curve import Progress, curve_on
from .overview import Overview, overview_on
from .owed import may_report_at
from .plan import Plan, plan_on


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plan of a place, its progress against target (a district has none), who may report.

    `overview` is of all activities of a province and its regencies, where it was asked for.
    """

    plan: Plan | None
    curve: tuple[Progress, ...]
    may_report: bool = False
    overview: Overview | None = None


@kept
def outlook(
    place: PlaceCode, *, viewer: Viewer, at: datetime, whole_province: bool = False
) -> Outlook:
    """Return what `plan` returns, and the curve, with the board read once for both.

    `whole_province` asks a province for the overview in the place of its own curve. OutOfScope
    unless the viewer may see readiness there.
    """
    viewer.require(VIEW_READINESS, place)
    level = level_of(place)
    found = board(place, at=at) if Level.PROVINCE <= level <= Level.DISTRICT else None
    if found is None:
        return Outlook(None, ())
    is_whole = whole_province and level is Level.PROVINCE
    return Outlook(
        plan=plan_on(found, place),
        curve=curve_on(found, place) if level < Level.DISTRICT and not is_whole else (),
        may_report=may_report_at(found, place, viewer=viewer),
        overview=overview_on(found, place) if is_whole else None,
    )
