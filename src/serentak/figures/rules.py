"""When figures disagree: what is compared with what, how far apart is too far, what is absurd."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from serentak.kernel.briefing import FigureClass
from serentak.kernel.century import read_day
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Among, As, Class, Key, Named, Text, at_least, between, read
from serentak.kernel.machine import Machine
from serentak.kernel.pressing import Harm
from serentak.kernel.refused import Fault

NONE = Decimal(0)


# --- what is counted


_Amount = Annotated[Decimal, at_least(0)]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted of a place; see `catalogue/measures.yaml` for the meaning of each field."""

    code: Key
    name: Text
    unit: Text
    at_most: _Amount
    weight: float
    decimals: Annotated[int, between(0, 3)] = 0
    sums: bool = False
    counted: tuple[str, ...] = ()
    parts: tuple[Annotated[str, Among("measures")], ...] = ()
    tolerance: _Amount = NONE
    tolerance_share: _Amount = NONE
    harm: Harm = Harm.PAPER


def parse_measures(data: object) -> Mapping[str, Measure]:
    """Read `measures.yaml`: both languages, known parts, no negative limit."""
    return read(dict[str, Measure], data, at="measures")


class DatePrecision(StrEnum):
    """How exactly a source's date is known; a month is stored as its first day."""

    DAY = "DAY"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """A figure as somebody states it; `rounded_to` 0 says that it was not rounded."""

    place: PlaceCode
    measure: str
    value: Decimal
    source: str
    source_date: date
    precision: DatePrecision = DatePrecision.DAY
    scope: str = ""
    figure_class: FigureClass = FigureClass.SOURCED
    rounded_to: Decimal = NONE

    @property
    def key(self) -> tuple[str, str, str, date, str]:
        """What is recorded once: a source's figure of a day and scope."""
        return self.place, self.measure, self.source, self.source_date, self.scope


def source_date(text: object) -> tuple[date, DatePrecision]:
    """Return the day of 2024-09-20, or the first of 2024-09; ValueError for anything else."""
    if re.fullmatch(r"\d{4}-\d\d", str(text)):
        return read_day(f"{text}-01"), DatePrecision.MONTH
    return read_day(str(text)), DatePrecision.DAY


@dataclass(frozen=True, slots=True)
class _Source:
    source: str
    date: Annotated[tuple[date, DatePrecision], As(source_date)]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class _Figure:
    place: PlaceCode
    measure: str
    value: Decimal
    source: Annotated[str, Named("from"), Among("sources")]
    scope: Annotated[str | None, As(str)]
    figure_class: Class = FigureClass.SOURCED
    rounded_to: Decimal = NONE


@dataclass(frozen=True, slots=True)
class _Baseline:
    sources: Mapping[str, _Source]
    figures: tuple[_Figure, ...]


def parse_baseline(data: object) -> tuple[GivenFigure, ...]:
    """Read a list of published figures, in the order in which they stand."""
    baseline = read(_Baseline, data)
    return tuple(
        GivenFigure(
            place=figure.place,
            measure=figure.measure,
            value=figure.value,
            source=(source := baseline.sources[figure.source]).source,
            source_date=source.date[0],
            precision=source.date[1],
            scope=source.scope if figure.scope is None else figure.scope,
            figure_class=figure.figure_class,
            rounded_to=figure.rounded_to,
        )
        for figure in baseline.figures
    )


# --- what may be recorded

SOURCE_LENGTH = 200


def fault_of(given: GivenFigure, measure: Measure | None, *, today: date) -> Fault | None:
    """Return the first thing that is wrong with a figure, None if it may be recorded."""
    if measure is None:
        return Fault("figures.measure_is_unknown", "measure", {"measure": given.measure[:40]})
    value, rounded_to = given.value, given.rounded_to
    if not (value.is_finite() and rounded_to.is_finite()):
        return Fault("figures.value_is_no_number", "value")
    if value < 0:
        return Fault("figures.value_is_negative", "value")
    if value > measure.at_most:
        return Fault("figures.value_is_absurd", "value", {"limit": plain(measure.at_most)})
    if decimals_of(value) > measure.decimals:
        return Fault("figures.value_has_too_many_decimals", "value", {"decimals": measure.decimals})
    if rounded_to < 0 or rounded_to > measure.at_most or decimals_of(rounded_to) > 3:
        return Fault("figures.rounding_is_absurd", "rounded_to")
    if not given.source.strip():
        return Fault("figures.source_is_missing", "source")
    for name in ("source", "scope"):
        text = getattr(given, name)
        if len(text) > SOURCE_LENGTH or "\x00" in text:
            return Fault("figures.text_is_too_long", name, {"limit": SOURCE_LENGTH})
    if given.source_date > today:
        return Fault("figures.source_date_lies_ahead", "source_date")
    return None


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a number needs."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> str:
    """Return a number without exponent and trailing zeros: one text for one number."""
    return format(value.normalize(), "f") if value else "0"


# --- what disagrees


class DifferenceKind(StrEnum):
    """What a figure in use is compared with."""

    SOURCES = "SOURCES"
    """other sources of the same figure"""
    COUNTED = "COUNTED"
    """the places of that kind in the tree"""
    CHILDREN = "CHILDREN"
    """the sum of the figures in use one level down"""
    PARTS = "PARTS"
    """the sum of the measures that add up to it"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A recorded figure, as far as it is compared."""

    value: Decimal
    rounded_to: Decimal = NONE


@dataclass(frozen=True, slots=True)
class Sides:
    """All that is known of one measure at one place.

    `others` are the figures not in use; `children` holds the figure in use of each child, None
    where a child has none; `parts` the same for the measures that add up to this one.
    """

    in_use: Stated | None
    others: Sequence[Stated] = ()
    counted: int | None = None
    children: Sequence[Stated | None] = ()
    parts: Sequence[Stated | None] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in use and what disagrees with it, furthest first.

    `amount` is the furthest value minus the figure in use; its share divides by the figure in use.
    `numbers` is one text for the numbers compared: a decision holds as long as it stays the same.
    """

    kind: DifferenceKind
    in_use: Decimal
    against: tuple[Decimal, ...]
    numbers: str

    @property
    def amount(self) -> Decimal:
        """The furthest value minus the figure in use."""
        return self.against[0] - self.in_use

    @property
    def share(self) -> Decimal | None:
        """The amount, without its sign, divided by the figure in use; None if that is zero."""
        return abs(self.amount) / self.in_use if self.in_use else None


def differences(sides: Sides, measure: Measure) -> tuple[Difference, ...]:
    """Return what disagrees with the figure in use, beyond the measure's tolerance.

    Nothing is compared where there is nothing to compare: no figure in use, no row in the tree
    (nobody has entered them yet), a child or a part without a figure.
    """
    if sides.in_use is None:
        return ()
    found: list[Difference] = []
    base = sides.in_use
    disagreeing = [other for other in sides.others if _apart(base, other, measure)]
    if disagreeing:
        # The figure in use may change by the very decision, so both sides make the numbers.
        values = {base.value, *(other.value for other in sides.others)}
        found.append(_difference(DifferenceKind.SOURCES, base, disagreeing, sorted(values)))
    single = (
        (DifferenceKind.COUNTED, _counted(sides.counted)),
        (DifferenceKind.CHILDREN, total(sides.children) if measure.sums else None),
        (DifferenceKind.PARTS, total(sides.parts) if measure.parts else None),
    )
    for kind, other in single:
        if other is not None and _apart(base, other, measure):
            found.append(_difference(kind, base, [other], [base.value, other.value]))
    return tuple(found)


def total(parts: Sequence[Stated | None]) -> Stated | None:
    """Return the sum of figures with their roundings added; None if one is missing or none is."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    return Stated(sum((p.value for p in known), NONE), sum((p.rounded_to for p in known), NONE))


def _counted(rows: int | None) -> Stated | None:
    return Stated(Decimal(rows)) if rows else None


def _apart(base: Stated, other: Stated, measure: Measure) -> bool:
    allowed = max(measure.tolerance, measure.tolerance_share * base.value)
    allowed += (base.rounded_to + other.rounded_to) / 2
    return abs(base.value - other.value) > allowed


def _difference(
    kind: DifferenceKind, base: Stated, others: Sequence[Stated], numbers: Sequence[Decimal]
) -> Difference:
    values = {other.value for other in others}
    return Difference(
        kind,
        base.value,
        tuple(sorted(values, key=lambda value: (-abs(value - base.value), value))),
        ";".join(plain(number) for number in numbers),
    )


# --- who is at work on it


class DiscrepancyState(StrEnum):
    """How far a discrepancy has come."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    DECIDED = "DECIDED"


class DiscrepancyEvent(StrEnum):
    """What happens to a discrepancy."""

    ASSIGN = "ASSIGN"
    DECIDE = "DECIDE"
    NUMBERS_CHANGE = "NUMBERS_CHANGE"


TRANSITIONS = Machine[DiscrepancyState, DiscrepancyEvent](
    {
        (DiscrepancyState.OPEN, DiscrepancyEvent.ASSIGN): DiscrepancyState.ASSIGNED,
        (DiscrepancyState.OPEN, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
        (DiscrepancyState.OPEN, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.OPEN,
        (DiscrepancyState.ASSIGNED, DiscrepancyEvent.ASSIGN): DiscrepancyState.ASSIGNED,
        (DiscrepancyState.ASSIGNED, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
        (DiscrepancyState.ASSIGNED, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.ASSIGNED,
        (DiscrepancyState.DECIDED, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
        (DiscrepancyState.DECIDED, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.OPEN,
    }
)
"""What is decided cannot be assigned; it opens by itself when the numbers change."""


after = TRANSITIONS.after


def state_of(
    *, assigned: bool, decided_on: str, decided_is_used: bool, numbers: str
) -> DiscrepancyState:
    """Return the state from what is stored and the numbers of today.

    `decided_on` are the numbers of the decision, empty without one; `decided_is_used` tells
    whether the figure decided on is still the one in use. A change is thus noticed wherever it
    comes from, also from the tree of places.
    """
    if decided_on:
        state = DiscrepancyState.DECIDED
        changed = decided_on != numbers or not decided_is_used
        return TRANSITIONS[state, DiscrepancyEvent.NUMBERS_CHANGE] if changed else state
    return DiscrepancyState.ASSIGNED if assigned else DiscrepancyState.OPEN
