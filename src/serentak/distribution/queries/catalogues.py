"""The catalogues of distribution."""

from serentak.distribution.rules.catalogue import Districts, Vehicles
from serentak.platform import catalogue
from serentak.platform.catalogue import said

SLICE = "distribution"


def vehicles() -> Vehicles:
    """Return what carries boxes, and the stages of a plan."""
    return catalogue.load(SLICE, "vehicles", Vehicles)


def districts() -> Districts:
    """Return the places that are known to be hard to reach."""
    return catalogue.load(SLICE, "districts", Districts)


def kind_text(kind: str) -> str:
    """Return what a kind of vehicle is called, as it is written where the catalogue forgot it."""
    known = vehicles().vehicles.get(kind)
    return said(known.name) if known else kind
