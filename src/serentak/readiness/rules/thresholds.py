"""The numbers by which the rules judge: reads `rules.yaml` and keeps where each number is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.entries import (
    Countdown,
    Settings,
    at_least,
    between,
    raise_faults,
    read,
)
from serentak.kernel.pressing import Harm
from serentak.kernel.status import RollUp

_Days = Annotated[int, at_least(0)]
_Count = Annotated[int, at_least(1)]
_Share = Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds of readiness; the catalogue's file says what each one means."""

    last_day_before_vote: Countdown
    goals: tuple[str, ...]
    risk_slack_days: _Days
    now_days: _Days
    next_days: _Days
    partly_done_share: _Share
    silent_lines_share: _Share
    absurd_factor: _Count
    desk_writes_for: tuple[str, ...]
    consequence_weights: Mapping[str, _Count]
    harms: Mapping[str, Harm]
    hard_stops: frozenset[str]
    activities_roll_up: RollUp
    children_roll_up: RollUp
    low_chance: _Share
    low_chance_days: _Days
    crews: Mapping[str, _Count]
    owner_sees_first_days: _Days


def parse_thresholds(raw: object) -> Settings[Thresholds]:
    """Read `rules.yaml`; ValueError with one fault a line."""
    settings = read(Settings[Thresholds], raw, at="rules")
    raise_faults(
        f"{key}: replace: is missing" for key, o in settings.origins.items() if not o.replace
    )
    return settings
