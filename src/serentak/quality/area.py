"""What quality declares of itself: the scorecard of a place."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_SCORES

AREA = Part(
    slice="quality",
    permission=VIEW_SCORES,
    page="quality:place",
    routine=frozenset({"quality.ScoresStored"}),
    bar=(
        place_entry(
            _("Quality"),
            "quality:place",
            VIEW_SCORES,
            rank=64,
            deepest=Level.REGENCY,
            under="reporting:daily",
        ),
    ),
)
