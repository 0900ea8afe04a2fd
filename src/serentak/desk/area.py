"""What the desk declares of itself: its entry of the bar."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry

from .permissions import VIEW_DESK

AREA = Part(
    slice="desk",
    permission=VIEW_DESK,
    page="desk:place",
    bar=(place_entry(_("Operations room"), "desk:place", VIEW_DESK, rank=10),),
)
