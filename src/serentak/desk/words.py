"""What the desk says first in each phase, and of the questions that nobody answers yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from serentak.kernel.area import Phase, Words
from serentak.kernel.briefing import Focus


@dataclass(frozen=True, slots=True)
class ToCome:
    """A question that no slice answers yet, with the place of its card in each phase."""

    focus: Focus
    name: Words
    question: Words
    order: Mapping[Phase, int]


TO_COME = (
    ToCome(
        Focus.SECURITY,
        pgettext_lazy("focus", "Security"),
        _("Which stations are vulnerable, and who guards them?"),
        {Phase.BEFORE: 4, Phase.ON_THE_DAY: 1, Phase.AFTER: 4},
    ),
    ToCome(
        Focus.COUNT,
        pgettext_lazy("focus", "Count"),
        _("What did each station count, and does it add up?"),
        {Phase.BEFORE: 5, Phase.ON_THE_DAY: 2, Phase.AFTER: 1},
    ),
)
"""What is said of the questions that the house cannot answer; a slice that does takes over."""


def lead(phase: Phase, days: int | None) -> str:
    """Return what the page tells first in a phase, and what it cannot tell; `days` from the vote.

    Empty without an election.
    """
    if days is None:
        return ""
    if phase is Phase.ON_THE_DAY:
        return str(
            _(
                "Today is the vote. First: what was reported in the last hour, and who is silent. "
                "Incidents are not yet set up here."
            )
        )
    if phase is Phase.BEFORE:
        text = ngettext(
            "%(days)s day to the vote. First: what will not be finished in time.",
            "%(days)s days to the vote. First: what will not be finished in time.",
            -days,
        )
        return text % {"days": -days}
    text = ngettext(
        "%(days)s day after the vote. First: which promises were kept. Count and quality are not "
        "yet set up here.",
        "%(days)s days after the vote. First: which promises were kept. Count and quality are not "
        "yet set up here.",
        days,
    )
    return text % {"days": days}
