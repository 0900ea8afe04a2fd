"""The head of every page of posting."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform.web.heads import Crumb, head_of


def head(
    place: PlaceCode, title: str | Promise = "", about: str | Promise = "", *between: Crumb
) -> dict[str, Any]:
    """Return what every page of a place shows above; 404 below districts."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    area = (pgettext("bar", "Posting"), reverse("posting:place", args=[place]))
    whole = _("Posting in %(place)s")
    path = places.path(place)
    return head_of(path, area, *between, whole=whole, title=title, facts=[about])


def posts_crumb(place: PlaceCode) -> Crumb:
    """Return the step of the list of posts."""
    return _("Posts"), reverse("posting:posts", args=[place])


def check_regency(place: PlaceCode) -> None:
    """Answer 404 anywhere but at a regency or city."""
    if level_of(place) is not Level.REGENCY:
        raise Http404
