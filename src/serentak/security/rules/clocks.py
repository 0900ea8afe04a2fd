"""Until when a state has to be reached, and when an incident climbs: clocks of minutes.

A clock of a grave incident runs day and night. One of a lesser incident counts the minutes within
the calendar's hours; outside of them it stands still.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from serentak.kernel.countdown import day_of
from serentak.kernel.workdays import is_working_day

from .catalogue import Access, CalendarEntry, Days, Incidents, Running
from .states import IncidentState, Severity

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the clocks of lesser incidents run at a place; without a vote its first entry holds."""

    entries: Sequence[CalendarEntry]
    vote_date: date | None
    zone: ZoneInfo
    holidays: Container[date]

    def entry_on(self, day: date) -> CalendarEntry:
        """Return the calendar that holds on a day."""
        held = self.entries[0]
        for entry in self.entries[1:]:
            if (
                entry.since is not None
                and self.vote_date is not None
                and day >= day_of(entry.since, vote_date=self.vote_date)
            ):
                held = entry
        return held

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from when until when clocks run on a day, None if they stand still."""
        entry = self.entry_on(day)
        if entry.days is Days.WORKING and not is_working_day(day, holidays=self.holidays):
            return None
        begin = datetime.combine(day, entry.opens or time.min, self.zone)
        if entry.closes is None:
            return begin, datetime.combine(day + _DAY, time.min, self.zone)
        return begin, datetime.combine(day, entry.closes, self.zone)

    def after(self, start: datetime, minutes: int) -> datetime:
        """Return when so many minutes of these hours have passed since `start`."""
        left = timedelta(minutes=minutes)
        day = start.astimezone(self.zone).date()
        while True:
            if hours := self.hours_on(day):
                begin = max(start, hours[0])
                if begin < hours[1]:
                    if begin + left <= hours[1]:
                        return begin + left
                    left -= hours[1] - begin
            day += _DAY


def later(start: datetime, minutes: int, severity: Severity, calendar: Calendar) -> datetime:
    """Return when a clock of so many minutes ends: grave ones never pause."""
    if severity.is_grave:
        return start + timedelta(minutes=minutes)
    return calendar.after(start, minutes)


def due_at(
    state: IncidentState,
    severity: Severity,
    access: Access,
    *,
    counted_from: datetime,
    held_at: datetime | None,
    calendar: Calendar,
    catalogue: Incidents,
) -> datetime | None:
    """Return until when the state that comes next has to be reached, None where no clock runs.

    Minutes count from `counted_from`, those until it is closed from `held_at`. Where a lesser
    incident needs nobody on the scene, the clock until it is held runs instead.
    """
    minutes = catalogue.clocks[access][severity]
    match catalogue.clock_of_state.get(state, Running.NONE):
        case Running.ACKNOWLEDGE:
            return later(counted_from, minutes.acknowledge, severity, calendar)
        case Running.ON_SCENE:
            length = minutes.on_scene or minutes.controlled
            return later(counted_from, length, severity, calendar)
        case Running.CONTROLLED:
            return later(counted_from, minutes.controlled, severity, calendar)
        case Running.CLOSE:
            return later(
                held_at or counted_from, catalogue.close_within[severity], severity, calendar
            )
        case Running.NONE:
            return None


def climbs_at(
    state: IncidentState,
    severity: Severity,
    access: Access,
    *,
    counted_from: datetime,
    due: datetime | None,
    calendar: Calendar,
    catalogue: Incidents,
) -> datetime | None:
    """Return when an incident climbs for the first time in a state.

    While nobody has taken it up, after `escalate` minutes; then when its clock has run out.
    """
    if state is IncidentState.REPORTED:
        minutes = catalogue.clocks[access][severity].escalate
        return later(counted_from, minutes, severity, calendar)
    return due


def next_climb(
    climbed: datetime,
    severity: Severity,
    access: Access,
    *,
    calendar: Calendar,
    catalogue: Incidents,
) -> datetime:
    """Return when an incident climbs again."""
    minutes = catalogue.clocks[access][severity].escalate
    return later(climbed, minutes, severity, calendar)
