"""What is recorded when a place is checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from serentak.platform.audit import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRecorded(Event):
    """A place was checked."""

    looked_at: int
    in_order: int
    checked_date: date
