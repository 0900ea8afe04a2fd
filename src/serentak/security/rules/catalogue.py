"""The catalogue of incidents: kinds, questions, clocks, who is told, which rules raise a severity.

A severity is proposed from the answers inside the range of the kind; it is never above what the
catalogue gives the kind, and a person may say otherwise with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import Level
from serentak.kernel.entries import (
    Among,
    Cite,
    Countdown,
    Key,
    Keyed,
    Named,
    Text,
    above_zero,
    at_least,
    every,
    raise_faults,
    some,
)
from serentak.kernel.pressing import Harm

from .states import IncidentState, Severity

Answer = int | str | bool


class FieldKind(StrEnum):
    """How a question is answered."""

    NUMBER = "NUMBER"
    CHOICE = "CHOICE"
    YES_NO = "YES_NO"
    TIME = "TIME"
    TEXT = "TEXT"


class Confided(StrEnum):
    """Who may know: everybody in scope; all but persons, health and reporters; handlers alone."""

    NO = "NO"
    PARTLY = "PARTLY"
    YES = "YES"


class Access(StrEnum):
    """How the place is reached: within ninety minutes of the district's office, or farther."""

    LAND = "LAND"
    FAR = "FAR"


class Days(StrEnum):
    """On which days a calendar's clocks run."""

    WORKING = "WORKING"
    ALL = "ALL"


MOST_ASKED = 3
LONGEST_TEXT = 200
MOST = 100_000
"""No count that is reported is larger."""


@dataclass(frozen=True, slots=True)
class Word:
    """Something with a name and, if it needs one, a sentence."""

    key: Key
    name: Text
    meaning: Text | None


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the phone."""

    key: Key
    kind: FieldKind
    text: Text
    choices: Mapping[str, Text] | None

    def __post_init__(self) -> None:
        is_choice = self.kind is FieldKind.CHOICE
        raise_faults(
            ["choices: a choice and only a choice has them"] * (is_choice ^ bool(self.choices))
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """What an answer must be for a rule to hold; what was not answered meets nothing."""

    field: Annotated[str, Among("fields")] | None
    at_least: int | None
    below: int | None
    one_of: Annotated[tuple[str, ...] | None, Named("in")]
    other_than: Annotated[tuple[str, ...] | None, Named("not_in")]
    vote_day_after: time | None

    def holds(
        self, answers: Mapping[str, Answer], *, happened: datetime, vote_date: date | None
    ) -> bool:
        """Tell whether it is met; `happened` is local."""
        if self.vote_day_after is not None:
            return happened.date() == vote_date and happened.time() >= self.vote_day_after
        given = answers.get(self.field or "")
        if given is None:
            return False
        if isinstance(given, int) and not isinstance(given, bool):
            return not (
                (self.at_least is not None and given < self.at_least)
                or (self.below is not None and given >= self.below)
            )
        said = ("YES" if given else "NO") if isinstance(given, bool) else given
        if self.one_of is not None:
            return said in self.one_of
        return self.other_than is not None and said not in self.other_than


@dataclass(frozen=True, slots=True)
class Raise:
    """A rule that raises the severity where one of its conditions holds, or all of them."""

    to: Severity
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    def holds(
        self, answers: Mapping[str, Answer], *, happened: datetime, vote_date: date | None
    ) -> bool:
        """Tell whether the rule raises."""
        met = [
            [c.holds(answers, happened=happened, vote_date=vote_date) for c in conditions]
            for conditions in (self.any, self.all)
        ]
        return any(met[0]) or (bool(met[1]) and all(met[1]))


@dataclass(frozen=True, slots=True)
class Kind:
    """What can happen: who goes first, what is asked, how grave it can be, who may know.

    `group` is its family: who is told, to whom it climbs, and with what it may be the same. `harm`
    is what is at stake at its gravest. `first_at` says who goes first where that turns on the
    severity; `replaces` puts another kind of institution into the chain of the group.
    """

    key: Key
    name: Text
    severity: tuple[Severity, Severity]
    first: tuple[str, ...]
    group: Annotated[str, Among("groups")]
    ask: tuple[Annotated[str, Among("fields")], ...]
    harm: Harm
    restricted: Confided
    raises: Annotated[tuple[Raise, ...], Named("raise")] = ()
    hands_to: Annotated[str, Named("to")] = ""
    first_at: Mapping[Severity, tuple[str, ...]] | None = None
    replaces: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        low, high = self.severity
        raise_faults(
            [
                *["severity: runs from the lesser to the graver"] * (low > high),
                *[f"ask: at most {MOST_ASKED}"] * (len(self.ask) > MOST_ASKED),
                *[
                    f"raise: {rule.to} is outside of the range"
                    for rule in self.raises
                    if not low <= rule.to <= high
                ],
            ]
        )

    def firsts(self, severity: Severity) -> tuple[str, ...]:
        """Return who goes first at a severity, in this order."""
        return (self.first_at or {}).get(severity, self.first)

    def handlers(self, severity: Severity) -> frozenset[str]:
        """Return the kinds of institution that may know all of it."""
        own = {*self.first, *self.firsts(severity)}
        return frozenset(own | ({self.hands_to} if self.hands_to else set()))

    def allows(self, severity: Severity) -> bool:
        """Tell whether a severity lies in the range of the kind."""
        return self.severity[0] <= severity <= self.severity[1]

    def proposed(
        self, answers: Mapping[str, Answer], *, happened: datetime, vote_date: date | None
    ) -> Severity:
        """Return the severity that follows from the answers; `happened` is local."""
        raised = [
            rule.to
            for rule in self.raises
            if rule.holds(answers, happened=happened, vote_date=vote_date)
        ]
        return max([self.severity[0], *raised])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: the kind of institution, and at which level."""

    to: str
    level: Level


@dataclass(frozen=True, slots=True)
class Group:
    """A family of kinds: who is told by severity, to whom it climbs, what may be the same.

    Two reports may be of one incident when they lie `window` minutes apart at most, at the same
    place; with `by_district` in the same district.
    """

    key: Key
    name: Text
    window: Annotated[int, above_zero]
    by_district: bool
    tell: Mapping[Severity, tuple[str, ...]]
    chain: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes from the report until a state has to be reached; None where no clock runs."""

    acknowledge: Annotated[int, above_zero]
    on_scene: int | None
    escalate: Annotated[int, above_zero]
    update_every: int | None
    controlled: Annotated[int, above_zero]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """From which day on which days and hours the clocks of lesser incidents run.

    `since` is days after the vote; None: before all others.
    """

    key: Key
    since: Annotated[Countdown | None, Named("from")]
    days: Days
    opens: time | None
    closes: time | None


class Running(StrEnum):
    """Which clock runs."""

    ACKNOWLEDGE = "acknowledge"
    ON_SCENE = "on_scene"
    CONTROLLED = "controlled"
    CLOSE = "close"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds reports: so many a minute from one account or device, so old at most.

    `ahead_minutes` is how far a phone's clock may run ahead. Until `silent_until` a place of which
    nobody was told anything has no card.
    """

    reports_a_minute: Annotated[int, above_zero]
    oldest_days: Annotated[int, above_zero]
    ahead_minutes: Annotated[int, at_least(0)]
    silent_until: Countdown


@dataclass(frozen=True, slots=True)
class Incidents:
    """The catalogue, one version of it."""

    version: date
    sources: Mapping[str, Cite]
    severities: Mapping[Keyed[Severity], Word]
    needs: Mapping[str, Word]
    fields: Mapping[str, Field]
    groups: Mapping[str, Group]
    clocks: Annotated[Mapping[Access, Mapping[Severity, Minutes]], every(Access)]
    clock_of_state: Mapping[IncidentState, Running]
    close_within: Annotated[Mapping[Severity, int], every(Severity)]
    calendars: Annotated[tuple[CalendarEntry, ...], some]
    limits: Limits
    kinds: Mapping[str, Kind]
