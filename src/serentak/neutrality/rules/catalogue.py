"""What is forbidden and what follows, which steps a case takes: the catalogues, read, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level
from serentak.kernel.countdown import parse_countdown

from .cases import OPEN_STATES, CaseState

Text = Mapping[str, str]


def _text(data: Any) -> Text:
    return {language: str(data[language]) for language in ("id", "en")}


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise ValueError("\n".join(faults))


# --- violations


@dataclass(frozen=True, slots=True)
class ViolationClass:
    """A class of breach: its law and the range of sanctions."""

    key: str
    name: Text
    law: str
    sanctions: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Classed:
    """Which class a violation has in one of the two periods; `item` is the decree's numbering."""

    item: str
    class_key: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Something forbidden; its class turns on the day on which candidates are fixed."""

    key: str
    name: Text
    note: Text | None
    before: Classed
    after: Classed


@dataclass(frozen=True, slots=True)
class Violations:
    """The catalogue of violations, one version of it."""

    version: date
    source: str
    law: str
    classes: Mapping[str, ViolationClass]
    sanctions: Mapping[str, Text]
    by_key: Mapping[str, Violation]

    def classed(self, key: str, *, day: date, fixed_date: date | None) -> Classed:
        """Return the class of a violation committed on `day`.

        As long as nobody knows when candidates are fixed, what holds before holds.
        """
        violation = self.by_key[key]
        is_after = fixed_date is not None and day >= fixed_date
        return violation.after if is_after else violation.before


def parse_violations(data: Any) -> Violations:
    """Check the catalogue: known classes, known sanctions, a law for each class."""
    faults: list[str] = []
    sanctions = {key: _text(text) for key, text in data["sanctions"].items()}
    classes = {}
    for key, item in data["classes"].items():
        known = ViolationClass(
            key=key,
            name=_text(item["name"]),
            law=str(item.get("law", "")).strip(),
            sanctions=tuple(item["sanctions"]),
            confidence=str(item["confidence"]),
        )
        if not known.law:
            faults.append(f"{key}: a class has a law")
        faults += [f"{key}: {s} is no sanction" for s in known.sanctions if s not in sanctions]
        classes[key] = known
    by_key: dict[str, Violation] = {}
    for item in data["violations"]:
        key = str(item["key"])
        if key in by_key:
            faults.append(f"{key}: stands twice")
        before, after = (
            Classed(str(item[w]["item"]), str(item[w]["class"]), str(item[w]["confidence"]))
            for w in ("before", "after")
        )
        for classed in (before, after):
            if classed.class_key not in classes:
                faults.append(f"{key}: {classed.class_key} is no class")
        note = _text(item["note"]) if "note" in item else None
        by_key[key] = Violation(key, _text(item["name"]), note, before, after)
    _refuse(faults)
    return Violations(
        version=data["version"],
        source=str(data["source"]),
        law=str(data["law"]),
        classes=classes,
        sanctions=sanctions,
        by_key=by_key,
    )


# --- steps


class DayKind(StrEnum):
    """How the days of a term are counted."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days of a kind."""

    days: int
    kind: DayKind


class HandledAt(StrEnum):
    """At whose level a step is handled."""

    OWN = "OWN"
    AUTHORITY = "AUTHORITY"
    PROVINCE = "PROVINCE"


class Track(StrEnum):
    """Whose case it is: which way it takes."""

    CIVIL_SERVANT = "CIVIL_SERVANT"
    CONTRACT = "CONTRACT"
    VILLAGE_HEAD = "VILLAGE_HEAD"


LEVEL_OF_CLIMB = {"REGENT_DESK": Level.REGENCY, "GOVERNOR_DESK": Level.PROVINCE}
"""Levels of those to whom a case climbs; who is missing here stands above all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: who handles it, by when, and who hears of it when the clock runs out."""

    state: CaseState
    name: Text
    handlers: tuple[str, ...]
    level: HandledAt
    term: Term | None
    extension: Term | None
    climbs: tuple[str, ...]
    again: Term | None
    figure_class: FigureClass
    source: str
    confidence: str

    def climbs_from(self, level: Level) -> tuple[str, ...]:
        """Return those to whom a case of a place of `level` climbs, one after the other."""
        return tuple(k for k in self.climbs if LEVEL_OF_CLIMB.get(k, Level.COUNTRY) <= level)


@dataclass(frozen=True, slots=True)
class Procedure:
    """The way of a case, one version of it."""

    version: date
    source: str
    steps: Mapping[CaseState, Step]
    tracks: Mapping[Track, tuple[CaseState, ...]]
    track_names: Mapping[Track, Text]
    reply_days: int
    blocked_by: str
    recommends: frozenset[str]
    authorities: Mapping[Level, tuple[str, ...]]

    def next_authority(self, kind: str) -> str | None:
        """Return who decides instead of an authority that has a part in the race, None at the top.

        The longest line holds all of them, since the shorter ones are its ends.
        """
        line = max(self.authorities.values(), key=len)
        at = line.index(kind) + 1
        return line[at] if at < len(line) else None


def _term(data: Any) -> Term | None:
    if not data or data.get("days") is None:
        return None
    return Term(int(data["days"]), DayKind(data["kind"]))


def parse_procedure(data: Any) -> Procedure:
    """Check the catalogue: every open state a step, terms not negative, tracks of known steps."""
    faults: list[str] = []
    steps: dict[CaseState, Step] = {}
    for item in data["steps"]:
        step = Step(
            state=CaseState(item["key"]),
            name=_text(item["name"]),
            handlers=tuple(item["handlers"]),
            level=HandledAt(item["level"]),
            term=_term(item),
            extension=_term(item.get("extension")),
            climbs=tuple(item["climbs"]),
            again=_term(item.get("again")),
            figure_class=FigureClass(item.get("class", FigureClass.SOURCED)),
            source=str(item["source"]),
            confidence=str(item["confidence"]),
        )
        terms = (step.term, step.extension, step.again)
        if any(term is not None and term.days < 0 for term in terms):
            faults.append(f"{step.state}: a term is not negative")
        if len(step.climbs) > 1 and step.again is None:
            faults.append(f"{step.state}: who climbs twice needs `again`")
        if step.climbs and step.term is None:
            faults.append(f"{step.state}: without a term nothing climbs")
        steps[step.state] = step
    faults += [f"{state}: has no step" for state in OPEN_STATES if state not in steps]
    tracks = {
        Track(key): tuple(CaseState(state) for state in item["steps"])
        for key, item in data["tracks"].items()
    }
    faults += [
        f"{track}: ends with the appointing authority"
        for track, states in tracks.items()
        if states[-1] is not CaseState.AT_AUTHORITY
    ]
    _refuse(faults)
    return Procedure(
        version=data["version"],
        source=str(data["source"]),
        steps=steps,
        tracks=tracks,
        track_names={Track(key): _text(item["name"]) for key, item in data["tracks"].items()},
        reply_days=int(data["reply_days"]),
        blocked_by=str(data["blocked_by"]),
        recommends=frozenset(data["recommends"]),
        authorities={Level[key]: tuple(kinds) for key, kinds in data["authorities"].items()},
    )


# --- the figures of 2020


@dataclass(frozen=True, slots=True)
class Statistic:
    """What was published about an earlier election on a day; of persons or of cases, never both."""

    unit: str
    day: date
    reported: int
    recommended: int
    followed: int
    source: str
    confidence: str

    @property
    def share(self) -> float:
        """Followed up, divided by recommended."""
        return self.followed / self.recommended


def parse_statistics(data: Any) -> tuple[Statistic, ...]:
    """Check the figures: none is followed up that was not recommended."""
    found = tuple(
        Statistic(
            unit=str(item["unit"]),
            day=item["date"],
            reported=int(item["reported"]),
            recommended=int(item["recommended"]),
            followed=int(item["followed"]),
            source=str(item["source"]),
            confidence=str(item["confidence"]),
        )
        for item in data["figures"]
    )
    _refuse(
        [
            f"{s.day}: reported, recommended and followed up do not fit"
            for s in found
            if not 0 <= s.followed <= s.recommended <= s.reported
        ]
    )
    return found


# --- thresholds


@dataclass(frozen=True, slots=True)
class Service:
    """An agency kind that serves the public directly."""

    kind: str
    name: Text
    stays_open: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By what numbers a place gets its status; days count from the vote."""

    hidden_below: int
    cases_past_clock_risk: float
    cases_past_clock_late: float
    pledges_due: int
    pledges_enough: float
    pledges_late_below: float
    services_from: int
    services_until: int
    services_unheard_days: int
    services_thin_risk: float
    services_thin_late: float
    replacement_months: int
    children_late_share: float
    children_risk_share: float
    children_silent_share: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds, the weight of each alert, and the agencies that report their services."""

    thresholds: Thresholds
    weights: Mapping[str, float]
    services: Mapping[str, Service]


def parse_rules(data: Any) -> Rules:
    """Check the catalogue: every threshold once, shares between 0 and 1."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for item in data["rules"]:
        key, value = item["key"], item["value"]
        if key in values:
            faults.append(f"{key}: stands twice")
        values[key] = parse_countdown(value) if isinstance(value, str) else value
        if isinstance(value, float) and not 0 <= value <= 1:
            faults.append(f"{key}: a share lies between 0 and 1")
        FigureClass(item["class"])
    missing = sorted(set(Thresholds.__dataclass_fields__) - set(values))
    faults += [f"{key}: is missing" for key in missing]
    _refuse(faults)
    services = {
        item["kind"]: Service(item["kind"], _text(item["name"]), bool(item["stays_open"]))
        for item in data["services"]
    }
    weights = {str(code): float(weight) for code, weight in data["weights"].items()}
    return Rules(Thresholds(**values), weights, services)
