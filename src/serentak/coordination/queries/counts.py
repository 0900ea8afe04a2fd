"""What coordination tells of indicators of quality: promises, answers, and what was only asked.

One or two queries each, however many actions there are.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q

from serentak.coordination.models import Action
from serentak.coordination.rules.states import ActionState
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, Wait, counted, timed
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within

_HOUR = 3600
_ASKED = ("REQUEST", "REPORT", "COORDINATION")
_VERIFIED = ActionState.VERIFIED.value


def _promises(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many verified actions were done by the day first named, of those past it."""
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    rows = (
        Action.objects.filter(within(parent))
        .exclude(state=ActionState.CANCELLED.value)
        .order_by()
        .values_list("place_id", "owner_id", "state", "first_due_date", "due_date", "done_date")
    )
    return counted(
        (place, owner, Share(int(state == _VERIFIED and done is not None and done <= day), 1))
        for place, owner, state, first, due, done in rows
        if (day := first or due) < today
    )


def _asked(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many actions to independent bodies were requests, with no reprimand after."""
    rows = list(
        Action.objects.filter(within(parent))
        .order_by()
        .annotate(reprimands=Count("letters", filter=Q(letters__verb="REPRIMAND")))
        .values_list("place_id", "owner_id", "verb", "reprimands")
    )
    directed = institutions.directed_kinds()
    cards = institutions.institutions({owner for _, owner, _, _ in rows})
    return counted(
        (place, owner, Share(int(verb in _ASKED and not reprimands), 1))
        for place, owner, verb, reprimands in rows
        if owner in cards and cards[owner].kind not in directed
    )


def _hours(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    rows = (
        Action.objects.filter(within(parent))
        .exclude(state=ActionState.CANCELLED.value, acknowledged_at__isnull=True)
        .order_by()
        .values_list("place_id", "owner_id", "asked_at", "acknowledged_at")
    )
    return timed(
        (
            place,
            owner,
            Wait(
                max(0, int(((answered or at) - asked).total_seconds() // _HOUR)),
                answered is not None,
            ),
        )
        for place, owner, asked, answered in rows
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "promises-kept": _promises,
    "asked-not-ordered": _asked,
    "hours-to-answer": _hours,
}
"""What coordination counts, by the indicator's key."""
