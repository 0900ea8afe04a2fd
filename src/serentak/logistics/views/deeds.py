"""What the keeper of a store enters: received, sorted, counted, destroyed; deliveries by sheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Refused
from serentak.logistics import actions, forms, importers, words
from serentak.logistics.actions import Counted, Received, Sorted, Thing
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.catalogues import items
from serentak.logistics.queries.orders import asked_lines
from serentak.logistics.queries.place import things
from serentak.logistics.queries.stock import contests_of, keeps, lying_at
from serentak.logistics.rules.ledger import Condition
from serentak.logistics.rules.needs import What
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.sheets import Problem, SheetRow
from serentak.platform.web.formats import number
from serentak.platform.web.forms import UNPROCESSABLE, KeyedForm, natural
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken

from .heads import head

FIRST_ROWS, MORE_ROWS = 3, 5
SAID = 12
"""Items that the outlook of a sheet names."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A page on which a deed is entered: its words, its forms, its action."""

    title: str | Promise
    about: str | Promise
    form: Callable[..., KeyedForm]
    row: type[forms.RowForm]
    act: Callable[..., int]
    done: str | Promise
    starts_from: tuple[Condition, ...] = ()
    """Of what lies there in these conditions the rows begin with the names."""
    first: tuple[Mapping[str, Any], ...] = ()
    """What the rows begin with, where it is known from elsewhere."""
    initial: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the form above the rows to begin with."""
    is_for_stores: bool = True
    only_sorted: bool = False
    to: Callable[[PlaceCode, int], str] = lambda place, _made: reverse(
        "logistics:place", args=[place]
    )


RECEIVE = Deed(
    gettext_lazy("Receive"),
    gettext_lazy(
        "What the supplier delivered to the store. Ballots count as unsorted until they are sorted."
    ),
    forms.ReceiveForm,
    forms.ReceivedRow,
    actions.receive,
    gettext_lazy("The delivery was received."),
)
SORT = Deed(
    gettext_lazy("Sort ballots"),
    gettext_lazy(
        "How many were said to be in what was opened, and how many were good and damaged. What is "
        "missing or over is kept as a difference."
    ),
    forms.SortForm,
    forms.SortedRow,
    actions.sort_ballots,
    gettext_lazy("The sorting was recorded."),
    (Condition.UNSORTED,),
    only_sorted=True,
)
COUNT = Deed(
    gettext_lazy("Count by hand"),
    gettext_lazy("What was counted; the ledger follows it, and a difference keeps its reason."),
    forms.CountForm,
    forms.CountedRow,
    actions.count_stock,
    gettext_lazy("The count was recorded."),
    tuple(Condition),
    is_for_stores=False,
)
DESTROY = Deed(
    gettext_lazy("Destroy"),
    gettext_lazy(
        "Surplus and damaged ballots are destroyed on the day before the vote, under record and "
        "with witnesses (PKPU 12/2024)."
    ),
    forms.DestroyForm,
    forms.DestroyedRow,
    actions.destroy,
    gettext_lazy("The destruction was recorded."),
    (Condition.DAMAGED,),
)


@requires(KEEP_STOCK)
def receive(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Take in what the supplier delivered."""
    sheet = reverse("logistics:import_deliveries", args=[place])
    return enter(request, place, _for_order(request, RECEIVE), request.POST or None, sheet=sheet)


def _for_order(request: HttpRequest, deed: Deed) -> Deed:
    """Let a delivery begin with what is still open of the order for which it came."""
    order_id = natural(request.GET.get("order", ""))
    lines = asked_lines(order_id) if order_id else ()
    first = [
        {"what": forms.value_of(line.what), "quantity": line.open} for line in lines if line.open
    ]
    return replace(deed, first=tuple(first), initial={"order_id": order_id}) if first else deed


@requires(KEEP_STOCK)
def sort_ballots(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record what sorting found."""
    sheet = reverse("logistics:import_sorting", args=[place])
    return enter(request, place, SORT, request.POST or None, sheet=sheet)


@requires(KEEP_STOCK)
def count_stock(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Let the ledger follow a count by hand."""
    sheet = reverse("logistics:import_counts", args=[place])
    return enter(request, place, COUNT, request.POST or None, sheet=sheet)


@requires(KEEP_STOCK)
def destroy(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record a destruction."""
    return enter(request, place, DESTROY, request.POST or None)


def enter(
    request: HttpRequest, place: PlaceCode, deed: Deed, sent: QueryDict | None, **more: str
) -> HttpResponse:
    """Show the page of a deed, take more rows, or do it and lead on."""
    viewer = viewer_of(request)
    if not keeps(viewer, place, store=deed.is_for_stores):
        raise Http404
    known = _things(place, deed)
    context = {**head(place, deed.title, deed.about), **more}
    if sent is None:
        form = deed.form(initial=deed.initial)
        rows = forms.rows_of(deed.row, known, initial=_first(place, deed))
        return _shown(request, form, rows, context)
    form = deed.form(sent)
    if sent.get("do") == "more":
        data = sent.copy()
        total = natural(data.get("rows-TOTAL_FORMS", "")) or 0
        data["rows-TOTAL_FORMS"] = str(min(total + MORE_ROWS, forms.MOST_ROWS))
        entered = forms.rows_of(deed.row, known, data)
        values = [{name: row[name].value() for name in row.fields} for row in entered.forms]
        first = {name: form[name].value() for name in form.fields}
        return _shown(
            request, deed.form(initial=first), forms.rows_of(deed.row, known, initial=values),
            context,
        )  # fmt: skip
    rows = forms.rows_of(deed.row, known, sent)
    if form.is_valid() & rows.is_valid():
        try:
            made = deed.act(
                place=place,
                lines=[row.line() for row in rows.forms if not row.is_left_out],
                **form.cleaned_data,
                actor=viewer,
                at=clock.now(),
            )
        except Refused as refused:
            forms.tell_rows(form, rows, refused)
        else:
            messages.success(request, str(deed.done))
            return redirect(deed.to(place, made))
    return _shown(request, form, rows, context, status=UNPROCESSABLE)


def _shown(
    request: HttpRequest, form: Any, rows: Any, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    for row in rows.forms:
        row.ask_for_all()
    context = {**context, "form": form, "rows": rows}
    return render(request, "logistics/deed.html", context, status=status)


def _things(place: PlaceCode, deed: Deed) -> Sequence[What]:
    known = things(contests_of(place))
    if not deed.only_sorted:
        return known
    return [what for what in known if items().items[what.item].is_sorted]


def _first(place: PlaceCode, deed: Deed) -> Sequence[Mapping[str, Any]]:
    """Return what the rows begin with: what lies there, else empty ones."""
    if deed.first:
        return [*deed.first[: forms.MOST_ROWS - 1], {}]
    limit = forms.MOST_ROWS - FIRST_ROWS
    lying = lying_at(place, *deed.starts_from, limit=limit) if deed.starts_from else ()
    named = [
        {"what": forms.value_of(row.what), "lot": row.lot, "condition": row.condition.value}
        for row in lying
    ]
    return [*named, *({} for _row in range(1 if named else FIRST_ROWS))]


class StockImport(ImportView):
    """A sheet of what a keeper enters: what all of them share."""

    is_for_stores = True

    @property
    def place(self) -> PlaceCode:
        """At which place."""
        return PlaceCode(self.kwargs["place"])

    def check_access(self) -> None:
        """Exist for who keeps the place."""
        if not keeps(self.viewer, self.place, store=self.is_for_stores):
            raise Http404

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Name what is wrong in all rows."""
        if not rows:
            return [Problem(None, "item", "logistics.sheet_is_empty")]
        return self.read(rows).problems

    def read(self, rows: Sequence[SheetRow]) -> importers.Read[Any]:
        """Return the rows that hold, and what is wrong with the others."""
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        """Show the place, and what the sheet itself does not say."""
        return {
            **head(self.place, self.title, self.about),
            "extra": "logistics/_delivery.html",
            "said": self.said,
            "reference": self.given.get("reference", ""),
        }

    said: ClassVar[Mapping[str, Any]] = {}
    """The field beside the sheet: its label, its length, and whether it may be empty."""

    def taken(self, count: int) -> Taken:
        """Lead back to the place, and say how many rows were taken."""
        text = ngettext(
            "%(n)s row of the sheet was recorded.", "%(n)s rows of the sheet were recorded.", count
        )
        path = reverse("logistics:place", args=[self.place])
        return Taken(path, text % {"n": number(count)})

    def key_of(self, held: Held) -> UUID:
        """Return the key of a sheet: the same file for the same deed is the same deed."""
        return uuid5(NAMESPACE_OID, f"{type(self).__name__} {self.place} {held.digest}")


@contextmanager
def at_rows_of(rows: Sequence[Any]) -> Iterator[None]:
    """Let what the action refuses of its lines name the rows of the sheet they came from."""
    try:
        yield
    except Conflict:
        raise
    except Refused as refused:
        faults = [
            replace(fault, row=rows[fault.row - 1].number, field=_column(fault.field))
            if fault.row
            else fault
            for fault in refused.faults
        ]
        raise Refused.of(*faults) from None


def _column(field: str | None) -> str:
    """Return the column of a field that is named with its line, `quantity_3`."""
    return (field or "").rpartition("_")[0]


def _summed(pairs: Iterable[tuple[What, str]]) -> list[Outlook]:
    """Return what a sheet would enter, item by item; the last line counts what is not named."""
    found = [Outlook(catalogues.what_text(what), text) for what, text in pairs]
    if len(found) <= SAID:
        return found
    return [*found[:SAID], Outlook(_("Other items"), number(len(found) - SAID))]


class DeliveriesImport(StockImport):
    """Receives what a sheet lists."""

    title = gettext_lazy("Receive from a sheet")
    about = gettext_lazy(
        "A row for each item and lot. “12 cartons” are counted by what a carton holds; the preview "
        "says how."
    )
    columns = importers.COLUMNS
    said: ClassVar[Mapping[str, Any]] = {
        "label": gettext_lazy("Number of the delivery note or record"),
        "most": 80,
        "is_optional": True,
    }

    def read(self, rows: Sequence[SheetRow]) -> importers.Read[importers.Delivered]:
        """Return the rows that hold, and what is wrong with the others."""
        return importers.read_deliveries(rows, races=contests_of(self.place))

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say how many pieces of each item come, and how packs were counted."""
        found: dict[What, int] = {}
        packed: dict[What, list[str]] = {}
        for row in self.read(rows).rows:
            what = row.what
            found[what] = found.get(what, 0) + row.quantity.pieces
            if row.quantity.cartons:
                text = _("%(n)s × %(content)s a carton") % {
                    "n": number(row.quantity.cartons),
                    "content": number(row.carton),
                }
                packed.setdefault(what, []).append(text)
        return _summed(
            (what, " = ".join(filter(None, [" + ".join(packed.get(what, ())), number(n)])))
            for what, n in found.items()
        )

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the things that the store may keep."""
        return [
            {"item": catalogues.what_text(What(what.item, None)), "race": _race(what)}
            for what in things(contests_of(self.place))
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Receive all rows."""
        found = self.read(rows).rows
        lines = [
            Received(Thing(row.what.item, row.what.race, row.lot), row.quantity.pieces)
            for row in found
        ]
        with at_rows_of(found):
            actions.receive(
                client_key=self.key_of(held),
                place=self.place,
                lines=lines,
                reference=self.given.get("reference", "").strip()[:80],
                actor=self.viewer,
                at=clock.now(),
            )
        return self.taken(len(lines))


class SortingImport(StockImport):
    """Records what sorting found, as a sheet lists it."""

    title = gettext_lazy("Sorting from a sheet")
    about = gettext_lazy("A row for each lot: what was opened, what was good, what was damaged.")
    columns = importers.SORTED_COLUMNS

    def read(self, rows: Sequence[SheetRow]) -> importers.Read[importers.SortedRow]:
        """Return the rows that hold, and what is wrong with the others."""
        return importers.read_sorted(rows, races=contests_of(self.place))

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say what was found good, damaged and missing of each kind."""
        found: dict[What, list[int]] = {}
        for row in self.read(rows).rows:
            sums = found.setdefault(row.what, [0, 0, 0])
            for at, amount in enumerate((row.opened, row.good, row.damaged)):
                sums[at] += amount
        return _summed((what, words.sorting_text(*sums)) for what, sums in found.items())

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return what lies there unsorted, lot by lot."""
        return [
            {"item": catalogues.what_text(row.what), "lot": row.lot, "opened": str(row.quantity)}
            for row in lying_at(self.place, Condition.UNSORTED, limit=AT_ONCE_ROWS)
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Record all rows."""
        found = self.read(rows).rows
        lines = [
            Sorted(Thing(row.what.item, row.what.race, row.lot), row.opened, row.good, row.damaged)
            for row in found
        ]
        with at_rows_of(found):
            actions.sort_ballots(
                client_key=self.key_of(held),
                place=self.place,
                lines=lines,
                actor=self.viewer,
                at=clock.now(),
            )
        return self.taken(len(lines))


class CountsImport(StockImport):
    """Lets the ledger follow what a sheet says was counted."""

    title = gettext_lazy("Count from a sheet")
    about = gettext_lazy(
        "A row for each item, lot and condition that was counted; the ledger follows it. What the "
        "sheet does not name stays."
    )
    columns = importers.COUNTED_COLUMNS
    is_for_stores = False
    said: ClassVar[Mapping[str, Any]] = {
        "label": gettext_lazy("Why it was counted, and what explains a difference."),
        "most": 300,
        "is_optional": False,
    }

    def read(self, rows: Sequence[SheetRow]) -> importers.Read[importers.CountedRow]:
        """Return the rows that hold, and what is wrong with the others."""
        return importers.read_counted(rows, races=contests_of(self.place))

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say what the ledger holds now and what it will hold, where that differs."""
        held = {
            (row.what, row.lot, row.condition): row.quantity
            for row in lying_at(self.place, *Condition, limit=MOST_KINDS)
        }
        told = []
        for row in self.read(rows).rows:
            before = held.get((row.what, row.lot, row.condition), 0)
            if before != row.quantity:
                told.append((row.what, f"{number(before)} → {number(row.quantity)}"))
        return _summed(told)

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return what the ledger says lies there."""
        return [
            {
                "item": catalogues.what_text(row.what),
                "lot": row.lot,
                "condition": str(words.CONDITIONS[row.condition]),
                "quantity": str(row.quantity),
            }
            for row in lying_at(self.place, *Condition, limit=AT_ONCE_ROWS)
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Let the ledger follow all rows."""
        found = self.read(rows).rows
        lines = [
            Counted(Thing(row.what.item, row.what.race, row.lot), row.condition, row.quantity)
            for row in found
        ]
        with at_rows_of(found):
            actions.count_stock(
                client_key=self.key_of(held),
                place=self.place,
                lines=lines,
                reason=self.given.get("reference", "").strip()[:300],
                actor=self.viewer,
                at=clock.now(),
            )
        return self.taken(len(lines))


AT_ONCE_ROWS, MOST_KINDS = 500, 5_000
"""Rows that a template begins with; kinds of pieces with which a sheet is compared."""


def _race(what: What) -> str:
    one = items().items[what.item]
    return str(words.RACES[what.race]) if what.race and len(one.made_for) > 1 else ""


import_deliveries = requires(KEEP_STOCK)(DeliveriesImport.as_view())
import_sorting = requires(KEEP_STOCK)(SortingImport.as_view())
import_counts = requires(KEEP_STOCK)(CountsImport.as_view())
