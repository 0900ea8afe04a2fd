"""Loads on which other matters hang."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from serentak.kernel.area import Linked
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.logistics.permissions import VIEW_LOGISTICS
from serentak.logistics.rules.custody import OPEN

from .loads import Load, loads_under

AT_HAND = 20


def linked(
    subjects: Collection[str] | None, *, place: PlaceCode, viewer: Viewer, at: datetime
) -> Sequence[Linked]:
    """Return the loads `load:<id>`, or those on their way from or to a district; one query."""
    if subjects is None:
        rows = loads_under(PlaceCode(place[: Level.DISTRICT]))
        rows = rows.filter(state__in=[state.value for state in OPEN])
    else:
        ids = [number for one in subjects if (number := _id(one))]
        rows = Load.objects.select_related("origin__place", "destination__place")
        rows = rows.filter(pk__in=ids).order_by("pk")
    return [
        Linked(
            f"load:{row.pk}",
            _("Load %(number)s: %(origin)s to %(destination)s")
            % {
                "number": row.number,
                "origin": row.origin.place.name,
                "destination": row.destination.place.name,
            },
            reverse("logistics:load", args=[row.pk]),
        )
        for row in rows[:AT_HAND]
        if any(
            viewer.may(VIEW_LOGISTICS, PlaceCode(end.place_id))
            for end in (row.origin, row.destination)
        )
    ]


def _id(subject: str) -> int:
    kind, _colon, number = subject.partition(":")
    return int(number) if kind == "load" and number.isascii() and number.isdigit() else 0
