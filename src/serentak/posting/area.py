"""What posting declares of itself: the pages of strength, posts and plans."""

from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Part, place_entry

from .permissions import VIEW_POSTING
from .public import alerts
from .queries.checks import CHECKS
from .queries.counts import COUNTS
from .queries.measures import MEASURES

# A move of the reserve is no news at a place: where it goes to what is restricted, it would tell.
AREA = Part(
    slice="posting",
    counts=COUNTS,
    checks=CHECKS,
    permission=VIEW_POSTING,
    page="posting:place",
    subjects={"post": "posting:post", "plan": "posting:plan"},
    measures=MEASURES,
    routine=frozenset({"posting.ReserveMoved"}),
    alerts=alerts,
    bar=(
        place_entry(
            pgettext_lazy("bar", "Posting"),
            "posting:place",
            VIEW_POSTING,
            rank=62,
            under="security:overview",
        ),
    ),
)
