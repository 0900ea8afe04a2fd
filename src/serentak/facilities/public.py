"""What higher floors may know of facilities: the defects that press."""

from dataclasses import dataclass
from datetime import datetime

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.web.formats import number

from .permissions import VIEW_FACILITIES
from .queries.defects import Pressing, PressKind, link_of, open_under, pressing


@dataclass(frozen=True, slots=True)
class DefectCard:
    """A defect by its number, with the version that its answers are given to."""

    id: int
    place: PlaceCode
    version: int


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return what presses at a place and under it: one alert for each district or regency and kind.

    From a province up they are told by regency. Three queries.
    """
    if not viewer.may(VIEW_FACILITIES, parent) or level_of(parent) > Level.DISTRICT:
        return ()
    return tuple(_alert(found, at) for found in pressing(parent, at))


def _alert(found: Pressing, at: datetime) -> Alert:
    today = clock.local_date(at, zone=places.zone_of(found.place).key)
    is_venue = found.kind is PressKind.VENUE
    due = found.act_until if is_venue else found.first_due
    return Alert(
        code=(
            "facilities.venues_may_have_to_move"
            if is_venue
            else "facilities.counting_it_lacks"
            if found.kind is PressKind.COUNTING_IT
            else "facilities.hard_defects_are_late"
        ),
        place=found.place,
        severity=Status.AT_RISK if is_venue else Status.LATE,
        due_date=due,
        link=link_of(found.place),
        press=Press(
            harm=Harm.VOTE,
            days_left=max(0, (due - today).days),
            is_final=is_venue,
            is_answered=found.are_answered,
            reach=found.stations,
        ),
        so="facilities.stations_and_voters_hang_on_it",
        helps="facilities.see_defects",
        params={
            "defects": number(found.defects),
            "stations": number(found.stations),
            "voters": number(found.voters),
        },
    )


def open_defects(parent: PlaceCode, *, question: str) -> list[DefectCard]:
    """Return the open defects of a question at and under a place, what presses first; one query."""
    rows = open_under(parent).filter(question=question)
    return [DefectCard(row.pk, PlaceCode(row.place_id), row.version) for row in rows]
