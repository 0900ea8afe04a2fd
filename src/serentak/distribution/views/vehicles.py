"""Vehicles and boats: lent, changed, withdrawn by their owner."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from serentak.distribution import actions, forms
from serentak.distribution.permissions import OFFER_VEHICLES, VIEW_DISTRIBUTION
from serentak.distribution.queries import place as queries
from serentak.distribution.queries.catalogues import kind_text
from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform.access import requires, viewer_of
from serentak.platform.web.forms import form_page

from .heads import head


@requires(OFFER_VEHICLES)
def offer(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Lend a vehicle for the boxes of a place."""
    if level_of(place) not in (Level.REGENCY, Level.DISTRICT):
        raise Http404
    voices = institutions.voices(viewer_of(request), OFFER_VEHICLES)
    owners = [(card.id, card.name) for card in voices.own]
    form = forms.OfferForm(request.POST or None, owners=owners)
    context = {**head(place, _("Lend a vehicle or boat"))}
    act = partial(actions.offer_vehicle, place=place)
    return form_page(request, form, act, context, done=_("The vehicle is lent."))


@requires(VIEW_DISTRIBUTION)
def vehicle(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Show a vehicle; its owner changes it."""
    viewer, found = viewer_of(request), queries.vehicle(vehicle_id)
    if found is None or not viewer.may(VIEW_DISTRIBUTION, PlaceCode(found.place_id)):
        raise Http404
    place = PlaceCode(found.place_id)
    is_own = viewer.may(OFFER_VEHICLES, place) and viewer.acts_for(found.owner_id, OFFER_VEHICLES)
    initial = {
        name: getattr(found, name)
        for name in (
            "kind", "name", "kg", "crew", "escort", "free_from_at", "free_until_at",
            "is_withdrawn", "version",
        )
    }  # fmt: skip
    initial["m3"] = f"{found.litres / 1000:g}"
    form = forms.ChangeForm(request.POST or None, initial=initial)
    about = f"{kind_text(found.kind)}, {found.owner.name}"
    context = {**head(place, found.name, about), "button": _("Save"), "is_own": is_own}
    if not is_own:
        context["is_read_only"] = True
        for field in form.fields.values():
            field.disabled = True
    return form_page(
        request,
        form,
        partial(actions.change_vehicle, vehicle_id=vehicle_id),
        context,
        done=_("The vehicle was changed."),
        to=reverse("distribution:place", args=[place]),
        template="distribution/vehicle.html",
    )
