"""The catalogue of quality: principles of law, indicators with formula and scale, rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from serentak.kernel.area import Better
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.entries import (
    As,
    Cite,
    Class,
    Countdown,
    Dated,
    Key,
    Named,
    Text,
    at_least,
    between,
    raise_faults,
    some,
)

from .intervals import Method, Silence


class Moment(StrEnum):
    """When a figure is first complete: before, during or after the vote."""

    BEFORE = "BEFORE"
    DURING = "DURING"
    AFTER = "AFTER"


class Whose(StrEnum):
    """Whose work an indicator mirrors."""

    GOVERNMENT = "GOVERNMENT"
    ORGANISER = "ORGANISER"
    SUPERVISOR = "SUPERVISOR"
    POLICE = "POLICE"
    ALL = "ALL"


class Role(StrEnum):
    """Whether an indicator enters comparisons, or is shown beside them."""

    COMPARED = "COMPARED"
    CONTEXT = "CONTEXT"


class Print(StrEnum):
    """How a value is printed."""

    PERCENT = "percent"
    PER_1000 = "per_1000"
    POINTS = "percentage_points"
    WORKING_DAYS = "working_days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle of constitution or law, with where it stands."""

    key: Key
    id: str
    en: str
    law: str

    @property
    def name(self) -> Mapping[str, str]:
        """How it is called in each language."""
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is counted, by its name in the formula and in words."""

    name: Annotated[str, Named("is")]
    id: str
    en: str

    @property
    def text(self) -> Mapping[str, str]:
        """What it is in each language."""
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Scale:
    """Two fixed points, the same for every place, agreed before the vote."""

    worst: float
    best: float

    def __post_init__(self) -> None:
        """Refuse a scale without length."""
        raise_faults([] if self.worst != self.best else ["worst: must differ from best"])


@dataclass(frozen=True, slots=True)
class Show:
    """The least denominator, and the least number of persons or cases on either side."""

    den: Annotated[int, at_least(1)]
    num: Annotated[int, at_least(0)] = 0


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How an interval is made; units that stand for a district are alike in it."""

    method: Method
    units: str = ""

    @property
    def is_clustered(self) -> bool:
        """Tell whether the units lie in districts, so that the interval is widened."""
        return self.units == "stations"


@dataclass(frozen=True, slots=True)
class Data:
    """Which slice counts it (`slice.key`), and from which rows."""

    counted_by: str
    rows: Text


@dataclass(frozen=True, slots=True)
class Baseline:
    """A published figure to stand beside ours, never a target, and how far it can."""

    source: str
    date: Dated
    comparable: Text
    text: Text | None = None
    place: str = ""
    value: float | None = None
    regencies: Mapping[PlaceCode, float] = field(default_factory=dict)

    def at(self, place: PlaceCode) -> float | None:
        """Return the published value of a place, None without one."""
        return self.value if self.place == place else self.regencies.get(place)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that can be counted, and what it says of a principle.

    `also` names principles that it touches without counting there. `scale` stands where it is
    compared, and is missing where it is context. What `stays_inside` is never public, since it
    would tell where guard is weak.
    """

    key: Key
    principle: str
    moment: Annotated[Moment, Named("phase")]
    levels: tuple[Annotated[Level, As(lambda raw: _level(raw))], ...]
    who: Whose
    role: Role
    name: Text
    question: Text
    numerator: Quantity
    denominator: Quantity
    value: str
    unit: Print
    better: Annotated[Better | None, As(lambda raw: None if raw == "NONE" else Better(raw))]
    show: Show
    uncertainty: Uncertainty
    silence: Silence
    data: Data
    gaming: Text
    shows: Text
    law: Cite
    refs: Annotated[tuple[str, ...], some]
    baseline: tuple[Baseline, ...] = ()
    also: tuple[str, ...] = ()
    scale: Scale | None = None
    is_open: bool = False
    stays_inside: bool = False

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        raise_faults(self._faults())

    def _faults(self) -> Iterator[str]:
        if (self.role is Role.COMPARED) != (self.scale is not None):
            yield "scale: must stand where an indicator is compared, and nowhere else"
        if (self.role is Role.COMPARED) != (self.better is not None):
            yield "better: is NONE for context, and for nothing else"
        if self.scale and self.better:
            is_up = self.scale.best > self.scale.worst
            if is_up != (self.better is Better.UP):
                yield "scale: best must lie on the side that better names"
        if self.principle in self.also:
            yield "also: must not repeat the principle"
        if self.uncertainty.method is not Method.NONE and not self.uncertainty.units:
            yield "uncertainty: must name its units"

    @property
    def better_is_up(self) -> bool:
        """Tell whether more is better."""
        return self.better is Better.UP


def _level(raw: object) -> Level:
    names = {level.name.lower(): level for level in (Level.REGENCY, Level.PROVINCE)}
    if str(raw) not in names:
        raise ValueError(f"{raw!r} is none of {', '.join(names)}")
    return names[str(raw)]


@dataclass(frozen=True, slots=True)
class Reference:
    """A standard by which elections are judged elsewhere; the pairing is our own reading."""

    key: Key
    id: str
    en: str

    @property
    def text(self) -> Mapping[str, str]:
        """What it is in each language."""
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Missing:
    """What must still be recorded before something can be counted or judged."""

    what: Annotated[str, Named("for")]
    id: str
    en: str

    @property
    def text(self) -> Mapping[str, str]:
        """What it is in each language."""
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Defaults:
    """The numbers by which all indicators are judged."""

    draws: Annotated[int, at_least(200)]
    seed: Annotated[int, at_least(0)]
    design_effect: Annotated[float, at_least(1)]
    least_share_shown: Annotated[float, between(0, 1)]
    sure_from: Annotated[float, between(0.5, 1)]
    reply_days: Annotated[int, at_least(1)]
    late_reports_until: Countdown


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for all indicators: version, principles, references, numbers."""

    version: Annotated[str, As(str)]
    figure_class: Class
    replace: Text
    defaults: Defaults
    principles: Mapping[str, Principle]
    references: Mapping[str, Reference]
    notes: tuple[Text, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule by which indicators become a judgement."""

    key: Key
    id: str
    en: str

    @property
    def text(self) -> Mapping[str, str]:
        """What it says in each language."""
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Flag:
    """What no other value makes good: raised by a single one that is not good.

    `key` is the slice's count (`slice.key`) in which nothing may be wrong.
    """

    key: Key
    counted_by: str
    who: Whose
    name: Text
    law: Cite


@dataclass(frozen=True, slots=True)
class Judgement:
    """Rules, red flags, and what is read aloud to a governor."""

    rules: Mapping[str, Rule]
    flags: Mapping[str, Flag]
    governor: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """A file of indicators."""

    indicators: Mapping[str, Indicator]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it, checked as a whole."""

    frame: Frame
    judgement: Judgement
    indicators: Mapping[str, Indicator]

    def __post_init__(self) -> None:
        """Refuse names that stand nowhere."""
        raise_faults(self._faults())

    def _faults(self) -> Iterator[str]:
        for one in self.indicators.values():
            for name in (one.principle, *one.also):
                if name not in self.frame.principles:
                    yield f"{one.key}: principle {name} stands nowhere"
            for ref in one.refs:
                if ref not in self.frame.references:
                    yield f"{one.key}: reference {ref} stands nowhere"
        for name in self.frame.principles:
            if not any(one.principle == name for one in self.indicators.values()):
                yield f"principle {name} has no indicator"

    def of(self, principle: str) -> list[Indicator]:
        """Return the indicators that count under a principle."""
        return [one for one in self.indicators.values() if one.principle == principle]


def joined(frame: Frame, judgement: Judgement, groups: Mapping[str, Group]) -> Catalogue:
    """Return the catalogue of its files; ValueError where an indicator stands twice."""
    found: dict[str, Indicator] = {}
    for name, group in groups.items():
        raise_faults(
            f"{name}: {key} stands in another file already"
            for key in group.indicators
            if key in found
        )
        found |= group.indicators
    return Catalogue(frame, judgement, found)
