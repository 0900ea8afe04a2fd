"""The catalogue of quality, whole."""

from functools import cache

from serentak.platform.catalogue import load
from serentak.quality.rules.catalogue import Catalogue, Frame, Group, Judgement, joined
from serentak.quality.rules.intervals import Chance

SLICE = "quality"
GROUPS = ("voting", "honesty", "order", "work")


@cache
def catalogue() -> Catalogue:
    """Return frame, rules and all indicators; ValueError where files contradict each other."""
    return joined(
        load(SLICE, "frame", Frame),
        load(SLICE, "judgement", Judgement),
        {name: load(SLICE, name, Group) for name in GROUPS},
    )


def chance() -> Chance:
    """Return how draws are made."""
    given = catalogue().frame.defaults
    return Chance(given.draws, given.seed, given.design_effect)
