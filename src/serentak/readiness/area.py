"""What readiness declares of itself: will everything be finished before its target?"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Area, Better, Line, Phase, place_entry
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level

from .public import (
    REPORT_PROGRESS,
    VIEW_READINESS,
    briefings,
    forecast_sentences,
    proposal,
)
from .queries.checks import CHECKS
from .queries.counts import COUNTS
from .queries.links import linked

AREA = Area(
    slice="readiness",
    counts=COUNTS,
    checks=CHECKS,
    focus=Focus.READINESS,
    permission=VIEW_READINESS,
    name=pgettext_lazy("focus", "Readiness & logistics"),
    short_name=pgettext_lazy("focus, short", "Readiness"),
    question=_("Will everything be finished before its target?"),
    order={Phase.BEFORE: 1, Phase.ON_THE_DAY: 3, Phase.AFTER: 5},
    ask=briefings,
    by_the_day=True,
    headline="readiness.finished",
    divides=_("Per cent: activities finished, of all that are set up in the area."),
    decides=("readiness.late",),
    lines=(
        Line("readiness.finished", "readiness?status=DONE", Better.UP),
        Line("readiness.late", "readiness?status=LATE", Better.DOWN),
        Line("readiness.reports_owed", "readiness", Better.DOWN),
        Line("readiness.margin", "readiness", Better.UP),
        Line("readiness.days_too_late", "readiness"),
    ),
    proposes=proposal,
    linked=linked,
    tells=forecast_sentences,
    routine=frozenset({"readiness.ForecastComputed", "readiness.ScenarioComputed"}),
    subjects={"scenario": "readiness:scenario"},
    page="readiness:place",
    bar=(
        place_entry(
            pgettext_lazy("what one does", "Report"),
            "readiness:report",
            REPORT_PROGRESS,
            rank=30,
            stands_for_slice=False,
        ),
        place_entry(_("Readiness"), "readiness:place", VIEW_READINESS, rank=40),
        place_entry(
            pgettext_lazy("of readiness", "Forecast"),
            "readiness:forecast",
            VIEW_READINESS,
            rank=41,
            deepest=Level.REGENCY,
            stands_for_slice=False,
            under="readiness:place",
        ),
    ),
)
