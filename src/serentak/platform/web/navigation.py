"""Which entries of the bar a request shows, and where each leads."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from serentak.kernel.area import BarEntry, Words
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, parse_code
from serentak.platform import areas
from serentak.platform.access import viewer_of


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as this request sees it."""

    label: Words
    url: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """The entries of the bar, and those that stand beside the one that is here, it among them."""

    entries: list[NavItem]
    beside: list[NavItem]


def bar(request: HttpRequest) -> Bar:
    """Return the bar for this request."""
    found = _items(request)
    over = {name: entry.under for name, (entry, _item) in found.items() if entry.under in found}
    here = next((name for name, (_entry, item) in found.items() if item.is_here), "")
    group = over.get(here, here)
    beside = [name for name in found if group in (name, over.get(name))]
    return Bar(
        entries=[
            replace(item, is_here=item.is_here or name == group)
            for name, (_entry, item) in found.items()
            if name not in over
        ],
        beside=[found[name][1] for name in beside] if len(beside) > 1 else [],
    )


def _items(request: HttpRequest) -> dict[str, tuple[BarEntry, NavItem]]:
    """Return all entries that a request shows, by the names of their pages."""
    entries = areas.bar()
    match = request.resolver_match
    view_name = match.view_name if match else ""
    namespace = match.namespace if match else ""
    has_own = any(entry.url_name == view_name for entry in entries)
    return {
        entry.url_name: (
            entry,
            NavItem(
                label=entry.label,
                url=url,
                is_here=entry.url_name == view_name if has_own else namespace in entry.namespaces,
                count=entry.count(viewer_of(request)) if entry.count else None,
            ),
        )
        for entry in entries
        if _shown(entry, request) and (url := _url(entry, request))
    }


def _url(entry: BarEntry, request: HttpRequest) -> str:
    """Return where an entry leads, empty where there is no place to show."""
    if entry.deepest is None or entry.permission is None:
        return reverse(entry.url_name)
    viewer = viewer_of(request)
    if entry.deepest is Level.COUNTRY:
        return reverse(entry.url_name) if viewer.may(entry.permission, COUNTRY) else ""
    match = request.resolver_match
    here = parse_code(match.kwargs.get("place", "")) if match else COUNTRY
    if here:
        here = PlaceCode(here[: entry.deepest])
        if viewer.may(entry.permission, here):
            return reverse(entry.url_name, args=[here])
    top = [place for place in viewer.places(entry.permission) if place]
    return reverse(entry.url_name, args=[PlaceCode(top[0][: entry.deepest])]) if top else ""


def _shown(entry: BarEntry, request: HttpRequest) -> bool:
    if entry.public:
        return True
    if not request.user.is_authenticated:
        return False
    return entry.permission is None or viewer_of(request).holds(entry.permission)
