"""What people know of ways: their hours, that they are blocked or open again."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.distribution import actions, forms
from serentak.distribution.permissions import TELL_OF_WAYS
from serentak.distribution.queries import place as queries
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import form_page, pressed, seen_version

from .heads import head


def _choices(place: PlaceCode) -> list[tuple[str, str]]:
    """Return the store or committee of a place, and the places that it brings boxes to."""
    if level_of(place) not in (Level.REGENCY, Level.DISTRICT):
        raise Http404
    here = places.places([place])[place]
    store = _("Store, %(place)s") if level_of(place) is Level.REGENCY else _("Committee, %(place)s")
    below = [(card.code, card.full_name) for card in places.children(place)]
    return [(place, store % {"place": here.full_name}), *below]


def _asked(request: HttpRequest, place: PlaceCode) -> dict[str, Any]:
    """Return the ends of the way that a link named."""
    return {"start": request.GET.get("start", place), "end": request.GET.get("end", "")}


@requires(TELL_OF_WAYS)
def tell(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Say how long a way takes."""
    form = forms.WayForm(
        request.POST or None, places=_choices(place), initial=_asked(request, place)
    )
    context = {**head(place, _("Say how long a way takes")), "button": _("Save")}
    act = partial(actions.tell_way, place=place)
    done = _("The way is planned so from now on.")
    return form_page(request, form, act, context, done=done)


@requires(TELL_OF_WAYS)
def block(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Say that nothing goes on a way."""
    form = forms.BlockForm(
        request.POST or None, places=_choices(place), initial=_asked(request, place)
    )
    context = {**head(place, _("Block a way")), "button": _("Block, both ways")}
    act = partial(actions.block_way, place=place)
    done = _("The way is blocked. See which plans went there, and plan them anew.")
    return form_page(request, form, act, context, done=done)


@requires(TELL_OF_WAYS)
@require_POST
def unblock(request: HttpRequest, leg_id: int) -> HttpResponse:
    """Say that a way is open again."""
    return _pressed(request, leg_id, actions.unblock_way, _("The way is open again."))


@requires(TELL_OF_WAYS)
@require_POST
def forget(request: HttpRequest, leg_id: int) -> HttpResponse:
    """Take back what was told of a way."""
    return _pressed(request, leg_id, actions.forget_way, _("The way is planned as before."))


def _pressed(request: HttpRequest, leg_id: int, act: Any, done: str) -> HttpResponse:
    found = queries.way(leg_id)
    if found is None:
        raise Http404
    place = places.common_place([PlaceCode(found.low_id), PlaceCode(found.high_id)])
    viewer_of(request).require(TELL_OF_WAYS, place)
    doing = partial(act, leg_id=leg_id, version=seen_version(request))
    return pressed(request, doing, done=done, to=reverse("distribution:place", args=[place]))
