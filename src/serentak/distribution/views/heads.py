"""The head of every page of distribution."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform.web.heads import head_of


def head(place: PlaceCode, title: str | Promise = "", about: str | Promise = "") -> dict[str, Any]:
    """Return what every page of a place shows above; 404 below districts, and where none is."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    area = (pgettext("bar", "Routes"), reverse("distribution:place", args=[place]))
    whole = _("Routes in %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=[about])
