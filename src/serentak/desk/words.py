"""How the desk names the five areas, and what it says of those that are not set up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from serentak.kernel.briefing import Focus

from .rules import Phase

FOCUS_NAMES = {
    Focus.COORDINATION: _("Coordination"),
    Focus.READINESS: _("Readiness and logistics"),
    Focus.SECURITY: _("Security"),
    Focus.NEUTRALITY: _("Civil-service neutrality"),
    Focus.COUNT: _("Count"),
}

FOCUS_QUESTIONS = {
    Focus.COORDINATION: _("Who promised what, by when, and did it happen?"),
    Focus.READINESS: _("Will everything be finished before its target?"),
    Focus.SECURITY: _("Which stations are vulnerable, and who guards them?"),
    Focus.NEUTRALITY: _("Does each case get its answer in time?"),
    Focus.COUNT: _("What did each station count, and does it add up?"),
}


SHARES_DIVIDE = {
    Focus.READINESS: _("Per cent: activities finished, of all that are set up in the area."),
    Focus.COORDINATION: _("Per cent: requests done in time, of those that were due in the area."),
    Focus.NEUTRALITY: _("Per cent: civil servants who signed the pledge, of all in the area."),
}
"""What the per cent on the tiles of an area divides."""


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
