"""What logistics tells of indicators of quality: what reached stations, whole and under its seals.

At most five queries each, however many loads there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Length

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.counting import AsksForCounts, Counted, Counts, Share, counted
from serentak.logistics.models import Consignment, ConsignmentLine, Seal
from serentak.logistics.rules.custody import ConsignmentState
from serentak.places import public as places
from serentak.places.public import TerrainKind
from serentak.platform.rows import within

from .catalogues import items

_HARD = (TerrainKind.WATER_ACCESS, TerrainKind.NO_SIGNAL)


def _custody(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return boxes that reached their station whole, every seal read and right, of those needed."""
    boxes = [key for key, item in items().items.items() if item.is_box]
    broken = Seal.objects.filter(consignment=OuterRef("consignment")).exclude(is_read=True)
    rows = (
        ConsignmentLine.objects.annotate(depth=Length("consignment__destination__place_id"))
        .filter(
            within(parent, "consignment__destination__place"),
            depth=int(Level.STATION),
            stock__item__in=boxes,
            consignment__received_at__lte=at,
        )
        .exclude(Exists(broken))
        .order_by()
        .values_list("consignment__destination__place_id", "accepted", "stock__contest_id")
    )
    here: defaultdict[str, int] = defaultdict(int)
    for place, accepted, _ in rows:
        here[place[: Level.DISTRICT]] += accepted or 0
    if not here:
        return {}
    kept = {code[: Level.REGENCY] for code in here}
    races = {
        place: sum(place.startswith(one.place) for one in elections.contests_held_under(parent))
        for place in kept
    }
    return counted(
        (district, district, Share(min(here[district], needed), needed))
        for district, counts in elections.voters_at_level(parent, Level.DISTRICT).items()
        if district[: Level.REGENCY] in kept
        and (needed := counts.stations * max(1, races[district[: Level.REGENCY]]))
    )


@dataclass(frozen=True, slots=True)
class _Served:
    """Stations by village that have everything, of all."""

    complete: Mapping[PlaceCode, int]
    stations: Mapping[PlaceCode, int]


def _served(parent: PlaceCode, at: datetime) -> _Served | None:
    election = elections.current_election(parent)
    if election is None:
        return None
    zone = places.zone_of(parent)
    eve_ends = datetime.combine(election.vote_date, time(), zone)
    short = ConsignmentLine.objects.filter(consignment=OuterRef("pk")).filter(
        Q(accepted__lt=F("shipped")) | Q(accepted__isnull=True)
    )
    rows = (
        Consignment.objects.annotate(depth=Length("destination__place_id"), is_short=Exists(short))
        .filter(within(parent, "destination__place"), depth=int(Level.STATION))
        .exclude(state__in=(ConsignmentState.UNPACKED.value, ConsignmentState.TURNED_BACK.value))
        .order_by()
        .values_list("destination__place_id", "received_at", "is_short")
    )
    # One load that is short or still on its way leaves its station incomplete, whatever else came.
    last = min(eve_ends, at + timedelta(seconds=1))
    is_whole: dict[str, bool] = {}
    kept: set[str] = set()
    for code, received_at, is_short in rows:
        came = received_at is not None and received_at < last
        is_whole[code] = is_whole.get(code, True) and came and not is_short
        if came:
            kept.add(code[: Level.REGENCY])
    complete: defaultdict[PlaceCode, int] = defaultdict(int)
    for code, whole in is_whole.items():
        complete[PlaceCode(code[: Level.VILLAGE])] += whole
    if not kept:
        return None
    stations = {
        code: counts.stations
        for code, counts in elections.voters_at_level(parent, Level.VILLAGE).items()
        if code[: Level.REGENCY] in kept
    }
    return _Served(complete, stations)


def _complete(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return stations that everything sent reached in full by the eve, of all stations."""
    served = _served(parent, at)
    if served is None:
        return {}
    return counted(
        (village, village[: Level.DISTRICT], Share(min(served.complete.get(village, 0), n), n))
        for village, n in served.stations.items()
    )


def _far_gap(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return the same apart: of stations on the water or without signal, and of the others."""
    served = _served(parent, at)
    if served is None:
        return {}
    hard = {place for note in places.terrain(parent) if note.kind in _HARD for place in note.places}

    def shares(is_hard: bool) -> Iterator[tuple[str, str, Share]]:
        for village, n in served.stations.items():
            if any(village.startswith(place) for place in hard) is is_hard:
                yield village, village, Share(min(served.complete.get(village, 0), n), n)

    far, near = counted(shares(is_hard=True)), counted(shares(is_hard=False))
    return {
        place: Counted(one.by_unit, near[place].by_unit)
        for place, one in far.items()
        if place in near
    }


def _accounted(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return loads with boxes of which nothing is missing unsettled, of all received."""
    boxes = [key for key, item in items().items.items() if item.is_box]
    rows = (
        ConsignmentLine.objects.filter(
            within(parent, "consignment__destination__place"),
            stock__item__in=boxes,
            consignment__received_at__lte=at,
        )
        .order_by()
        .annotate(lost=Coalesce("missing", 0))
        .values_list("consignment__destination__place_id", "consignment__state", "lost")
    )
    return counted(
        (place, place, Share(int(not lost or state != ConsignmentState.DIFFERENT.value), 1))
        for place, state, lost in rows
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "custody-unbroken": _custody,
    "complete-on-the-eve": _complete,
    "far-stations-gap": _far_gap,
    "loads-accounted": _accounted,
}
"""What logistics counts, by the indicator's key or the red flag's."""
