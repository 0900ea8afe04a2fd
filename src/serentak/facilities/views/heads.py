"""The head of every page of facilities."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.facilities.queries.catalogues import checklist_text
from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform.web.heads import head_of


def head(
    place: PlaceCode, title: str | Promise = "", about: str | Promise = "", *, under: str = ""
) -> dict[str, Any]:
    """Return what every page of a place shows above; `under` names the checklist it belongs to."""
    area = (_("Facilities"), reverse("facilities:place", args=[place]))
    between = (
        [(checklist_text(under), reverse("facilities:checklist", args=[place, under]))]
        if under
        else []
    )
    whole = _("Facilities in %(place)s")
    return head_of(places.path(place), area, *between, whole=whole, title=title, facts=[about])
