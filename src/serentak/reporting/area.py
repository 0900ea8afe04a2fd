"""What the daily report declares of itself: the day's report of each desk, and who is silent."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry

from .public import VIEW_DAILY_REPORT, alerts
from .queries.counts import COUNTS

AREA = Part(
    slice="reporting",
    counts=COUNTS,
    permission=VIEW_DAILY_REPORT,
    page="reporting:daily",
    alerts=alerts,
    routine=frozenset({"reporting.SnapshotsTaken", "reporting.ChatTemplateSet"}),
    bar=(place_entry(_("Daily report"), "reporting:daily", VIEW_DAILY_REPORT, rank=60),),
)
