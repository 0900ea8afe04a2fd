"""The catalogues of coordination, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serentak.coordination.rules.escalation import Policy, parse_escalation
from serentak.coordination.rules.letters import LetterPatterns, parse_letters
from serentak.coordination.rules.minutes import MinutesWords, parse_words
from serentak.coordination.rules.promises import Thresholds, parse_rules
from serentak.kernel.viewer import Permission
from serentak.platform import catalogue

SLICE = "coordination"


def policy() -> Policy:
    """Return how what is unanswered or overdue climbs."""
    return catalogue.load(SLICE, "escalation", parse_escalation)


def thresholds() -> Thresholds:
    """Return the thresholds of status, weight and mail."""
    return catalogue.load(SLICE, "rules", parse_rules)


def minutes_words() -> MinutesWords:
    """Return the words by which minutes are understood."""
    return catalogue.load(SLICE, "minutes", parse_words)


def letter_patterns() -> LetterPatterns:
    """Return how letters read."""
    return catalogue.load(SLICE, "letters", parse_letters)


def restricted() -> Mapping[str, Permission]:
    """Return the codes of alerts of which only holders of a permission may hear."""
    return catalogue.load(SLICE, "restricted", _parse_restricted)


def _parse_restricted(data: Any) -> Mapping[str, Permission]:
    return {str(code): Permission(str(permission)) for code, permission in data.items()}
