"""What elections declares of itself: the election's own page."""

from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import Part, place_entry
from serentak.kernel.codes import Level

from .permissions import VIEW_ELECTION
from .queries import COUNTS, linked

AREA = Part(
    slice="elections",
    counts=COUNTS,
    permission=VIEW_ELECTION,
    page="elections:election",
    linked=linked,
    bar=(
        place_entry(
            _("Election"), "elections:election", VIEW_ELECTION, rank=70, deepest=Level.VILLAGE
        ),
    ),
)
