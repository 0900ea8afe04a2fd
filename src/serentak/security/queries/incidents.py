"""Incidents as lists: what is open, what began, what may be the same."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from serentak.institutions import public as institutions
from serentak.kernel.area import Linked
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform import areas
from serentak.platform.rows import within
from serentak.security.models import OPEN, Incident
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.room import by_clock
from serentak.security.rules.states import IncidentState, Severity
from serentak.security.words import kind_text

from .catalogues import incidents as catalogue
from .seeing import at_or_under, seen_by

SHOWN = 500
"""How many open incidents one list shows at most, the most pressing first."""
REF_LENGTH = 8
_REF = re.compile(f"[0-9A-F]{{{REF_LENGTH}}}")


def ref_of(key: UUID) -> str:
    """Return what people call an incident by: drawn by chance, so that nothing follows from it."""
    return key.hex[:REF_LENGTH].upper()


def link_of(key: UUID) -> str:
    """Return the path of an incident's page."""
    return reverse("security:incident", args=[key])


def where_of(row: Incident) -> str:
    """Return the name of an incident's place; a station's number stands behind its village."""
    place = row.place
    if len(place.code) == Level.STATION and place.parent:
        return f"{place.parent.name} {place.name}"
    return str(place.name)


def subject_of(key: UUID) -> str:
    """Return how events and plans name an incident."""
    return f"incident:{key}"


def subjects_of(row: Incident) -> list[str]:
    """Return what plans of an incident, and of those merged into it, are about; one query.

    What was merged and is restricted speaks for itself where the incident is not: else its plan,
    by holding up the close, would tell of it.
    """
    merged = row.duplicates.order_by("pk")
    if row.confided != Confided.YES.value:
        merged = merged.exclude(confided=Confided.YES.value)
    return [subject_of(row.key), *map(subject_of, merged.values_list("key", flat=True))]


def at_hand(place: PlaceCode, viewer: Viewer, at: datetime) -> list[Linked]:
    """Return what an incident at a place may be linked to, as far as a viewer may see."""
    return areas.linked(None, place=place, viewer=viewer, at=at)


def links_of(row: Incident, viewer: Viewer, at: datetime) -> list[Linked]:
    """Return the loads, stages and activities that an incident hangs on and a viewer may see.

    Each slice says what of its own that is; queries as many as slices have such things.
    """
    return areas.linked(row.subjects, place=PlaceCode(row.place_id), viewer=viewer, at=at)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is not over.

    `since` is when it was reported, `due_at` when the running clock ends (None: none runs), and
    `is_past` says that it has; `at` is the place's own time zone's concern. `owner` is the name of
    the institution that answers for it, `commander` who leads on the scene, empty where nobody
    said. `also_at` is a second place whose border it crosses.
    """

    id: int
    key: UUID
    kind: str
    place: PlaceCode
    also_at: PlaceCode | None
    place_name: str
    severity: Severity
    state: IncidentState
    happened_at: datetime
    since: datetime
    due_at: datetime | None
    is_past: bool
    owner_id: int
    owner: str
    commander: str
    needs: tuple[str, ...]
    is_restricted: bool
    version: int

    @property
    def ref(self) -> str:
        """What people call it by."""
        return ref_of(self.key)

    @property
    def link(self) -> str:
        """The path of its page."""
        return link_of(self.key)


def referred(refs: Collection[str], *, viewer: Viewer) -> Mapping[str, Linked]:
    """Return by number the incidents that a viewer may see; two queries.

    A number that two bear is left out as long as one of them does not exist for the viewer.
    """
    asked = {ref for ref in refs if _REF.fullmatch(ref)}
    bears = Q(pk__in=[])
    for ref in asked:
        ends = [UUID(ref + sign * (32 - REF_LENGTH)) for sign in "0f"]
        bears |= Q(key__range=ends)
    rows = Incident.objects.filter(bears)
    seen = dict(rows.filter(seen_by(viewer)).values_list("key", "kind"))
    hidden = {ref_of(key) for key in rows.values_list("key", flat=True) if key not in seen}
    return {
        ref: Linked(subject_of(key), f"{ref} {kind_text(kind)}", link_of(key))
        for key, kind in seen.items()
        if (ref := ref_of(key)) not in hidden
    }


def visible(viewer: Viewer, parent: PlaceCode) -> QuerySet[Incident]:
    """Return the incidents at or under a place that exist for a viewer; one query before."""
    return Incident.objects.filter(seen_by(viewer), at_or_under(parent))


def open_incidents(parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[OpenIncident, ...]:
    """Return what is open at or under a place: past its clock first, then gravest; 3 queries."""
    rows = visible(viewer, parent).filter(state__in=OPEN)
    cards = cards_of(rows.order_by("-severity", F("due_at").asc(nulls_last=True), "id")[:SHOWN], at)
    return tuple(by_clock(cards))


def started_since(
    parent: PlaceCode, viewer: Viewer, moment: datetime, at: datetime
) -> tuple[OpenIncident, ...]:
    """Return what was reported after a moment, open or not, the newest first; three queries."""
    rows = visible(viewer, parent).filter(reported_at__gt=moment, reported_at__lte=at)
    return tuple(cards_of(rows.order_by("-reported_at", "-id")[:SHOWN], at))


def open_on(
    subjects: Collection[str], *, parent: PlaceCode, at: datetime
) -> Mapping[str, OpenIncident]:
    """Return the gravest open incident that hangs on each of these subjects; three queries.

    S2 and above, and none that is restricted, whoever asks.
    """
    rows = visible(SYSTEM, parent).filter(
        state__in=OPEN, severity__gte=Severity.S2.value, subjects__overlap=list(subjects)
    )
    told = (
        list(rows.select_related("place__parent").order_by("severity", "id")[:SHOWN])
        if subjects
        else []
    )
    cards = {card.id: card for card in cards_of_rows(told, at)}
    return {of: cards[row.pk] for row in told for of in row.subjects if of in subjects}


def cards_of(rows: QuerySet[Incident], at: datetime) -> list[OpenIncident]:
    """Return incidents as cards; two queries."""
    return cards_of_rows(list(rows.select_related("place__parent")), at)


def cards_of_rows(found: Sequence[Incident], at: datetime) -> list[OpenIncident]:
    """Return incidents that were read as cards; one query."""
    owners = institutions.institutions({row.owner_id for row in found}) if found else {}
    return [
        OpenIncident(
            id=row.pk,
            key=row.key,
            kind=row.kind,
            place=PlaceCode(row.place_id),
            also_at=PlaceCode(row.also_at_id) if row.also_at_id else None,
            place_name=where_of(row),
            severity=Severity(row.severity),
            state=IncidentState(row.state),
            happened_at=row.happened_at,
            since=row.reported_at,
            due_at=row.due_at,
            is_past=row.due_at is not None and row.due_at < at,
            owner_id=row.owner_id,
            owner=owners[row.owner_id].name if row.owner_id in owners else "",
            commander=row.commander,
            needs=tuple(row.needs),
            is_restricted=row.confided == "YES",
            version=row.version,
        )
        for row in found
    ]


def in_state(rows: QuerySet[Incident], which: str) -> QuerySet[Incident]:
    """Keep the incidents that are open, that have ended, or that are in one state."""
    match which:
        case "open":
            return rows.filter(state__in=OPEN)
        case "closed":
            return rows.exclude(state__in=OPEN)
    return rows.filter(state=which)


def may_be_same(incident: Incident, viewer: Viewer, at: datetime) -> tuple[OpenIncident, ...]:
    """Return what may be the same incident, the first reported first; three queries.

    Same place and group of kinds, so many minutes apart at most, one of both still open. A person
    decides.
    """
    known = catalogue()
    kind = known.kinds.get(incident.kind)
    if kind is None:
        return ()
    group = known.groups[kind.group]
    place = PlaceCode(incident.place_id)
    window = timedelta(minutes=group.window)
    where = Q(happened_at__range=(incident.happened_at - window, incident.happened_at + window))
    where |= Q(reported_at__range=(incident.reported_at - window, incident.reported_at + window))
    if incident.state not in OPEN:
        where &= Q(state__in=OPEN)
    rows = (
        Incident.objects.filter(seen_by(viewer), same_place(place, by_district=group.by_district))
        .filter(where, kind__in=[key for key, one in known.kinds.items() if one.group == group.key])
        .exclude(pk=incident.pk)
        .exclude(state=IncidentState.DUPLICATE.value)
    )
    return tuple(cards_of(rows.order_by("reported_at", "id")[:5], at))


def same_place(place: PlaceCode, *, by_district: bool) -> Q:
    """Return the condition for places that may be the same as told by another.

    The place itself, what lies around a station in its village, or the whole district.
    """
    if by_district and level_of(place) >= Level.DISTRICT:
        return within(at_level(place, Level.DISTRICT))
    if level_of(place) is Level.STATION:
        return within(at_level(place, Level.VILLAGE))
    if level_of(place) is Level.VILLAGE:
        return within(place)
    return Q(place=place)
