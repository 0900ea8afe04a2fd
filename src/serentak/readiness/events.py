"""What readiness records; names of meetings and people's words are kept apart from the facts.

`activity` is the catalogue's key, `name` its Indonesian name; `step` says a change of dates as
people do, H-14 → H-11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any

from serentak.platform.audit import HARMLESS, PERSONAL, Code, Event


class ActivitiesInstantiated(Event):
    """Activities were taken from the catalogue, or their amounts followed new figures."""

    created: int
    resized: int
    digest: Code
    """SHA-256 over place, activity and amount of all of them."""


class ProgressReported(Event):
    """A page of reports was sent; `rows` hold activity, district, kind, amount, amount before."""

    submission_id: int
    count: int
    rows: Annotated[Sequence[Mapping[str, Any]], HARMLESS]
    figure_class: Code
    notes: Mapping[str, str] = field(metadata=PERSONAL)


class ReportsTakenOver(Event):
    """Pages of past reports were taken over; the digest is over all reports."""

    pages: int
    count: int
    first_at: datetime
    last_at: datetime
    figure_class: Code
    digest: Code


class TargetProposed(Event):
    """A target date was proposed."""

    activity: Code
    name: Code
    before: date
    after: date
    step: Code
    reason: str = field(metadata=PERSONAL)


class TargetsAgreed(Event):
    """A meeting agreed target dates, which now stand as baselines."""

    count: int
    meeting_date: date
    meeting_name: str = field(metadata=PERSONAL)


class TargetMoved(Event):
    """An agreed target was moved; the baseline stands."""

    activity: Code
    name: Code
    before: date
    after: date
    step: Code
    baseline: date
    reason: str = field(metadata=PERSONAL)


class ActivityDropped(Event):
    """The owner dropped an activity."""

    activity: Code
    name: Code
    reason: str = field(metadata=PERSONAL)


class ActivityReinstated(Event):
    """The owner took a dropped activity up again."""

    activity: Code
    name: Code
    reason: str = field(metadata=PERSONAL)


class ForecastComputed(Event):
    """A province's forecast was computed anew, since something that it rests on had changed."""

    day: date
    draws: int
    inputs: Code


class ShockChanceSet(Event):
    """A shock got another chance than the catalogue's, per cent in a week to two decimals."""

    shock: Code
    name: Code
    before: Code
    after: Code
    reason: str = field(metadata=PERSONAL)


class ShockNoted(Event):
    """A shock has really struck a regency; `is_there` False takes the note back."""

    shock: Code
    name: Code
    is_there: bool
    struck_on: date


class ScenarioTried(Event):
    """Somebody tried changes on the forecast; nothing real changed."""

    scenario_id: int
    changes: int
    title: str = field(metadata=PERSONAL)


class ScenarioComputed(Event):
    """The worker computed what somebody tried on a province."""

    scenario_id: int


class ScenarioAdopted(Event):
    """What was tried became requests to the owners."""

    scenario_id: int
    requests: int
    title: str = field(metadata=PERSONAL)
