"""Reinforcements as pages list them, and a line with its place."""

from dataclasses import dataclass

from django.db.models import QuerySet

from serentak.kernel.codes import PlaceCode
from serentak.places.public import PlaceCard
from serentak.platform.rows import within
from serentak.posting.models import Reinforcement
from serentak.posting.rules import SentState

from .need import Line

MOST = 60
"""How many reinforcements a page lists, the newest first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A place with its line."""

    card: PlaceCard
    line: Line


def reinforcement(reinforcement_id: int) -> Reinforcement | None:
    """Return reinforcements; one query."""
    return Reinforcement.objects.filter(pk=reinforcement_id).first()


def reinforcements(place: PlaceCode) -> "QuerySet[Reinforcement]":
    """Return those to, from and inside a place that were not dropped; one query."""
    rows = Reinforcement.objects.filter(within(place) | within(place, "origin"))
    rows = rows.exclude(state=SentState.DROPPED.value).select_related("origin", "place")
    return rows.order_by("-told_at", "-pk")[:MOST]
