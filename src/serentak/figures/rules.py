"""When figures disagree: what is compared with what, how far apart is too far, what is absurd."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode, parse_code

NONE = Decimal(0)


# --- what is counted


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted of a place; see `catalogue/measures.yaml` for the meaning of each field."""

    code: str
    name: Mapping[str, str]
    unit: Mapping[str, str]
    decimals: int
    sums: bool
    counted: tuple[str, ...]
    parts: tuple[str, ...]
    at_most: Decimal
    tolerance: Decimal
    tolerance_share: Decimal
    weight: float


def parse_measures(data: Any) -> Mapping[str, Measure]:
    """Check the catalogue of measures: both languages, known parts, no negative limit."""
    measures: dict[str, Measure] = {}
    faults: list[str] = []
    for code, item in data["measures"].items():
        measure = Measure(
            code=code,
            name={language: str(item["name"][language]) for language in ("id", "en")},
            unit={language: str(item["unit"][language]) for language in ("id", "en")},
            decimals=int(item.get("decimals", 0)),
            sums=bool(item.get("sums", False)),
            counted=tuple(item.get("counted", ())),
            parts=tuple(item.get("parts", ())),
            at_most=Decimal(str(item["at_most"])),
            tolerance=Decimal(str(item.get("tolerance", 0))),
            tolerance_share=Decimal(str(item.get("tolerance_share", 0))),
            weight=float(item["weight"]),
        )
        if min(measure.tolerance, measure.tolerance_share, measure.at_most) < 0:
            faults.append(f"{code}: tolerances and limits are not negative")
        if not 0 <= measure.decimals <= 3:
            faults.append(f"{code}: a figure has at most three decimals")
        faults += [
            f"{code}: the part {part} is not a measure"
            for part in measure.parts
            if part not in data["measures"]
        ]
        measures[code] = measure
    if faults:
        raise ValueError("\n".join(faults))
    return measures


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


def parse_baseline(data: Any) -> tuple[GivenFigure, ...]:
    """Check a list of published figures, in the order in which they stand."""
    return tuple(_baseline_figure(item, data["sources"]) for item in data["figures"])


def _baseline_figure(item: Any, sources: Any) -> GivenFigure:
    given = {**sources[item["from"]], **item}
    day, precision = source_date(given["date"])
    return GivenFigure(
        place=parse_code(str(given["place"])),
        measure=str(given["measure"]),
        value=Decimal(str(given["value"])),
        source=str(given["source"]),
        source_date=day,
        precision=precision,
        scope=str(given.get("scope", "")),
        figure_class=FigureClass(given.get("class", FigureClass.SOURCED)),
        rounded_to=Decimal(str(given.get("rounded_to", 0))),
    )


def source_date(text: Any) -> tuple[date, DatePrecision]:
    """Return the day of 2024-09-20, or the first of 2024-09; ValueError for anything else."""
    if re.fullmatch(r"\d{4}-\d\d", str(text)):
        return date.fromisoformat(f"{text}-01"), DatePrecision.MONTH
    return date.fromisoformat(str(text)), DatePrecision.DAY


# --- what may be recorded

SOURCE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a figure cannot be recorded: the input's name, a code for words, its parameters."""

    field: str
    code: str
    params: Mapping[str, object]


def fault_of(given: GivenFigure, measure: Measure | None, *, today: date) -> Fault | None:
    """Return the first thing that is wrong with a figure, None if it may be recorded."""
    if measure is None:
        return Fault("measure", "figures.measure_is_unknown", {"measure": given.measure[:40]})
    value, rounded_to = given.value, given.rounded_to
    if not (value.is_finite() and rounded_to.is_finite()):
        return Fault("value", "figures.value_is_no_number", {})
    if value < 0:
        return Fault("value", "figures.value_is_negative", {})
    if value > measure.at_most:
        return Fault("value", "figures.value_is_absurd", {"limit": plain(measure.at_most)})
    if decimals_of(value) > measure.decimals:
        return Fault("value", "figures.value_has_too_many_decimals", {"decimals": measure.decimals})
    if rounded_to < 0 or rounded_to > measure.at_most or decimals_of(rounded_to) > 3:
        return Fault("rounded_to", "figures.rounding_is_absurd", {})
    if not given.source.strip():
        return Fault("source", "figures.source_is_missing", {})
    for name in ("source", "scope"):
        text = getattr(given, name)
        if len(text) > SOURCE_LENGTH or "\x00" in text:
            return Fault(name, "figures.text_is_too_long", {"limit": SOURCE_LENGTH})
    if given.source_date > today:
        return Fault("source_date", "figures.source_date_lies_ahead", {})
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

    figure_id: int
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
    return Stated(0, sum((p.value for p in known), NONE), sum((p.rounded_to for p in known), NONE))


def _counted(rows: int | None) -> Stated | None:
    return Stated(0, Decimal(rows)) if rows else None


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


TRANSITIONS: Mapping[tuple[DiscrepancyState, DiscrepancyEvent], DiscrepancyState] = {
    (DiscrepancyState.OPEN, DiscrepancyEvent.ASSIGN): DiscrepancyState.ASSIGNED,
    (DiscrepancyState.OPEN, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
    (DiscrepancyState.OPEN, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.OPEN,
    (DiscrepancyState.ASSIGNED, DiscrepancyEvent.ASSIGN): DiscrepancyState.ASSIGNED,
    (DiscrepancyState.ASSIGNED, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
    (DiscrepancyState.ASSIGNED, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.ASSIGNED,
    (DiscrepancyState.DECIDED, DiscrepancyEvent.DECIDE): DiscrepancyState.DECIDED,
    (DiscrepancyState.DECIDED, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.OPEN,
}
"""What is decided cannot be assigned; it opens by itself when the numbers change."""


def after(state: DiscrepancyState, event: DiscrepancyEvent) -> DiscrepancyState | None:
    """Return the state after `event`, None if it may not happen now."""
    return TRANSITIONS.get((state, event))


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
