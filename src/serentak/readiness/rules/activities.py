"""What an activity is: reads the catalogue and refuses one that contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import Level
from serentak.kernel.texts import LANGUAGES, Text, raise_faults

from .quantities import ADDITIVE, Of, Term
from .reading import Entry

LEVELS = {"province": Level.PROVINCE, "regency": Level.REGENCY}


class Drop(StrEnum):
    """Whether the owner may drop an activity."""

    NEVER = "NEVER"
    PARTLY = "PARTLY"
    FULLY = "FULLY"


class Where(StrEnum):
    """At which places a predecessor must be finished."""

    SAME = "SAME"
    """at the same place; where it exists only on the other level, all of it there"""
    OWN_AND_PROVINCE = "OWN_AND_PROVINCE"


class Confidence(StrEnum):
    """How sure the source is."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from; `date` is as exact as the source (`2024`, `2024-11`, a day)."""

    key: str
    cite: Text
    date: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens if an activity is missed."""

    key: str
    name: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class After:
    """A predecessor."""

    key: str
    where: Where = Where.SAME


@dataclass(frozen=True, slots=True)
class Durations:
    """Days that the whole activity takes; `sourced` names those that were published."""

    optimistic: int
    likely: int
    pessimistic: int
    sourced: frozenset[str] = frozenset()

    @property
    def figure_class(self) -> FigureClass:
        """Whether the duration that steers the schedule was published."""
        return FigureClass.SOURCED if "likely" in self.sourced else FigureClass.ASSUMED


@dataclass(frozen=True, slots=True)
class Definition:
    """An activity as the catalogue has it.

    `owner` answers for it and alone may drop it; `district_owner` reports a district's line;
    `others` carry it out with the owner. `target` and `deadline` are days after the vote.
    """

    key: str
    name: Text
    aliases: tuple[str, ...]
    aspect: str
    owner: Mapping[Level, str]
    district_owner: str | None
    others: tuple[str, ...]
    levels: tuple[Level, ...]
    by_district: bool
    unit: str
    quantity: tuple[Term, ...]
    after: tuple[After, ...]
    durations: Durations
    target: int
    fixed: bool
    deadline_kind: DeadlineKind
    deadline: int | None
    miss: str
    drop: Drop
    report_every: int
    law: str
    source: str
    confidence: Confidence

    @property
    def is_percent(self) -> bool:
        """Whether it is counted in per cent, which cannot be added over places."""
        return any(term.of is Of.PERCENT for term in self.quantity)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All activities in the catalogue's order, with the words and sources that they refer to."""

    activities: Mapping[str, Definition]
    aspects: Mapping[str, Text]
    units: Mapping[str, Text]
    consequences: Mapping[str, Consequence]
    sources: Mapping[str, Source]
    names: Mapping[str, str] = field(default_factory=dict)
    """Key, name or alias in lower case → key: how rows of a sheet are recognised."""

    def recognise(self, text: str) -> str | None:
        """Return the key that a row's heading means, None if no name fits exactly."""
        return self.names.get(folded(text))


def folded(text: str) -> str:
    """Return a name as it is compared: lower case, single spaces."""
    return " ".join(text.lower().split())


def parse_activities(raw: object) -> Catalogue:
    """Return the catalogue that `raw` (plain data of the YAML file) holds.

    Raises ValueError that lists every fault, one a line, as `entry: field: rule`.
    """
    faults: list[str] = []
    top = Entry("", raw, faults)
    aspects = _texts(top, "aspects")
    units = _texts(top, "units")
    consequences = _consequences(top)
    sources = _sources(top)
    activities: dict[str, Definition] = {}
    for number, item in enumerate(top.items("activities"), 1):
        key = item.get("key") if isinstance(item, Mapping) else None
        entry = Entry(f"{key or f'activity {number}'}", item, faults)
        parsed = _definition(entry, aspects, units, consequences, sources)
        if parsed.key in activities:
            entry.fault("key", "stands twice in the catalogue")
        activities[parsed.key] = parsed
    top.finish()
    if not activities:
        top.fault("activities", "there are none")
    _check_links(activities, faults)
    names = _names(activities, faults)
    raise_faults(faults)
    return Catalogue(activities, aspects, units, consequences, sources, names)


def find_cycle(before: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return keys that wait for each other in a circle, the first repeated at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return None


def _texts(top: Entry, name: str) -> dict[str, Text]:
    entry = top.inner(name)
    return {str(key): entry.words(str(key)) for key in entry.raw}


def _consequences(top: Entry) -> dict[str, Consequence]:
    outer = top.inner("consequences")
    found = {}
    for key in map(str, outer.raw):
        entry = outer.inner(key)
        found[key] = Consequence(key, entry.words("name"), entry.words("sentence"))
        entry.finish()
    return found


def _sources(top: Entry) -> dict[str, Source]:
    outer = top.inner("sources")
    found = {}
    for key in map(str, outer.raw):
        entry = outer.inner(key)
        if isinstance(entry.raw.get("cite"), str):
            cite: Text = dict.fromkeys(LANGUAGES, entry.text("cite"))
        else:
            cite = entry.words("cite")
        found[key] = Source(key, cite, _date(entry))
        entry.finish()
    return found


def _date(entry: Entry) -> str:
    text = str(entry.value("date", ""))
    parts = text.split("-")
    if not (1 <= len(parts) <= 3 and len(parts[0]) == 4 and all(p.isdigit() for p in parts)):
        entry.fault("date", f"{text!r} is no year, month or day like 2024-11-27")
    return text


def _definition(
    entry: Entry,
    aspects: Mapping[str, Text],
    units: Mapping[str, Text],
    consequences: Mapping[str, Consequence],
    sources: Mapping[str, Source],
) -> Definition:
    levels = _levels(entry)
    by_district = entry.value("split") is not None
    if by_district and (entry.value("split") != "district" or Level.REGENCY not in levels):
        entry.fault("split", "only a regency's activity can be split, and only by district")
    deadline = entry.inner("deadline")
    parsed = Definition(
        key=entry.text("key"),
        name=entry.words("name"),
        aliases=entry.texts("aliases"),
        aspect=entry.known("aspect", aspects, "aspect"),
        owner=_owner(entry, levels),
        district_owner=entry.text("district_owner") if by_district else None,
        others=entry.texts("with"),
        levels=levels,
        by_district=by_district,
        unit=entry.known("unit", units, "unit"),
        quantity=_terms(entry),
        after=_after(entry),
        durations=_durations(entry.inner("durations")),
        target=entry.day("target"),
        fixed=entry.flag("fixed"),
        deadline_kind=deadline.choice("kind", DeadlineKind),
        deadline=deadline.day_if_given("at"),
        miss=entry.known("miss", consequences, "consequence"),
        drop=entry.choice("drop", Drop, upper=True),
        report_every=entry.whole("report_every", low=1),
        law=entry.text("law", ""),
        source=entry.known("source", sources, "source"),
        confidence=entry.choice("confidence", Confidence),
    )
    deadline.finish()
    entry.finish()
    if parsed.deadline is not None and parsed.target > parsed.deadline:
        entry.fault("target", "lies after the activity's own deadline")
    if by_district and any(term.of not in ADDITIVE for term in parsed.quantity):
        entry.fault("quantity", "districts can only share what is counted district by district")
    return parsed


def _levels(entry: Entry) -> tuple[Level, ...]:
    names = entry.texts("levels")
    if not names or any(name not in LEVELS for name in names) or len(set(names)) < len(names):
        entry.fault("levels", "must name province, regency or both")
    return tuple(LEVELS[name] for name in names if name in LEVELS)


def _owner(entry: Entry, levels: tuple[Level, ...]) -> Mapping[Level, str]:
    found = entry.value("owner")
    if isinstance(found, str) and found:
        return dict.fromkeys(levels, found)
    if isinstance(found, Mapping):
        owners = {LEVELS[str(k)]: str(v) for k, v in found.items() if str(k) in LEVELS}
        if set(owners) == set(levels) and len(owners) == len(found):
            return owners
    entry.fault("owner", "must be a kind of institution, or one for each level")
    return {}


def _terms(entry: Entry) -> tuple[Term, ...]:
    terms = []
    for number, item in enumerate(entry.items("quantity"), 1):
        term = Entry(f"{entry.where}: quantity {number}", item, entry.faults)
        of = term.choice("of", Of, upper=True)
        times = term.whole("times", low=1, default=1)
        terms.append(Term(of, times, term.flag("per_race")))
        term.finish()
    if not terms:
        entry.fault("quantity", "must say what is counted")
    return tuple(terms)


def _after(entry: Entry) -> tuple[After, ...]:
    found = []
    for number, item in enumerate(entry.items("after"), 1):
        if isinstance(item, str):
            found.append(After(item))
        else:
            link = Entry(f"{entry.where}: after {number}", item, entry.faults)
            found.append(After(link.text("key"), link.choice("place", Where)))
            link.finish()
    return tuple(found)


def _durations(entry: Entry) -> Durations:
    days = Durations(
        entry.whole("optimistic", low=1),
        entry.whole("likely", low=1),
        entry.whole("pessimistic", low=1),
        frozenset(entry.texts("sourced")),
    )
    if not days.optimistic <= days.likely <= days.pessimistic:
        entry.fault("", "optimistic must not exceed likely, nor likely pessimistic")
    if not days.sourced <= {"optimistic", "likely", "pessimistic"}:
        entry.fault("sourced", "can name optimistic, likely, pessimistic")
    entry.finish()
    return days


def _check_links(activities: Mapping[str, Definition], faults: list[str]) -> None:
    for key, activity in activities.items():
        for link in activity.after:
            if link.key not in activities:
                faults.append(f"{key}: after: {link.key!r} is no activity of this catalogue")
            elif link.where is Where.OWN_AND_PROVINCE and (
                activity.levels != (Level.REGENCY,)
                or set(activities[link.key].levels) != {Level.PROVINCE, Level.REGENCY}
            ):
                faults.append(f"{key}: after: {link.key!r} does not exist on both levels")
    before = {
        key: [link.key for link in activity.after if link.key in activities]
        for key, activity in activities.items()
    }
    cycle = find_cycle(before)
    if cycle:
        faults.append(f"{cycle[0]}: after: the activities wait for each other: {' → '.join(cycle)}")
        return
    for key in sorted(_without_last_day(activities, before)):
        faults.append(f"{key}: deadline: work after the vote needs a last day (at)")


def _without_last_day(
    activities: Mapping[str, Definition], before: Mapping[str, Sequence[str]]
) -> set[str]:
    """Return what comes after the vote without a deadline, its own or that of what waits for it."""
    bounded: set[str] = set()
    for key in reversed(list(TopologicalSorter(before).static_order())):
        activity = activities[key]
        if activity.target < 0 or activity.deadline is not None or key in bounded:
            bounded.add(key)
            bounded.update(before[key])
    return set(activities) - bounded


def _names(activities: Mapping[str, Definition], faults: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for key, activity in activities.items():
        for text in (key, *activity.name.values(), *activity.aliases):
            taken = names.setdefault(folded(text), key)
            if taken != key:
                faults.append(f"{key}: aliases: {text!r} already means {taken}")
    return names
