"""What changed: every deed leaves an event, so the audit tells whether an answer still holds."""

from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from threading import Lock

from django.db import connection

from serentak.kernel.codes import COUNTRY, Level, PlaceCode, level_of

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
    """How many deeds this process has seen: of each slice in all, in a province, at an area.

    An area is the country, a province or a regency with all that lies in it.

    The audit is asked for deeds of transactions that were not over when it was asked last: numbers
    of events become visible in another order than they were given, but what a snapshot calls over
    stays as it is. Restored events carry numbers of another server's transactions; most of those
    lie ahead and are left out, the others are counted once too often, which does no harm.
    """

    def __init__(self, *, all_deeds: bool = False) -> None:
        """`all_deeds`: also those after which no page of places looks otherwise."""
        self._all_deeds = all_deeds
        self._lock = Lock()
        self._not_over = _FAR
        self._seen: frozenset[int] = frozenset()
        self._all: Counter[str] = Counter()
        self._in: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._at: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._newest: datetime | None = None

    def moment(self, now: datetime) -> datetime:
        """Look for new deeds; return the begin of this minute, or the newest deed since. One query.

        `now` is the domain's time.
        """
        with self._lock:
            self._newest = self._newest or now
            self._look()
            return min(now, max(now.replace(second=0, microsecond=0), self._newest))

    def look(self) -> None:
        """Look for new deeds. One query."""
        with self._lock:
            self._look()

    def revision(self, slice: str, place: PlaceCode) -> int:
        """Return a number that grows with every deed on which a slice's answer at a place rests.

        Those are its own deeds and those of the slices below it, in the place's province and above
        provinces; for the country all of them.
        """
        if place == COUNTRY:
            return self._sum(slice, self._all)
        return self._sum(slice, self._in[_province(place)], self._at[COUNTRY])

    def close_revision(self, slice: str, place: PlaceCode) -> int:
        """Return the same number for what rests on no other regency than the place's own."""
        if level_of(place) < Level.REGENCY:
            return self.revision(slice, place)
        return self._sum(
            slice, self._at[_area(place)], self._at[_province(place)], self._at[COUNTRY]
        )

    def _sum(self, slice: str, *counts: Counter[str]) -> int:
        with self._lock:
            return sum(count[of] for count in counts for of in _down_from(slice))

    def _look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_NEW, [str(self._not_over)])
            rows = cursor.fetchall()
        deeds = [row[1:] for row in rows if row[1] is not None]
        for id, _transaction, name, place, at in deeds:
            if id not in self._seen and (self._all_deeds or shows(name)):
                slice = name.partition(".")[0]
                for counts in (self._all, self._in[_province(place)], self._at[_area(place)]):
                    counts[slice] += 1
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


def _area(place: str) -> str:
    return place[: Level.REGENCY]
