"""What is recorded when figures come, are used or withdrawn, and when work on them is given."""

from dataclasses import field
from datetime import date
from decimal import Decimal

from serentak.platform.audit import PERSONAL, Code, Event

from .rules import DifferenceKind


class FigureRecorded(Event):
    """A source's figure was recorded."""

    measure: Code
    value: Decimal
    in_use: bool


class FiguresRecorded(Event):
    """Figures were recorded in bulk; the digest is over all of them."""

    count: int
    digest: Code


class FigureUsed(Event):
    """Another figure was taken into use."""

    measure: Code
    value: Decimal
    before: Decimal | None
    reason: str = field(metadata=PERSONAL)


class FigureWithdrawn(Event):
    """A figure that was recorded wrongly was withdrawn."""

    measure: Code
    value: Decimal
    reason: str = field(metadata=PERSONAL)


class DiscrepancyAssigned(Event):
    """An institution answers for a discrepancy by a day."""

    measure: Code
    kind: DifferenceKind
    due_date: date


class DiscrepancyDecided(Event):
    """It was decided which figure is in use; `numbers` are those that were compared."""

    measure: Code
    kind: DifferenceKind
    value: Decimal
    numbers: Code
    reason: str = field(metadata=PERSONAL)
