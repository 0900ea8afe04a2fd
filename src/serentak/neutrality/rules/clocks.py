"""How long a step of a case has, and what follows when its clock runs out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from serentak.kernel.codes import Level
from serentak.kernel.workdays import add_working_days

from .cases import CaseState
from .catalogue import DayKind, Step, Term


def ends(start: date, term: Term, *, holidays: Collection[date]) -> date:
    """Return the last day of a term that begins on `start`; that day is not counted."""
    if term.kind is DayKind.WORKING:
        return add_working_days(start, term.days, holidays=holidays)
    return start + timedelta(days=term.days)


@dataclass(frozen=True, slots=True)
class Lapse:
    """What follows when a clock runs out: the state, to whom the case climbs, the next clock.

    `climbs` counts the climbs at the step that the case is at afterwards; `due_date` is None when
    nobody stands higher.
    """

    state: CaseState
    climbed_to: str
    climbs: int
    due_date: date | None


def lapse(
    step: Step,
    next_step: Step,
    *,
    climbs: int,
    due_date: date,
    level: Level,
    holidays: Collection[date],
) -> Lapse:
    """Return what follows when the clock of `step`, due on `due_date`, has run out.

    `next_step` is the step of the state that follows, which may be the same. The next clock begins
    on the day after which this one had run out, not on the day somebody notices.
    """
    line = step.climbs_from(level)
    climbed_to = line[min(climbs, len(line) - 1)] if line else ""
    if next_step.state is not step.state:
        term = next_step.term
        due = ends(due_date, term, holidays=holidays) if term else None
        return Lapse(next_step.state, climbed_to, 0, due)
    higher = climbs + 1 < len(line)
    due = ends(due_date, step.again, holidays=holidays) if higher and step.again else None
    return Lapse(step.state, climbed_to, climbs + 1, due)


def past_since(*, due_date: date | None, lapsed_date: date | None, today: date) -> date | None:
    """Return the day on which a clock of an open case ran out, marked already or not; else None."""
    if lapsed_date is not None:
        return lapsed_date
    return due_date if due_date is not None and due_date < today else None
