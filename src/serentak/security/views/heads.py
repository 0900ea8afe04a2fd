"""The head of every page of security."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform.web.heads import Crumb, head_of


def head(
    place: PlaceCode, title: str | Promise = "", *between: Crumb, about: str | Promise = ""
) -> dict[str, Any]:
    """Return what every page of a place shows above; OutOfScope (404) where there is no place."""
    area = (pgettext("bar", "Security"), reverse("security:overview", args=[place]))
    whole = _("Security in %(place)s")
    return head_of(places.path(place), area, *between, whole=whole, title=title, facts=[about])
