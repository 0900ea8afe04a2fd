"""What institutions declares of itself: its directory."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import BarEntry, Part
from serentak.kernel.codes import Level

from .public import VIEW_DIRECTORY

AREA = Part(
    slice="institutions",
    permission=VIEW_DIRECTORY,
    page="institutions:directory",
    bar=(
        BarEntry(
            _("Directory"),
            "institutions:directory",
            VIEW_DIRECTORY,
            rank=90,
            namespaces=("institutions",),
            deepest=Level.DISTRICT,
        ),
    ),
)
