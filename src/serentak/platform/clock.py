"""What time it is in the domain: real time, or the clock of a demonstration or rehearsal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from .models import DomainClock


@dataclass(frozen=True, slots=True)
class ClockState:
    """The domain's time now; `scene` names the demonstration, empty in earnest."""

    now: datetime
    scene: str = ""
    rehearsal: bool = False


def state() -> ClockState:
    """Return the time of the domain (UTC) and which scene set it."""
    row, moment = _row(), _moment.get()
    now = moment() if moment else _running(row)
    return ClockState(now, row.scene, row.rehearsal) if row else ClockState(now)


def running() -> datetime:
    """Return the time of the domain (UTC) as it runs on, also while `now` stands."""
    return _running(_row())


def _running(row: DomainClock | None) -> datetime:
    real = timezone.now()
    return row.domain_at + (real - row.real_at) if row else real


_moment: ContextVar[Callable[[], datetime] | None] = ContextVar("moment", default=None)


@contextmanager
def standing(at: Callable[[], datetime]) -> Iterator[None]:
    """Let the time of the domain be what `at` says inside, as a page shows one moment."""
    token = _moment.set(at)
    try:
        yield
    finally:
        _moment.reset(token)


_held: ContextVar[list[DomainClock | None] | None] = ContextVar("held_clock", default=None)
"""The row that was read while the clock is held: none yet, or one."""


@contextmanager
def held() -> Iterator[None]:
    """Read the clock's row at most once inside; time runs on, but nobody else sets it anew."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def _row() -> DomainClock | None:
    """Return the clock of a demonstration, None in earnest and where none is set."""
    if not settings.SERENTAK_DEMO:
        return None
    known = _held.get()
    if known is None:
        return DomainClock.objects.first()
    if not known:
        known.append(DomainClock.objects.first())
    return known[0]


def now() -> datetime:
    """Return the time of the domain, aware, in UTC."""
    return state().now


def set_clock(*, domain_at: datetime, scene: str, rehearsal: bool = False) -> None:
    """Let the clock of the domain run on from `domain_at`; sessions and the queue do not follow."""
    DomainClock.objects.update_or_create(
        id=1,
        defaults={
            "domain_at": domain_at,
            "real_at": timezone.now(),
            "scene": scene,
            "rehearsal": rehearsal,
        },
    )
    if (known := _held.get()) is not None:
        known.clear()


def local_date(at: datetime, *, zone: str = "Asia/Jakarta") -> date:
    """Return the calendar day of `at` in a province's zone (Indonesia has three)."""
    return at.astimezone(ZoneInfo(zone)).date()
