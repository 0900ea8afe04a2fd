"""What the cast does in the room, for the tests of floors that lay slices side by side."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from serentak.coordination.tests import builders as coordination
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality.tests import builders as neutrality
from serentak.reporting import actions as reporting

from .cast import Cast


def give_action(cast: Cast, **changed: Any) -> int:
    """The governor's desk asks the regent of OKI for boats; return the action's id."""
    return coordination.give(cast, **changed).pk


def plan_meeting(cast: Cast, *, starts_at: datetime, **changed: Any) -> int:
    """The governor's desk plans a meeting; return its id."""
    return coordination.plan(cast, starts_at=starts_at, **changed).pk


def refer_late_case() -> None:
    """A case of OKI is referred whose clock ran out long ago."""
    neutrality.referred(received_date=date(2024, 6, 3), deed_date=date(2024, 6, 1))


def keep_day(place: PlaceCode, *, at: datetime) -> None:
    """Store what every area says of a place and its children."""
    reporting.take_snapshots(place=place, actor=SYSTEM, at=at)
