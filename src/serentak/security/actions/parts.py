"""What actions share: an incident's clock, its log, its event, and who is told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.notices.actions import Notice, notify
from serentak.platform import areas
from serentak.platform.audit import About, Event
from serentak.platform.sealing import seal
from serentak.security.events import ConfidedLeft, ConfidedMatter
from serentak.security.models import Incident, IncidentStep
from serentak.security.permissions import HANDLE_INCIDENTS, SEE_RESTRICTED, VIEW_SECURITY
from serentak.security.queries.catalogues import calendar_of, incidents, kind_of
from serentak.security.queries.incidents import link_of, subject_of, where_of
from serentak.security.queries.telling import told
from serentak.security.rules.catalogue import Access, Confided, Kind
from serentak.security.rules.clocks import climbs_at, due_at, next_climb
from serentak.security.rules.states import CLOSED_STATES, IncidentState, Severity

LONGEST_NOTE = 1000


def _known_kind(key: str) -> Kind:
    """Return a kind of the catalogue; Refused where there is none."""
    kind = kind_of(key)
    if kind is None:
        raise Refused("security.kind_is_unknown", field="kind")
    return kind


def _set_clock(incident: Incident, at: datetime) -> None:
    """Set until when the next state has to be reached, and when it climbs; one query.

    A clock that has run out already when it is set climbs by the next run.
    """
    state, severity = IncidentState(incident.state), Severity(incident.severity)
    if incident.due_at is not None and incident.due_at < at:
        incident.was_past = True
    if state in CLOSED_STATES:
        incident.due_at = incident.climbs_at = None
        return
    access, known = Access(incident.access), incidents()
    calendar = calendar_of(PlaceCode(incident.place_id))
    incident.due_at = due_at(
        state,
        severity,
        access,
        counted_from=incident.counted_from_at,
        held_at=incident.held_at,
        calendar=calendar,
        catalogue=known,
    )
    incident.climbs_at = climbs_at(
        state,
        severity,
        access,
        counted_from=incident.counted_from_at,
        due=incident.due_at,
        calendar=calendar,
        catalogue=known,
    )
    if incident.climbs and incident.climbs_at is not None and incident.climbs_at <= at:
        # the first climb was made already: the next one is a step later, not at once
        incident.climbs_at = next_climb(at, severity, access, calendar=calendar, catalogue=known)


def _log(
    incident: Incident,
    event: str,
    *,
    note: str = "",
    institution_id: int | None,
    evidence_id: UUID | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Write a line of an incident's log."""
    IncidentStep.objects.create(
        incident=incident,
        event=event,
        state=incident.state,
        severity=incident.severity,
        sealed_note=seal({"text": note}) if note else None,
        evidence_id=evidence_id,
        institution_id=institution_id,
        taken_by_id=actor.user_id,
        taken_at=at,
    )


def _about(incident: Incident, institution_id: int | None) -> About:
    """Return what an event of an incident is about."""
    return About(
        subjects=(subject_of(incident.key),),
        place=PlaceCode(incident.place_id),
        institution_id=institution_id,
    )


def _as_told(event: Event, incident: Incident, *, left: bool = False) -> Event:
    """Return an event; of what is restricted no more than that there was one, or that it left."""
    if incident.confided != Confided.YES.value:
        return event
    said = ConfidedLeft if left else ConfidedMatter
    return said(subjects=(subject_of(incident.key),), place=COUNTRY)


def _check_links(subjects: Sequence[str], place: PlaceCode, actor: Viewer, at: datetime) -> None:
    """Refuse what an incident at a place cannot hang on, as far as the actor sees."""
    known = {thing.subject for thing in areas.linked(subjects, place=place, viewer=actor, at=at)}
    if set(subjects) - known:
        raise Refused("security.link_is_unknown", field="subjects")


def _places_of(incident: Incident) -> list[PlaceCode]:
    """Return the place of an incident, and the one across the border."""
    both = (incident.place_id, incident.also_at_id)
    return [PlaceCode(code) for code in both if code]


def _handlers_alone(incident: Incident) -> Collection[str] | None:
    """Return the kinds that may know of it, None where all may."""
    return set(incident.handlers) if incident.confided == Confided.YES.value else None


def _audience(incident: Incident, kind: Kind) -> list[InstitutionCard]:
    """Return who is told of an incident as it stands."""
    severity = Severity(incident.severity)
    return told(kind, severity, _places_of(incident), only=_handlers_alone(incident))


def _tell(
    code: str,
    incident: Incident,
    institution_ids: Iterable[int],
    *,
    permission: Permission = VIEW_SECURITY,
    actor: Viewer,
    at: datetime,
    **params: object,
) -> None:
    """Tell institutions of an incident: kind, place and severity, never who reported it."""
    kind = kind_of(incident.kind)
    is_restricted = incident.confided == Confided.YES.value
    notices = [
        Notice(
            institution_id=id,
            permission=HANDLE_INCIDENTS if is_restricted else permission,
            also=SEE_RESTRICTED if is_restricted else None,
            code=code,
            params={
                "what": dict(kind.name) if kind else incident.kind,
                "place": where_of(incident),
                "severity": incident.severity,
                **params,
            },
            link=link_of(incident.key),
            is_urgent=Severity(incident.severity).is_grave,
        )
        for id in dict.fromkeys(institution_ids)
    ]
    if notices:
        notify(notices=notices, actor=actor, at=at)


def _checked_note(text: str, *, needed: str = "", field: str = "note") -> str:
    """Return what was written without spaces around; Refused where it lacks or is too long."""
    said = text.strip()
    if needed and not said:
        raise Refused(needed, field=field)
    if len(said) > LONGEST_NOTE:
        raise Refused("platform.text_is_too_long", field=field, most=LONGEST_NOTE, length=len(said))
    return said
