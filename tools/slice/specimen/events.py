"""What is recorded when a place is checked."""

from datetime import date

from serentak.platform.audit import Event


class CheckRecorded(Event):
    """A place was checked."""

    looked_at: int
    in_order: int
    checked_date: date
