"""A place's checks on one page, and the page on which one is recorded."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import form_page
from serentak.platform.web.heads import head_of
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from . import actions, queries
from .forms import CheckForm
from .permissions import RECORD_CHECK, VIEW_SPECIMEN

COLUMNS: tuple[Column[Any], ...] = (
    Column(
        "place",
        gettext_lazy("Place"),
        lambda row: row.place.name,
        link=lambda row: reverse("specimen:overview", args=[row.place_id]),
        order=("place__sort_name",),
    ),
    Column(
        "looked_at",
        gettext_lazy("Looked at"),
        lambda row: row.looked_at,
        Kind.NUMBER,
        order=("looked_at",),
    ),
    Column(
        "in_order",
        gettext_lazy("In order"),
        lambda row: row.in_order,
        Kind.NUMBER,
        order=("in_order",),
    ),
    Column(
        "checked",
        gettext_lazy("Day of the check"),
        lambda row: row.checked_date,
        Kind.DAY,
        order=("checked_date",),
    ),
    Column(
        "source", gettext_lazy("Source"), lambda row: row.source, order=("source",), is_wide=True
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)],
        order=("figure_class",),
    ),
)


@requires(VIEW_SPECIMEN)
def overview(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how a place stands, and the checks of it and of all under it."""
    viewer = viewer_of(request)
    table = Table(
        name="checks",
        title=_("Checks"),
        columns=COLUMNS,
        rows=queries.checks_under(place).order_by("place"),
        search_fields=["place__name__icontains", "source__icontains"],
        empty=_("Nothing has been checked here yet."),
        notes=[_("The last check of each place, of what belongs to it and to no place below.")],
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    context = {
        **_head(place),
        "briefing": queries.briefings(parent=place, viewer=viewer, at=clock.now())[place],
        "table": table,
        "may_record": viewer.may(RECORD_CHECK, place),
    }
    return render(request, "specimen/overview.html", context)


@requires(RECORD_CHECK)
def record_check(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record what was found at a place."""
    today = queries.today_at(place, clock.now())
    return form_page(
        request,
        CheckForm(request.POST or None, initial={"checked_date": today}),
        partial(actions.record_check, place=place),
        {**_head(place, _("Record a check")), "button": _("Record")},
        done=_("The check was recorded."),
    )


def _head(place: PlaceCode, title: str = "") -> dict[str, Any]:
    area = (pgettext("bar", "Specimens"), reverse("specimen:overview", args=[place]))
    return head_of(places.path(place), area, whole=_("Specimens in %(place)s"), title=title)
