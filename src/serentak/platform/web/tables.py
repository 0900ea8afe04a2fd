"""Tables: declared columns over rows; sorted, filtered, paged, and exported as they are shown.

Everything is in the address (`?sort=-name&q=…&page=2&export=xlsx`), so that a table works without
a script, can be bookmarked, and is exported by the same address that shows it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from serentak.kernel.status import Status

from . import exports, formats, marks
from .vocabulary import STATUS_WORD

R = TypeVar("R")
Text = str | Promise
Rows = Sequence[R] | QuerySet[Any, Any]


class Kind(Enum):
    """How a column's plain value is written, sorted and exported."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    SHARE = "share"
    DAY = "day"
    MOMENT = "moment"
    STATUS = "status"
    YES_NO = "yes_no"

    @property
    def is_number(self) -> bool:
        """Tell whether the column stands right."""
        return self in (Kind.NUMBER, Kind.PERCENT, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column.

    `value` gives the plain value of a row (None where unknown): a number, date, `Status`, or text.
    `order` names the fields by which a queryset is sorted; a list is sorted by the value. `link`
    gives the path a cell leads to. `draw` draws a cell that does more than show its value. The
    first column heads its row; one that `is_wide` has a line of its own on a narrow screen, one not
    `is_brief` does not stand there where the table folds; one not `is_shown` stands in exports
    alone.
    """

    name: str
    label: Text
    value: Callable[[R], Any]
    kind: Kind = Kind.TEXT
    places: int = 0
    order: tuple[str, ...] = ()
    is_sortable: bool = True
    link: Callable[[R], str | None] | None = None
    draw: Callable[[R], object] | None = None
    is_exported: bool = True
    is_shown: bool = True
    is_wide: bool = False
    is_brief: bool = True

    def written(self, row: R) -> str:
        """Write the value as a person reads it."""
        value = self.value(row)
        if value is None or value == "":
            return formats.NOTHING
        match self.kind:
            case Kind.NUMBER:
                return formats.number(value, self.places)
            case Kind.PERCENT:
                return formats.percent(value, self.places)
            case Kind.SHARE:
                return formats.share(value, self.places)
            case Kind.DAY:
                return formats.day(value)
            case Kind.MOMENT:
                return formats.moment(value)
            case Kind.STATUS:
                return str(STATUS_WORD[Status(value)])
            case Kind.YES_NO:
                return _("yes") if value else _("no")
            case Kind.TEXT:
                return str(value)

    @property
    def css(self) -> str:
        """How a cell stands: right, on a line of its own, as a day, or not in brief."""
        names = {
            "n": self.kind.is_number,
            "full": self.is_wide and not self.kind.is_number,
            "day": self.kind is Kind.DAY,
            "rest": not self.is_brief,
        }
        return " ".join(name for name, holds in names.items() if holds)

    def drawn(self, row: R) -> object:
        """Return what stands in a cell: safe markup, or text that is still to be escaped."""
        if self.draw:
            return self.draw(row)
        if self.kind is Kind.STATUS and (value := self.value(row)):
            return marks.status(value)
        text = self.written(row)
        link = self.link(row) if self.link else None
        return format_html('<a href="{}">{}</a>', link, text) if link else text


@dataclass(frozen=True, slots=True)
class Choice(Generic[R]):
    """A filter with fixed options (value, label); `keep` narrows the rows to the chosen value."""

    name: str
    label: Text
    options: Sequence[tuple[str, Text]]
    keep: Callable[[Any, str], Rows[R]]


@dataclass(frozen=True, kw_only=True)
class Table(Generic[R]):
    """A table before anybody has asked for it.

    `name` is unique on its page; `prefix` sets its parameters apart where a page has several.
    `search_fields` are lookups of a queryset (`name__icontains`); a list is searched in the text of
    its columns when `is_searchable`. `group` gives the heading a row stands under, as long as the
    rows are in their own order. `notes` stand under the table and in every export. One that `folds`
    shows rows in brief on a narrow screen, and of its groups the first; a click opens the others.
    """

    name: str
    title: Text
    columns: Sequence[Column[R]]
    rows: Rows[R]
    choices: Sequence[Choice[R]] = ()
    is_searchable: bool = True
    search_fields: Sequence[str] = ()
    sort: str = ""
    page_size: int = 50
    prefix: str = ""
    group: Callable[[R], Text] | None = None
    notes: Sequence[Text] = ()
    empty: Text = ""
    exports: bool = True
    folds: bool = False

    def bind(self, request: HttpRequest) -> "BoundTable[R]":
        """Return the table as the request's address asks for it."""
        return BoundTable(self, request.GET, request.path)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: where a click leads, and how it is sorted now."""

    column: Column[Any]
    url: str
    direction: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is drawn; `group` where a new heading begins, `size` the rows under it."""

    row: Any
    html: SafeString
    group: Text = ""
    size: int = 0


FEW = 8
"""Rows among which nobody needs a search box."""


@dataclass
class BoundTable(Generic[R]):
    """A table as one request sees it."""

    table: Table[R]
    query: QueryDict
    path: str
    template: ClassVar[str] = "platform/table/_table.html"

    @property
    def id(self) -> str:
        """The element's id."""
        return f"table-{self.table.name}"

    def parameter(self, name: str) -> str:
        """Return the name of a parameter of this table."""
        return f"{self.table.prefix}{name}"

    def _asked(self, name: str) -> str:
        return str(self.query.get(self.parameter(name), "")).strip()

    # --- which rows, in which order

    @cached_property
    def search(self) -> str:
        """What is searched for."""
        return self._asked("q")[:100]

    @property
    def is_searchable(self) -> bool:
        """Tell whether the table has a search box."""
        is_list = not isinstance(self.table.rows, QuerySet)
        return bool(self.table.search_fields) or (self.table.is_searchable and is_list)

    @property
    def shows_search(self) -> bool:
        """Tell whether the search box is shown: a few rows are found by the eye."""
        if not self.is_searchable:
            return False
        return bool(self.search) or self.page.paginator.count > FEW

    @cached_property
    def sort(self) -> str:
        """The column's name, with a minus for descending; what is unknown falls to the default."""
        asked = self._asked("sort")
        known = {c.name for c in self.table.columns if self._can_sort(c)}
        return asked if asked.removeprefix("-") in known else self.table.sort

    def _can_sort(self, column: Column[R]) -> bool:
        return column.is_sortable and bool(
            column.order or not isinstance(self.table.rows, QuerySet)
        )

    @property
    def _shown(self) -> list[Column[R]]:
        return [column for column in self.table.columns if column.is_shown]

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        """The filters with what is chosen."""
        shown = []
        for choice in self.table.choices:
            asked = self._asked(choice.name)
            chosen = asked if asked in {value for value, _label in choice.options} else ""
            parameter = self.parameter(choice.name)
            shown.append({"choice": choice, "chosen": chosen, "parameter": parameter})
        return shown

    @cached_property
    def rows(self) -> Rows[R]:
        """All rows of the filter, in order: what is exported."""
        rows: Any = self.table.rows
        for item in self.choices:
            if item["chosen"]:
                rows = item["choice"].keep(rows, item["chosen"])
        if self.search and self.is_searchable:
            rows = self._searched(rows)
        return self._sorted(rows)

    def _searched(self, rows: Any) -> Rows[R]:
        if isinstance(rows, QuerySet):
            found = Q()
            for lookup in self.table.search_fields:
                found |= Q(**{lookup: self.search})
            return rows.filter(found)
        words = self.search.casefold().split()
        return [row for row in rows if all(word in self._haystack(row) for word in words)]

    def _haystack(self, row: R) -> str:
        texts = (c.written(row) for c in self.table.columns if not c.kind.is_number)
        return " ".join(texts).replace("\N{SOFT HYPHEN}", "").casefold()

    def _sorted(self, rows: Any) -> Rows[R]:
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        column = next((c for c in self.table.columns if c.name == name), None)
        if column is None:
            return rows  # type: ignore[no-any-return]
        if isinstance(rows, QuerySet):
            order = [
                F(f).desc(nulls_last=True) if down else F(f).asc(nulls_last=True)
                for f in column.order
            ]
            return rows.order_by(*order, "pk")
        known = [row for row in rows if column.value(row) not in (None, "")]
        unknown = [row for row in rows if column.value(row) in (None, "")]
        return [*sorted(known, key=lambda row: _key(column.value(row)), reverse=down), *unknown]

    # --- what is drawn

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; a wrong number gives the nearest."""
        return Paginator(self.rows, self.table.page_size).get_page(self._asked("page") or 1)

    @property
    def page_links(self) -> list[dict[str, Any]]:
        """The numbers around the page, with gaps as None."""
        return [
            {"number": n, "url": self.url(page=n)} if isinstance(n, int) else {"number": None}
            for n in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1)
        ]

    @property
    def headings(self) -> list[Heading]:
        """The columns' headings; a second click turns the order round."""
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        shown = []
        for column in self._shown:
            is_here = column.name == name
            turned = column.name if not is_here or down else f"-{column.name}"
            url = self.url(sort=turned, page=None) if self._can_sort(column) else ""
            direction = ("descending" if down else "ascending") if is_here else ""
            shown.append(Heading(column, url, direction, f"{self.id}-{column.name}"))
        return shown

    @property
    def sort_options(self) -> list[tuple[str, str]]:
        """The orders for a narrow screen, where headings are not shown."""
        options = []
        for column in self._shown:
            if self._can_sort(column):
                options.append((column.name, f"{column.label} ↑"))
                options.append((f"-{column.name}", f"{column.label} ↓"))
        return options

    @property
    def lines(self) -> Iterator[Line]:
        """The rows of the page."""
        group = self.table.group if self.sort == self.table.sort else None
        rows = list(self.page.object_list)
        headings = [str(group(row)) if group else "" for row in rows]
        sizes = Counter(headings)
        last = None
        for row, heading in zip(rows, headings, strict=True):
            begins = heading if heading != last else ""
            yield Line(row, self._drawn(row), begins, sizes[heading])
            last = heading

    def _drawn(self, row: R) -> SafeString:
        cells = format_html_join("", "{}{}{}", ((a, c.drawn(row), z) for c, a, z in self._cells))
        return format_html("<tr>{}</tr>", cells)

    @cached_property
    def _cells(self) -> list[tuple[Column[R], SafeString, SafeString]]:
        """The columns shown, each with what opens and what closes its cells."""
        first, *others = self._shown
        heads = (first, SafeString('<th scope="row">'), SafeString("</th>"))
        return [heads, *((column, _opening(column), SafeString("</td>")) for column in others)]

    def url(self, **changes: Any) -> str:
        """Return the address with parameters of this table changed; None takes one away."""
        query = self.query.copy()
        query.pop(self.parameter("export"), None)
        for name, value in changes.items():
            query.pop(self.parameter(name), None)
            if value is not None:
                query[self.parameter(name)] = str(value)
        text = query.urlencode()
        return f"{self.path}?{text}" if text else self.path

    @property
    def url_xlsx(self) -> str:
        """Where the rows can be had as a workbook."""
        return self.url(page=None, export="xlsx")

    @property
    def url_csv(self) -> str:
        """Where the rows can be had as text."""
        return self.url(page=None, export="csv")

    @property
    def url_all(self) -> str:
        """The address without search and filters."""
        names = ["q", *(choice.name for choice in self.table.choices)]
        return self.url(page=None, **dict.fromkeys(names))

    @property
    def is_filtered(self) -> bool:
        """Tell whether some rows may be hidden."""
        return bool(self.search) or any(item["chosen"] for item in self.choices)

    @property
    def active(self) -> list[str]:
        """What narrows the rows, each as `label: value`."""
        lines = [
            f"{item['choice'].label}: {dict(item['choice'].options)[item['chosen']]}"
            for item in self.choices
            if item["chosen"]
        ]
        return [*lines, _("Search") + f": {self.search}"] if self.search else lines

    @property
    def other_parameters(self) -> list[tuple[str, str]]:
        """What the address holds for others on the page, to be kept when the filter is sent."""
        own = {"q", "sort", "page", "export", *(choice.name for choice in self.table.choices)}
        mine = {self.parameter(name) for name in own}
        return [(k, v) for k, values in self.query.lists() for v in values if k not in mine]

    # --- answers other than the page

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """Return the export or the fragment that the request asks for, None for the whole page."""
        wanted = self._asked("export")
        if wanted and self.table.exports:
            return exports.answer(self._sheet(), wanted)
        if request.headers.get("HX-Target") == self.id and "HX-Request" in request.headers:
            response = render(request, self.template, {"table": self})
            response["Cache-Control"] = "no-store"
            return response
        return None

    def _sheet(self) -> exports.Sheet:
        columns = [c for c in self.table.columns if c.is_exported]
        rows: Iterable[Any] = self.rows
        if isinstance(rows, QuerySet):
            rows = rows.iterator(2000)
        return exports.Sheet(
            name=self.table.name,
            title=str(self.table.title),
            headings=[str(c.label) for c in columns],
            kinds=[c.kind.value for c in columns],
            rows=([_exported(c, row) for c in columns] for row in rows),
            about=[*self.active, *map(str, self.table.notes)],
        )


def _opening(column: Column[Any]) -> SafeString:
    css = format_html(' class="{}"', column.css) if column.css else ""
    return format_html('<td{} data-l="{}">', css, column.label)


def _key(value: Any) -> Any:
    if isinstance(value, Status):
        return value.rank
    return value.casefold() if isinstance(value, str) else value


def _exported(column: Column[R], row: R) -> Any:
    """Give numbers and dates as such, everything else as it is read."""
    value = column.value(row)
    if value is None or column.kind in (Kind.STATUS, Kind.YES_NO):
        return None if value is None else column.written(row)
    return value if column.kind is not Kind.TEXT else str(value)
