"""What distribution declares of itself: the pages of vehicles, ways and routes."""

from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Part, place_entry

from .permissions import VIEW_DISTRIBUTION
from .public import alerts

AREA = Part(
    slice="distribution",
    permission=VIEW_DISTRIBUTION,
    page="distribution:place",
    subjects={"plan": "distribution:plan", "vehicle": "distribution:vehicle"},
    alerts=alerts,
    bar=(
        place_entry(
            pgettext_lazy("bar", "Routes"),
            "distribution:place",
            VIEW_DISTRIBUTION,
            rank=46,
            under="logistics:place",
        ),
    ),
)
