"""What a correction says of the days before it: the amounts that should have stood there."""

from collections.abc import Sequence

from .reporting import ReportKind


def as_corrected(reports: Sequence[tuple[ReportKind, int]]) -> list[int]:
    """Return the amounts of one activity or line, oldest first, as later corrections have them.

    A correction stands from the report that it corrects on, which is the last that named a new
    figure. A total never falls by progress: what an earlier report named above it was wrong too.
    """
    found: list[int] = []
    origin = 0
    for kind, amount in reports:
        if kind is ReportKind.CORRECTION:
            earlier = [min(other, amount) for other in found[:origin]]
            found = earlier + [amount] * (len(found) - origin)
        elif kind is ReportKind.QUANTITY:
            origin = len(found)
        found.append(amount)
    return found
