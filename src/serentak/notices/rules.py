"""When a notification goes out by e-mail: in digests outside the quiet hours, at once if urgent."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated

from serentak.kernel.entries import Named


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When mail waits; the hours may run over midnight."""

    start: Annotated[time, Named("from")]
    end: Annotated[time, Named("to")]


@dataclass(frozen=True, slots=True)
class MailHours:
    """The hours of `mail.yaml`."""

    quiet_hours: QuietHours
    digest_at: tuple[time, ...]


def is_quiet(clock_time: time, hours: MailHours) -> bool:
    """Tell whether mail should wait; the quiet hours may run over midnight."""
    start, end = hours.quiet_hours.start, hours.quiet_hours.end
    if start <= end:
        return start <= clock_time < end
    return clock_time >= start or clock_time < end


def may_be_mailed(
    *, created_at: datetime, is_urgent: bool, now: datetime, hours: MailHours
) -> bool:
    """Tell whether a notification goes out now; both moments in the province's zone.

    What is urgent goes at once, also in the quiet hours. The rest goes with the first digest after
    it was made, outside the quiet hours.
    """
    if is_urgent:
        return True
    if is_quiet(now.time(), hours):
        return False
    digests = [
        datetime.combine(now.date() - timedelta(days=back), at, tzinfo=now.tzinfo)
        for back in (0, 1)
        for at in hours.digest_at
    ]
    last = max((d for d in digests if d <= now), default=None)
    return last is not None and created_at <= last
