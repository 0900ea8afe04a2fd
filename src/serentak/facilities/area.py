"""What facilities declare of themselves: the pages of checks and defects."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_FACILITIES
from .public import alerts
from .queries.measures import MEASURES

AREA = Part(
    slice="facilities",
    permission=VIEW_FACILITIES,
    page="facilities:place",
    subjects={"defect": "facilities:defect"},
    measures=MEASURES,
    alerts=alerts,
    bar=(
        place_entry(
            _("Facilities"),
            "facilities:place",
            VIEW_FACILITIES,
            rank=47,
            deepest=Level.STATION,
            under="logistics:place",
        ),
    ),
)
