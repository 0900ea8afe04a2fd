"""Whom an incident climbs to: up its chain, past those where nobody is on duty."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Climb(Generic[T]):
    """Who is told now, who was passed over, and how far up the chain that is; None: no one left."""

    to: T | None
    passed: tuple[T, ...]
    climbs: int


def climb(chain: Collection[T], climbs: int, *, is_there: Callable[[T], bool]) -> Climb[T]:
    """Return the next step of a chain of which `climbs` were taken.

    Where nobody is there it goes on at once; the last is told in any case.
    """
    steps = list(chain)
    passed: list[T] = []
    for index in range(climbs, len(steps)):
        if is_there(steps[index]) or index == len(steps) - 1:
            return Climb(steps[index], tuple(passed), index + 1)
        passed.append(steps[index])
    return Climb(None, tuple(passed), len(steps))


def first_back(returns: Mapping[T, datetime]) -> T | None:
    """Return who comes back first, by the moments at which they do; None without any."""
    return min(returns, key=returns.__getitem__, default=None)
