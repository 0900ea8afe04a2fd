"""What notices declares of itself: the page of what one was told, with how much is unread."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import BarEntry, Part

from .public import unread

AREA = Part(
    slice="notices",
    permission=None,
    bar=(BarEntry(_("Notifications"), "notices:notifications", rank=100, count=unread),),
)
