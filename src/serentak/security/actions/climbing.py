"""Lets incidents whose clock ran out climb, past those where nobody is on duty."""

from collections import defaultdict
from datetime import datetime

from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.security.events import ConfidedMatter, IncidentsClimbed
from serentak.security.models import Incident
from serentak.security.queries.catalogues import calendar_of, incidents, kind_of
from serentak.security.queries.duty import Presence, presence
from serentak.security.queries.incidents import subject_of
from serentak.security.queries.telling import chain_of
from serentak.security.rules import climbing
from serentak.security.rules.catalogue import Access, Confided, Kind
from serentak.security.rules.clocks import next_climb
from serentak.security.rules.states import LogEntry, Severity

from .parts import _handlers_alone, _log, _tell

AT_ONCE = 200
"""How many incidents climb in one run; the next one takes the others."""


@action
def climb(*, actor: Viewer, at: datetime) -> int:
    """Let what nobody took up, or what is past its clock, climb; return how many did.

    Where nobody is on duty the climb goes on at once, and who comes back first is told. What was
    missed while no job ran is made good. A run that finds nothing leaves no event.
    """
    if not actor.system:
        raise OutOfScope("security.climb")
    rows = list(
        Incident.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("place__parent")
        .filter(climbs_at__lte=at)
        .order_by("climbs_at", "id")[:AT_ONCE]
    )
    climbed: defaultdict[bool, list[str]] = defaultdict(list)
    for incident in rows:
        kind = kind_of(incident.kind)
        if kind is None:
            incident.climbs_at = None
        else:
            _climb(incident, kind, actor=actor, at=at)
        incident.version += 1
        incident.save()
        climbed[incident.confided == Confided.YES.value].append(subject_of(incident.key))
    if climbed[False]:
        event = IncidentsClimbed(
            subjects=tuple(climbed[False]), place=COUNTRY, count=len(climbed[False])
        )
        record(event, actor=actor, at=at)
    if climbed[True]:
        record(ConfidedMatter(subjects=tuple(climbed[True]), place=COUNTRY), actor=actor, at=at)
    return len(rows)


def _climb(incident: Incident, kind: Kind, *, actor: Viewer, at: datetime) -> None:
    place = PlaceCode(incident.place_id)
    chain = [
        card
        for card in chain_of(kind, place, only=_handlers_alone(incident))
        if card.id != incident.owner_id
    ]
    there = presence([card.id for card in chain], at)
    known, calendar = incidents(), calendar_of(place)
    severity, access = Severity(incident.severity), Access(incident.access)
    while incident.climbs_at is not None and incident.climbs_at <= at:
        found = climbing.climb(
            chain, incident.climbs, is_there=lambda card: there.is_there(card.id)
        )
        incident.climbs = found.climbs
        if found.to is None:
            incident.climbs_at = None
            return
        _tell_climb(incident, found.to, found.passed, there, actor=actor, at=at)
        incident.climbs_at = next_climb(
            incident.climbs_at, severity, access, calendar=calendar, catalogue=known
        )


def _tell_climb(
    incident: Incident,
    to: InstitutionCard,
    passed: tuple[InstitutionCard, ...],
    there: Presence,
    *,
    actor: Viewer,
    at: datetime,
) -> None:
    """Tell whom it climbs to, and of those passed over who comes back first."""
    _log(incident, LogEntry.CLIMB.value, institution_id=to.id, actor=actor, at=at)
    _tell("security.incident_climbs", incident, [to.id], actor=actor, at=at)
    returns = {card.id: there.returns[card.id] for card in passed if card.id in there.returns}
    if (back := climbing.first_back(returns)) is not None:
        _tell("security.incident_passed_you", incident, [back], actor=actor, at=at)
