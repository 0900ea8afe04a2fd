"""The head of every page of readiness: which place, how far from the vote."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform.web.formats import countdown, day
from serentak.platform.web.heads import Crumb, head_of
from serentak.readiness.queries.forecast_page import ForecastPage
from serentak.readiness.queries.plan import Across, Plan
from serentak.readiness.queries.record import ActivityRecord


def head(place: PlaceCode) -> dict[str, Any]:
    """Return the place and the places above it; 404 where there is none."""
    path = places.path(place)
    return {"path": [card for card in path[:-1] if card.code], "card": path[-1]}


def page_head(
    place: PlaceCode,
    *between: Crumb,
    title: str = "",
    here: str = "",
    about: str = "",
    when: Plan | Across | ActivityRecord | ForecastPage | None = None,
) -> dict[str, Any]:
    """Return the head of the page of a place, or of one under it that has a title; 404 if none.

    `when` tells today and the day of the vote.
    """
    count = []
    if when:
        count = [
            countdown(when.today, when.vote_date),
            _("Vote on %(day)s") % {"day": day(when.vote_date, "full")},
            _("Today is %(day)s") % {"day": day(when.today, "long")},
        ]
    return head_of(
        places.path(place),
        (_("Readiness"), reverse("readiness:place", args=[place])),
        *between,
        whole=_("Readiness of %(place)s"),
        title=title,
        here=here,
        facts=[about],
        count=count,
    )
