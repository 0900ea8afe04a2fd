"""What stations need, how strong a regency is, and what is short: by place, in few queries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    CharField,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Left

from serentak.elections import public as elections
from serentak.kernel.codes import (
    Level,
    PlaceCode,
    at_level,
    child_level,
    level_of,
    subtree_range,
)
from serentak.platform.reading import kept
from serentak.platform.rows import within
from serentak.posting.models import Force, Post, Reinforcement
from serentak.posting.rules import (
    PostKind,
    SentState,
    Shortage,
    StationClass,
    needs,
    shortage,
)
from serentak.vulnerability import public as vulnerability

from .catalogues import used_patterns

TO_STATIONS = [kind.value for kind in PostKind if kind.goes_to_stations]


@dataclass(frozen=True, slots=True)
class Need:
    """Stations and the officers that they need, by class; `unclassed` stations count as LESS."""

    stations: Mapping[StationClass, int] = field(default_factory=dict)
    officers: Mapping[StationClass, int] = field(default_factory=dict)
    unclassed: int = 0

    def __add__(self, other: "Need") -> "Need":
        return Need(
            Counter(self.stations) + Counter(other.stations),
            Counter(self.officers) + Counter(other.officers),
            self.unclassed + other.unclassed,
        )

    @property
    def total(self) -> int:
        """All officers needed."""
        return sum(self.officers.values())

    @property
    def all_stations(self) -> int:
        """All stations."""
        return sum(self.stations.values())


NOTHING = Need()


def classes_of(place: PlaceCode) -> Mapping[PlaceCode, StationClass]:
    """Return the classes that the police gave, by station; one query."""
    given = vulnerability.given_classes(place)
    return {code: StationClass(one.value) for code, one in given.items()}


@kept
def district_needs(place: PlaceCode) -> Mapping[PlaceCode, Need]:
    """Return the need of each district at and under a place; three queries."""
    by_class: dict[PlaceCode, Counter[StationClass]] = {}
    given: Counter[PlaceCode] = Counter()
    for code, one in classes_of(place).items():
        district = at_level(code, Level.DISTRICT)
        by_class.setdefault(district, Counter())[one] += 1
        given[district] += 1
    used = used_patterns(place)
    found = {}
    for district, voters in elections.voters_at_level(place, Level.DISTRICT).items():
        counts = by_class.get(district, Counter())
        unclassed = max(0, voters.stations - given[district])
        stations = {one: counts[one] for one in StationClass}
        stations[StationClass.LESS] += unclassed
        known = {one: count for one, count in stations.items() if count}
        found[district] = Need(known, needs(used.of(district), known), unclassed)
    return found


@dataclass(frozen=True, slots=True)
class Strength:
    """A regency's officers for stations: `own` (None: nobody told), those who come and who leave.

    `is_named` where posts tell of them; else `named` of them stand at posts that are told, and the
    sum holds until these are complete. One counts on what was promised or arrived.
    """

    own: int | None = None
    is_named: bool = False
    named: int = 0
    coming: int = 0
    leaving: int = 0
    proposed: int = 0

    @property
    def total(self) -> int | None:
        """All on whom one counts, None where nobody told anything."""
        if self.own is None and not self.coming:
            return None
        return max(0, (self.own or 0) + self.coming - self.leaving)


@kept
def strengths(place: PlaceCode) -> Mapping[PlaceCode, Strength]:
    """Return the strength of each regency at, under or above a place; one query.

    Where posts have as many officers as the sum that was told, theirs count; else the sum does,
    never both: posts told one by one are not complete from the first.
    """
    place = at_level(place, Level.REGENCY) if level_of(place) > Level.REGENCY else place
    posts = Post.objects.filter(within(place), kind__in=TO_STATIONS, is_closed=False)
    sent = Reinforcement.objects.exclude(state=SentState.DROPPED.value)
    rows = _told("POST", posts, "place_id", F("officers") / F("shifts")).union(
        _told("STAFF", posts, "place_id", F("officers")),
        _told("SUM", Force.objects.filter(within(place)), "place_id", F("officers")),
        _told("IN", sent.filter(within(place)), "place_id", F("officers")),
        _told("OUT", sent.filter(within(place, "origin")), "origin_id", F("officers")),
        all=True,
    )
    found: Counter[tuple[PlaceCode, str]] = Counter()
    codes: set[PlaceCode] = set()
    for what, code, n, state in rows:
        regency = PlaceCode(code[: Level.REGENCY])
        is_sure = not state or SentState(state).counts
        if len(regency) == Level.REGENCY and n is not None:
            codes.add(regency)
            found[regency, what if is_sure else f"{what}?"] += n
            found[regency, f"{what} is told"] = 1
    named = {
        code
        for code in codes
        if found[code, "POST is told"] and found[code, "STAFF"] >= found[code, "SUM"]
    }
    return {
        code: Strength(
            own=found[code, "POST"]
            if code in named
            else found[code, "SUM"]
            if found[code, "SUM is told"]
            else None,
            is_named=code in named,
            named=found[code, "POST"],
            coming=found[code, "IN"],
            leaving=found[code, "OUT"],
            proposed=found[code, "IN?"],
        )
        for code in codes
    }


def _told(what: str, rows: "QuerySet[Any]", place: str, officers: Any) -> "QuerySet[Any, Any]":
    """Return what rows tell of strength: as what, where, how many, in which state."""
    state = F("state") if what in ("IN", "OUT") else Value("")
    return rows.order_by().values_list(
        Value(what),
        Cast(place, CharField()),
        ExpressionWrapper(officers, IntegerField()),
        Cast(state, CharField()),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A place: what it needs, how strong it is, what is short.

    Strength and shortage are a regency's matter: a district has None. A province sums those of its
    regencies: what one has over does not close what another lacks.
    """

    code: PlaceCode
    need: Need
    strength: int | None = None
    own: int | None = None
    coming: int = 0
    leaving: int = 0
    proposed: int = 0
    short: Shortage | None = None
    over: int = 0
    silent: int = 0
    """Regencies that told no strength."""
    is_named: bool = False
    """Whether posts tell of the strength."""
    named: int = 0
    """Officers of the posts that are told, where the sum still holds too."""


@kept
def lines(parent: PlaceCode, level: Level | None = None) -> Mapping[PlaceCode, Line]:
    """Return a place and its children, else those of a level, down to districts; five queries."""
    need = district_needs(parent)
    level = level or child_level(level_of(parent)) or Level.DISTRICT
    by_place: dict[PlaceCode, Need] = {parent: NOTHING}
    by_regency: dict[PlaceCode, Need] = {}
    for district, one in need.items():
        for code in {parent, at_level(district, min(level, Level.DISTRICT))}:
            by_place[code] = by_place.get(code, NOTHING) + one
        regency = at_level(district, Level.REGENCY)
        by_regency[regency] = by_regency.get(regency, NOTHING) + one
    strong = strengths(parent)
    regencies = {
        code: _line(code, one, strong.get(code, Strength())) for code, one in by_regency.items()
    }
    found = {}
    for code, one in by_place.items():
        if level_of(code) is Level.REGENCY:
            found[code] = regencies.get(code) or _line(code, one, strong.get(code, Strength()))
        elif level_of(code) is Level.DISTRICT:
            found[code] = Line(code, one)
        else:
            low, high = subtree_range(code)
            own = [line for of, line in regencies.items() if low <= of < high]
            found[code] = _sum(code, one, own)
    return found


def _line(code: PlaceCode, need: Need, strong: Strength) -> Line:
    total = strong.total
    return Line(
        code,
        need,
        strength=total,
        own=strong.own,
        coming=strong.coming,
        leaving=strong.leaving,
        proposed=strong.proposed,
        short=None if total is None else shortage(need.officers, total),
        over=max(0, (total or 0) - need.total),
        silent=int(total is None and need.total > 0),
        is_named=strong.is_named,
        named=strong.named,
    )


def _sum(code: PlaceCode, need: Need, under: list[Line]) -> Line:
    told = [line for line in under if line.strength is not None]
    lacks: Counter[StationClass] = Counter()
    for line in told:
        lacks.update(line.short.by_class if line.short else {})
    return Line(
        code,
        need,
        strength=sum(line.strength or 0 for line in told) if told else None,
        own=sum(line.own or 0 for line in told) if told else None,
        coming=sum(line.coming for line in under),
        leaving=sum(line.leaving for line in under),
        proposed=sum(line.proposed for line in under),
        short=Shortage(lacks.total(), lacks) if told else None,
        over=sum(line.over for line in under),
        silent=sum(line.silent for line in under),
    )


def posts_by(place: PlaceCode, level: Level) -> Mapping[PlaceCode, int]:
    """Return how many open posts there are by place of a level; one query."""
    rows = (
        Post.objects.filter(within(place), is_closed=False)
        .annotate(code=Left("place_id", int(level)))
        .values("code")
        .annotate(n=Count("pk"))
        .order_by()
        .values_list("code", "n")
    )
    return {PlaceCode(code): n for code, n in rows}
