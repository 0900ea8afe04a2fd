"""What contingency declares of itself: the pages of plans and runs."""

from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_CONTINGENCY
from .public import alerts

AREA = Part(
    slice="contingency",
    permission=VIEW_CONTINGENCY,
    page="contingency:place",
    subjects={"run": "contingency:run"},
    alerts=alerts,
    routine=frozenset({"contingency.ConfidedRunChanged"}),
    bar=(
        place_entry(
            pgettext_lazy("bar", "Contingency plans"),
            "contingency:place",
            VIEW_CONTINGENCY,
            rank=63,
            under="security:overview",
            deepest=Level.STATION,
        ),
    ),
)
