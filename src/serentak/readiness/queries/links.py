"""Activities on which other matters hang."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from serentak.kernel.area import Linked
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform.catalogue import said
from serentak.readiness.models import Activity
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.states import ActivityState

from .board import catalogue, page_of
from .loading import today_in

AT_HAND = 20


def linked(
    subjects: Collection[str] | None, *, place: PlaceCode, viewer: Viewer, at: datetime
) -> Sequence[Linked]:
    """Return the activities `activity:<id>`, or those of a place and its regency whose targets lie
    next; two queries at most.
    """
    rows = Activity.objects.select_related("place")
    if subjects is None:
        around = {PlaceCode(place[:level]) for level in (Level.REGENCY, Level.DISTRICT)}
        rows = rows.filter(place__in=around, state=ActivityState.OPEN.value)
        rows = rows.filter(target_date__gte=today_in(place, at=at)).order_by("target_date", "id")
    else:
        ids = [number for one in subjects if (number := _id(one))]
        rows = rows.filter(pk__in=ids).order_by("pk")
    known = catalogue().activities
    return [
        Linked(
            f"activity:{row.pk}",
            _("Activity: %(name)s, %(place)s")
            % {"name": said(known[row.key].name), "place": row.place.name},
            page_of(PlaceCode(row.place_id), row.key),
        )
        for row in rows[:AT_HAND]
        if row.key in known and viewer.may(VIEW_READINESS, PlaceCode(row.place_id))
    ]


def _id(subject: str) -> int:
    kind, _colon, number = subject.partition(":")
    return int(number) if kind == "activity" and number.isascii() and number.isdigit() else 0
