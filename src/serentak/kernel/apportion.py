"""Splits a whole number by weights, so that the parts are whole and their sum is exact."""

from collections.abc import Sequence


def apportion(
    total: int, weights: Sequence[int], most: Sequence[int] | None = None, *, least: int = 0
) -> list[int]:
    """Split `total` into whole parts by `weights`, none over its `most`; the sum is exact.

    Each part gets `least` where the total suffices for that. What a full part cannot take goes to
    the others by their weights: largest remainder (Hamilton); of equal ones the earlier part is
    served first. Without any weight the total is split evenly. ValueError for a negative number,
    or if all parts together hold less.
    """
    limits = [total] * len(weights) if most is None else most
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight may not be negative")
    if not 0 <= total <= sum(limits):
        raise ValueError(f"{total} does not fit into {len(limits)} parts that hold {sum(limits)}")
    start = least if least * len(limits) <= total else 0
    parts = [min(start, limit) for limit in limits]
    left = total - sum(parts)
    while left:
        free = [i for i, part in enumerate(parts) if part < limits[i]]
        whole = sum(weights[i] for i in free)
        shares = {i: left * weights[i] if whole else left for i in free}
        whole = whole or len(free)
        wanted = {i: shares[i] // whole for i in free}
        rest = left - sum(wanted.values())
        for i in sorted(free, key=lambda i: (-(shares[i] % whole), i))[:rest]:
            wanted[i] += 1
        for i in free:
            parts[i] += min(wanted[i], limits[i] - parts[i])
        left = total - sum(parts)
    return parts
