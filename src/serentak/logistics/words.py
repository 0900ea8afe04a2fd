"""Logistics in words: sites, conditions, deeds, refusals, events."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.web.formats import number
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.items import Race
from .rules.ledger import Condition, Deed, Site

RACES = {
    Race.GOVERNOR: pgettext_lazy("race", "governor"),
    Race.REGENT: pgettext_lazy("race", "regent or mayor"),
}

SITES = {
    Site.STORE: pgettext_lazy("site", "Store"),
    Site.DISTRICT: pgettext_lazy("site", "District committee"),
    Site.VILLAGE: pgettext_lazy("site", "Village committee"),
    Site.STATION: pgettext_lazy("site", "Station"),
    Site.UNDER_WAY: pgettext_lazy("site", "Under way"),
    Site.SUPPLIER: pgettext_lazy("site", "Supplier"),
    Site.COUNTED: pgettext_lazy("site", "Difference of a count"),
    Site.DESTROYED: pgettext_lazy("site", "Destroyed"),
    Site.LOST: pgettext_lazy("site", "Lost"),
}

CONDITIONS = {
    Condition.UNSORTED: pgettext_lazy("pieces", "Unsorted"),
    Condition.GOOD: pgettext_lazy("pieces", "Good"),
    Condition.DAMAGED: pgettext_lazy("pieces", "Damaged"),
}

DEEDS = {
    Deed.RECEIVED: pgettext_lazy("what moved pieces", "Received"),
    Deed.SORTED: pgettext_lazy("what moved pieces", "Sorted"),
    Deed.COUNTED: pgettext_lazy("what moved pieces", "Counted by hand"),
    Deed.SHIPPED: pgettext_lazy("what moved pieces", "Shipped"),
    Deed.HANDED_OVER: pgettext_lazy("what moved pieces", "Handed over"),
    Deed.DESTROYED: pgettext_lazy("what moved pieces", "Destroyed"),
}


def more_text(amount: int) -> str:
    """Return a difference with its sign, such as `+42`."""
    return f"+{number(amount)}" if amount > 0 else number(amount)


EVENTS = {
    "logistics.NeedsTakenOver": _(
        "Needs are counted from list %(number)s: %(stations)s stations, %(voters)s voters"
    ),
    "logistics.PiecesMoved": _("%(deed)s: %(pieces)s pieces"),
}


def _event_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "deed": DEEDS[Deed(str(facts["deed"]))]}


EVENT_FACTS = {"logistics.PiecesMoved": _event_facts}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    "logistics.place_has_no_election": _("No election is set up here."),
    "logistics.place_has_no_stations": _(
        "No stations have been imported here yet; import them on the page of the election first."
    ),
    "logistics.needs_are_as_they_were": _(
        "Stations, voters and candidate pairs are as in the list from which needs are counted."
    ),
    "logistics.changed_needs_need_a_reason": _(
        "Say why the list changed, such as the number of the decision on it."
    ),
    "logistics.nothing_moves": _("Fill in at least one row."),
    "logistics.row_is_unfinished": _("Choose the item and fill in every number of this row."),
    "logistics.count_agrees": _(
        "Everything was counted as the ledger says; there is nothing to change."
    ),
    "logistics.a_count_needs_a_reason": _("Say why it was counted and what explains a difference."),
    "logistics.destruction_needs_a_record": _("Give the number of the record (berita acara)."),
    "logistics.destruction_needs_witnesses": _(
        "Say who saw it, such as the supervisor and the police."
    ),
    "logistics.item_is_unknown": _(
        "The catalogue has no such item. Choose one from the list or the template."
    ),
    "logistics.item_needs_its_race": _("Say for which race these pieces were made."),
    "logistics.item_serves_every_race": _("This item serves every race; leave the race empty."),
    "logistics.item_is_of_another_race": _("This item is made for the other race."),
    "logistics.race_is_unknown": _("This is no race. Write: governor, regent or mayor."),
    "logistics.race_is_not_held_here": _(
        "This store keeps nothing of this race: its pieces lie with the commission that holds it."
    ),
    "logistics.item_comes_in_no_lots": _("This item comes in no lots; leave the lot empty."),
    "logistics.lot_is_too_long": _("A lot's name has at most %(most)s characters."),
    "logistics.item_is_not_sorted": _("Only ballots are sorted."),
    "logistics.thing_stands_twice": _(
        "This stands above already: count item, lot and condition in one row."
    ),
    "logistics.pieces_are_absurd": _("Enter a whole number from %(least)s to %(most)s."),
    "logistics.quantity_is_not_read": _(
        "Write pieces or packs, such as 1.249, “12 cartons” or “2 cartons 10 bundles 13”."
    ),
    "logistics.content_is_not_read": _("Write how many pieces one carton holds, such as 2.000."),
    "logistics.sheet_is_empty": _("There is nothing to receive."),
    "logistics.not_so_many_there": _("Only %(there)s lie there; %(wanted)s were asked for."),
    "needs_are_taken_over_in_this_century": NOT_OF_THIS_CENTURY,
    "moments_of_the_ledger_are_of_this_century": NOT_OF_THIS_CENTURY,
    "versions_of_a_need_are_numbered_once": _FIRST,
    "versions_of_a_need_begin_at_one": _NOT_RIGHT,
    "a_changed_need_has_a_reason": _("Say why the list changed."),
    "a_station_stands_once_in_a_version": _NOT_RIGHT,
    "a_place_has_one_location_of_a_kind": _FIRST,
    "a_location_holds_a_thing_in_one_row": _FIRST,
    "stock_is_never_negative": _("So many are not there any more. Reload the page."),
    "stock_is_of_an_item": _NOT_RIGHT,
    "stock_is_what_moved": _NOT_RIGHT,
    "pieces_stay_what_they_are": _("Pieces of one race or lot cannot become those of another."),
    "what_moved_is_not_unmoved": _("The ledger is only added to: count anew and say why."),
    "what_moves_is_counted": _NOT_RIGHT,
    "what_moves_leaves_where_it_was": _NOT_RIGHT,
    "a_count_that_differs_has_a_reason": _("Say why it was counted and what explains it."),
    "what_is_destroyed_has_a_record_and_witnesses": _(
        "Give the number of the record and who saw it."
    ),
}
