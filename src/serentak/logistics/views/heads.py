"""The head of every page of logistics."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform.web.heads import head_of


def head(place: PlaceCode, title: str | Promise = "", about: str | Promise = "") -> dict[str, Any]:
    """Return what every page of a place shows above; 404 where there is no such place."""
    area = (_("Logistics"), reverse("logistics:place", args=[place]))
    whole = _("Logistics in %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=[about])
