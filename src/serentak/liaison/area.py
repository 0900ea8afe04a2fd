"""What liaison declares of itself: the pages of numbers, assessments, requests and crimes."""

from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Part, place_entry

from .permissions import VIEW_LIAISON
from .public import alerts, numbers

AREA = Part(
    slice="liaison",
    numbers=numbers,
    permission=VIEW_LIAISON,
    page="liaison:place",
    subjects={
        "assessment": "liaison:assessment",
        "aid": "liaison:request",
        "crime": "liaison:crime",
    },
    alerts=alerts,
    # Crimes are news for nobody but who handles them, on their own page.
    routine=frozenset({"liaison.CrimeEntered", "liaison.CrimeMoved"}),
    bar=(
        place_entry(
            pgettext_lazy("bar", "Liaison"),
            "liaison:place",
            VIEW_LIAISON,
            rank=64,
            under="security:overview",
        ),
    ),
)
