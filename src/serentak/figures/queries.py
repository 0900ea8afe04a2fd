"""Figures side by side, what disagrees, and who is at work on it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import Length

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, child_level, level_of, parent_of, subtree_range
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import audit, catalogue
from serentak.platform.catalogue import said
from serentak.platform.reading import each_kept, kept, note

from . import rules, words
from .models import Discrepancy, Figure
from .permissions import VIEW_FIGURES
from .rules import (
    DatePrecision,
    Difference,
    DifferenceKind,
    DiscrepancyState,
    GivenFigure,
    Measure,
    Sides,
    Stated,
)


def measures() -> Mapping[str, Measure]:
    """Return all measures by code, in the order in which pages show them."""
    return catalogue.load("figures", "measures", rules.parse_measures)


def baseline() -> Sequence[GivenFigure]:
    """Return the published figures that come with Serentak, in the order of the catalogue."""
    return catalogue.load("figures", "south_sumatra", rules.parse_baseline)


def measure_of(code: str) -> Measure:
    """Return a measure; OutOfScope (404) if the catalogue has none of that code."""
    found = measures().get(code)
    if found is None:
        raise OutOfScope("measure", code)
    return found


# --- cards


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A recorded figure; `rounded_to` is 0 where nothing was rounded."""

    id: int
    place: PlaceCode
    measure: str
    value: Decimal
    rounded_to: Decimal
    source: str
    source_date: date
    precision: DatePrecision
    scope: str
    figure_class: FigureClass
    in_use: bool

    @property
    def source_line(self) -> str:
        """Source and date in the reader's language: KPU Provinsi Sumatera Selatan, Sep 2024."""
        return f"{self.source}, {words.source_day(self.source_date, self.precision)}"

    @property
    def stated(self) -> Stated:
        """The figure as it is compared."""
        return Stated(self.value, self.rounded_to)


@dataclass(frozen=True, slots=True)
class DiscrepancyCard:
    """A difference with the work on it; `link` leads to the page where it is decided."""

    place: PlaceCode
    measure: Measure
    difference: Difference
    state: DiscrepancyState
    owner: InstitutionCard | None
    due_date: date | None
    decided_figure: int | None
    reason: str
    decided_by: str
    decided_at: datetime | None
    version: int

    @property
    def title(self) -> str:
        """The measure's name in the reader's language."""
        return said(self.measure.name)

    @property
    def words(self) -> str:
        """The difference in one sentence, in the reader's language."""
        return words.difference_text(self.difference, self.measure)

    @property
    def link(self) -> str:
        """The path of the page, with the measure as its target; the country has none."""
        return f"/{self.place}/figures#{self.measure.code}" if self.place else ""

    @property
    def state_word(self) -> str:
        """The state in the reader's language."""
        return str(words.STATES[self.state])

    @property
    def kind_slug(self) -> str:
        """The kind as addresses write it."""
        return self.difference.kind.value.lower()

    @property
    def key(self) -> tuple[PlaceCode, str, DifferenceKind]:
        """What a discrepancy is known by."""
        return self.place, self.measure.code, self.difference.kind


@dataclass(frozen=True, slots=True)
class FigureSet:
    """All that is known of one measure at one place, side by side.

    `counted` is the number of places of that kind in the tree, None where rows cannot say.
    `children_sum` adds the figures in use of `children_known` of `children_all` children.
    """

    place: PlaceCode
    measure: Measure
    figures: tuple[FigureCard, ...]
    counted: int | None
    children_sum: Decimal | None
    children_known: int
    children_all: int
    discrepancies: tuple[DiscrepancyCard, ...]

    @property
    def in_use(self) -> FigureCard | None:
        """The figure in use."""
        return next((figure for figure in self.figures if figure.in_use), None)


# --- reads


def _cards(rows: QuerySet[Figure]) -> list[FigureCard]:
    columns = ("id", "place_id", "measure", "value", "rounded_to", "source", "source_date",
               "source_precision", "scope", "figure_class", "in_use")  # fmt: skip
    found = rows.filter(withdrawn_at=None).order_by("-in_use", "-source_date", "id")
    return [
        card_of(
            FigureCard,
            row,
            place=PlaceCode(row["place_id"]),
            precision=DatePrecision(row["source_precision"]),
            figure_class=FigureClass(row["figure_class"]),
        )
        for row in found.values(*columns)
    ]


def figures_in_use(
    codes: Collection[PlaceCode], wanted: Collection[str] = ()
) -> Mapping[PlaceCode, Mapping[str, FigureCard]]:
    """Return the figure in use by place and measure; what nobody recorded is missing. One query.

    Without `wanted` all measures.
    """
    return {
        place: {code: card for code, card in by_measure.items() if not wanted or code in wanted}
        for place, by_measure in _in_use(codes).items()
    }


@each_kept
def _in_use(codes: Collection[PlaceCode]) -> Mapping[PlaceCode, Mapping[str, FigureCard]]:
    cards = _cards(Figure.objects.filter(place__in=codes, in_use=True))
    return _by_measure(codes, cards)


def _by_measure(
    codes: Collection[PlaceCode], cards: Iterable[FigureCard]
) -> Mapping[PlaceCode, Mapping[str, FigureCard]]:
    found: dict[PlaceCode, dict[str, FigureCard]] = {code: {} for code in codes}
    for card in cards:
        if card.in_use and card.place in found:
            found[card.place][card.measure] = card
    return found


def recorded_keys(
    codes: Collection[PlaceCode],
) -> set[tuple[str, str, str, date, str]]:
    """Return the keys of all figures of places that were not withdrawn; one query."""
    rows = Figure.objects.filter(place__in=codes, withdrawn_at=None)
    return set(rows.values_list("place_id", "measure", "source", "source_date", "scope"))


def figure(place: PlaceCode, figure_id: int) -> FigureCard:
    """Return a figure of a place that was not withdrawn; OutOfScope (404) otherwise."""
    for card in _cards(Figure.objects.filter(place=place, id=figure_id)):
        return card
    raise OutOfScope("figure", figure_id)


def figure_sets(place: PlaceCode) -> tuple[FigureSet, ...]:
    """Return each measure of a place of which something is known; at most five queries."""
    return _told(_compared(place)[place])


def _told(sets: Iterable[FigureSet]) -> tuple[FigureSet, ...]:
    return tuple(s for s in sets if s.figures or s.counted or s.children_known)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A place's figures side by side, and how many discrepancies are open at each child."""

    sets: tuple[FigureSet, ...]
    open_below: Mapping[PlaceCode, int]

    @property
    def open_here(self) -> int:
        """How many discrepancies of the place itself are not decided."""
        return sum(_open(figure_set) for figure_set in self.sets)


def reconciliation(place: PlaceCode) -> Reconciliation:
    """Return what the page of a place's figures shows; at most five queries."""
    found = _compared(place)
    return Reconciliation(
        sets=_told(found[place]),
        open_below={
            child: count
            for child, sets in found.items()
            if child != place and (count := sum(_open(s) for s in sets))
        },
    )


def _open(figure_set: FigureSet) -> int:
    return sum(c.state is not DiscrepancyState.DECIDED for c in figure_set.discrepancies)


@kept
def discrepancies(parent: PlaceCode, viewer: Viewer) -> tuple[DiscrepancyCard, ...]:
    """Return what disagrees and is not decided at a place and its children, weightiest first.

    Only places whose figures the viewer may see; at most five queries.
    """
    open_ones = [
        card
        for place, sets in _compared(parent).items()
        if viewer.may(VIEW_FIGURES, place)
        for figure_set in sets
        for card in figure_set.discrepancies
        if card.state is not DiscrepancyState.DECIDED
    ]
    return tuple(sorted(open_ones, key=lambda card: (-card.measure.weight, card.place)))


def discrepancy(place: PlaceCode, measure: str, kind: DifferenceKind) -> DiscrepancyCard:
    """Return one difference of today with the work on it; OutOfScope (404) if they agree."""
    for figure_set in _compared(place)[place]:
        for card in figure_set.discrepancies:
            if card.key == (place, measure, kind):
                return card
    raise OutOfScope("discrepancy", place, measure, kind)


def history(place: PlaceCode, *, limit: int = 30) -> list[audit.HistoryLine]:
    """Return the newest events on a place's figures; two queries."""
    return [
        audit.HistoryLine(
            entry.at,
            words.event_text(entry.name, entry.facts, measures()),
            entry.actor,
            str(entry.facts.get("reason", "")),
        )
        for entry in audit.history(subject_of(place), limit=limit)
    ]


def subject_of(place: PlaceCode) -> str:
    """Return the audit's subject for all figures of a place."""
    return f"figures:{place}"


# --- comparing


def _compared(parent: PlaceCode) -> Mapping[PlaceCode, tuple[FigureSet, ...]]:
    """Return the sets of a place and of its children, in the order of their codes."""
    children = {child.code for child in places.children(parent)}
    shown = [parent, *sorted(children)]
    figures: defaultdict[tuple[PlaceCode, str], list[FigureCard]] = defaultdict(list)
    in_use_under: defaultdict[tuple[PlaceCode, str], dict[PlaceCode, FigureCard]]
    in_use_under = defaultdict(dict)
    cards = _cards(_down_to_grandchildren(parent))
    note(_in_use, _by_measure(shown, cards))
    for card in cards:
        figures[card.place, card.measure].append(card)
        above = parent_of(card.place)
        if card.in_use and above is not None and card.place != parent:
            in_use_under[above, card.measure][card.place] = card
    counts = places.counts_by_child(parent)
    below = {parent: len(children), **{c: _children_in(counts.get(c), c) for c in children}}
    rows = Discrepancy.objects.filter(place__in=shown).select_related("decided_by")
    work = {(row.place_id, row.measure, row.kind): row for row in rows}
    owners = institutions.institutions({row.owner_id for row in work.values() if row.owner_id})
    known = _Known(figures, in_use_under, counts, below, work, owners)
    return {
        place: tuple(known.figure_set(place, measure) for measure in measures().values())
        for place in shown
    }


def _down_to_grandchildren(parent: PlaceCode) -> QuerySet[Figure]:
    """Return the figures of a place, of its children, and of theirs, whose sums are compared."""
    low, high = subtree_range(parent)
    child = child_level(level_of(parent)) or Level.STATION
    deepest = child_level(child) or child
    return Figure.objects.alias(width=Length("place_id")).filter(
        place__gte=low, place__lt=high, width__lte=int(deepest)
    )


def _children_in(counts: places.Counts | None, place: PlaceCode) -> int:
    level = child_level(level_of(place))
    return counts.by_level[level] if counts and level is not None else 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of a place and its children, to be compared measure by measure."""

    figures: Mapping[tuple[PlaceCode, str], list[FigureCard]]
    in_use_under: Mapping[tuple[PlaceCode, str], Mapping[PlaceCode, FigureCard]]
    counts: Mapping[PlaceCode, places.Counts]
    children: Mapping[PlaceCode, int]
    work: Mapping[tuple[str, str, str], Discrepancy]
    owners: Mapping[int, InstitutionCard]

    def used(self, place: PlaceCode, measure: str) -> FigureCard | None:
        return next((c for c in self.figures.get((place, measure), ()) if c.in_use), None)

    def figure_set(self, place: PlaceCode, measure: Measure) -> FigureSet:
        cards = tuple(self.figures.get((place, measure.code), ()))
        children = self.in_use_under.get((place, measure.code), {})
        counts, counted = self.counts.get(place), None
        if measure.counted and counts is not None:
            counted = sum(counts.by_kind[places.Kind(kind)] for kind in measure.counted)
        used = self.used(place, measure.code)
        parts = [self.used(place, part) for part in measure.parts]
        silent = self.children[place] - len(children)
        sides = Sides(
            in_use=used.stated if used else None,
            others=[card.stated for card in cards if not card.in_use],
            counted=counted,
            children=[*(card.stated for card in children.values()), *([None] * silent)],
            parts=[card.stated if card else None for card in parts],
        )
        return FigureSet(
            place=place,
            measure=measure,
            figures=cards,
            counted=counted,
            children_sum=sum((c.value for c in children.values()), Decimal(0))
            if children
            else None,
            children_known=len(children),
            children_all=self.children[place],
            discrepancies=tuple(
                self.discrepancy(place, measure, difference, used)
                for difference in rules.differences(sides, measure)
            ),
        )

    def discrepancy(
        self, place: PlaceCode, measure: Measure, difference: Difference, used: FigureCard | None
    ) -> DiscrepancyCard:
        row = self.work.get((place, measure.code, difference.kind.value))
        state = rules.state_of(
            assigned=bool(row and row.owner_id),
            decided_on=row.numbers if row else "",
            decided_is_used=bool(row and used and row.decided_figure_id == used.id),
            numbers=difference.numbers,
        )
        # What was given and decided for other numbers binds nobody any more.
        bound = row if row and state is not DiscrepancyState.OPEN else None
        decided = bound if bound and state is DiscrepancyState.DECIDED else None
        return DiscrepancyCard(
            place=place,
            measure=measure,
            difference=difference,
            state=state,
            owner=self.owners.get(bound.owner_id) if bound and bound.owner_id else None,
            due_date=bound.due_date if bound else None,
            decided_figure=decided.decided_figure_id if decided else None,
            reason=decided.reason if decided else "",
            decided_by=decided.decided_by.full_name if decided and decided.decided_by else "",
            decided_at=decided.decided_at if decided else None,
            version=row.version if row else 0,
        )
