"""A place's needs and stock on one page, and what one entry of the ledger moved."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.logistics import words
from serentak.logistics.permissions import TAKE_OVER_NEEDS, VIEW_LOGISTICS
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.loads import loads_under
from serentak.logistics.queries.needs import current_version
from serentak.logistics.queries.orders import orders_under
from serentak.logistics.queries.place import ChildLine, ItemLine, child_lines, item_lines
from serentak.logistics.queries.stock import (
    MovementLine,
    entries_under,
    keeps,
    movements_of,
)
from serentak.logistics.queries.stock import entry as entry_of
from serentak.logistics.rules.ledger import Condition, Deed, Site
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.formats import number
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from .heads import head
from .loads import LOADS
from .orders import ORDERS

_SHORT = pgettext_lazy("pieces that lack", "Short")
_NOT_YET = pgettext_lazy("pieces that lack", "Not yet there")


def _lacks(level: Level) -> str | Promise:
    """Return the heading of what lacks: below a store nothing is short that has not come yet."""
    return _SHORT if level <= Level.REGENCY else _NOT_YET


def _item_columns(level: Level) -> tuple[Column[ItemLine], ...]:
    return (
        Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
        Column(
            "unit",
            gettext_lazy("Unit"),
            lambda row: catalogues.unit_text(row.item) if row.item else None,
            is_shown=False,
        ),
        Column("needed", gettext_lazy("Needed"), lambda row: row.needed, Kind.NUMBER),
        Column("good", pgettext_lazy("pieces", "Good"), lambda row: row.hand.good, Kind.NUMBER),
        Column(
            "unsorted",
            pgettext_lazy("pieces", "Unsorted"),
            lambda row: row.hand.unsorted,
            Kind.NUMBER,
            is_brief=False,
        ),
        Column(
            "damaged",
            pgettext_lazy("pieces", "Damaged"),
            lambda row: row.hand.damaged,
            Kind.NUMBER,
            is_brief=False,
        ),
        Column(
            "under_way",
            pgettext_lazy("pieces", "Under way"),
            lambda row: row.hand.under_way,
            Kind.NUMBER,
            is_brief=False,
        ),
        Column("short", _lacks(level), lambda row: row.short, Kind.NUMBER),
        Column(
            "ordered",
            pgettext_lazy("pieces", "Ordered"),
            lambda row: row.ordered,
            Kind.NUMBER,
            is_brief=False,
        ),
        Column(
            "expected",
            pgettext_lazy("pieces", "Likely to lack"),
            lambda row: row.expected,
            Kind.NUMBER,
            is_brief=False,
        ),
        Column(
            "packs",
            gettext_lazy("Needed, in packs"),
            lambda row: (
                catalogues.packs_text(row.item, row.needed) if row.item and row.needed else None
            ),
            is_sortable=False,
            is_wide=True,
            is_brief=False,
        ),
    )


def _child_columns(level: Level) -> tuple[Column[ChildLine], ...]:
    return (
        Column(
            "name",
            gettext_lazy("Place"),
            lambda row: row.place.name,
            link=lambda row: reverse("logistics:place", args=[row.place.code]),
        ),
        Column("stations", gettext_lazy("Stations"), lambda row: row.stations, Kind.NUMBER),
        Column("boxes", gettext_lazy("Ballot boxes"), lambda row: row.boxes, Kind.NUMBER),
        Column("ballots", gettext_lazy("Ballots needed"), lambda row: row.ballots, Kind.NUMBER),
        Column("there", gettext_lazy("Ballots there"), lambda row: row.ballots_there, Kind.NUMBER),
        Column("short", _lacks(level), lambda row: row.short, Kind.NUMBER),
    )


ENTRIES: tuple[Column[Any], ...] = (
    Column(
        "deed",
        pgettext_lazy("ledger", "Deed"),
        lambda row: words.DEEDS[Deed(row.deed)],
        link=lambda row: reverse("logistics:entry", args=[row.pk]),
        order=("deed",),
    ),
    Column("at", gettext_lazy("When"), lambda row: row.entered_at, Kind.MOMENT,
           order=("entered_at",)),
    Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place",)),
    Column(
        "institution", gettext_lazy("By"), lambda row: row.institution.name, is_wide=True,
        order=("institution__name",),
    ),
    Column("pieces", gettext_lazy("Pieces moved"), lambda row: row.pieces, Kind.NUMBER,
           order=("pieces",)),
    Column("record", gettext_lazy("Record number"), lambda row: row.record_number, is_wide=True,
           order=("record_number",)),
    Column("reason", gettext_lazy("Reason"), lambda row: row.reason, is_wide=True,
           order=("reason",)),
    Column("class", gettext_lazy("Class"),
           lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False),
)  # fmt: skip


def _where(site: Site, condition: Condition) -> str:
    return f"{words.SITES[site]}, {words.CONDITIONS[condition]}"


MOVEMENTS: tuple[Column[MovementLine], ...] = (
    Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
    Column("lot", gettext_lazy("Lot"), lambda row: row.lot),
    Column("quantity", gettext_lazy("Pieces"), lambda row: row.quantity, Kind.NUMBER),
    Column(
        "origin",
        pgettext_lazy("pieces", "From"),
        lambda row: _where(row.origin, row.before),
        is_wide=True,
    ),
    Column(
        "destination",
        pgettext_lazy("pieces", "To"),
        lambda row: _where(row.destination, row.after),
        is_wide=True,
    ),
)


@requires(VIEW_LOGISTICS)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what a place needs, what is there and what lacks, and what moved last."""
    viewer, level = viewer_of(request), level_of(place)
    heading = head(place)
    version = current_version(place)
    bound: dict[str, BoundTable[Any]] = {}
    lines = item_lines(place)
    for name, table in _tables(place, level, lines, is_counted=version is not None).items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    by = institutions.institution(version.taken_over_by_id) if version else None
    context = {
        **heading,
        "version": version,
        "by": by,
        "tables": bound,
        "keeps_store": keeps(viewer, place),
        "keeps": keeps(viewer, place, store=False),
        "has_stations": Level.DISTRICT <= level <= Level.VILLAGE,
        "has_transfers": Level.PROVINCE <= level <= Level.REGENCY,
        "lacking": _lacking(lines) if level <= Level.REGENCY else (),
        "may_take_over": level is Level.PROVINCE and viewer.may(TAKE_OVER_NEEDS, place),
    }
    return render(request, "logistics/place.html", context)


def _lacking(lines: Sequence[ItemLine]) -> list[str]:
    """Return a sentence for each kind of ballots that is likely to lack, as the page says it."""
    told = []
    for line in lines:
        bounds = line.bounds
        if not line.lacking or not bounds:
            continue
        facts = {
            "item": catalogues.what_text(line.what),
            "expected": number(line.lacking),
            "least": number(bounds[0]),
            "most": number(bounds[1]),
            "unsorted": number(line.hand.unsorted),
            "ordered": number(line.ordered),
        }
        if line.hand.unsorted:
            text = _(
                "%(item)s: about %(expected)s are likely to lack, between %(least)s and %(most)s "
                "in nine cases of ten; %(unsorted)s are unsorted, %(ordered)s are ordered."
            )
        else:
            text = _("%(item)s: %(expected)s lack; %(ordered)s more are ordered.")
        told.append(text % facts)
    return told


def _tables(
    place: PlaceCode, level: Level, lines: Sequence[ItemLine], *, is_counted: bool
) -> dict[str, Table[Any]]:
    return {
        "items": Table(
            name="items",
            title=_("Needs and stock"),
            columns=_item_columns(level),
            rows=lines,
            group=lambda row: catalogues.group_text(row.what),
            page_size=100,
            prefix="i-",
            empty=_("Nothing is needed here.") if is_counted else _("Nothing is here yet."),
            folds=True,
        ),
        "places": Table(
            name="places",
            title=_("Ballots by place"),
            columns=_child_columns(Level(max(level, Level.PROVINCE))),
            rows=child_lines(place),
            prefix="p-",
            empty=_("No places are below this one."),
        ),
        "loads": Table(
            name="loads",
            title=_("Loads"),
            columns=LOADS,
            rows=loads_under(place),
            search_fields=("number__icontains", "vehicle__icontains"),
            page_size=20,
            prefix="l-",
            empty=_("No load was packed here or for here yet."),
        ),
        "orders": Table(
            name="orders",
            title=_("Orders"),
            columns=ORDERS,
            rows=orders_under(place),
            search_fields=("number__icontains", "reason__icontains"),
            sort="-needed",
            page_size=20,
            prefix="o-",
            empty=_("Nothing was ordered here or of here yet."),
        ),
        "entries": Table(
            name="entries",
            title=_("What moved"),
            columns=ENTRIES,
            rows=entries_under(place),
            search_fields=(
                "record_number__icontains",
                "reason__icontains",
                "place__name__icontains",
            ),
            sort="-at",
            page_size=20,
            prefix="e-",
            empty=_("Nothing has moved here yet."),
        ),
    }


@requires(VIEW_LOGISTICS)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show one entry of the ledger with all that it moved."""
    found = entry_of(entry_id)
    if found is None:
        raise Http404
    place = PlaceCode(found.place_id)
    viewer_of(request).require(VIEW_LOGISTICS, place)
    deed = words.DEEDS[Deed(found.deed)]
    table = Table(
        name="movements",
        title=_("What this entry moved"),
        columns=MOVEMENTS,
        rows=movements_of(entry_id),
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    context = {**head(place, deed), "entry": found, "table": table}
    return render(request, "logistics/entry.html", context)
