"""The five statuses, their order, and how a parent's status follows from its parts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Ordered from best to worst; silence stands apart and is never averaged away."""

    DONE = "DONE"
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    LATE = "LATE"
    NO_REPORT = "NO_REPORT"

    @property
    def rank(self) -> int:
        """0 for the best; NO_REPORT ranks last."""
        return list(Status).index(self)


@dataclass(frozen=True, slots=True)
class RollUp:
    """Thresholds (shares from 0 to 1) by which a parent's status follows from its parts."""

    late_share: float
    risk_share: float
    silent_share: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: must lie between 0 and 1")


def roll_up(
    parts: Iterable[tuple[Status, float]], *, rule: RollUp, stopped: bool = False
) -> Status:
    """Return a parent's status from (status, weight) of its parts.

    `stopped` says that one thing makes the vote impossible: the parent is late whatever the rest.
    Late and at-risk shares divide by the weight of the parts that reported. A parent is done only
    when every part is done, and it has no report when the silent share reaches the threshold.
    """
    weights: Counter[Status] = Counter()
    for status, weight in parts:
        weights[status] += weight  # type: ignore[assignment]  # weights may be fractions
    total = sum(weights.values())
    if stopped:
        return Status.LATE
    silent = weights[Status.NO_REPORT]
    heard = total - silent
    if heard <= 0 or silent / total >= rule.silent_share:
        return Status.NO_REPORT
    late = weights[Status.LATE] / heard
    risky = late + weights[Status.AT_RISK] / heard
    if late >= rule.late_share:
        return Status.LATE
    if risky >= rule.risk_share:
        return Status.AT_RISK
    if weights[Status.DONE] == total:
        return Status.DONE
    return Status.ON_TRACK
