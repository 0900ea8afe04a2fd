"""Packs loads, lets them leave, hands them over, and says what became of what differed.

While a load goes its pieces lie at a location of its own, so that nothing is in two hands or none.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.urls import reverse

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import LoadMoved
from serentak.logistics.models import (
    Consignment,
    ConsignmentLine,
    Entry,
    Location,
    Seal,
    Stock,
)
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.loads import answers_for, signs_on_paper
from serentak.logistics.queries.stock import contests_of, race_of
from serentak.logistics.rules.custody import (
    CONSIGNMENT_TRANSITIONS,
    ConsignmentEvent,
    ConsignmentState,
    Counted,
    counted_faults,
    seal_faults,
)
from serentak.logistics.rules.ledger import SITES, Condition, Deed, Site
from serentak.logistics.rules.needs import What
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer
from serentak.platform.evidence import SCANS, store_evidence

from .ledger import (
    Move,
    Row,
    Thing,
    _fault,
    _house,
    _known,
    _location,
    _locked,
    _pieces,
    _write,
)
from .orders import _check_within, _follow, _order_locked, _order_to_fill

if TYPE_CHECKING:
    from django.core.files.base import File

LINE = 120
REMARK = 500


@dataclass(frozen=True, slots=True)
class Packed:
    """Pieces that go into a load."""

    thing: Thing
    quantity: int
    condition: Condition = Condition.GOOD


@dataclass(frozen=True, slots=True)
class Became:
    """What became of pieces of one line that were rejected or missing."""

    delivered: int = 0
    returned: int = 0
    damaged: int = 0
    lost: int = 0

    @property
    def together(self) -> int:
        """All pieces that it speaks of."""
        return self.delivered + self.returned + self.damaged + self.lost


@action
def pack(
    *,
    client_key: UUID,
    place: PlaceCode,
    destination: PlaceCode,
    lines: Sequence[Packed],
    seals: Sequence[str] = (),
    due_at: datetime,
    order_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Pack a load for another keeper and return its id; its pieces leave what the place has.

    Refused where no way leads there, where pieces are of a race that is not held there, where a
    seal was set before, and where it is more than is still open of the order that it fills.
    """
    digest = digest_of(locals())
    house = _house(place, actor)
    if known := first_answer(Consignment, client_key, digest):
        return known.pk
    leg = custody().leg(place, destination)
    if leg is None:
        raise Refused("logistics.no_way_leads_there", field="destination")
    if due_at <= at:
        raise Refused("logistics.arrival_has_passed", field="due_at")
    there = _location(_site_of(destination), destination)
    _check_seals(seals)
    rows: dict[Row, int] = {}
    for number, line in enumerate(lines, 1):
        _known(line.thing, house, number)
        race = line.thing.race
        if race and contests_of(destination).get(race) != house.contests[race]:
            raise _fault("logistics.race_is_not_held_there", "what", number)
        row = house.row(line.thing, line.condition)
        if row in rows:
            raise _fault("logistics.thing_stands_twice", "what", number)
        rows[row] = _pieces(line.quantity, number)
    if not rows:
        raise Refused("logistics.nothing_moves")
    filled = _order_to_fill(order_id, house.here, there) if order_id else None
    if filled:
        _check_within(
            filled, [(What(row.thing.item, row.thing.race), n) for row, n in rows.items()]
        )
    way = Location.objects.create(
        site=Site.UNDER_WAY.value, place_id=destination, keeper_id=house.keeper
    )
    load = Consignment.objects.create(
        client_key=client_key,
        digest=digest,
        code=secrets.token_urlsafe(16),
        number=_next_number(house.here),
        origin=house.here,
        destination=there,
        way=way,
        leg=leg.key,
        order=filled,
        due_at=due_at,
        packed_at=at,
        packed_by_id=actor.user_id,
        figure_class=figure_class.value,
    )
    Seal.objects.bulk_create(Seal(consignment=load, number=seal) for seal in seals)
    moves = [
        Move(row, replace(row, location=way), amount, number)
        for number, (row, amount) in enumerate(rows.items(), 1)
    ]
    _move(load, Deed.SHIPPED, client_key, digest, house.place, house.keeper, at, moves)
    stocks = _locked(rows)
    ConsignmentLine.objects.bulk_create(
        ConsignmentLine(consignment=load, stock=stocks[row], shipped=amount)
        for row, amount in rows.items()
    )
    _told(load, "PACK", actor, at)
    if filled:
        _follow(filled, actor, at)
    return load.pk


@action
def depart(
    *, consignment_id: int, version: int, vehicle: str, escort: str, actor: Viewer, at: datetime
) -> None:
    """Let a load leave, with the vehicle or boat and who escorts it."""
    load = _own(consignment_id, version, actor)
    vehicle, escort = one_line(vehicle), one_line(escort)
    for name, text, most in (("vehicle", vehicle, LINE), ("escort", escort, 200)):
        if not text:
            raise Refused(f"logistics.load_needs_its_{name}", field=name)
        check_length(text, most=most, field=name)
    load.state = _after(load, ConsignmentEvent.DEPART).value
    load.vehicle, load.escort, load.departed_at = vehicle, escort, at
    _save(load)
    _told(load, ConsignmentEvent.DEPART.value, actor, at)
    _notify(load, load.destination, "logistics.load_left", actor, at)


@action
def hand_over(
    *,
    client_key: UUID,
    consignment_id: int,
    counted: Mapping[int, Counted],
    seals: Sequence[str],
    record_number: str,
    remark: str = "",
    receiver_name: str = "",
    photo: "File[bytes] | None" = None,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record that a load was handed over, and return the id of the ledger's entry.

    `counted` is keyed by line. The receiver's account signs; the giver's does only with the name of
    who took it and the photo of the signed record. What differs is told to the giver at once, with
    a clock; what was rejected or is missing stays on its way until the giver says what became of
    it.
    """
    digest = digest_of(locals())
    load = _locked_load(consignment_id)
    if not answers_for(actor, load.destination):
        _require_giver(load, actor)
    takes, is_paper = load.destination.keeper_id, signs_on_paper(actor, load)
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    if load.received_at:
        raise Refused("logistics.load_was_received_already", field=None, number=load.number)
    record_number, remark = one_line(record_number), one_line(remark)
    receiver_name = one_line(receiver_name)
    check_length(record_number, most=80, field="record_number")
    check_length(remark, most=REMARK, field="remark")
    check_length(receiver_name, most=LINE, field="receiver_name")
    if is_paper and not receiver_name:
        raise Refused("logistics.paper_needs_a_name", field="receiver_name")
    if is_paper and photo is None:
        raise Refused("logistics.paper_needs_a_photo", field="photo")
    lines = list(load.lines.select_related("stock__contest").order_by("pk"))
    faults = list(_faults_of(lines, counted))
    faults += seal_faults(seals, field="seals")
    if faults:
        raise Refused.of(*faults)
    put = set(load.seals.values_list("number", flat=True))
    differs = put != set(seals) or any(counted[line.pk].differs for line in lines)
    event = ConsignmentEvent.DIFFER if differs else ConsignmentEvent.ACCEPT
    load.state = _after(load, event).value
    load.received_at, load.received_by_id = at, None if is_paper else actor.user_id
    if actor.user_id is None and not receiver_name and load.destination.keeper:
        receiver_name = load.destination.keeper.name
    load.receiver_name, load.record_number, load.remark = receiver_name, record_number, remark
    if photo is not None:
        load.record_id = store_evidence(
            file=photo, place=PlaceCode(load.destination.place_id), institution_id=takes,
            accepted=SCANS, actor=actor, at=at,
        )  # fmt: skip
    load.settle_by = at + timedelta(hours=_hours(lines, counted)) if differs else None
    _save(load)
    for line in lines:
        found = counted[line.pk]
        line.accepted, line.rejected = found.accepted, found.rejected
        line.missing, line.surplus, line.reason = found.missing, found.surplus, found.reason
    ConsignmentLine.objects.bulk_update(
        lines, ["accepted", "rejected", "missing", "surplus", "reason"]
    )
    load.seals.filter(number__in=seals).update(is_read=True)
    load.seals.exclude(number__in=seals).update(is_read=False)
    place = PlaceCode(load.destination.place_id)
    came = _location(Site.COUNTED, place)
    moves = []
    for number, line in enumerate(lines, 1):
        found, there = counted[line.pk], _row(line.stock, load.destination)
        moves += [
            Move(_row(line.stock, load.way), there, found.accepted, number),
            Move(_row(line.stock, came), there, found.surplus, number),
        ]
    entry_id = _move(
        load, Deed.HANDED_OVER, client_key, digest, place, takes or load.origin.keeper_id or 0, at,
        moves, record_number=record_number,
    )  # fmt: skip
    _told(load, event.value, actor, at)
    code = "logistics.load_differs" if differs else "logistics.load_arrived"
    _notify(load, load.origin, code, actor, at, is_urgent=differs)
    return entry_id


@action
def settle(
    *,
    client_key: UUID,
    consignment_id: int,
    version: int,
    became: Mapping[int, Became],
    settlement: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Say what became of what was rejected or missing: delivered, back, back damaged, or lost."""
    digest = digest_of(locals())
    load = _locked_load(consignment_id)
    _require_giver(load, actor)
    if first_answer(Entry, client_key, digest):
        return
    check_unchanged(version, load.version)
    settlement = one_line(settlement)
    if not settlement:
        raise Refused("logistics.settlement_says_nothing", field="settlement")
    check_length(settlement, most=REMARK, field="settlement")
    after = _after(load, ConsignmentEvent.SETTLE)
    lines = list(load.lines.select_related("stock__contest").order_by("pk"))
    place = PlaceCode(load.origin.place_id)
    lost = _location(Site.LOST, place)
    moves = []
    for number, line in enumerate(lines, 1):
        found = became.get(line.pk, Became())
        for name in ("delivered", "returned", "damaged", "lost"):
            _pieces(getattr(found, name), number, name, least=0)
        owed = (line.rejected or 0) + (line.missing or 0)
        if found.together != owed:
            raise _fault(
                "logistics.not_all_is_settled", "returned", number, owed=owed, told=found.together
            )
        on_way, back = (_row(line.stock, where) for where in (load.way, load.origin))
        moves += [
            Move(on_way, _row(line.stock, load.destination), found.delivered, number),
            Move(on_way, back, found.returned, number),
            Move(on_way, replace(back, condition=Condition.DAMAGED), found.damaged, number),
            Move(on_way, _row(line.stock, lost), found.lost, number),
        ]
    load.state, load.settled_at, load.settlement = after.value, at, settlement
    _save(load)
    _move(load, Deed.SETTLED, client_key, digest, place, load.origin.keeper_id or 0, at, moves)
    _told(load, ConsignmentEvent.SETTLE.value, actor, at)
    _notify(load, load.destination, "logistics.load_settled", actor, at)


@action
def unload(*, consignment_id: int, version: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Put a load back where it came from: unpacked before it left, or turned back on its way."""
    load = _own(consignment_id, version, actor)
    reason = one_line(reason)
    if not reason:
        raise Refused("logistics.unloading_needs_a_reason", field="reason")
    check_length(reason, most=300, field="reason")
    is_packed = load.state == ConsignmentState.PACKED
    event = ConsignmentEvent.UNPACK if is_packed else ConsignmentEvent.TURN_BACK
    load.state, load.remark = _after(load, event).value, reason
    _save(load)
    lines = load.lines.select_related("stock__contest").order_by("pk")
    moves = [
        Move(_row(line.stock, load.way), _row(line.stock, load.origin), line.shipped, number)
        for number, line in enumerate(lines, 1)
    ]
    _move(
        load, Deed.UNLOADED, uuid5(load.client_key, "unload"), "",
        PlaceCode(load.origin.place_id), load.origin.keeper_id or 0, at, moves, reason=reason,
    )  # fmt: skip
    _told(load, event.value, actor, at)
    _notify(load, load.destination, "logistics.load_turned_back", actor, at)
    if load.order_id:
        _follow(_order_locked(load.order_id), actor, at)


# --- what all share


def _site_of(place: PlaceCode) -> Site:
    site = SITES.get(level_of(place))
    if site is None:
        raise Refused("logistics.no_way_leads_there", field="destination")
    return site


def _check_seals(seals: Sequence[str]) -> None:
    if faults := tuple(seal_faults(seals, field="seals")):
        raise Refused.of(*faults)
    known = Seal.objects.filter(number__in=seals).select_related("consignment").order_by("number")
    if found := known.first():
        raise Refused(
            "logistics.seal_was_set_before",
            field="seals", seal=found.number, number=found.consignment.number,
        )  # fmt: skip


def _next_number(origin: Location) -> str:
    """Return the number of the next load of a location, `16.02/0007`; the location stays locked."""
    Location.objects.select_for_update().get(pk=origin.pk)
    return f"{origin.place_id}/{Consignment.objects.filter(origin=origin).count() + 1:04}"


def _locked_load(consignment_id: int) -> Consignment:
    found = Consignment.objects.select_for_update(of=("self",)).select_related(
        "origin", "destination__keeper", "way"
    )
    load = found.filter(pk=consignment_id).first()
    if load is None:
        raise OutOfScope("load", str(consignment_id))
    return load


def _own(consignment_id: int, version: int, actor: Viewer) -> Consignment:
    """Return a load that the actor's institution gives, as the actor saw it."""
    load = _locked_load(consignment_id)
    _require_giver(load, actor)
    check_unchanged(version, load.version)
    return load


def _require_giver(load: Consignment, actor: Viewer) -> None:
    if not answers_for(actor, load.origin):
        raise OutOfScope(KEEP_STOCK, load.origin.place_id)


def _after(load: Consignment, event: ConsignmentEvent) -> ConsignmentState:
    refused = Refused("logistics.load_is_elsewhere", state=load.state)
    return CONSIGNMENT_TRANSITIONS.must(ConsignmentState(load.state), event, otherwise=refused)


def _save(load: Consignment) -> None:
    load.version += 1
    load.save()


def _faults_of(lines: Sequence[ConsignmentLine], counted: Mapping[int, Counted]) -> Iterator[Fault]:
    known = custody().reasons
    for number, line in enumerate(lines, 1):
        found = counted.get(line.pk)
        if found is None:
            yield Fault("logistics.line_was_not_counted", f"accepted_{number}", {}, number)
        else:
            yield from counted_faults(found, line.shipped, number=number, reasons=known)


def _hours(lines: Sequence[ConsignmentLine], counted: Mapping[int, Counted]) -> int:
    """Return within how many hours the giver settles: as the most urgent reason asks."""
    reasons = custody().reasons
    found = [counted[line.pk].reason for line in lines if counted[line.pk].differs]
    return min((reasons[key].hours for key in found), default=reasons["SEAL"].hours)


def _row(like: Stock, location: Location) -> Row:
    """Return the same pieces at a location, in the same condition."""
    race = race_of(like)
    return Row(
        location, Thing(like.item, race, like.lot), like.contest_id, Condition(like.condition)
    )


def _move(
    load: Consignment,
    deed: Deed,
    client_key: UUID,
    digest: str,
    place: PlaceCode,
    keeper_id: int,
    at: datetime,
    moves: Sequence[Move],
    **said: object,
) -> int:
    """Write what a load moved as one entry of the ledger, and return its id."""
    entry = _write(
        [move for move in moves if move.quantity],
        client_key=client_key,
        digest=digest,
        deed=deed.value,
        place_id=place,
        institution_id=keeper_id,
        entered_at=at,
        consignment=load,
        figure_class=load.figure_class,
        **said,
    )
    return entry.pk


def _told(load: Consignment, event: str, actor: Viewer, at: datetime) -> None:
    """Record what happened to a load where both its keepers are told of it."""
    ends = [PlaceCode(load.origin.place_id), PlaceCode(load.destination.place_id)]
    record(
        LoadMoved(
            subjects=(f"load:{load.pk}",),
            place=places.common_place(ends),
            institution_id=load.origin.keeper_id,
            event=event,
            number=load.number,
        ),
        actor=actor,
        at=at,
    )


def _notify(
    load: Consignment,
    whom: Location,
    code: str,
    actor: Viewer,
    at: datetime,
    *,
    is_urgent: bool = False,
) -> None:
    if whom.keeper_id is None:
        return
    notice = Notice(
        institution_id=whom.keeper_id,
        permission=KEEP_STOCK,
        code=code,
        params={"number": load.number, "vehicle": load.vehicle},
        link=reverse("logistics:load", args=[load.pk]),
        is_urgent=is_urgent,
    )
    notify(notices=[notice], actor=actor, at=at)
