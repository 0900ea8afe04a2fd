"""Orders: asked of another keeper or a supplier, answered, withdrawn; transfers proposed."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.logistics import actions, forms, words
from serentak.logistics.permissions import KEEP_STOCK, VIEW_LOGISTICS
from serentak.logistics.queries import catalogues, loads
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.orders import AskedLine, asked_lines, order_of
from serentak.logistics.queries.place import item_lines
from serentak.logistics.queries.stock import keeps
from serentak.logistics.queries.transfers import Proposal, proposed_transfers, totals
from serentak.logistics.rules.ledger import Site
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.orders import OrderState
from serentak.logistics.rules.transfers import Transfer
from serentak.places import public as places
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.formats import number
from serentak.platform.web.forms import UNPROCESSABLE, carried_out
from serentak.platform.web.tables import BoundTable, Column, Kind, Table

from .deeds import Deed, enter
from .heads import head

ORDER = Deed(
    gettext_lazy("Order pieces"),
    gettext_lazy(
        "Of a supplier, or of another keeper, who agrees or says why not. The rows begin with what "
        "is likely to lack."
    ),
    forms.OrderForm,
    forms.WantedRow,
    actions.order,
    gettext_lazy("The order was made."),
    is_for_stores=False,
    to=lambda _place, order_id: reverse("logistics:order", args=[order_id]),
)


@requires(KEEP_STOCK)
def make(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Ask another keeper for pieces, or order them of the supplier."""
    lacking = [line for line in item_lines(place) if line.expected]
    deed = replace(
        ORDER,
        form=partial(forms.OrderForm, keepers=_keepers(place)),
        act=partial(actions.order, destination=place),
        first=tuple(
            {"what": forms.value_of(line.what), "quantity": line.expected} for line in lacking
        ),
    )
    return enter(request, place, deed, request.POST or None)


def _keepers(place: PlaceCode) -> Sequence[tuple[str, str]]:
    """Return of whom pieces may be asked: of suppliers by a store, of keepers with a way here."""
    found = [
        (card.code, card.full_name)
        for card in loads.destinations(place)
        if custody().leg(card.code, place)
    ]
    if level_of(place) <= Level.REGENCY:
        return [(forms.SUPPLIER, str(words.SITES[Site.SUPPLIER])), *found]
    return found


# --- an order


def _line_columns() -> tuple[Column[AskedLine], ...]:
    return (
        Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
        Column("asked", pgettext_lazy("pieces", "Asked"), lambda row: row.quantity, Kind.NUMBER),
        Column("sent", pgettext_lazy("pieces", "Sent"), lambda row: row.sent, Kind.NUMBER),
        Column("open", pgettext_lazy("pieces", "Still open"), lambda row: row.open, Kind.NUMBER),
    )


@requires(VIEW_LOGISTICS)
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show an order: what is asked of whom, what was sent, what one may do now."""
    return _page(request, _seen(order_id, viewer_of(request)))


def _seen(order_id: int, viewer: Viewer) -> Any:
    """Return an order that the viewer may see: at either end, or where it was made."""
    found = order_of(order_id)
    if found is None:
        raise Http404
    ends = (found.origin.place_id, found.destination.place_id, found.place_id)
    if not any(viewer.may(VIEW_LOGISTICS, PlaceCode(place)) for place in ends):
        raise Http404
    return found


def _page(request: HttpRequest, found: Any, *, status: int = 200, **sent: Any) -> HttpResponse:
    viewer, state = viewer_of(request), OrderState(found.state)
    lines = asked_lines(found.pk)
    table = Table(
        name="lines", title=_("What is asked for"), columns=_line_columns(), rows=lines
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    gives = loads.answers_for(viewer, found.origin)
    takes = loads.answers_for(viewer, found.destination)
    is_supplier = found.origin.site == Site.SUPPLIER
    asked = viewer.may(KEEP_STOCK, PlaceCode(found.place_id)) and viewer.acts_for(
        found.asked_by_id, KEEP_STOCK
    )
    version = {"version": found.version}
    is_agreed = state is OrderState.AGREED
    context = {
        **head(PlaceCode(found.destination.place_id), found.number),
        "order": found,
        "state": _order_state(found),
        "is_supplier": is_supplier,
        "table": table,
        "loads": found.loads.order_by("pk").values("pk", "number", "state")[:MOST_LOADS],
        "answer_form": sent.get("answer") or forms.AnswerOrderForm(initial=version)
        if gives and state is OrderState.ASKED
        else None,
        "withdraw_form": sent.get("withdraw") or forms.WithdrawOrderForm(initial=version)
        if asked and (is_agreed or state is OrderState.ASKED)
        else None,
        "may_pack": gives and is_agreed and not is_supplier,
        "may_receive": takes and is_agreed and is_supplier,
    }
    return render(request, "logistics/order.html", context, status=status)


MOST_LOADS = 50
"""Loads that an order's page names at most."""


@requires(KEEP_STOCK)
@require_POST
def answer(request: HttpRequest, order_id: int) -> HttpResponse:
    """Agree to send what was asked for, or refuse it."""
    found = _seen(order_id, viewer_of(request))
    form = forms.AnswerOrderForm(request.POST)
    is_agreed = request.POST.get("do") != "refuse"
    done = _("You agreed; pack a load for it.") if is_agreed else _("You refused.")
    sent = carried_out(
        request,
        form,
        partial(actions.answer_order, order_id=order_id, is_agreed=is_agreed),
        done=done,
        to=reverse("logistics:order", args=[order_id]),
    )
    return sent or _page(request, found, status=UNPROCESSABLE, answer=form)


@requires(KEEP_STOCK)
@require_POST
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take an order back."""
    found = _seen(order_id, viewer_of(request))
    form = forms.WithdrawOrderForm(request.POST)
    sent = carried_out(
        request,
        form,
        partial(actions.withdraw_order, order_id=order_id),
        done=_("The order was withdrawn."),
        to=reverse("logistics:order", args=[order_id]),
    )
    return sent or _page(request, found, status=UNPROCESSABLE, withdraw=form)


# --- transfers


def _transfer_columns(names: dict[PlaceCode, str]) -> tuple[Column[Transfer], ...]:
    return (
        Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
        Column("origin", pgettext_lazy("of a load", "From"), lambda row: names[row.origin]),
        Column("to", pgettext_lazy("of a load", "To"), lambda row: names[row.destination]),
        Column("pieces", gettext_lazy("Pieces"), lambda row: row.pieces, Kind.NUMBER),
        Column("km", gettext_lazy("Kilometres"), lambda row: round(row.km), Kind.NUMBER),
    )


def _short_columns() -> "tuple[Column[tuple[What, int, int, int]], ...]":
    return (
        Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row[0])),
        Column(
            "wanted", pgettext_lazy("pieces", "Wanted"), lambda row: row[1], Kind.NUMBER
        ),
        Column("spare", pgettext_lazy("pieces", "Spare"), lambda row: row[2], Kind.NUMBER),
        Column(
            "left", pgettext_lazy("pieces", "Lacking after transfers"), lambda row: row[3],
            Kind.NUMBER,
        ),
    )  # fmt: skip


@requires(VIEW_LOGISTICS)
def transfers(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show which transfers would close shortages, and offer the keeper to make orders of them."""
    return _proposed(request, place)


@requires(KEEP_STOCK)
@require_POST
def adopt_transfers(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Make orders of the transfers that were chosen."""
    if not keeps(viewer_of(request), place):
        raise Http404
    proposal = proposed_transfers(place)
    form = _adopt_form(proposal, _names(proposal), request.POST)
    sent = carried_out(
        request,
        form,
        partial(actions.adopt_transfers, place=place),
        done=_("The orders were made."),
        to=reverse("logistics:place", args=[place]) + "#orders",
    )
    return sent or _proposed(request, place, form, status=UNPROCESSABLE)


def _proposed(
    request: HttpRequest, place: PlaceCode, sent: Any = None, *, status: int = 200
) -> HttpResponse:
    if not Level.PROVINCE <= level_of(place) <= Level.REGENCY:
        raise Http404
    proposal = proposed_transfers(place)
    names = _names(proposal)
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in _tables(proposal, names).items():
        bound[name] = table.bind(request)
        if (answered := bound[name].answer(request)) is not None:
            return answered
    may_adopt = keeps(viewer_of(request), place) and bool(proposal.plan.transfers)
    context = {
        **head(place, _("Transfers that would close shortages")),
        "proposal": proposal,
        "km": round(proposal.plan.km),
        "gap": math.ceil(proposal.plan.gap * 100) if proposal.plan.gap > PROVEN else 0,
        "tables": bound,
        "form": (sent or _adopt_form(proposal, names)) if may_adopt else None,
        "is_province": level_of(place) is Level.PROVINCE,
    }
    return render(request, "logistics/transfers.html", context, status=status)


PROVEN = 0.001
"""A gap below which a plan is called the shortest."""


def _adopt_form(
    proposal: Proposal, names: dict[PlaceCode, str], sent: QueryDict | None = None
) -> forms.AdoptForm:
    pairs = _pairs(proposal, names)
    first = {"seen": proposal.mark, "pairs": [value for value, _text in pairs]}
    return forms.AdoptForm(sent, pairs=pairs, initial=first)


def _names(proposal: Proposal) -> dict[PlaceCode, str]:
    codes = {code for one in proposal.plan.transfers for code in (one.origin, one.destination)}
    return {code: card.full_name for code, card in places.places(sorted(codes)).items()}


def _tables(proposal: Proposal, names: dict[PlaceCode, str]) -> dict[str, Table[Any]]:
    wanted, spare = totals(proposal.wanted), totals(proposal.spare)
    short = totals(proposal.plan.short)
    rows = [(what, n, spare.get(what, 0), short.get(what, 0)) for what, n in wanted.items()]
    return {
        "short": Table(
            name="short",
            title=_("What is wanted, and who has it"),
            columns=_short_columns(),
            rows=rows,
            prefix="s-",
            empty=_("Nothing is wanted."),
        ),
        "transfers": Table(
            name="transfers",
            title=_("Proposed transfers"),
            columns=_transfer_columns(names),
            rows=proposal.plan.transfers,
            prefix="t-",
            empty=_("Nobody has pieces to spare that would help."),
        ),
    }


def _pairs(proposal: Proposal, names: dict[PlaceCode, str]) -> list[tuple[str, str]]:
    """Return each pair of places with what goes between them, as a choice."""
    found: dict[tuple[PlaceCode, PlaceCode], list[Transfer]] = {}
    for one in proposal.plan.transfers:
        found.setdefault((one.origin, one.destination), []).append(one)
    return [
        (
            f"{origin}>{destination}",
            _("%(origin)s to %(destination)s: %(pieces)s pieces, %(km)s km")
            % {
                "origin": names[origin],
                "destination": names[destination],
                "pieces": number(sum(one.pieces for one in moved)),
                "km": number(round(moved[0].km)),
            },
        )
        for (origin, destination), moved in found.items()
    ]


ORDERS: tuple[Column[Any], ...] = (
    Column(
        "number",
        pgettext_lazy("pieces asked for", "Order"),
        lambda row: row.number,
        link=lambda row: reverse("logistics:order", args=[row.pk]),
        order=("number",),
    ),
    Column("origin", gettext_lazy("Asked of"), lambda row: _origin(row),
           order=("origin__place",)),
    Column("destination", gettext_lazy("For"), lambda row: row.destination.place.name,
           order=("destination__place",)),
    Column("state", gettext_lazy("State"), lambda row: _order_state(row), order=("state",)),
    Column("pieces", gettext_lazy("Pieces"), lambda row: row.pieces, Kind.NUMBER,
           order=("pieces",)),
    Column("needed", gettext_lazy("Needed by"), lambda row: row.needed_by, Kind.DAY,
           order=("needed_by",)),
    Column("reason", gettext_lazy("Reason"), lambda row: row.reason, is_wide=True,
           order=("reason",)),
)  # fmt: skip


def _order_state(row: Any) -> str:
    """Return where an order stands; a supplier agrees to nothing, and what came has come."""
    states = words.SUPPLIER_STATES if row.origin.site == Site.SUPPLIER else words.ORDER_STATES
    return str(states[OrderState(row.state)])


def _origin(row: Any) -> str:
    if row.origin.site == Site.SUPPLIER:
        return str(words.SITES[Site.SUPPLIER])
    return str(row.origin.place.name)
