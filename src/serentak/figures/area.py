"""What figures declares of itself: numbers that disagree, and who settles them."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, Scale, place_entry

from .public import VIEW_FIGURES, alerts

AREA = Part(
    slice="figures",
    permission=VIEW_FIGURES,
    page="figures:reconciliation",
    alerts=alerts,
    scale=Scale(gravest=6, worth=30, holds_nearness=True),
    bar=(place_entry(_("Figures"), "figures:reconciliation", VIEW_FIGURES, rank=80),),
)
