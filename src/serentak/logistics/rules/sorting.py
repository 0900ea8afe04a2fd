"""How many ballots that nobody looked at yet will lack, judged by what was found so far."""

from dataclasses import dataclass
from math import sqrt

NINE_OF_TEN = 1.6449
"""Standard deviations that leave a twentieth on either side."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """Pieces that were opened so far, and how many of them were damaged or not there."""

    opened: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed before anything was opened.

    `share` is lost, and that counts as much as `weight` pieces opened. Faults come in runs of
    `together` pieces, such as a bundle cut askew, so that a sample says less than its size.
    """

    share: float
    weight: int
    together: int


@dataclass(frozen=True, slots=True)
class Losses:
    """Pieces that will be lost: likely, and between which numbers in nine cases of ten."""

    likely: int = 0
    least: int = 0
    most: int = 0


NO_LOSSES = Losses()
NOTHING_SORTED = Sorting()


def expected_losses(unsorted: int, found: Sorting, belief: Belief) -> Losses:
    """Return what is lost of `unsorted` pieces: a beta-binomial law over runs of pieces.

    Its mean and variance are exact, its tails those of a normal law; both ends stay between none
    and all. A sample that found more than was said to be there counts as one without losses.
    """
    lost = min(max(found.lost, 0), found.opened)
    runs, before = unsorted / belief.together, belief.weight / belief.together
    a = belief.share * before + lost / belief.together
    b = (1 - belief.share) * before + (found.opened - lost) / belief.together
    share = a / (a + b)
    spread = runs * share * (1 - share) * (a + b + runs) / (a + b + 1)
    likely, margin = unsorted * share, NINE_OF_TEN * sqrt(spread) * belief.together
    return Losses(
        round(likely),
        max(0, round(likely - margin)),
        min(unsorted, round(likely + margin)),
    )
