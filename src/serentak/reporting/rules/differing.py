"""Contradictions: the catalogue of checks, how they weigh, how they move from open to settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite, log10
from typing import Annotated, Any

from serentak.kernel.codes import Level
from serentak.kernel.countdown import day_of, parse_countdown
from serentak.kernel.differing import Differs
from serentak.kernel.entries import As, Cite, Key, Named, Text, above_zero, at_least, between
from serentak.kernel.machine import Machine


class ContradictionState(StrEnum):
    """Where a contradiction stands; it is GONE where both sides became equal by themselves."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ANSWERED = "ANSWERED"
    SETTLED = "SETTLED"
    GONE = "GONE"


class ContradictionEvent(StrEnum):
    """What people do with it, and what the sides do: CHANGE, VANISH, COME_BACK."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    ANSWER = "ANSWER"
    SETTLE = "SETTLE"
    REOPEN = "REOPEN"
    CHANGE = "CHANGE"
    VANISH = "VANISH"
    COME_BACK = "COME_BACK"


_S, _E = ContradictionState, ContradictionEvent

CONTRADICTION_TRANSITIONS = Machine[ContradictionState, ContradictionEvent](
    {
        (_S.OPEN, _E.ACKNOWLEDGE): _S.ACKNOWLEDGED,
        (_S.OPEN, _E.ANSWER): _S.ANSWERED,
        (_S.OPEN, _E.CHANGE): _S.OPEN,
        (_S.OPEN, _E.VANISH): _S.GONE,
        (_S.ACKNOWLEDGED, _E.ANSWER): _S.ANSWERED,
        (_S.ACKNOWLEDGED, _E.SETTLE): _S.SETTLED,
        (_S.ACKNOWLEDGED, _E.CHANGE): _S.ACKNOWLEDGED,
        (_S.ACKNOWLEDGED, _E.VANISH): _S.GONE,
        (_S.ANSWERED, _E.ANSWER): _S.ANSWERED,
        (_S.ANSWERED, _E.SETTLE): _S.SETTLED,
        (_S.ANSWERED, _E.CHANGE): _S.ANSWERED,
        (_S.ANSWERED, _E.VANISH): _S.GONE,
        (_S.SETTLED, _E.REOPEN): _S.OPEN,
        (_S.SETTLED, _E.COME_BACK): _S.OPEN,
        (_S.GONE, _E.COME_BACK): _S.OPEN,
    }
)

LIVE = frozenset({_S.OPEN, _S.ACKNOWLEDGED, _S.ANSWERED})
"""States in which somebody still has to settle it."""


class Counted(StrEnum):
    """What the amount of a check counts."""

    STATIONS = "STATIONS"
    VOTERS = "VOTERS"
    CASES = "CASES"
    NONE = "NONE"


class Stands(StrEnum):
    """Whether a check is asked, or waits for what it would compare."""

    TODAY = "TODAY"
    PLANNED = "PLANNED"


class ComesBack(StrEnum):
    """When a settled one opens by itself: as soon as a side changes, or once they were equal."""

    CHANGED = "CHANGED"
    EQUAL_BETWEEN = "EQUAL_BETWEEN"


class Used(StrEnum):
    """Which of the sides a decision uses."""

    A = "A"
    B = "B"
    NEITHER = "NEITHER"


@dataclass(frozen=True, slots=True)
class Side:
    """What a side says in words, and where it stands in the product."""

    says: Text
    where: Annotated[str, Named("from")]


Share = Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Differences up to this are none: in units, as a share of the larger side, or so young."""

    units: Annotated[float, Named("abs"), at_least(0)] = 0
    share: Share = 0
    minutes: Annotated[int, at_least(0)] = 0
    days: Annotated[int, at_least(0)] = 0

    @property
    def time(self) -> timedelta:
        """How long a difference may last before it is one."""
        return timedelta(days=self.days, minutes=self.minutes)


def _near(raw: object) -> int | None:
    return None if raw == "now" else parse_countdown(str(raw))


def _level(raw: object) -> Level:
    try:
        return Level[str(raw).upper()]
    except KeyError:
        raise ValueError(f"{raw!r} is no level") from None


@dataclass(frozen=True, slots=True)
class Weight:
    """How heavy it is: `base` and what its amount counts; halved towards `near`, None: now."""

    base: Annotated[float, above_zero]
    by: Counted
    amount: str
    near: Annotated[int | None, As(_near)]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who settles it: a kind of institution at a level of the place."""

    kind: str
    level: Annotated[Level, As(_level)]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class OnTheDay:
    """The clocks of the day of the vote."""

    answer_minutes: Annotated[int, above_zero]
    settle_minutes: Annotated[int, above_zero]


@dataclass(frozen=True, slots=True)
class Clock:
    """By when it is answered and settled, from its opening."""

    answer_hours: Annotated[int, above_zero]
    settle_hours: Annotated[int, above_zero]
    on_the_day: OnTheDay | None = None

    def __post_init__(self) -> None:
        if self.settle_hours < self.answer_hours:
            raise ValueError("settle_hours: must not come before the answer")


@dataclass(frozen=True, slots=True)
class Check:
    """A fact on which two sides can differ.

    `asks` names the query (`slice.name`), `sees` the permissions without which it does not exist
    for a reader; a `confided` one is in no alert, report or agenda. One that is PLANNED says for
    what it `waits`.
    """

    key: Key
    name: Text
    a: Side
    b: Side
    condition: str
    tolerance: Tolerance
    weight: Weight
    owner: Owner
    clock: Clock
    settled: Text
    reopens: Text
    hides: Text
    stands: Stands
    asks: str = ""
    sees: tuple[str, ...] = ()
    is_confided: Annotated[bool, Named("confided")] = False
    comes_back: ComesBack = ComesBack.CHANGED
    waits: Text | None = None
    example: Cite | None = None

    def __post_init__(self) -> None:
        if (self.stands is Stands.TODAY) != bool(self.asks):
            raise ValueError("asks: a check that stands today names its query, no other does")
        if (self.stands is Stands.PLANNED) != (self.waits is not None):
            raise ValueError("waits: a planned check says for what it waits, no other does")


@dataclass(frozen=True, slots=True)
class Checks:
    """The catalogue: what holds for all, and the checks by their keys."""

    common: tuple[Text, ...]
    half_life_days: Annotated[float, above_zero]
    contradictions: Mapping[str, Check] = field(default_factory=dict)

    @property
    def asked(self) -> Mapping[str, Check]:
        """The checks that stand today, by key."""
        return {k: one for k, one in self.contradictions.items() if one.stands is Stands.TODAY}


# --- weight, tolerance, clock


def strength(base: float, amount: float) -> float:
    """Return the weight without its nearness: base × log10(10 + amount).

    ValueError for an amount that is negative or no number: a check divided by nothing.
    """
    if not isfinite(amount) or amount < 0:
        raise ValueError(f"amount: {amount} is not a number from 0 on")
    return base * log10(10 + amount)


def weight_of(power: float, *, near: date | None, today: date, half_life_days: float) -> float:
    """Return the weight of today: halved for every half-life between today and `near`."""
    days = abs((near - today).days) if near else 0
    return power * float(0.5 ** (days / half_life_days))


def is_tolerated(found: Differs, tolerance: Tolerance, *, at: datetime) -> bool:
    """Tell whether a difference is small or young enough to be none."""
    if tolerance.time and found.since is not None and at - found.since <= tolerance.time:
        return True
    a, b = found.a.value, found.b.value
    if a is None or b is None:
        return False
    if not (isfinite(a) and isfinite(b)):
        raise ValueError(f"{found.subject}: a side is no number")
    most = max(tolerance.units, tolerance.share * max(abs(a), abs(b)))
    return abs(a - b) <= most and bool(most)


def near_day(check: Check, found: Differs, *, vote_date: date) -> date | None:
    """Return the last day on which settling helps: the row's, else the catalogue's."""
    if found.near is not None:
        return found.near
    return None if check.weight.near is None else day_of(check.weight.near, vote_date=vote_date)


def clocks(check: Clock, *, at: datetime, is_vote_day: bool) -> tuple[datetime, datetime]:
    """Return by when one that opens now is answered and settled."""
    if is_vote_day and (day := check.on_the_day):
        minutes = timedelta(minutes=1)
        return at + day.answer_minutes * minutes, at + day.settle_minutes * minutes
    hours = timedelta(hours=1)
    return at + check.answer_hours * hours, at + check.settle_hours * hours


def values_of(found: Differs) -> list[dict[str, Any]]:
    """Return what both sides say as plain values that JSON can hold."""
    return [
        {
            name: value
            for name, value in (
                ("value", side.value),
                ("of", side.of),
                ("day", side.day.isoformat() if side.day else None),
                ("code", side.code or None),
            )
            if value is not None
        }
        for side in (found.a, found.b)
    ]


def event_for(
    state: ContradictionState, *, differs: bool, changed: bool, was_equal: bool, rule: ComesBack
) -> ContradictionEvent | None:
    """Return what comparing the sides means for one that is known, None where nothing.

    `changed` against what is stored, of a settled one against what stood when it was settled;
    `was_equal` tells that its sides were equal since.
    """
    if state in LIVE:
        if not differs:
            return _E.VANISH
        return _E.CHANGE if changed else None
    if not differs:
        return None
    if state is _S.GONE or was_equal or (changed and rule is ComesBack.CHANGED):
        return _E.COME_BACK
    return None
