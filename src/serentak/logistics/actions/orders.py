"""Orders: asked of another keeper or placed with a supplier, answered, withdrawn, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.urls import reverse

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import OrderMoved
from serentak.logistics.models import Location, Order, OrderLine
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.loads import answers_for
from serentak.logistics.queries.orders import open_pieces
from serentak.logistics.queries.stock import contests_of
from serentak.logistics.queries.transfers import proposed_transfers
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import SITES, Site
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.orders import ORDER_TRANSITIONS, OrderEvent, OrderState
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import (
    check_unchanged,
    digest_of,
    first_answer,
    one_at_a_time,
)

from .ledger import House, Thing, _fault, _house, _known, _location, _pieces

REASON = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pieces that are asked for; of which lot they come, the giver says."""

    item: str
    race: Race | None
    quantity: int


@action
def order(
    *,
    client_key: UUID,
    place: PlaceCode,
    origin: PlaceCode | None,
    destination: PlaceCode,
    lines: Sequence[Wanted],
    needed_by: date,
    reason: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Ask another keeper for pieces, or order them of the supplier (`origin` None); the order's id.

    The actor keeps `place`, which is the destination or lies above it. Who keeps the pieces agrees
    or refuses; of one's own, and of a supplier, it is agreed at once.
    """
    digest = digest_of(locals())
    house = _house(place, actor)
    if known := first_answer(Order, client_key, digest):
        return known.pk
    return _ask(
        house, origin, destination, lines, needed_by, reason, figure_class, client_key, digest,
        actor, at,
    ).pk  # fmt: skip


@action
def adopt_transfers(
    *,
    client_key: UUID,
    place: PlaceCode,
    seen: str,
    pairs: Sequence[tuple[PlaceCode, PlaceCode]],
    needed_by: date,
    reason: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> Sequence[int]:
    """Make orders of the proposed transfers between these pairs of places; the orders' ids.

    `seen` is the mark of the proposal that was looked at; where stock, needs or orders changed
    meanwhile there is another one, and nothing is ordered.
    """
    digest = digest_of(locals())
    house = _house(place, actor)
    one_at_a_time(f"transfers {place}")
    if not pairs:
        raise Refused("logistics.no_transfer_was_chosen", field="pairs")
    keys = [uuid5(client_key, f"{origin} {destination}") for origin, destination in pairs]
    if known := [first_answer(Order, key, digest) for key in keys]:
        found = [one.pk for one in known if one]
        if found:
            return found
    proposal = proposed_transfers(place)
    check_unchanged(seen, proposal.mark)
    made = []
    for key, (origin, destination) in zip(keys, pairs, strict=True):
        lines = [
            Wanted(one.what.item, one.what.race, one.pieces)
            for one in proposal.plan.transfers
            if (one.origin, one.destination) == (origin, destination)
        ]
        if not lines:
            raise Refused("logistics.transfer_is_not_proposed", field="pairs")
        asked = _ask(
            house, origin, destination, lines, needed_by, reason, figure_class, key, digest,
            actor, at,
        )  # fmt: skip
        made.append(asked.pk)
    return made


@action
def answer_order(
    *,
    order_id: int,
    version: int,
    is_agreed: bool,
    answer: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Agree to send what was asked for, or refuse it with the reason."""
    asked = _order_locked(order_id)
    if not answers_for(actor, asked.origin):
        raise OutOfScope(KEEP_STOCK, asked.origin.place_id)
    check_unchanged(version, asked.version)
    event = OrderEvent.AGREE if is_agreed else OrderEvent.REFUSE
    answer = one_line(answer)
    if not is_agreed and not answer:
        raise Refused("logistics.a_refusal_says_why", field="answer")
    _end(asked, event, answer, at)
    _told(asked, event.value, actor, at)
    _notify(asked, asked.asked_by_id, f"logistics.order_{_SAID[event]}", actor, at)


@action
def withdraw_order(
    *, order_id: int, version: int, answer: str, actor: Viewer, at: datetime
) -> None:
    """Take an order back: what was not packed for it yet is not asked for any more."""
    asked = _order_locked(order_id)
    if not (
        actor.may(KEEP_STOCK, PlaceCode(asked.place_id))
        and actor.acts_for(asked.asked_by_id, KEEP_STOCK)
    ):
        raise OutOfScope(KEEP_STOCK, asked.place_id)
    check_unchanged(version, asked.version)
    answer = one_line(answer)
    if not answer:
        raise Refused("logistics.a_withdrawal_says_why", field="answer")
    _end(asked, OrderEvent.WITHDRAW, answer, at)
    _told(asked, OrderEvent.WITHDRAW.value, actor, at)
    if asked.origin.keeper_id:
        _notify(asked, asked.origin.keeper_id, "logistics.order_withdrawn", actor, at)


# --- what loads and deliveries do to an order


def _order_to_fill(order_id: int, origin: Location, destination: Location) -> Order:
    """Return an agreed order between two locations, locked; refused where it is another's."""
    asked = _order_locked(order_id)
    if (asked.origin_id, asked.destination_id) != (origin.pk, destination.pk):
        raise Refused("logistics.order_is_of_other_places", field="order")
    if asked.state != OrderState.AGREED:
        raise Refused("logistics.order_is_not_agreed", field="order", number=asked.number)
    return asked


def _check_within(asked: Order, pieces: Sequence[tuple[What, int]]) -> None:
    """Refuse to send more than is still open of an order; `pieces` in the order of the lines."""
    left = dict(open_pieces(asked.pk))
    for number, (what, amount) in enumerate(pieces, 1):
        open_now = left.get(what, 0)
        if amount > open_now:
            raise _fault("logistics.more_than_ordered", "quantity", number, open=open_now)
        left[what] = open_now - amount


def _follow(asked: Order, actor: Viewer, at: datetime) -> None:
    """Close an order of which nothing is open any more, or open it again."""
    is_open = any(open_pieces(asked.pk).values())
    event = OrderEvent.REOPEN if is_open else OrderEvent.FULFIL
    if ORDER_TRANSITIONS.after(OrderState(asked.state), event):
        _end(asked, event, asked.answer, asked.answered_at)
        _told(asked, event.value, actor, at)


# --- what all share


def _ask(
    house: House,
    origin: PlaceCode | None,
    destination: PlaceCode,
    lines: Sequence[Wanted],
    needed_by: date,
    reason: str,
    figure_class: FigureClass,
    client_key: UUID,
    digest: str,
    actor: Viewer,
    at: datetime,
) -> Order:
    if not is_within(destination, house.place):
        raise Refused("logistics.order_is_for_another_place", field="destination")
    if origin is None and level_of(destination) > Level.REGENCY:
        raise Refused("logistics.suppliers_deliver_to_stores", field="origin")
    if origin is not None and custody().leg(origin, destination) is None:
        raise Refused("logistics.no_way_leads_there", field="origin")
    if needed_by < clock.local_date(at, zone=places.zone_of(destination).key):
        raise Refused("logistics.arrival_has_passed", field="needed_by")
    reason = one_line(reason)
    if not reason:
        raise Refused("logistics.an_order_needs_a_reason", field="reason")
    check_length(reason, most=REASON, field="reason")
    contests = contests_of(destination)
    wanted: dict[tuple[str, int | None], int] = {}
    for number, line in enumerate(lines, 1):
        race = line.race
        there = House(destination, house.here, house.keeper, contests)
        _known(Thing(line.item, race), there, number)
        if race and origin and contests_of(origin).get(race) != contests[race]:
            raise _fault("logistics.race_is_not_held_there", "what", number)
        key = line.item, contests[race] if race else None
        if key in wanted:
            raise _fault("logistics.thing_stands_twice", "what", number)
        wanted[key] = _pieces(line.quantity, number)
    if not wanted:
        raise Refused("logistics.nothing_moves")
    there_at = _location(SITES[level_of(destination)], destination)
    here_at = (
        _location(SITES[level_of(origin)], origin)
        if origin is not None
        else _location(Site.SUPPLIER, destination)
    )
    is_own = here_at.keeper_id is None or answers_for(actor, here_at)
    asked = Order.objects.create(
        client_key=client_key,
        digest=digest,
        number=_next_number(house),
        place_id=house.place,
        asked_by_id=house.keeper,
        origin=here_at,
        destination=there_at,
        state=(OrderState.AGREED if is_own else OrderState.ASKED).value,
        asked_at=at,
        answered_at=at if is_own else None,
        needed_by=needed_by,
        reason=reason,
        figure_class=figure_class.value,
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=asked, item=item, contest_id=contest, quantity=quantity)
        for (item, contest), quantity in wanted.items()
    )
    _told(asked, "ASK", actor, at)
    if not is_own and here_at.keeper_id:
        _notify(asked, here_at.keeper_id, "logistics.order_asked", actor, at)
    return asked


def _next_number(house: House) -> str:
    """Return the number of the next order of a place, `16.02/P0007`; its location stays locked."""
    Location.objects.select_for_update().get(pk=house.here.pk)
    return f"{house.place}/P{Order.objects.filter(place=house.place).count() + 1:04}"


def _order_locked(order_id: int) -> Order:
    """Return an order, which nobody else changes until this transaction ends."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("origin", "destination")
    asked = rows.filter(pk=order_id).first()
    if asked is None:
        raise OutOfScope("order", str(order_id))
    return asked


def _end(asked: Order, event: OrderEvent, answer: str, at: datetime | None) -> None:
    refused = Refused("logistics.order_is_elsewhere", state=asked.state)
    after = ORDER_TRANSITIONS.must(OrderState(asked.state), event, otherwise=refused)
    check_length(answer, most=REASON, field="answer")
    asked.state, asked.answer, asked.answered_at = after.value, answer, at
    asked.version += 1
    asked.save()


_SAID = {OrderEvent.AGREE: "agreed", OrderEvent.REFUSE: "refused"}


def _told(asked: Order, event: str, actor: Viewer, at: datetime) -> None:
    """Record what happened to an order where both its keepers are told of it."""
    ends = [PlaceCode(asked.origin.place_id), PlaceCode(asked.destination.place_id)]
    record(
        OrderMoved(
            subjects=(f"order:{asked.pk}",),
            place=places.common_place(ends),
            institution_id=asked.asked_by_id,
            event=event,
            number=asked.number,
        ),
        actor=actor,
        at=at,
    )


def _notify(asked: Order, whom: int, code: str, actor: Viewer, at: datetime) -> None:
    notice = Notice(
        institution_id=whom,
        permission=KEEP_STOCK,
        code=code,
        params={"number": asked.number},
        link=reverse("logistics:order", args=[asked.pk]),
    )
    notify(notices=[notice], actor=actor, at=at)
