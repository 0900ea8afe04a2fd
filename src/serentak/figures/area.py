"""What figures declares of itself: numbers that disagree, and who settles them."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry

from .public import VIEW_FIGURES, alerts

AREA = Part(
    slice="figures",
    permission=VIEW_FIGURES,
    page="figures:reconciliation",
    alerts=alerts,
    bar=(
        place_entry(
            _("Figures"),
            "figures:reconciliation",
            VIEW_FIGURES,
            rank=80,
            under="elections:election",
        ),
    ),
)
