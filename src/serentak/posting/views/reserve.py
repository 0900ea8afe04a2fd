"""The reserve: where it waits, whom it was sent to, and sending it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.area import Linked
from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.places import public as places
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import UNPROCESSABLE, carried_out, pressed
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.posting import actions, forms
from serentak.posting.permissions import PLAN_POSTING, VIEW_POSTING
from serentak.posting.queries import posts as queries
from serentak.posting.queries.posts import Waiting, sees_posts

from .heads import check_regency, head

WAITING: tuple[Column[Waiting], ...] = (
    Column("post", gettext_lazy("Waits at"), lambda r: r.name,
           link=lambda r: reverse("posting:post", args=[r.post_id])),
    Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER),
    Column("here", gettext_lazy("Still there"), lambda r: r.here, Kind.NUMBER),
    Column("minutes", gettext_lazy("Minutes at the most"), lambda r: r.minutes, Kind.NUMBER),
    Column("phone", gettext_lazy("Phone of the office"), lambda r: r.phone),
)  # fmt: skip


def _moves(incidents: Mapping[str, Linked]) -> tuple[Column[Any], ...]:
    def name(row: Any) -> str:
        known = incidents.get(row.incident_ref)
        return known.name if known else ""

    def link(row: Any) -> str | None:
        known = incidents.get(row.incident_ref)
        return known.link if known else None

    return (
        Column("post", pgettext_lazy("of officers", "From"), lambda r: r.post.name,
               order=("post__name",)),
        Column("to", pgettext_lazy("of officers", "To"), lambda r: r.to.name, order=("to",)),
        Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER,
               order=("officers",)),
        Column("incident", gettext_lazy("Incident"), name, link=link, is_sortable=False),
        Column("sent", pgettext_lazy("officers", "Sent"), lambda r: r.sent_at, Kind.MOMENT,
               order=("sent_at",)),
        Column("back", pgettext_lazy("officers", "Back"), lambda r: r.back_at, Kind.MOMENT,
               order=("back_at",)),
    )  # fmt: skip


@requires(VIEW_POSTING)
def reserve(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the reserve of a regency: where it waits and where it was sent."""
    check_regency(place)
    if not sees_posts(viewer_of(request), place):
        raise Http404
    return _page(request, place)


def _form(
    place: PlaceCode, waiting: Sequence[Waiting], data: Any = None, initial: Any = None
) -> forms.MoveForm:
    return forms.MoveForm(
        data,
        initial=initial,
        posts=[(one.post_id, f"{one.name} ({one.here})") for one in waiting],
        places=[(card.code, card.name) for card in places.descendants(place, Level.DISTRICT)],
    )


def _page(
    request: HttpRequest,
    place: PlaceCode,
    *,
    status: int = 200,
    sent: forms.MoveForm | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    may_send = viewer.may(PLAN_POSTING, place) and queries.keeps_police(viewer, place)
    waiting = queries.waiting(place)
    moves = queries.moves_of(place, viewer)
    tables: dict[str, Table[Any]] = {
        "waiting": Table(
            name="waiting",
            title=_("Reserve"),
            columns=WAITING,
            rows=waiting,
            prefix="w-",
            is_searchable=False,
            empty=_("No adopted plan keeps a reserve at a named post."),
        ),
        "moves": Table(
            name="moves",
            title=_("Sent"),
            columns=_moves(moves.incidents),
            rows=moves.rows,
            prefix="m-",
            page_size=20,
            is_searchable=False,
            empty=_("Nobody was sent yet."),
        ),
    }
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    asked = {name: request.GET.get(name, "") for name in ("to", "incident_ref")}
    context = {
        **head(place, _("Reserve")),
        "tables": bound,
        "away": queries.away(moves) if may_send else (),
        "form": (sent or _form(place, waiting, initial=asked)) if may_send and waiting else None,
    }
    return render(request, "posting/reserve.html", context, status=status)


@requires(PLAN_POSTING)
@require_POST
def send(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Send officers of the reserve to where something happened."""
    check_regency(place)
    form = _form(place, queries.waiting(place), request.POST)
    to = reverse("posting:reserve", args=[place])
    done = _("The reserve was sent.")
    answer = carried_out(request, form, actions.move_reserve, done=done, to=to)
    return answer or _page(request, place, status=UNPROCESSABLE, sent=form)


@requires(PLAN_POSTING)
@require_POST
def back(request: HttpRequest, move_id: int) -> HttpResponse:
    """Say that officers of the reserve are back."""
    row, viewer = queries.move(move_id), viewer_of(request)
    if row is None or not viewer.may(PLAN_POSTING, PlaceCode(row.post.place_id)):
        raise Http404
    if not queries.knows(row.incident_ref, viewer):
        raise Http404
    regency = at_level(PlaceCode(row.post.place_id), Level.REGENCY)
    act = partial(actions.return_reserve, move_id=move_id)
    to = reverse("posting:reserve", args=[regency])
    return pressed(request, act, done=_("They are back."), to=to)
