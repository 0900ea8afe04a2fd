"""What the ledger knows of work that readiness asks about: nobody types it a second time."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from django.db.models import Count, Q, Sum
from django.db.models.functions import Left
from django.urls import reverse

from serentak.kernel.area import AsksForMeasure, Measured
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.logistics.models import Consignment, Movement
from serentak.logistics.rules.items import Item
from serentak.logistics.rules.ledger import Condition, Deed, Site
from serentak.places.public import descendants
from serentak.platform.rows import within

from .catalogues import items


def _received(*, parent: PlaceCode) -> Mapping[PlaceCode, Measured]:
    """Return the ballots that suppliers and other stores brought to each store that got any."""
    came = Q(destination__location__site=Site.STORE.value) & (
        Q(entry__deed=Deed.RECEIVED.value) | _FROM_A_STORE
    )
    return _measured(parent, came, _keys(lambda item: item.is_ballot), Level.REGENCY)


def _sorted(*, parent: PlaceCode) -> Mapping[PlaceCode, Measured]:
    """Return the ballots that were looked at, good or not, in each store that received any.

    What another store sent as good was looked at there.
    """
    looked_at = [Condition.GOOD.value, Condition.DAMAGED.value]
    found = Q(destination__condition__in=looked_at) & (
        Q(entry__deed=Deed.SORTED.value, origin__condition=Condition.UNSORTED.value)
        | Q(_FROM_A_STORE, destination__location__site=Site.STORE.value)
    )
    done = _measured(parent, found, _keys(lambda item: item.is_ballot), Level.REGENCY)
    return {
        place: done.get(place, Measured(0, reverse("logistics:place", args=[place])))
        for place in _received(parent=parent)
    }


def _boxes(
    legs: Collection[str], giver: Level, *, parent: PlaceCode
) -> Mapping[PlaceCode, Measured]:
    """Return the boxes handed over on some legs, by district and regency.

    Who gives keeps the ledger: a regency its store's, a district that of its villages and stations.
    A giver from whom no load went that way keeps none, and is left out; of one from whom any did,
    every district is told, with 0 where nothing came.
    """
    sent = Consignment.objects.filter(within(parent, "origin__place"), leg__in=legs)
    givers = {PlaceCode(place[:giver]) for place in sent.values_list("origin__place", flat=True)}
    if not givers:
        return {}
    over = Q(entry__consignment__leg__in=legs) & Q(
        entry__deed__in=[Deed.HANDED_OVER.value, Deed.SETTLED.value]
    )
    boxes = _keys(lambda item: item.is_box)
    found = dict(_measured(parent, over, boxes, Level.DISTRICT))
    told = [
        card.code for card in descendants(parent, Level.DISTRICT) if card.code[:giver] in givers
    ]
    if giver is Level.REGENCY:
        found |= _measured(parent, over, boxes, Level.REGENCY)
        told += givers
    none = {place: Measured(0, reverse("logistics:place", args=[place])) for place in told}
    return {**none, **{place: found[place] for place in told if place in found}}


def _measured(
    parent: PlaceCode, where: Q, keys: Collection[str], level: Level
) -> Mapping[PlaceCode, Measured]:
    rows = (
        Movement.objects.filter(where, destination__item__in=keys)
        .filter(within(parent, "destination__location__place"))
        .annotate(code=Left("destination__location__place_id", int(level)))
        .values("code")
        .annotate(pieces=Sum("quantity"), invented=Count("pk", filter=_INVENTED))
        .order_by()
    )
    return {
        PlaceCode(row["code"]): Measured(
            row["pieces"],
            reverse("logistics:place", args=[row["code"]]),
            FigureClass.SYNTHETIC if row["invented"] else FigureClass.SOURCED,
        )
        for row in rows
        if len(row["code"]) == level
    }


_FROM_A_STORE = Q(
    entry__consignment__leg__in=["province-store", "store-store"],
    entry__deed__in=[Deed.HANDED_OVER.value, Deed.SETTLED.value],
)
"""What one store handed over to another; what turned up later of a load counts as well."""

_INVENTED = Q(entry__figure_class=FigureClass.SYNTHETIC.value)
"""What was made for a demonstration; a sum with it in is made for one, too."""


def _keys(holds: Callable[[Item], bool]) -> list[str]:
    return sorted(key for key, item in items().items.items() if holds(item))


MEASURES: Mapping[str, AsksForMeasure] = {
    "ballots-received": _received,
    "ballots-sorted": _sorted,
    "boxes-at-districts": partial(_boxes, ("store-district",), Level.REGENCY),
    "boxes-at-villages": partial(_boxes, ("district-village",), Level.DISTRICT),
    "boxes-at-stations": partial(_boxes, ("village-station",), Level.DISTRICT),
    "boxes-back": partial(_boxes, ("station-district", "village-district"), Level.DISTRICT),
}
"""What logistics measures, by the name that activities give it."""
