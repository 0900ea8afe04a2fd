"""Many loads at once: to the stations of a village and back, let go and handed over together.

Each is a load of its own with its own record; what differs in one is never taken in bulk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.logistics.models import Consignment
from serentak.logistics.queries.catalogues import item, what_text
from serentak.logistics.queries.loads import lines_of
from serentak.logistics.queries.needs import needs_at
from serentak.logistics.queries.stock import Lying, lying_at
from serentak.logistics.rules.custody import Counted
from serentak.logistics.rules.ledger import Condition
from serentak.logistics.rules.needs import Needs, What
from serentak.platform.action import action

from .custody import Packed, depart, hand_over, pack
from .ledger import Thing

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_LOADS = 100
"""Loads that are moved by one deed."""
MOST_KINDS = 500


@action
def pack_for_stations(
    *,
    client_key: UUID,
    place: PlaceCode,
    stations: Sequence[PlaceCode],
    seals: Mapping[PlaceCode, Sequence[str]],
    due_at: datetime,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> Sequence[int]:
    """Pack a load for each station of a village, with all that it needs and lies there; their ids.

    What does not lie there at all is left out; where some lies, but not enough for all of them,
    nothing is packed: who gets less is decided by hand.
    """
    _check_stations(place, stations)
    needs = needs_at(place, Level.STATION)
    lying = _lying(place)
    _check_enough([needs.get(station, {}) for station in stations], lying)
    return [
        _pack(
            station, place, station, list(_taken(needs.get(station, {}), lying)),
            client_key=client_key, seals=seals, due_at=due_at, figure_class=figure_class,
            actor=actor, at=at,
        )
        for station in stations
    ]  # fmt: skip


@action
def pack_back(
    *,
    client_key: UUID,
    place: PlaceCode,
    stations: Sequence[PlaceCode],
    seals: Mapping[PlaceCode, Sequence[str]],
    due_at: datetime,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> Sequence[int]:
    """Pack what comes back from each station after the count, for the district; the loads' ids."""
    _check_stations(place, stations)
    district = PlaceCode(place[: Level.DISTRICT])
    return [
        _pack(
            station, station, district, _to_bring_back(station),
            client_key=client_key, seals=seals, due_at=due_at, figure_class=figure_class,
            actor=actor, at=at,
        )
        for station in stations
    ]  # fmt: skip


@action
def depart_together(
    *,
    versions: Mapping[int, int],
    vehicle: str,
    escort: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Let loads leave with one vehicle and escort; `versions` is keyed by load, as it was seen."""
    _check_count(versions)
    for load_id, version in sorted(versions.items()):
        depart(
            consignment_id=load_id,
            version=version,
            vehicle=vehicle,
            escort=escort,
            actor=actor,
            at=at,
        )


@action
def hand_over_together(
    *,
    client_key: UUID,
    loads: Sequence[int],
    seals: Sequence[str],
    record_number: str,
    receiver_name: str = "",
    photo: "File[bytes] | None" = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Hand loads over that are whole, each with its own record, signed once for all of them.

    `seals` are all that were read. A load whose seals are not among them, and a seal of none of
    them, is a difference: such a load is received by itself, with its reason.
    """
    _check_count(loads)
    rows = Consignment.objects.filter(pk__in=loads).prefetch_related("seals").order_by("pk")
    put = {row.pk: {seal.number for seal in row.seals.all()} for row in rows}
    for row in rows:
        if not put[row.pk] <= set(seals):
            raise Refused("logistics.seals_are_others", field="seals", number=row.number)
    if strange := set(seals) - set().union(*put.values()):
        raise Refused("logistics.seal_is_of_none", field="seals", seal=min(strange))
    for load_id in sorted(loads):
        if photo is not None:
            photo.seek(0)
        hand_over(
            client_key=uuid5(client_key, str(load_id)),
            consignment_id=load_id,
            counted={line.id: Counted(line.shipped) for line in lines_of(load_id)},
            seals=sorted(put.get(load_id, ())),
            record_number=record_number,
            receiver_name=receiver_name,
            photo=photo,
            actor=actor,
            at=at,
        )


def _pack(
    station: PlaceCode,
    place: PlaceCode,
    destination: PlaceCode,
    lines: Sequence[Packed],
    *,
    client_key: UUID,
    seals: Mapping[PlaceCode, Sequence[str]],
    **given: Any,
) -> int:
    """Pack the load of one station; refused where nothing goes into it."""
    if not lines:
        raise Refused("logistics.nothing_lies_there_for", field="stations", station=station)
    return pack(
        client_key=uuid5(client_key, station),
        place=place,
        destination=destination,
        lines=lines,
        seals=tuple(seals.get(station, ())),
        **given,
    )


def _to_bring_back(station: PlaceCode) -> list[Packed]:
    """Return what lies good at a station and comes back after the count."""
    return [
        Packed(Thing(row.what.item, row.what.race, row.lot), row.quantity)
        for row in lying_at(station, Condition.GOOD, limit=MOST_KINDS)
        if (known := item(row.what.item)) and known.comes_back
    ]


def _check_count(loads: Sequence[int] | Mapping[int, int]) -> None:
    if not loads:
        raise Refused("logistics.no_load_was_chosen", field="loads")
    if len(loads) > MOST_LOADS:
        raise Refused("logistics.too_many_loads", field="loads", most=MOST_LOADS)


def _check_stations(place: PlaceCode, stations: Sequence[PlaceCode]) -> None:
    if not stations:
        raise Refused("logistics.no_station_was_chosen", field="stations")
    for station in stations:
        if level_of(station) is not Level.STATION or not is_within(station, place):
            raise Refused("logistics.station_lies_elsewhere", field="stations", station=station)


def _lying(place: PlaceCode) -> dict[What, list[Lying]]:
    found: dict[What, list[Lying]] = {}
    for row in lying_at(place, Condition.GOOD, limit=MOST_KINDS):
        found.setdefault(row.what, []).append(row)
    return found


def _check_enough(needs: Sequence[Needs], lying: Mapping[What, Sequence[Lying]]) -> None:
    """Refuse where some pieces of a thing lie there, but not enough for all stations."""
    for what, lots in lying.items():
        wanted = sum(need.get(what, 0) for need in needs)
        there = sum(lot.quantity for lot in lots)
        if wanted > there:
            raise Refused(
                "logistics.not_enough_for_all", field="stations",
                item=what_text(what), there=there, wanted=wanted,
            )  # fmt: skip


def _taken(need: Needs, lying: dict[What, list[Lying]]) -> Iterable[Packed]:
    """Yield the lines of a station's load, and take them off what lies there."""
    for what, wanted in need.items():
        left = wanted
        lots = lying.get(what, [])
        while left and lots:
            lot = lots[0]
            amount = min(left, lot.quantity)
            yield Packed(Thing(what.item, what.race, lot.lot), amount)
            left -= amount
            lots[0] = lot._replace(quantity=lot.quantity - amount)
            if not lots[0].quantity:
                lots.pop(0)
