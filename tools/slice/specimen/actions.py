"""What changes checks: recording one."""

from datetime import date, datetime

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.web.formats import day

from .events import CheckRecorded
from .models import Check
from .permissions import RECORD_CHECK
from .queries import today_at
from .rules import require_plausible


@action
def record_check(
    *,
    place: PlaceCode,
    looked_at: int,
    in_order: int,
    checked_date: date,
    source: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> bool:
    """Record what was found at a place, instead of an earlier check; an older one is refused.

    False says that exactly this was recorded already: it is not recorded twice.
    """
    actor.require(RECORD_CHECK, place)
    require_plausible(
        looked_at=looked_at,
        in_order=in_order,
        checked_date=checked_date,
        source=source,
        today=today_at(place, at),
    )
    said = {
        "looked_at": looked_at,
        "in_order": in_order,
        "checked_date": checked_date,
        "source": source.strip(),
        "figure_class": figure_class.value,
    }
    before = Check.objects.select_for_update().filter(place_id=place).first()
    if before and all(getattr(before, name) == value for name, value in said.items()):
        return False
    if before and before.checked_date > checked_date:
        raise Refused(
            "specimen.newer_check_is_recorded",
            field="checked_date",
            checked_date=day(before.checked_date),
        )
    row = before or Check(place_id=place)
    for name, value in said.items():
        setattr(row, name, value)
    row.recorded_by_id = actor.user_id
    row.recorded_at = at
    row.save()
    event = CheckRecorded(
        subjects=(f"specimen_check:{row.pk}",),
        place=place,
        looked_at=looked_at,
        in_order=in_order,
        checked_date=checked_date,
    )
    record(event, actor=actor, at=at)
    return True
