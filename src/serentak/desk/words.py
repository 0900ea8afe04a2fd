"""How the desk names the five areas, and what it says of those that are not set up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from serentak.kernel.briefing import Focus

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
