"""What the daily report declares of itself: the day's report of each desk, and who is silent."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import BarEntry, Part, Scale
from serentak.kernel.codes import Level

from .public import VIEW_DAILY_REPORT, alerts

AREA = Part(
    slice="reporting",
    permission=VIEW_DAILY_REPORT,
    page="reporting:daily",
    alerts=alerts,
    scale=Scale(gravest=40, worth=40, holds_nearness=False),
    bar=(
        BarEntry(
            _("Daily report"),
            "reporting:daily",
            VIEW_DAILY_REPORT,
            rank=60,
            namespaces=("reporting",),
            deepest=Level.DISTRICT,
        ),
    ),
)
