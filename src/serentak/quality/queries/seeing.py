"""Whose scores a viewer may see: of the own work at once, of the others' what is published.

What all share is seen by all who may open the page. The governor's desk sees local government's own
work; commission, supervisor and police each their own (docs/adr/0030).
"""

from collections.abc import Mapping

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.quality.permissions import (
    VIEW_GOVERNMENT_SCORES,
    VIEW_ORGANISER_SCORES,
    VIEW_POLICE_SCORES,
    VIEW_SCORES,
    VIEW_SUPERVISOR_SCORES,
)
from serentak.quality.rules.catalogue import Indicator, Whose

from .catalogues import catalogue

OWN: Mapping[Whose, Permission] = {
    Whose.GOVERNMENT: VIEW_GOVERNMENT_SCORES,
    Whose.ORGANISER: VIEW_ORGANISER_SCORES,
    Whose.SUPERVISOR: VIEW_SUPERVISOR_SCORES,
    Whose.POLICE: VIEW_POLICE_SCORES,
    Whose.ALL: VIEW_SCORES,
}


def sees_work_of(viewer: Viewer, who: Whose, place: PlaceCode) -> bool:
    """Tell whether a viewer sees scores of this work at a place before they are published."""
    return viewer.may(OWN[who], place)


def shown_to(viewer: Viewer, place: PlaceCode, *, is_published: bool) -> Mapping[str, Indicator]:
    """Return the indicators that a viewer may see at a place; there are no others for them."""
    return {
        key: one
        for key, one in catalogue().indicators.items()
        if sees_work_of(viewer, one.who, place)
        or ((is_published or one.is_open) and not one.stays_inside)
    }
