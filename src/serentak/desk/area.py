"""What the desk declares of itself: its entries of the bar."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import BarEntry, Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_DESK

AREA = Part(
    slice="desk",
    permission=VIEW_DESK,
    page="desk:place",
    bar=(
        BarEntry(_("All provinces"), "desk:country", VIEW_DESK, rank=5, deepest=Level.COUNTRY),
        place_entry(_("Operations room"), "desk:place", VIEW_DESK, rank=10),
    ),
)
