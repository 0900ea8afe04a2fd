"""The defects at and under a place, what presses first; one of them; what alerts tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Left
from django.urls import reverse

from serentak.facilities.models import Defect
from serentak.facilities.permissions import MEND_DEFECTS, RECORD_CHECKS
from serentak.facilities.rules.defects import DefectState
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.reading import kept
from serentak.platform.rows import within

from .catalogues import checklists, vote_date_of
from .coverage import OPEN

DefectRow = Defect
"""A defect, as its page reads it."""


def open_under(place: PlaceCode) -> "QuerySet[Defect]":
    """Return the open defects at and under a place: what presses first.

    What nobody has answered comes before what is promised and what waits for a check; then the
    hard; then by day, then by how many voters hang on it.
    """
    answered = Case(
        When(state=DefectState.MENDED.value, then=2),
        When(state=DefectState.PROMISED.value, then=1),
        default=0,
    )
    return (
        Defect.objects.filter(OPEN, within(place))
        .select_related("place__parent", "owner")
        .annotate(answered=answered)
        .order_by("answered", "-is_hard", "due_date", "-voters", "pk")
    )


def defect(defect_id: int) -> Defect | None:
    """Return a defect, None where there is none; one query."""
    rows = Defect.objects.filter(pk=defect_id)
    return rows.select_related("place__parent", "owner", "found_by", "confirmed_by").first()


def mends(viewer: Viewer, found: Defect) -> bool:
    """Tell whether the viewer acts for who mends a defect."""
    return viewer.may(MEND_DEFECTS, PlaceCode(found.place_id)) and viewer.acts_for(
        found.owner_id, MEND_DEFECTS
    )


def may_ask_move(viewer: Viewer, found: Defect, today: date) -> bool:
    """Tell whether another site can still be asked for, by the viewer."""
    place = PlaceCode(found.place_id)
    known = checklists().checklists.get(found.checklist)
    if known is None or not known.may_move or not found.is_hard:
        return False
    last = last_day_to_move(place)
    return last is not None and today <= last and viewer.may(RECORD_CHECKS, place)


def last_day_to_move(place: PlaceCode) -> date | None:
    """Return until when another site can be asked for; one query."""
    vote_date = vote_date_of(place)
    return day_of(checklists().thresholds.moves_until, vote_date=vote_date) if vote_date else None


def link_of(place: PlaceCode) -> str:
    """Return where the defects of a place stand."""
    return reverse("facilities:place", args=[place]) + "#defects"


class PressKind(StrEnum):
    """Of what an alert tells."""

    VENUE = "VENUE"
    COUNTING_IT = "COUNTING_IT"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Pressing:
    """What alerts tell of the open defects of one place: how many, what hangs on them, since when.

    `are_answered` where each is promised for a day that has not passed.
    """

    place: PlaceCode
    kind: PressKind
    defects: int
    stations: int
    voters: int
    first_due: date
    act_until: date
    are_answered: bool


@kept
def pressing(place: PlaceCode, at: datetime) -> Sequence[Pressing]:
    """Return what presses at and under a place, by regency from a province up, else by district.

    One line for each kind and place, whatever lies under it; two queries.
    """
    known = checklists()
    today = clock.local_date(at, zone=places.zone_of(place).key)
    vote_date = vote_date_of(place)
    if vote_date is None:
        return ()
    warns, until = (
        day_of(days, vote_date=vote_date)
        for days in (known.thresholds.warns_from, known.thresholds.moves_until)
    )
    level = Level.REGENCY if level_of(place) <= Level.PROVINCE else Level.DISTRICT
    movable = [one.key for one in known.checklists.values() if one.may_move]
    venues = Q(checklist__in=movable, is_hard=True)
    late = Q(due_date__lt=today)
    kinds = {
        PressKind.COUNTING_IT: late & Q(is_hard=False),
        PressKind.LATE: late & Q(is_hard=True),
    }
    if warns <= today <= until:  # what fails there asks for a move, whenever it is due
        kinds = {PressKind.VENUE: venues, **kinds}
    answered = Q(state=DefectState.PROMISED.value, promised_date__gte=today)
    telling = (
        Defect.objects.filter(OPEN, presses=True)
        .exclude(state=DefectState.MENDED.value)
        .annotate(
            kind=Case(
                *(When(where, then=Value(kind.value)) for kind, where in kinds.items()),
                default=None,
                output_field=CharField(),
            )
        )
        .filter(kind__isnull=False)
    )
    # Stations and voters of a place count once, however much fails there.
    before = telling.filter(
        place=OuterRef("place"),
        checklist=OuterRef("checklist"),
        kind=OuterRef("kind"),
        pk__lt=OuterRef("pk"),
    )
    first = ~Exists(before)
    rows = (
        telling.filter(within(place))
        .annotate(code=Left("place_id", int(level)))
        .values("code", "kind")
        .annotate(
            defects=Count("pk"),
            answers=Count("pk", filter=answered),
            stations=Sum("stations", filter=first, default=0),
            voters=Sum("voters", filter=first, default=0),
            first_due=Min("due_date"),
        )
        .order_by("code", "kind")
    )
    return [
        Pressing(
            PlaceCode(row["code"]),
            PressKind(row["kind"]),
            row["defects"],
            row["stations"],
            row["voters"],
            row["first_due"],
            until,
            row["answers"] == row["defects"],
        )
        for row in rows
    ]
