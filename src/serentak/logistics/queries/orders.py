"""Orders: what was asked of whom for which place, and what is still open of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Left

from serentak.kernel.codes import Level, PlaceCode, subtree_range
from serentak.logistics.models import ConsignmentLine, Movement, Order, OrderLine
from serentak.logistics.rules.custody import ConsignmentState
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import SITES, Site
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.orders import OPEN_ORDERS
from serentak.platform.reading import kept

from .stock import IN_THE_HOUSE, race_at

_OPEN = [state.value for state in OPEN_ORDERS]
_BACK = [ConsignmentState.TURNED_BACK.value, ConsignmentState.UNPACKED.value]


class AskedLine(NamedTuple):
    """Pieces asked for: how many, and how many of them were sent or came."""

    what: What
    quantity: int
    sent: int

    @property
    def open(self) -> int:
        """Pieces that were not sent yet."""
        return max(0, self.quantity - self.sent)


def orders_under(place: PlaceCode) -> "QuerySet[Order]":
    """Return the orders for or of a place or one under it, the newest first."""
    low, high = subtree_range(place)
    inside = Q(origin__place__gte=low, origin__place__lt=high)
    inside |= Q(destination__place__gte=low, destination__place__lt=high)
    return (
        Order.objects.filter(inside)
        .select_related("origin__place", "destination__place")
        .annotate(pieces=Sum("lines__quantity"))
        .order_by("-asked_at", "-id")
    )


def order_of(order_id: int) -> Order | None:
    """Return an order, None where there is none; one query."""
    rows = Order.objects.select_related(
        "asked_by", "origin__place", "origin__keeper", "destination__place", "destination__keeper"
    )
    return rows.filter(pk=order_id).first()


def asked_lines(order_id: int) -> Sequence[AskedLine]:
    """Return what an order asks for, line by line; one query."""
    rows = _with_sent(OrderLine.objects.filter(order=order_id)).order_by("pk")
    return [
        AskedLine(_what(row), row["quantity"], row["sent"])
        for row in rows.values("item", "race", "quantity", "sent")
    ]


def open_pieces(order_id: int) -> Mapping[What, int]:
    """Return what is still open of an order; one query."""
    return {line.what: line.open for line in asked_lines(order_id)}


class LateOrder(NamedTuple):
    """An order of which pieces are still open after the day by which they were needed."""

    id: int
    number: str
    origin: PlaceCode
    destination: str
    needed_by: date
    pieces: int


@kept
def late_orders(place: PlaceCode, *, today: date) -> Sequence[LateOrder]:
    """Return the open orders whose day has passed, asked of a keeper at a place or under it, or of
    a supplier for it; the longest due first, two queries.
    """
    low, high = subtree_range(place)
    rows = (
        Order.objects.filter(
            state__in=_OPEN, needed_by__lt=today, origin__place__gte=low, origin__place__lt=high
        )
        .select_related("origin", "destination__place")
        .order_by("needed_by", "id")[:MOST_LATE]
    )
    open_now: dict[int, int] = defaultdict(int)
    lines = _with_sent(OrderLine.objects.filter(order__in=[row.pk for row in rows]))
    for line in lines.values("order", "quantity", "sent"):
        open_now[line["order"]] += max(0, line["quantity"] - line["sent"])
    return [
        LateOrder(
            row.pk,
            row.number,
            PlaceCode(row.origin.place_id),
            row.destination.place.name,
            row.needed_by,
            open_now[row.pk],
        )
        for row in rows
    ]


MOST_LATE = 50
"""How many late orders are named at most."""


@kept
def ordered_for(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[What, int]]:
    """Return the pieces on open orders for each place of `level` and those under it; one query.

    What was packed for an order lies under way and is not counted here again, nor what is only
    asked of a keeper within the same place: from there nothing more comes to it.
    """
    low, high = subtree_range(place)
    rows = OrderLine.objects.filter(
        order__destination__place__gte=low, order__destination__place__lt=high
    ).annotate(
        code=Left("order__destination__place_id", int(level)),
        source=Left("order__origin__place_id", int(level)),
    )
    return _open(rows.exclude(source=F("code"), order__origin__site__in=IN_THE_HOUSE), level)


@kept
def promised_by(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[What, int]]:
    """Return the pieces that open orders ask of the very keeper of each place of `level`; one
    query.
    """
    low, high = subtree_range(place)
    rows = OrderLine.objects.filter(
        order__origin__place__gte=low,
        order__origin__place__lt=high,
        order__origin__site=SITES[level].value,
    )
    return _open(rows.annotate(code=F("order__origin__place_id")), level)


def _open(rows: Any, level: Level) -> Mapping[PlaceCode, Mapping[What, int]]:
    rows = _with_sent(rows.filter(order__state__in=_OPEN))
    found: dict[PlaceCode, dict[What, int]] = defaultdict(dict)
    for row in rows.values("code", "item", "race", "quantity", "sent").order_by("code", "pk"):
        what, open_now = _what(row), max(0, row["quantity"] - row["sent"])
        if open_now and len(row["code"]) == level:
            here = found[PlaceCode(row["code"])]
            here[what] = here.get(what, 0) + open_now
    return dict(found)


def _with_sent(rows: Any) -> Any:
    """Add to each line its race, and the pieces that were packed for it or came from outside."""
    packed = ConsignmentLine.objects.filter(
        consignment__order=OuterRef("order"), stock__item=OuterRef("item")
    ).exclude(consignment__state__in=_BACK)
    came = Movement.objects.filter(
        entry__order=OuterRef("order"),
        origin__location__site=Site.SUPPLIER.value,
        origin__item=OuterRef("item"),
    )
    return rows.annotate(
        race=race_at("contest"),
        sent=_total(packed, "stock__contest", "shipped")
        + _total(came, "origin__contest", "quantity"),
    )


def _total(rows: Any, contest: str, column: str) -> Any:
    """Return the sum of a column over the rows of the line's own contest, 0 where there is none."""
    own = rows.order_by().annotate(own=Coalesce(f"{contest}_id", 0))
    own = own.filter(own=Coalesce(OuterRef("contest_id"), 0)).values("own")
    summed = own.annotate(n=Sum(column)).values("n")
    return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)


def _what(row: Mapping[str, Any]) -> What:
    return What(row["item"], Race(row["race"]) if row["race"] else None)
