"""What institutions declares of itself: its directory."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry

from .public import VIEW_DIRECTORY

AREA = Part(
    slice="institutions",
    permission=VIEW_DIRECTORY,
    page="institutions:directory",
    bar=(place_entry(_("Directory"), "institutions:directory", VIEW_DIRECTORY, rank=90),),
)
