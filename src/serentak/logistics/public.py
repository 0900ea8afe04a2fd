"""What higher floors may know of logistics: needs and what they weigh, and what presses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from serentak.elections import public as elections
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.web.formats import number

from .permissions import VIEW_LOGISTICS
from .queries.bulk import Bulk, boxes_at, boxes_sent, bulk_at
from .queries.catalogues import custody
from .queries.checks import HoursTaken, hours_taken
from .queries.loads import Pressing, lines_of, pressing_loads
from .queries.needs import needs_at, stations_at
from .queries.orders import LateOrder, late_orders
from .queries.place import lines_at
from .queries.stock import lot_at
from .rules.custody import ConsignmentState, load_status
from .rules.items import Race
from .rules.needs import Needs, What

__all__ = [
    "Bulk",
    "HoursTaken",
    "Needs",
    "Race",
    "What",
    "alerts",
    "boxes_at",
    "boxes_sent",
    "bulk_at",
    "hours_taken",
    "lines_of",
    "lot_at",
    "needs_at",
]


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return what presses at a place and under it: loads, orders that are late, ballots that lack.

    Villages and stations have no desk: their loads are told at their district.
    """
    if not viewer.may(VIEW_LOGISTICS, parent) or level_of(parent) > Level.DISTRICT:
        return ()
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    return (
        *(_alert(load, at) for load in pressing_loads(parent, at=at)),
        *(_late(order) for order in late_orders(parent, today=today)),
        *_lacking(parent, today),
    )


def _late(order: LateOrder) -> Alert:
    return Alert(
        code="logistics.order_is_late",
        place=PlaceCode(order.origin[: Level.DISTRICT]),
        severity=Status.LATE,
        due_date=order.needed_by,
        link=reverse("logistics:order", args=[order.id]),
        press=Press(harm=Harm.VOTE),
        so="logistics.stations_wait_for_it",
        helps="logistics.see_order",
        params={
            "number": order.number,
            "destination": order.destination,
            "pieces": number(order.pieces),
        },
    )


def _lacking(parent: PlaceCode, today: date) -> Iterator[Alert]:
    """Yield the stores in which ballots are likely to lack beyond all that was ordered."""
    election = elections.current_election(parent)
    if election is None or not Level.PROVINCE <= level_of(parent) <= Level.REGENCY:
        return
    stations = stations_at(parent, Level.REGENCY)
    last = election.vote_date + timedelta(days=custody().legs["store-store"].by)
    for place, lines in lines_at(parent, Level.REGENCY).items():
        ballots = [line for line in lines if line.item and line.item.is_ballot]
        lacking = sum(line.lacking or 0 for line in ballots)
        if not lacking:
            continue
        yield Alert(
            code="logistics.ballots_lack",
            place=place,
            severity=Status.LATE if last < today else Status.AT_RISK,
            due_date=last,
            link=reverse("logistics:place", args=[place]),
            press=Press(
                harm=Harm.VOTE,
                days_left=max(0, (last - today).days),
                reach=stations.get(place, 0),
            ),
            so="logistics.voters_wait_for_them",
            helps="logistics.see_transfers",
            params={
                "pieces": number(lacking),
                "needed": number(sum(line.needed or 0 for line in ballots)),
                "stations": number(stations.get(place, 0)),
            },
        )


def _alert(load: Pressing, at: datetime) -> Alert:
    place = PlaceCode(load.origin[: Level.DISTRICT])
    zone = places.zone_of(place).key
    differs = load.state is ConsignmentState.DIFFERENT
    today, due = clock.local_date(at, zone=zone), clock.local_date(load.due_at, zone=zone)
    code = "logistics.load_is_late"
    if differs:
        code = "logistics.load_differs" if load.pieces else "logistics.seals_differ"
    return Alert(
        code=code,
        place=place,
        severity=load_status(load.state, due_at=load.due_at, at=at),
        due_date=due,
        link=load.link,
        press=Press(harm=Harm.VOTE, days_left=max(0, (due - today).days), reach=load.stations),
        so="logistics.stations_wait_for_it",
        helps="logistics.see_load",
        params={
            "number": load.number,
            "destination": load.destination,
            "pieces": number(load.pieces),
            "seals": number(load.seals),
        },
    )
