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
