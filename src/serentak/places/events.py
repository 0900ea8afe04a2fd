"""What is recorded when the tree of places changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.platform.audit import Code, Event


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionsLoaded(Event):
    """A list of regions was taken over; the digest is over all its rows."""

    listed: int
    added: int
    changed: int
    digest: Code


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacesAdded(Event):
    """Places were added in bulk; the digest is over their codes, kinds and names."""

    count: int
    digest: Code


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRecoded(Event):
    """A place got a new code with everything under it; how many rows changed in which table."""

    old: Code
    new: Code
    rows: Mapping[Code, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalCodeSet(Event):
    """It was recorded how another body writes a place."""

    body: Code
    code: Code
