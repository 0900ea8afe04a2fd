"""The roll call of a day, under the thumb: all present by one tap, or how many are."""

from datetime import date
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import UNPROCESSABLE, carried_out, pressed
from serentak.posting import actions, forms
from serentak.posting.actions import Presence
from serentak.posting.permissions import CALL_ROLL
from serentak.posting.queries import posts as queries
from serentak.posting.rules import PostKind

from .heads import check_regency, head


@requires(CALL_ROLL)
def roll(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the posts of a regency with today's roll calls."""
    check_regency(place)
    return _page(request, place)


def _today(place: PlaceCode) -> date:
    return clock.local_date(clock.now(), zone=places.zone_of(place).key)


def _page(
    request: HttpRequest,
    place: PlaceCode,
    *,
    status: int = 200,
    sent: tuple[int, forms.RollForm] | None = None,
) -> HttpResponse:
    day = _today(place)
    kinds = queries.kinds_kept(viewer_of(request), place)
    rows = []
    for one in queries.roll(place, day):
        initial = {
            "present": one.post.officers if one.present is None else one.present,
            "absent": one.absent or 0,
            "remark": one.remark,
        }
        form = forms.RollForm(initial=initial, auto_id=f"p{one.post.pk}-%s")
        if sent and sent[0] == one.post.pk:
            form = sent[1]
        rows.append({"called": one, "form": form, "is_open": bool(sent and sent[1] is form)})
        rows[-1]["may"] = PostKind(one.post.kind) in kinds
    context = {
        **head(place, _("Roll call")),
        "rows": rows,
        "day": day,
        "called": sum(row["called"].present is not None for row in rows),  # type: ignore[attr-defined]  # a mixed row
    }
    return render(request, "posting/roll.html", context, status=status)


@requires(CALL_ROLL)
@require_POST
def call(request: HttpRequest, post_id: int) -> HttpResponse:
    """Say who is present at a post: everybody, by one tap, or how many."""
    found = queries.post(post_id)
    if found is None or not viewer_of(request).may(CALL_ROLL, PlaceCode(found.place_id)):
        raise Http404
    if len(found.place_id) < Level.REGENCY:
        raise Http404
    place = at_level(PlaceCode(found.place_id), Level.REGENCY)
    to = f"{reverse('posting:roll', args=[place])}#post-{post_id}"
    if request.POST.get("do") == "all":
        whole = Presence(post_id, found.officers)
        act = partial(actions.call_roll, calls=[whole])
        return pressed(request, act, done=_("%(post)s: all present.") % {"post": found.name}, to=to)
    form = forms.RollForm(request.POST, auto_id=f"p{post_id}-%s")

    def called(present: int, absent: int, remark: str, **by: object) -> int:
        one = Presence(post_id, present, absent, remark)
        return actions.call_roll(calls=[one], **by)  # type: ignore[arg-type]  # actor and at

    answer = carried_out(request, form, called, done=_("The roll call was noted."), to=to)
    return answer or _page(request, place, status=UNPROCESSABLE, sent=(post_id, form))
