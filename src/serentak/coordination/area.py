"""What coordination declares of itself: who promised what, by when, and did it happen?"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Area, Better, Line, Phase, place_entry
from serentak.kernel.briefing import Focus

from .public import VIEW_COORDINATION, briefings, sentences
from .queries.counts import COUNTS

AREA = Area(
    slice="coordination",
    counts=COUNTS,
    focus=Focus.COORDINATION,
    permission=VIEW_COORDINATION,
    name=pgettext_lazy("focus", "Coordination"),
    short_name=pgettext_lazy("focus, short", "Coordination"),
    question=_("Who promised what, by when, and did it happen?"),
    nothing_yet=_("Nobody was asked for anything here yet"),
    order={Phase.BEFORE: 2, Phase.ON_THE_DAY: 4, Phase.AFTER: 2},
    ask=briefings,
    tells=sentences,
    headline="coordination.on_time",
    divides=_("Per cent: requests done in time, of those that were due in the area."),
    decides=("coordination.overdue",),
    lines=(
        Line("coordination.on_time", "coordination", Better.UP),
        Line("coordination.overdue", "coordination?standing=OVERDUE", Better.DOWN),
        Line("coordination.unacknowledged", "coordination?standing=UNACKNOWLEDGED", Better.DOWN),
        Line("coordination.open", "coordination"),
    ),
    page="coordination:overview",
    subjects={"action": "coordination:action", "meeting": "coordination:meeting"},
    bar=(
        place_entry(
            _("Meetings and directives"), "coordination:overview", VIEW_COORDINATION, rank=20
        ),
    ),
)
