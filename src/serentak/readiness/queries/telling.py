"""What readiness adds to a daily report: the chance to be ready."""

from collections.abc import Iterator
from datetime import date, datetime

from serentak.kernel.area import Said
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.readiness.permissions import VIEW_READINESS

from .board import board


def forecast_sentences(
    *, place: PlaceCode, day: date, viewer: Viewer, at: datetime
) -> Iterator[Said]:
    """Yield how likely a place is ready on H-1, and by when all is done in 80 of 100 runs."""
    if level_of(place) not in (Level.PROVINCE, Level.REGENCY):
        return
    found = board(place, at=at) if viewer.may(VIEW_READINESS, place) else None
    chance = found.chances.get(place) if found else None
    if found is None or chance is None or found.day > 0:
        return
    params = {
        "share": chance.ready,
        "finish": found.date_of(chance.p80).isoformat(),
        "computed_at": chance.computed_at.isoformat(),
        "zone": found.zone,
    }
    yield Said("readiness.CHANCE_TOLD", "chance", params, f"/{place}/forecast")
