"""What the pages of coordination share: the head of a page, who speaks, where a link leads."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from serentak.coordination.permissions import GIVE_ACTION, RUN_MEETING, VIEW_COORDINATION
from serentak.coordination.rules.letters import Draft
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform.access import may_open
from serentak.platform.web.heads import head_of


def head_of_page(
    place: PlaceCode, viewer: Viewer, title: str = "", about: str = ""
) -> dict[str, Any]:
    """Return the way to a place; whoever is asked from above does not get in everywhere on it."""
    path = places.path(place)
    if not path or path[-1].code != place:
        raise Http404
    area = (_("Meetings and directives"), reverse("coordination:overview", args=[place]))
    whole = _("Who promised what in %(place)s")
    head = head_of(path, area, whole=whole, title=title, facts=[about])
    return {**head, "may_enter": viewer.may(VIEW_COORDINATION, place)}


def leads_in(viewer: Viewer, link: str) -> bool:
    return may_open(viewer, link.partition("?")[0].partition("#")[0])


def speaker_of(viewer: Viewer, permission: Permission = RUN_MEETING) -> InstitutionCard | None:
    return voices(viewer, permission).first or voices(viewer, GIVE_ACTION).first


def words_of(draft: Draft) -> dict[str, Any]:
    """Return a letter's words as their form shows them, a point or copy a line."""
    return {
        **asdict(draft),
        "points": "\n".join(draft.points),
        "copies": "\n".join(draft.copies),
    }


def grouped(cards: Sequence[InstitutionCard]) -> list[Any]:
    """Return institutions as choices under the names of their families."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for card in cards:
        groups.setdefault(card.family_label, []).append((card.id, card.name))
    return list(groups.items())
