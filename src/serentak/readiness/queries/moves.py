"""What is asked of owners to raise the chance to be ready: one more, sooner, or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number
from serentak.readiness.rules.scenarios import Change, ChangeKind

from .board import Board, Standing, page_of

MORE_PEOPLE = "readiness.MORE_PEOPLE"
MORE_VEHICLES = "readiness.MORE_VEHICLES"
SOONER = "readiness.SOONER"
DROP_ASKED = "readiness.DROP_ASKED"

MOVES = (MORE_PEOPLE, MORE_VEHICLES, SOONER, DROP_ASKED)

_CODES: Mapping[ChangeKind, str] = {
    ChangeKind.PERSON: MORE_PEOPLE,
    ChangeKind.VEHICLE: MORE_VEHICLES,
    ChangeKind.DAYS: SOONER,
    ChangeKind.DURATION: SOONER,
    ChangeKind.DROP: DROP_ASKED,
}

KIND_OF_GAIN = {
    "person": ChangeKind.PERSON,
    "vehicle": ChangeKind.VEHICLE,
    "day": ChangeKind.DAYS,
}
"""What the engine calls one more of something."""


def standing_at(found: Board, place: PlaceCode, key: str) -> Standing | None:
    """Return an activity at a place by its key, None where it is not there."""
    index = found.network.index.get((place, key))
    return found.standing(index) if index is not None else None


def asking_alert(found: Board, change: Change) -> Alert | None:
    """Return the alert from which a change is asked of who owns the work; None for a shock.

    Nobody is asked to take longer, and nothing of what is finished or dropped.
    """
    code = _CODES.get(change.kind)
    standing = standing_at(found, change.place, change.key)
    if code is None or standing is None or standing.slot is None:
        return None
    amount = change.amount
    if change.kind is ChangeKind.DAYS:
        amount = -change.amount
    if change.kind is ChangeKind.DURATION and change.days:
        amount = standing.slot.remaining - change.days[1]
    if code == SOONER and amount <= 0:
        return None
    priority = standing.priority
    return Alert(
        code=code,
        place=change.place,
        severity=standing.status or Status.AT_RISK,
        due_date=due_day(found, standing),
        link=page_of(change.place, change.key),
        press=priority.press if priority else Press(),
        deadline=standing.definition.deadline_kind,
        so="readiness.miss_is_likelier",
        helps="readiness.ask_owner",
        params={
            "key": change.key,
            "activity": said(standing.definition.name),
            "amount": number(round(amount)),
        },
    )


def due_day(found: Board, standing: Standing) -> date | None:
    """Return the first day ahead by which work is wanted: its target, else its last day."""
    slot = standing.slot
    days = (standing.row.target_date, found.date_of(slot.latest) if slot else None)
    return next((day for day in days if day and day > found.today), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change of a scenario, with the alert from which it is asked."""

    change: Change
    alert: Alert
    owner_id: int


def asks_of(found: Board, changes: Sequence[Change]) -> Iterator[Asked]:
    """Yield what a scenario asks of whom, in its order; shocks ask nobody."""
    for change in changes:
        alert = asking_alert(found, change)
        standing = standing_at(found, change.place, change.key)
        if alert is not None and standing is not None:
            yield Asked(change, alert, standing.owner_id)
