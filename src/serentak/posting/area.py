"""What posting declares of itself: the pages of strength, posts and plans."""

from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Part, place_entry

from .permissions import VIEW_POSTING
from .public import alerts
from .queries.checks import CHECKS
from .queries.measures import MEASURES

AREA = Part(
    slice="posting",
    checks=CHECKS,
    permission=VIEW_POSTING,
    page="posting:place",
    subjects={"post": "posting:post", "plan": "posting:plan"},
    measures=MEASURES,
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
