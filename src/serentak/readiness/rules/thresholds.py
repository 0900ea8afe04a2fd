"""The numbers by which the rules judge: reads `rules.yaml` and keeps where each number is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.status import RollUp
from serentak.kernel.texts import Text, raise_faults

from .reading import Entry


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a threshold comes from, what it means, and how to replace it."""

    key: str
    figure_class: FigureClass
    source: str
    date: str
    meaning: Text
    replace: Text


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds of readiness; the catalogue's file says what each one means."""

    last_day_before_vote: int
    goals: tuple[str, ...]
    risk_slack_days: int
    now_days: int
    next_days: int
    partly_done_share: float
    silent_lines_share: float
    absurd_factor: int
    desk_writes_for: tuple[str, ...]
    nearness_half_life_days: int
    consequence_weights: Mapping[str, int]
    deadline_weights: Mapping[DeadlineKind, float]
    hard_stops: frozenset[str]
    activities_roll_up: RollUp
    children_roll_up: RollUp
    origins: Mapping[str, Origin]


def parse_thresholds(raw: object) -> Thresholds:
    """Return the thresholds that `raw` holds; ValueError with one fault a line."""
    faults: list[str] = []
    top = Entry("", raw, faults)
    rules: dict[str, Entry] = {}
    origins: dict[str, Origin] = {}
    for number, item in enumerate(top.items("rules"), 1):
        key = item.get("key") if isinstance(item, Mapping) else None
        entry = Entry(f"{key or f'rule {number}'}", item, faults)
        origin = Origin(
            key=entry.text("key"),
            figure_class=entry.choice("class", FigureClass),
            source=entry.text("source"),
            date=str(entry.value("date", "")),
            meaning=entry.words("meaning"),
            replace=entry.words("replace"),
        )
        if origin.key in rules:
            entry.fault("key", "stands twice in the catalogue")
        rules[origin.key], origins[origin.key] = entry, origin
    top.finish()

    def rule(key: str) -> Entry:
        entry = rules.pop(key, None)
        if entry is None:
            top.fault(key, "is missing")
            return Entry(key, {}, [])
        return entry

    found = Thresholds(
        last_day_before_vote=rule("last_day_before_vote").day("value"),
        goals=rule("goals").texts("value"),
        risk_slack_days=rule("risk_slack_days").whole("value", low=0),
        now_days=rule("now_days").whole("value", low=0),
        next_days=rule("next_days").whole("value", low=0),
        partly_done_share=rule("partly_done_share").share("value"),
        silent_lines_share=rule("silent_lines_share").share("value"),
        absurd_factor=rule("absurd_factor").whole("value", low=1),
        desk_writes_for=rule("desk_writes_for").texts("value"),
        nearness_half_life_days=rule("nearness_half_life_days").whole("value", low=1),
        consequence_weights=_weights(rule("consequence_weights")),
        deadline_weights=_deadline_weights(rule("deadline_weights")),
        hard_stops=frozenset(rule("hard_stops").texts("value")),
        activities_roll_up=_roll_up(rule("activities_roll_up")),
        children_roll_up=_roll_up(rule("children_roll_up")),
        origins=origins,
    )
    for key in rules:
        top.fault(key, "is not a rule of readiness")
    raise_faults(faults)
    return found


def _weights(entry: Entry) -> Mapping[str, int]:
    inner = entry.inner("value")
    return {str(key): inner.whole(str(key), low=1) for key in inner.raw}


def _deadline_weights(entry: Entry) -> Mapping[DeadlineKind, float]:
    inner = entry.inner("value")
    found = {}
    for kind in DeadlineKind:
        value = inner.value(kind.value)
        if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
            inner.fault(kind.value, "must be a number above 0")
            continue
        found[kind] = float(value)
    inner.finish()
    return found


def _roll_up(entry: Entry) -> RollUp:
    inner = entry.inner("value")
    rule = RollUp(inner.share("late_share"), inner.share("risk_share"), inner.share("silent_share"))
    inner.finish()
    return rule
