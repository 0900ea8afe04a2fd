"""How far places are checked, and what checks make of them: one statement, whatever is under it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce, Left

from serentak.elections import public as elections
from serentak.facilities.models import Defect, Standing
from serentak.facilities.rules.checklists import Checklist
from serentak.facilities.rules.defects import DefectState
from serentak.facilities.rules.judging import Outcome
from serentak.kernel.codes import Level, PlaceCode, child_level, level_of
from serentak.kernel.sums import Summed
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.reading import kept
from serentak.platform.rows import within

from .catalogues import checklists, countdown_of

OPEN = ~Q(state=DefectState.CONFIRMED.value)


@dataclass(frozen=True, slots=True)
class Coverage(Summed):
    """How many places there are, how many are checked by the version that holds, and as what.

    `incomplete` are checked with questions open; `outdated` were checked by an older version, and
    count as unchecked. `late` are those where something past its day fails or is silent.
    """

    places: int = 0
    checked: int = 0
    ready: int = 0
    nearly: int = 0
    not_ready: int = 0
    incomplete: int = 0
    outdated: int = 0
    late: int = 0

    @property
    def unchecked(self) -> int:
        """Places without a check that holds."""
        return max(0, self.places - self.checked)


@dataclass(frozen=True, slots=True)
class OpenDefects(Summed):
    """Defects that no check has confirmed as mended."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class ListLine:
    """A checklist at and under a place."""

    checklist: Checklist
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A place one level down: its checks over all checklists, or over one."""

    place: PlaceCard
    coverage: Coverage
    defects: OpenDefects


@dataclass(frozen=True, slots=True)
class Tally:
    """A question over all places checked: how many fail in it, how many leave it open."""

    failed: int = 0
    unanswered: int = 0


def _below(place: PlaceCode) -> Level:
    return child_level(level_of(place)) or Level.STATION


@kept
def coverage(place: PlaceCode, today: date) -> Mapping[PlaceCode, Mapping[str, Coverage]]:
    """Return the coverage by checklist of a place and each place one level down; four queries.

    What lies at the very place counts there alone.
    """
    by_key = checklists().checklists
    now = countdown_of(place, today)
    found: dict[PlaceCode, dict[str, Coverage]] = defaultdict(dict)
    for code, by_level in _to_check(place).items():
        for one in by_key.values():
            if number := by_level.get(one.level, 0):
                found[code][one.key] = Coverage(places=number)
    for code, key, counts in _rows(place, by_key, now):
        for at in {code, place}:
            found[at][key] = found[at].get(key, Coverage()) + counts
    return {
        code: {key: _with_silent(line, by_key[key], now) for key, line in lines.items()}
        for code, lines in found.items()
    }


def _with_silent(line: Coverage, asked: Checklist, now: int | None) -> Coverage:
    """Count as late what was never checked though something was due there."""
    if now is None or now <= asked.first_due:
        return line
    return replace(line, late=line.late + line.unchecked)


_OUTCOMES = {
    Outcome.READY.value: "ready",
    Outcome.NEARLY.value: "nearly",
    Outcome.NOT_READY.value: "not_ready",
    Outcome.UNANSWERED.value: "incomplete",
}


def _rows(
    place: PlaceCode, known: Mapping[str, Checklist], now: int | None
) -> Iterator[tuple[PlaceCode, str, Coverage]]:
    """Yield by place one level down and checklist how many stand alike; one statement."""
    is_late = Q(open_due__lt=-9999 if now is None else now)
    rows: QuerySet[Any, Any] = (
        Standing.objects.filter(within(place), checklist__in=list(known))
        .annotate(code=Left("place_id", int(_below(place))), late=ExpressionWrapper(
            Coalesce(is_late, Value(value=False)), output_field=BooleanField()))
        .values_list("code", "checklist", "version", "outcome", "late")
        .annotate(n=Count("pk"))
        .order_by()
    )  # fmt: skip
    for code, key, version, outcome, late, n in rows:
        if version != known[key].version:
            yield PlaceCode(code), key, Coverage(outdated=n)
        else:
            of = {_OUTCOMES[outcome]: n}
            yield PlaceCode(code), key, Coverage(checked=n, late=n if late else 0, **of)


def _to_check(place: PlaceCode) -> Mapping[PlaceCode, Mapping[Level, int]]:
    """Return how many places of each level lie at and under a place and each one level down."""
    below = _below(place)
    found: dict[PlaceCode, dict[Level, int]] = {place: {level_of(place): 1}}
    if level_of(place) is not Level.STATION:
        for code, counts in places.counts_by_child(place).items():
            found.setdefault(code, {level_of(code): 1}).update(
                {level: n for level, n in counts.by_level.items() if n and level < Level.STATION}
            )
        stations = elections.voters_at_level(place, below)
        for code, voters in stations.items():
            found.setdefault(code, {level_of(code): 1})[Level.STATION] = voters.stations
        found[place][Level.STATION] = sum(voters.stations for voters in stations.values())
    return found


@kept
def open_defects(place: PlaceCode, today: date) -> Mapping[PlaceCode, OpenDefects]:
    """Return the open defects of a place and each place one level down; one query."""
    rows: QuerySet[Any, Any] = (
        Defect.objects.filter(OPEN, within(place))
        .annotate(code=Left("place_id", int(_below(place))))
        .values("code")
        .annotate(open=Count("pk"), late=Count("pk", filter=_late(today)))
        .order_by()
    )
    found: dict[PlaceCode, OpenDefects] = {}
    for row in rows:
        code = PlaceCode(row.pop("code"))
        for at in {code, place}:
            found[at] = found.get(at, OpenDefects()) + OpenDefects(**row)
    return found


def _late(today: date) -> Q:
    """Return the condition for what is past its day, and nobody says that it is mended."""
    return Q(due_date__lt=today) & ~Q(state=DefectState.MENDED.value)


def list_lines(place: PlaceCode, today: date) -> Sequence[ListLine]:
    """Return each checklist that has places at or under a place; as many queries as `coverage`."""
    lines = coverage(place, today).get(place, {})
    return [
        ListLine(one, lines[one.key])
        for one in checklists().checklists.values()
        if one.key in lines
    ]


def child_lines(place: PlaceCode, today: date, *, only: str = "") -> Sequence[ChildLine]:
    """Return the places one level down with their checks; with `only` of one checklist."""
    lines, defects = coverage(place, today), open_defects(place, today)
    found = []
    for card in places.children(place):
        of_child = lines.get(card.code, {})
        wanted = [line for key, line in of_child.items() if only in ("", key)]
        if wanted:
            total = sum(wanted, start=Coverage())
            found.append(ChildLine(card, total, defects.get(card.code, OpenDefects())))
    return found


@kept
def tallies(place: PlaceCode, key: str) -> Mapping[str, Tally]:
    """Return by question where the last checks fail or leave it open; two queries."""
    failed, unanswered = (_unnested(place, key, column) for column in ("failed", "unanswered"))
    return {
        question: Tally(failed.get(question, 0), unanswered.get(question, 0))
        for question in {*failed, *unanswered}
    }


def _unnested(place: PlaceCode, key: str, column: str) -> Mapping[str, int]:
    rows = standings_under(place, key).annotate(question=Func(F(column), function="unnest"))
    return dict(rows.order_by().values_list("question").annotate(n=Count("pk")))


def standings_under(place: PlaceCode, key: str) -> "QuerySet[Standing]":
    """Return what the last checks of a checklist make of the places at and under a place."""
    known = checklists().checklists[key]
    return Standing.objects.filter(
        within(place), checklist=key, version=known.version
    ).select_related("place__parent", "last_check")


@dataclass(frozen=True, slots=True)
class CountingIt:
    """Of how many stations it is known that they have both accounts; who without signal has a way.

    `offline` have no signal and can photograph first and send later, `stuck` cannot or do not say.
    """

    stations: int
    checked: int
    with_accounts: int
    offline: int
    stuck: int


@kept
def counting_it(place: PlaceCode, today: date) -> CountingIt | None:
    """Return how stations stand in counting IT, None where none was checked; five queries."""
    line = coverage(place, today).get(place, {}).get("it-station")
    if line is None or not line.checked:
        return None
    without_signal = Q(answers__signal__gt=0)
    sends_later = ~Q(failed__contains=["offline"]) & ~Q(unanswered__contains=["offline"])
    lacks = Q(failed__contains=["accounts"]) | Q(unanswered__contains=["accounts"])
    counts = standings_under(place, "it-station").aggregate(
        with_accounts=Count("pk", filter=~lacks),
        offline=Count("pk", filter=without_signal & sends_later),
        stuck=Count("pk", filter=without_signal & ~sends_later),
    )
    return CountingIt(stations=line.places, checked=line.checked, **counts)
