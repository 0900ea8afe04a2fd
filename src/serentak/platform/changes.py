"""What changed: every deed leaves an event, so the audit tells whether an answer still holds."""

from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from threading import Lock

from django.db import connection

from serentak.kernel.codes import COUNTRY, Level, PlaceCode

from .audit import shows
from .slices import installed

_NEW = """
    SELECT pg_snapshot_xmin(now.seen)::text::bigint, e.id, e.transaction_id::text::bigint,
        e.name, e.place, e.at
    FROM (SELECT pg_current_snapshot() AS seen) AS now
    LEFT JOIN platform_audit_event AS e
        ON e.transaction_id >= %s::text::xid8 AND e.transaction_id < pg_snapshot_xmax(now.seen)
"""

_FAR = 2**62
"""No transaction is that far: who looks for the first time asks for no deed of the past."""


class Changes:
    """How many deeds this process has seen, by province and slice.

    The audit is asked for deeds of transactions that were not over when it was asked last: numbers
    of events become visible in another order than they were given, but what a snapshot calls over
    stays as it is. Restored events carry numbers of another server's transactions; most of those
    lie ahead and are left out, the others are counted once too often, which does no harm.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._not_over = _FAR
        self._seen: frozenset[int] = frozenset()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._newest: datetime | None = None

    def moment(self, now: datetime) -> datetime:
        """Look for new deeds; return the begin of this minute, or the newest deed since. One query.

        `now` is the domain's time.
        """
        with self._lock:
            self._newest = self._newest or now
            self._look()
            return min(now, max(now.replace(second=0, microsecond=0), self._newest))

    def revision(self, slice: str, place: PlaceCode) -> int:
        """Return a number that grows with every deed on which a slice's answer at a place rests.

        Those are its own deeds and those of the slices below it, in the place's province and above
        provinces; for the country all of them.
        """
        with self._lock:
            areas = self._counts if place == COUNTRY else {COUNTRY, _province(place)}
            return sum(self._counts[area][of] for area in list(areas) for of in _down_from(slice))

    def _look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_NEW, [str(self._not_over)])
            rows = cursor.fetchall()
        deeds = [row[1:] for row in rows if row[1] is not None]
        for id, _transaction, name, place, at in deeds:
            if id not in self._seen and shows(name):
                self._counts[_province(place)][name.partition(".")[0]] += 1
                self._newest = max(self._newest or at, at)
        self._not_over = rows[0][0]
        self._seen = frozenset(deed[0] for deed in deeds if deed[1] >= self._not_over)


@cache
def _down_from(slice: str) -> tuple[str, ...]:
    """Return a slice and all that lie below it: those whose tables it may read."""
    order = installed()
    return order[: order.index(slice) + 1]


def _province(place: str) -> str:
    return place[: Level.PROVINCE]
