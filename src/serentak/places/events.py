"""What is recorded when the tree of places changes."""

from collections.abc import Mapping

from serentak.platform.audit import Code, Event


class RegionsLoaded(Event):
    """A list of regions was taken over; the digest is over all its rows."""

    listed: int
    added: int
    changed: int
    digest: Code


class PlacesAdded(Event):
    """Places were added in bulk; the digest is over their codes, kinds and names."""

    count: int
    digest: Code


class PlaceRecoded(Event):
    """A place got a new code with everything under it; how many rows changed in which table."""

    old: Code
    new: Code
    rows: Mapping[Code, int]


class ExternalCodeSet(Event):
    """It was recorded how another body writes a place."""

    body: Code
    code: Code
