"""The reserve: where it waits, whom it was sent to, and sending it."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.places import public as places
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import UNPROCESSABLE, carried_out, pressed
from serentak.platform.web.tables import Column, Kind, Table
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

MOVES: tuple[Column[Any], ...] = (
    Column("post", pgettext_lazy("of officers", "From"), lambda r: r.post.name,
           order=("post__name",)),
    Column("to", pgettext_lazy("of officers", "To"), lambda r: r.to.name, order=("to",)),
    Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER,
           order=("officers",)),
    Column("incident", gettext_lazy("Incident"), lambda r: r.incident_ref, is_sortable=False),
    Column("sent", pgettext_lazy("officers", "Sent"), lambda r: r.sent_at, Kind.MOMENT,
           order=("sent_at",)),
    Column("back", pgettext_lazy("officers", "Back"), lambda r: r.back_at, Kind.MOMENT,
           order=("back_at",)),
)  # fmt: skip


@requires(VIEW_POSTING)
def reserve(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the reserve of a regency, and send some of it."""
    check_regency(place)
    viewer = viewer_of(request)
    if not sees_posts(viewer, place):
        raise Http404
    may_send = viewer.may(PLAN_POSTING, place)
    if request.method == "POST" and not may_send:
        raise Http404
    waiting = queries.waiting(place)
    form = forms.MoveForm(
        request.POST or None,
        posts=[(one.post_id, f"{one.name} ({one.here})") for one in waiting],
        places=[(card.code, card.name) for card in places.descendants(place, Level.DISTRICT)],
    )
    to = reverse("posting:reserve", args=[place])
    done = _("The reserve was sent.")
    answer = carried_out(request, form, actions.move_reserve, done=done, to=to)
    if answer is not None:
        return answer
    tables: dict[str, Any] = {
        "waiting": Table(
            name="waiting",
            title=_("Reserve"),
            columns=WAITING,
            rows=waiting,
            prefix="w-",
            is_searchable=False,
            empty=_("No adopted plan keeps a reserve at a named post."),
        ).bind(request),
        "moves": Table(
            name="moves",
            title=_("Sent"),
            columns=MOVES,
            rows=queries.moves_of(place),
            prefix="m-",
            page_size=20,
            is_searchable=False,
            empty=_("Nobody was sent yet."),
        ).bind(request),
    }
    for table in tables.values():
        if (given := table.answer(request)) is not None:
            return given  # type: ignore[no-any-return]  # a table's own answer
    context = {
        **head(place, _("Reserve")),
        "tables": tables,
        "away": queries.away(place) if may_send else (),
        "form": form if may_send and waiting else None,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "posting/reserve.html", context, status=status)


@requires(PLAN_POSTING)
@require_POST
def back(request: HttpRequest, move_id: int) -> HttpResponse:
    """Say that officers of the reserve are back."""
    row, viewer = queries.move(move_id), viewer_of(request)
    if row is None or not viewer.may(PLAN_POSTING, PlaceCode(row.post.place_id)):
        raise Http404
    regency = at_level(PlaceCode(row.post.place_id), Level.REGENCY)
    act = partial(actions.return_reserve, move_id=move_id)
    to = reverse("posting:reserve", args=[regency])
    return pressed(request, act, done=_("They are back."), to=to)
