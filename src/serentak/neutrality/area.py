"""What neutrality declares of itself: does each case get its answer in time?"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Area, Better, Line, OwnSection, Phase, place_entry
from serentak.kernel.briefing import Focus

from .public import VIEW_NEUTRALITY, briefings
from .queries.checks import CHECKS
from .queries.counts import COUNTS

SERVICES = "SERVICES"
"""The section of the daily report that tells how public services go on."""

AREA = Area(
    slice="neutrality",
    counts=COUNTS,
    checks=CHECKS,
    focus=Focus.NEUTRALITY,
    permission=VIEW_NEUTRALITY,
    name=pgettext_lazy("focus", "Civil-service neutrality"),
    short_name=pgettext_lazy("focus, short", "Neutrality"),
    question=_("Does each case get its answer in time?"),
    order={Phase.BEFORE: 3, Phase.ON_THE_DAY: 5, Phase.AFTER: 3},
    ask=briefings,
    by_the_day=True,
    headline="neutrality.pledged",
    divides=_("Per cent: civil servants who signed the pledge, of all in the area."),
    decides=("neutrality.past_clock", "neutrality.services_thin"),
    lines=(
        Line("neutrality.past_clock", "neutrality/cases?clock=past", Better.DOWN),
        Line("neutrality.followed_up", "neutrality/follow-up", Better.UP),
        Line("neutrality.pledged", "neutrality#pledges", Better.UP),
        Line("neutrality.services_thin", "neutrality#services", Better.DOWN, section=SERVICES),
    ),
    sections=(OwnSection(SERVICES, pgettext_lazy("section", "Public services")),),
    confided=frozenset({"neutrality.CASES_PAST_CLOCK", "neutrality.AUTHORITY_IN_THE_RACE"}),
    is_status_public_only=True,
    page="neutrality:overview",
    bar=(
        place_entry(
            pgettext_lazy("bar", "Neutrality"), "neutrality:overview", VIEW_NEUTRALITY, rank=50
        ),
    ),
)
