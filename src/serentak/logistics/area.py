"""What logistics declares of itself: the pages of needs and stock."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_LOGISTICS
from .public import alerts
from .queries.measures import MEASURES

AREA = Part(
    slice="logistics",
    permission=VIEW_LOGISTICS,
    page="logistics:place",
    subjects={"ledger": "logistics:entry", "load": "logistics:load", "order": "logistics:order"},
    measures=MEASURES,
    alerts=alerts,
    bar=(
        place_entry(
            _("Logistics"), "logistics:place", VIEW_LOGISTICS, rank=45, deepest=Level.VILLAGE
        ),
    ),
)
