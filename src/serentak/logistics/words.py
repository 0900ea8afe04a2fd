"""Logistics in words: sites, conditions, deeds, refusals, events."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serentak.platform.web.formats import number
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.custody import ConsignmentEvent, ConsignmentState
from .rules.items import Race
from .rules.ledger import Condition, Deed, Site
from .rules.orders import OrderEvent, OrderState

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
    Deed.SETTLED: pgettext_lazy("what moved pieces", "Difference settled"),
    Deed.UNLOADED: pgettext_lazy("what moved pieces", "Unloaded again"),
    Deed.DESTROYED: pgettext_lazy("what moved pieces", "Destroyed"),
}


def more_text(amount: int) -> str:
    """Return a difference with its sign, such as `+42`."""
    return f"+{number(amount)}" if amount > 0 else number(amount)


def sorting_text(opened: int, good: int, damaged: int) -> str:
    """Return what sorting found, in one line; what is missing or over only where there is any."""
    parts = [
        gettext("opened %(n)s") % {"n": number(opened)},
        gettext("good %(n)s") % {"n": number(good)},
        gettext("damaged %(n)s") % {"n": number(damaged)},
    ]
    if missing := opened - good - damaged:
        text = gettext("missing %(n)s") if missing > 0 else gettext("over %(n)s")
        parts.append(text % {"n": number(abs(missing))})
    return ", ".join(parts)


LOAD_STATES = {
    ConsignmentState.PACKED: pgettext_lazy("a load", "Packed"),
    ConsignmentState.UNDER_WAY: pgettext_lazy("a load", "Under way"),
    ConsignmentState.HANDED_OVER: pgettext_lazy("a load", "Handed over"),
    ConsignmentState.DIFFERENT: pgettext_lazy("a load", "Handed over, with a difference"),
    ConsignmentState.SETTLED: pgettext_lazy("a load", "Difference settled"),
    ConsignmentState.TURNED_BACK: pgettext_lazy("a load", "Turned back"),
    ConsignmentState.UNPACKED: pgettext_lazy("a load", "Unpacked"),
}

LOAD_EVENTS = {
    "PACK": pgettext_lazy("what happened to a load", "packed"),
    ConsignmentEvent.DEPART: pgettext_lazy("what happened to a load", "has left"),
    ConsignmentEvent.ACCEPT: pgettext_lazy("what happened to a load", "handed over whole"),
    ConsignmentEvent.DIFFER: pgettext_lazy(
        "what happened to a load", "handed over, with a difference"
    ),
    ConsignmentEvent.SETTLE: pgettext_lazy("what happened to a load", "difference settled"),
    ConsignmentEvent.TURN_BACK: pgettext_lazy("what happened to a load", "turned back"),
    ConsignmentEvent.UNPACK: pgettext_lazy("what happened to a load", "unpacked"),
}

ORDER_STATES = {
    OrderState.ASKED: pgettext_lazy("an order", "Asked, not answered"),
    OrderState.AGREED: pgettext_lazy("an order", "Agreed"),
    OrderState.FULFILLED: pgettext_lazy("an order", "Sent"),
    OrderState.REFUSED: pgettext_lazy("an order", "Refused"),
    OrderState.WITHDRAWN: pgettext_lazy("an order", "Withdrawn"),
}

SUPPLIER_STATES = {
    **ORDER_STATES,
    OrderState.AGREED: pgettext_lazy("an order of a supplier", "Ordered"),
    OrderState.FULFILLED: pgettext_lazy("an order of a supplier", "Has come"),
}

ORDER_EVENTS = {
    "ASK": pgettext_lazy("what happened to an order", "made"),
    OrderEvent.AGREE: pgettext_lazy("what happened to an order", "agreed"),
    OrderEvent.REFUSE: pgettext_lazy("what happened to an order", "refused"),
    OrderEvent.WITHDRAW: pgettext_lazy("what happened to an order", "withdrawn"),
    OrderEvent.FULFIL: pgettext_lazy("what happened to an order", "sent whole"),
    OrderEvent.REOPEN: pgettext_lazy("what happened to an order", "open again"),
}

ALERTS = {
    "logistics.load_differs": _(
        "Load %(number)s to %(destination)s: %(pieces)s pieces were rejected or are missing"
    ),
    "logistics.seals_differ": _(
        "Load %(number)s to %(destination)s: %(seals)s seals were not found as they were set"
    ),
    "logistics.load_is_late": _("Load %(number)s to %(destination)s has not arrived in time"),
    "logistics.ballots_lack": _("About %(pieces)s ballots are likely to lack and are not ordered"),
    "logistics.order_is_late": _(
        "Order %(number)s for %(destination)s is not sent: %(pieces)s pieces were needed by now"
    ),
    # What hangs on it.
    "logistics.voters_wait_for_them": _("Of %(needed)s that its %(stations)s stations need."),
    "logistics.stations_wait_for_it": _("The stations there wait for what is in it."),
    # What would help.
    "logistics.see_transfers": _("See which stores could help, and order the rest of the printer"),
    "logistics.see_order": _("See the order: who was asked, what was sent"),
    "logistics.see_load": _("See the load: who has it, what differs, who settles it"),
}

TOPICS = {
    "logistics.load_differs": pgettext_lazy(
        "what an alert is about", "the difference of load %(number)s"
    ),
    "logistics.load_is_late": pgettext_lazy(
        "what an alert is about", "load %(number)s, which is late"
    ),
    "logistics.seals_differ": pgettext_lazy(
        "what an alert is about", "the seals of load %(number)s"
    ),
    "logistics.ballots_lack": pgettext_lazy("what an alert is about", "the ballots that lack"),
    "logistics.order_is_late": pgettext_lazy(
        "what an alert is about", "order %(number)s, which is not sent"
    ),
}

FIGURES = {
    "logistics.ballots_lacking": _("ballots are likely to lack and are not ordered"),
    "logistics.boxes_out": _("ballot boxes with committees and stations"),
    "logistics.loads_pressing": _("loads are late or differ"),
}

NOTIFICATIONS = {
    "logistics.load_left": _("Load %(number)s is on its way to you: %(vehicle)s"),
    "logistics.load_arrived": _("Load %(number)s was handed over whole"),
    "logistics.load_differs": _(
        "Load %(number)s was handed over with a difference: say what became of the pieces"
    ),
    "logistics.load_settled": _("The difference of load %(number)s was settled"),
    "logistics.load_turned_back": _("Load %(number)s went back to where it came from"),
    "logistics.order_asked": _("Order %(number)s asks you for pieces: agree, or say why not"),
    "logistics.order_agreed": _("Order %(number)s was agreed"),
    "logistics.order_refused": _("Order %(number)s was refused"),
    "logistics.order_withdrawn": _("Order %(number)s was withdrawn"),
}

EVENTS = {
    "logistics.LoadMoved": _("Load %(number)s: %(event)s"),
    "logistics.OrderMoved": _("Order %(number)s: %(event)s"),
    "logistics.NeedsTakenOver": _(
        "Needs are counted from list %(number)s: %(stations)s stations, %(voters)s voters"
    ),
    "logistics.PiecesMoved": _("%(deed)s: %(pieces)s pieces"),
}


def _event_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "deed": DEEDS[Deed(str(facts["deed"]))]}


def _load_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": LOAD_EVENTS[str(facts["event"])]}


def _order_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {**facts, "event": ORDER_EVENTS[str(facts["event"])]}


EVENT_FACTS = {
    "logistics.LoadMoved": _load_facts,
    "logistics.OrderMoved": _order_facts,
    "logistics.PiecesMoved": _event_facts,
}

_FIRST = _("Somebody else was first. Reload the page.")
_NOT_RIGHT = _("This cannot be right; look at what you entered.")

REFUSALS = {
    "logistics.no_way_leads_there": _(
        "No load goes there from here. Choose a committee or store below, above or beside."
    ),
    "logistics.arrival_has_passed": _("This moment has passed. Say by when it must arrive."),
    "logistics.race_is_not_held_there": _(
        "Ballots of this race are not used there. Choose a place where the same race is held."
    ),
    "logistics.load_needs_its_vehicle": _("Name the vehicle or boat, such as its plate."),
    "logistics.load_needs_its_escort": _("Name the escort: unit, number, who leads it."),
    "logistics.load_was_received_already": _("Load %(number)s was received already."),
    "logistics.load_is_elsewhere": _("The load is no longer where this could be done. Look again."),
    "logistics.paper_needs_a_name": _("Write who took it, with the office."),
    "logistics.paper_needs_a_photo": _("Take a photo of the record that both signed."),
    "logistics.line_was_not_counted": _("Write how many were accepted; none is 0."),
    "logistics.sum_is_open": _(
        "%(shipped)s were shipped, and accepted, rejected and missing are %(together)s together. "
        "Count again; what came beyond what was shipped stands apart."
    ),
    "logistics.difference_needs_a_reason": _("Choose the reason of the difference."),
    "logistics.reason_is_unknown": _("Choose one of the reasons."),
    "logistics.too_many_seals": _("At most %(most)s seals are set on one load; divide it."),
    "logistics.seal_is_too_long": _("“%(seal)s” is no number of a seal: at most %(most)s signs."),
    "logistics.seal_stands_twice": _("Each seal is read once: %(seals)s stand twice."),
    "logistics.seal_was_set_before": _(
        "Seal %(seal)s was set on load %(number)s already. Read its number again."
    ),
    "logistics.settlement_says_nothing": _("Say what was done."),
    "logistics.not_all_is_settled": _(
        "%(owed)s pieces were rejected or missing, and this tells of %(told)s. Every piece is "
        "delivered, back, or lost."
    ),
    "logistics.unloading_needs_a_reason": _("Say why it goes back."),
    "logistics.no_station_was_chosen": _("Choose at least one station."),
    "logistics.station_lies_elsewhere": _("Station %(station)s does not lie here."),
    "logistics.nothing_lies_there_for": _(
        "Nothing lies there that station %(station)s needs or gives back. Leave it out."
    ),
    "logistics.not_enough_for_all": _(
        "%(item)s: %(there)s lie here, and the stations chosen need %(wanted)s. Choose fewer, or "
        "pack by hand."
    ),
    "logistics.no_load_was_chosen": _("Choose at least one load."),
    "logistics.too_many_loads": _("At most %(most)s loads are moved at once."),
    "logistics.seals_are_others": _(
        "Load %(number)s has seals that were not read. Receive it by itself and say what differs."
    ),
    "logistics.seal_is_of_none": _(
        "Seal %(seal)s was set on none of these loads. Receive the load on which you read it by "
        "itself."
    ),
    "logistics.seals_name_no_station": _(
        "“%(text)s” names no station of these. Begin each line with the station's number, such as "
        "“001: 0417723, 0417724”."
    ),
    "logistics.no_transfer_was_chosen": _("Choose at least one transfer."),
    "logistics.transfer_is_not_proposed": _("This transfer is not proposed any more. Look again."),
    "logistics.a_refusal_says_why": _("Say why it is refused."),
    "logistics.a_withdrawal_says_why": _("Say why it is withdrawn."),
    "logistics.order_is_of_other_places": _(
        "The order is between other places. Choose its destination."
    ),
    "logistics.order_is_not_agreed": _(
        "Order %(number)s is not open for sending. Look at where it stands."
    ),
    "logistics.more_than_ordered": _("Only %(open)s are still open of the order."),
    "logistics.order_is_for_another_place": _(
        "You order for your own place and those under it. Choose one of them."
    ),
    "logistics.suppliers_deliver_to_stores": _(
        "Suppliers deliver to the stores of commissions. Ask your commission's store."
    ),
    "logistics.an_order_needs_a_reason": _("Say why it is needed."),
    "logistics.order_is_elsewhere": _("The order no longer stands where this could be done."),
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
    "logistics.condition_is_unknown": _("Write: good, damaged or unsorted."),
    "logistics.lot_is_too_long": _("A lot's name has at most %(most)s characters."),
    "logistics.item_is_not_sorted": _("Only ballots are sorted."),
    "logistics.more_than_was_opened": _(
        "This is more than a carton (%(carton)s) over what was opened. Look at the numbers again."
    ),
    "logistics.thing_stands_twice": _(
        "This stands above already: count item, lot and condition in one row."
    ),
    "logistics.pieces_are_absurd": _("Enter a whole number from %(least)s to %(most)s."),
    "logistics.quantity_is_not_read": _(
        "Write pieces or packs, such as 1.249, “12 cartons” or “2 cartons 10 bundles 13”."
    ),
    "logistics.content_is_not_read": _("Write how many pieces one carton holds, such as 2.000."),
    "logistics.sheet_is_empty": _("The sheet has no rows."),
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
    "moments_of_an_order_are_of_this_century": NOT_OF_THIS_CENTURY,
    "an_order_asks_of_another_keeper": _NOT_RIGHT,
    "an_order_has_a_reason": _("Say why it is needed."),
    "what_will_not_come_says_why": _("Say why it will not come."),
    "an_order_holds_a_thing_in_one_line": _NOT_RIGHT,
    "what_is_asked_is_counted": _NOT_RIGHT,
    "what_was_asked_stays": _NOT_RIGHT,
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
