"""The entries of the bar, in their order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.coordination.permissions import VIEW_COORDINATION
from serentak.coordination.public import unread
from serentak.desk.permissions import VIEW_DESK
from serentak.elections.permissions import VIEW_ELECTION
from serentak.figures.permissions import VIEW_FIGURES
from serentak.institutions.permissions import VIEW_DIRECTORY
from serentak.kernel.codes import Level
from serentak.neutrality.permissions import VIEW_NEUTRALITY
from serentak.platform.web.navigation import NavEntry
from serentak.readiness.permissions import REPORT_PROGRESS, VIEW_READINESS
from serentak.reporting.permissions import VIEW_DAILY_REPORT

ENTRIES: tuple[NavEntry, ...] = (
    NavEntry(_("Operations room"), "desk:place", VIEW_DESK, ("desk",), deepest=Level.DISTRICT),
    NavEntry(
        _("Meetings and directives"),
        "coordination:overview",
        VIEW_COORDINATION,
        ("coordination",),
        deepest=Level.DISTRICT,
    ),
    NavEntry(
        pgettext_lazy("what one does", "Report"),
        "readiness:report",
        REPORT_PROGRESS,
        deepest=Level.DISTRICT,
    ),
    NavEntry(
        _("Readiness"), "readiness:place", VIEW_READINESS, ("readiness",), deepest=Level.DISTRICT
    ),
    NavEntry(
        pgettext_lazy("bar", "Neutrality"),
        "neutrality:overview",
        VIEW_NEUTRALITY,
        ("neutrality",),
        deepest=Level.DISTRICT,
    ),
    NavEntry(
        _("Daily report"),
        "reporting:daily",
        VIEW_DAILY_REPORT,
        ("reporting",),
        deepest=Level.DISTRICT,
    ),
    NavEntry(
        _("Election"), "elections:election", VIEW_ELECTION, ("elections",), deepest=Level.VILLAGE
    ),
    NavEntry(
        _("Figures"), "figures:reconciliation", VIEW_FIGURES, ("figures",), deepest=Level.DISTRICT
    ),
    NavEntry(
        _("Directory"),
        "institutions:directory",
        VIEW_DIRECTORY,
        ("institutions",),
        deepest=Level.DISTRICT,
    ),
    NavEntry(_("Notifications"), "coordination:notifications", count=unread),
)
