"""The catalogues of coordination, read and checked."""

from collections.abc import Mapping

from serentak.coordination.rules.escalation import Policy
from serentak.coordination.rules.letters import LetterPatterns
from serentak.coordination.rules.minutes import MinutesWords
from serentak.coordination.rules.promises import Thresholds
from serentak.kernel.entries import Settings
from serentak.kernel.viewer import Permission
from serentak.platform import catalogue

SLICE = "coordination"


def policy() -> Policy:
    """Return how what is unanswered or overdue climbs."""
    return catalogue.load(SLICE, "escalation", Policy)


def thresholds() -> Thresholds:
    """Return the thresholds of status, order and letters."""
    return catalogue.load(SLICE, "rules", Settings[Thresholds]).values


def minutes_words() -> MinutesWords:
    """Return the words by which minutes are understood."""
    return catalogue.load(SLICE, "minutes", MinutesWords)


def letter_patterns() -> LetterPatterns:
    """Return how letters read."""
    return catalogue.load(SLICE, "letters", LetterPatterns)


def restricted() -> Mapping[str, Permission]:
    """Return the codes of alerts of which only holders of a permission may hear."""
    return catalogue.load(SLICE, "restricted", dict[str, Permission])
