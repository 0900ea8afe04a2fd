"""Who may do what with an incident: those that answer for it, desks, and who reported it."""

from collections.abc import Collection
from dataclasses import dataclass

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.permissions import VIEW_EVIDENCE
from serentak.security.models import Incident
from serentak.security.permissions import HANDLE_INCIDENTS
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.states import IncidentEvent, IncidentState, Severity

from .seeing import handles, scopes_of
from .telling import DESKS

_E = IncidentEvent
BY_RESPONDERS = frozenset(IncidentEvent)
BY_DESKS = frozenset({_E.MERGE, _E.REOPEN})
"""What a desk does with any incident in its area."""
BY_DESKS_OF_THEIRS = BY_RESPONDERS - {_E.TRANSFER}
"""What a desk does with one whose owner is no independent body: it closes nothing of others."""
BY_REPORTERS = frozenset({_E.ARRIVE})
"""Who reported it may say that help has come."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do with one incident, through which institution (None: for oneself)."""

    institution_id: int | None = None
    is_responder: bool = False
    is_desk: bool = False
    is_desk_of_owner: bool = False
    is_reporter: bool = False
    is_handler: bool = False
    reads_words: bool = False

    def may(self, event: IncidentEvent) -> bool:
        """Tell whether a step is the viewer's to take."""
        return (
            self.is_responder
            or (self.is_desk and event in BY_DESKS)
            or (self.is_desk_of_owner and event in BY_DESKS_OF_THEIRS)
            or (self.is_reporter and event in BY_REPORTERS)
        )

    @property
    def may_note(self) -> bool:
        """Tell whether the viewer may add to the log."""
        return self.is_responder or self.is_desk or self.is_reporter

    @property
    def may_set(self) -> bool:
        """Tell whether the viewer may set severity, kind and border."""
        return self.is_responder or self.is_desk

    def may_lower(self, incident: Incident) -> bool:
        """Tell whether the viewer may lower a grave severity: the responder on the scene alone."""
        on_scene = IncidentState(incident.state) in (
            *(IncidentState.ON_SCENE, IncidentState.CONTAINED, IncidentState.RESOLVED),
        )
        return not Severity(incident.severity).is_grave or (self.is_responder and on_scene)


def rights_of(incident: Incident, viewer: Viewer) -> Rights:
    """Return what a viewer to whom an incident exists may do with it; three queries at most."""
    if viewer.system:
        return Rights(None, *([True] * 6))
    owner = institutions.institution(incident.owner_id)
    where = [PlaceCode(code) for code in (incident.place_id, incident.also_at_id) if code]
    held = _held(viewer, where, HANDLE_INCIDENTS)
    cards = institutions.institutions(held) if held else {}
    kinds = {*incident.handlers, *([owner.kind] if owner else [])}
    responding = [card for card in cards.values() if card.kind in kinds and card.kind not in DESKS]
    desks = [card for card in cards.values() if card.kind in DESKS]
    is_ours = incident.owner_id in cards
    is_reporter = incident.reports.filter(reported_by=viewer.user_id).exists()
    is_handler = handles(incident, scopes_of(viewer)) or is_ours
    first = _first(incident, responding, desks)
    confided = Confided(incident.confided)
    return Rights(
        institution_id=first.id if first else None,
        is_responder=bool(responding) or is_ours,
        is_desk=bool(desks),
        is_desk_of_owner=bool(desks) and owner is not None and not owner.independent,
        is_reporter=is_reporter,
        is_handler=is_handler,
        reads_words=is_handler
        or (confided is Confided.NO and any(viewer.may(VIEW_EVIDENCE, place) for place in where)),
    )


def _held(viewer: Viewer, where: Collection[PlaceCode], permission: Permission) -> frozenset[int]:
    return frozenset(
        grant.institution_id
        for grant in viewer.grants
        if permission in grant.permissions
        and grant.institution_id is not None
        and any(is_within(place, area) for place in where for area in grant.places)
    )


def _first(
    incident: Incident, responding: list[InstitutionCard], desks: list[InstitutionCard]
) -> InstitutionCard | None:
    ordered = sorted(responding, key=lambda card: (card.id != incident.owner_id, -card.level))
    return next(iter((*ordered, *desks)), None)
