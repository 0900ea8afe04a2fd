"""What the districts' lines of an activity, and the report on the whole, say of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The newest word on a line, or on the whole; both parts None where nobody said anything."""

    quantity: int | None = None
    at: datetime | None = None
    target: int = 0

    @property
    def is_open(self) -> bool:
        """Whether more is to be done and so to be told."""
        return (self.quantity or 0) < self.target


def quantity_of_whole(own: Told, lines: Sequence[Told]) -> int | None:
    """Return the amount of the whole: the sum of its lines as soon as each gave a number.

    Until then a district that is silent is not zero: what was told of the whole stands, or the sum
    so far where that is more.
    """
    given = [line.quantity for line in lines if line.quantity is not None]
    if not given:
        return own.quantity
    if len(given) == len(lines):
        return sum(given)
    return max(sum(given), own.quantity or 0)


def heard_of_whole(own: Told, lines: Sequence[Told], *, silent_share: float) -> datetime | None:
    """Return since when the whole counts as heard, None if it never was.

    The oldest word among the lines that are still open counts, after leaving out the
    `silent_share` of them that are silent longest: one district's report does not speak for the
    others. A report on the whole speaks for all of them. Where all lines are finished, the newest
    word counts.
    """
    moments = [line.at for line in lines if line.is_open]
    if moments:
        order = sorted(moments, key=lambda at: (at is not None, at))
        heard = order[int(len(order) * silent_share)]
    else:
        heard = max((line.at for line in lines if line.at), default=None)
    return max((at for at in (heard, own.at) if at), default=None)
