"""Who may see which incident: the one place in which that is said.

What is restricted exists for its handlers alone: who holds SEE_RESTRICTED at its place in an
institution of a kind that handles it. The machine itself is no handler: what it writes, such as
stored days and reports, is read by all.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.viewer import Viewer
from serentak.platform.rows import within
from serentak.security.models import Incident
from serentak.security.permissions import SEE_RESTRICTED, VIEW_SECURITY
from serentak.security.rules.catalogue import Confided

Scope = tuple[str, PlaceCode]
"""A kind of institution, and a place in which the viewer handles what such institutions handle."""


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def scopes_of(viewer: Viewer) -> frozenset[Scope]:
    """Return where a viewer handles what is confided, as what kind of institution; one query."""
    held = [
        (grant.institution_id, place)
        for grant in viewer.grants
        if SEE_RESTRICTED in grant.permissions and grant.institution_id is not None
        for place in grant.places
    ]
    if not held:
        return frozenset()
    cards = institutions.institutions({id for id, _place in held})
    return frozenset((cards[id].kind, place) for id, place in held if id in cards)


def seen_by(viewer: Viewer) -> Q:
    """Return the condition for incidents that exist for a viewer; one query at most."""
    shown = ~Q(confided=Confided.YES.value)
    if viewer.system:
        return shown
    areas = viewer.places(VIEW_SECURITY)
    in_area = _any(within(place, column) for place in areas for column in ("place", "also_at"))
    handled = _any(
        Q(handlers__contains=[kind]) & (within(place) | within(place, "also_at"))
        for kind, place in scopes_of(viewer)
    )
    return (in_area & shown) | (handled & ~shown)


def at_or_under(parent: PlaceCode) -> Q:
    """Return the condition for incidents at or under a place, or across its border."""
    return within(parent) | within(parent, "also_at")


def handles(incident: Incident, scopes: Collection[Scope]) -> bool:
    """Tell whether who has these scopes is told persons, health and reporters of an incident."""
    where = [PlaceCode(incident.place_id)]
    if incident.also_at_id:
        where.append(PlaceCode(incident.also_at_id))
    return any(
        kind in incident.handlers and any(is_within(place, area) for place in where)
        for kind, area in scopes
    )
