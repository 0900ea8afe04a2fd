"""What the daily report declares of itself: the day's report of each desk, and who is silent."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_CONTRADICTIONS
from .public import VIEW_DAILY_REPORT, alerts, proposal
from .queries.checks import CHECKS
from .queries.counts import COUNTS

AREA = Part(
    slice="reporting",
    counts=COUNTS,
    permission=VIEW_DAILY_REPORT,
    page="reporting:daily",
    checks=CHECKS,
    alerts=alerts,
    proposes=proposal,
    routine=frozenset(
        {
            "reporting.SnapshotsTaken",
            "reporting.ChatTemplateSet",
            # Told on the board alone: some exist for few, and a feed is read by many.
            "reporting.ContradictionsCompared",
            "reporting.ContradictionHandled",
        }
    ),
    bar=(
        place_entry(_("Daily report"), "reporting:daily", VIEW_DAILY_REPORT, rank=60),
        place_entry(
            _("Contradictions"),
            "reporting:contradictions",
            VIEW_CONTRADICTIONS,
            rank=61,
            deepest=Level.REGENCY,
            stands_for_slice=False,
            under="reporting:daily",
        ),
    ),
)
