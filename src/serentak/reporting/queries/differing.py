"""The board of contradictions: what exists for whom, in which order, and its log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.reporting.models import Contradiction, ContradictionStep
from serentak.reporting.permissions import SETTLE_CONTRADICTION, VIEW_CONTRADICTIONS
from serentak.reporting.rules.differing import (
    LIVE,
    Check,
    ContradictionEvent,
    ContradictionState,
    weight_of,
)
from serentak.reporting.words import catalogue

ContradictionRow = Contradiction
"""A contradiction, as its page reads it."""

MOST_STEPS = 50
"""How many of the newest steps a page shows."""


def needs(check: Check) -> tuple[Permission, ...]:
    """Return the permissions without which a check does not exist for somebody."""
    return (VIEW_CONTRADICTIONS, *map(Permission, check.sees))


def seen_by(viewer: Viewer) -> Q:
    """Return the condition for contradictions that exist for a viewer; no query.

    All that its check asks for must hold at its place, and one with an audience exists for who is
    of it. What the viewer may not see is out of count, order and numbering alike.
    """
    found = Q(pk__in=[])
    by_needs: dict[tuple[Permission, ...], list[str]] = {}
    for key, check in catalogue().asked.items():
        by_needs.setdefault(needs(check), []).append(key)
    for permissions, keys in by_needs.items():
        where = Q(check_key__in=keys)
        for permission in permissions:
            inside = Q(pk__in=[])
            for place in viewer.places(permission):
                inside |= within(place)
            where &= inside
        found |= where
    if viewer.system:
        return found
    own = sorted(viewer.institutions(VIEW_CONTRADICTIONS))
    return found & (Q(audience=None) | Q(audience__overlap=own))


def exists_for(viewer: Viewer, row: Contradiction) -> bool:
    """Tell whether one exists for a viewer, as `seen_by` does; no query."""
    check = catalogue().asked.get(row.check_key)
    if check is None:
        return False
    place = PlaceCode(row.place_id)
    if not all(viewer.may(permission, place) for permission in needs(check)):
        return False
    if row.audience is None or viewer.system:
        return True
    return bool(viewer.institutions(VIEW_CONTRADICTIONS) & set(row.audience))


def today_at(place: PlaceCode, at: datetime) -> date:
    """Return the day that it is at a place."""
    return clock.local_date(at, zone=places.zone_of(place).key)


def board(place: PlaceCode, *, viewer: Viewer, at: datetime) -> "QuerySet[Contradiction]":
    """Return what differs at and under a place, the heaviest first, then by clock.

    What has ended stands behind, the newest first. `weight` is that of today.
    """
    today = today_at(place, at)
    days = Func(
        F("near"),
        Value(today),
        template="COALESCE(ABS(%(expressions)s), 0)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )
    halved = Func(
        Value(0.5, output_field=FloatField()),
        Cast(days, FloatField()) / Value(catalogue().half_life_days, output_field=FloatField()),
        function="POWER",
        output_field=FloatField(),
    )
    return (
        Contradiction.objects.filter(within(place), seen_by(viewer))
        .select_related("place", "owner")
        .annotate(
            weight=F("strength") * halved,
            clock=Case(
                When(state=ContradictionState.ANSWERED.value, then=F("settle_by_at")),
                When(state__in=_LIVE, then=F("answer_by_at")),
                default=None,
            ),
            ended=Case(When(state__in=_LIVE, then=0), default=1),
        )
        .order_by("ended", "-weight", "clock", "-ended_at", "key")
    )


_LIVE = sorted(state.value for state in LIVE)


def kept(
    rows: "QuerySet[Contradiction]", *, which: str = "", check: str = ""
) -> "QuerySet[Contradiction]":
    """Keep the open or the ended ones, and those of one check."""
    if which == "open":
        rows = rows.filter(state__in=_LIVE)
    elif which == "settled":
        rows = rows.exclude(state__in=_LIVE)
    return rows.filter(check_key=check) if check else rows


@dataclass(frozen=True, slots=True)
class Standing:
    """How many differ at and under a place, and of these past their clock; how many have ended."""

    open: int
    past: int
    ended: int


def standing(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Standing:
    """Return the counts of a place as a viewer may know them; one query."""
    live = Q(state__in=_LIVE)
    past = Q(state=ContradictionState.ANSWERED.value, settle_by_at__lt=at) | (
        live & ~Q(state=ContradictionState.ANSWERED.value) & Q(answer_by_at__lt=at)
    )
    found = Contradiction.objects.filter(within(place), seen_by(viewer)).aggregate(
        open=Count("pk", filter=live), past=Count("pk", filter=past), all=Count("pk")
    )
    return Standing(found["open"], found["past"], found["all"] - found["open"])


def one(key: UUID, viewer: Viewer) -> Contradiction | None:
    """Return one that exists for a viewer, None else; one query."""
    rows = Contradiction.objects.filter(key=key).select_related("place", "owner", "settled_by")
    found = rows.first()
    return found if found is not None and exists_for(viewer, found) else None


def settles(viewer: Viewer, row: Contradiction) -> bool:
    """Tell whether the viewer acts for who settles it; two queries at most."""
    return viewer.may(SETTLE_CONTRADICTION, PlaceCode(row.place_id)) and (
        row.owner_id in institutions.voices(viewer, SETTLE_CONTRADICTION)
    )


def steps_of(row: Contradiction) -> Sequence[ContradictionStep]:
    """Return the newest steps of one; one query."""
    rows = ContradictionStep.objects.filter(contradiction=row)
    return list(
        rows.select_related("taken_by", "institution").order_by("-taken_at", "-pk")[:MOST_STEPS]
    )


def pressing(parent: PlaceCode, *, viewer: Viewer, at: datetime, limit: int) -> list[Contradiction]:
    """Return the heaviest open ones at and under a place of which alerts may tell; one query.

    A confided check, and one with an audience, is told on the board alone.
    """
    open_keys = [key for key, check in catalogue().asked.items() if not check.is_confided]
    rows = board(parent, viewer=viewer, at=at).filter(
        state__in=_LIVE, audience=None, check_key__in=open_keys
    )
    return list(rows[:limit])


def weight(row: Contradiction, today: date) -> float:
    """Return the weight of today of a row that was read without it."""
    return weight_of(
        row.strength, near=row.near, today=today, half_life_days=catalogue().half_life_days
    )


def open_contradictions(parent: PlaceCode, *, check: str) -> list[tuple[UUID, PlaceCode, int]]:
    """Return key, place and version of what is open of a check, the oldest first; one query."""
    rows = Contradiction.objects.filter(within(parent), check_key=check, state__in=_LIVE)
    return [
        (key, PlaceCode(code), version)
        for key, code, version in rows.order_by("pk").values_list("key", "place", "version")
    ]


@dataclass(frozen=True, slots=True)
class Settlements:
    """What became of contradictions of a place on a day."""

    opened: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def ended(self) -> int:
        """All that ended that day."""
        return self.in_time + self.late


def settlements(
    parent: PlaceCode, *, first: date, last: date
) -> Mapping[tuple[PlaceCode, date], Settlements]:
    """Return by place and day how many opened and ended, from the log; one query.

    Days are those of the parent's zone. Confided checks and those with an audience are left out,
    so that a count tells nothing of what exists for few.
    """
    zone = places.zone_of(parent)
    asked = [key for key, check in catalogue().asked.items() if not check.is_confided]
    rows = ContradictionStep.objects.filter(
        within(parent, "contradiction__place"),
        contradiction__check_key__in=asked,
        contradiction__audience=None,
        taken_at__gte=datetime.combine(first, time.min, tzinfo=zone),
        taken_at__lt=datetime.combine(last, time.min, tzinfo=zone) + timedelta(days=1),
    ).values_list("contradiction__place", "taken_at", "event", "is_in_time")
    counts: Counter[tuple[PlaceCode, date, str]] = Counter()
    for code, taken_at, event, in_time in rows:
        day = taken_at.astimezone(zone).date()
        if event in _OPENS:
            counts[PlaceCode(code), day, "opened"] += 1
        elif in_time is not None:
            counts[PlaceCode(code), day, "in_time" if in_time else "late"] += 1
    keys = {(code, day) for code, day, _ in counts}
    return {
        (code, day): Settlements(
            counts[code, day, "opened"], counts[code, day, "in_time"], counts[code, day, "late"]
        )
        for code, day in keys
    }


_OPENS = ("", ContradictionEvent.COME_BACK.value, ContradictionEvent.REOPEN.value)
