"""What logistics declares of itself: the pages of needs and stock."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Adds, Better, Line, Part, place_entry
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level

from .permissions import VIEW_LOGISTICS
from .public import alerts
from .queries.checks import CHECKS
from .queries.counts import COUNTS
from .queries.figures import figures
from .queries.links import linked
from .queries.measures import MEASURES

AREA = Part(
    slice="logistics",
    counts=COUNTS,
    checks=CHECKS,
    permission=VIEW_LOGISTICS,
    page="logistics:place",
    subjects={"ledger": "logistics:entry", "load": "logistics:load", "order": "logistics:order"},
    linked=linked,
    measures=MEASURES,
    adds=Adds(
        Focus.READINESS,
        figures,
        (
            Line("logistics.ballots_lacking", "logistics", Better.DOWN),
            Line("logistics.boxes_out", "logistics", Better.UP),
            Line("logistics.loads_pressing", "logistics#loads", Better.DOWN),
        ),
    ),
    alerts=alerts,
    bar=(
        place_entry(
            _("Logistics"), "logistics:place", VIEW_LOGISTICS, rank=45, deepest=Level.VILLAGE
        ),
    ),
)
