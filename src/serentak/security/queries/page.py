"""One incident for one viewer: facts, clock, log, reports, who was told, what may come next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from serentak.contingency import public as contingency
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.area import Linked, Number
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.liaison.public import VIEW_LIAISON
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.rows import within
from serentak.platform.sealing import SealBroken, opened
from serentak.posting import public as posting
from serentak.security.models import OPEN, Incident, IncidentReport, IncidentStep
from serentak.security.permissions import VIEW_SECURITY
from serentak.security.rules.catalogue import Access, Answer, Confided, Kind, Running
from serentak.security.rules.states import (
    INCIDENT_TRANSITIONS,
    OPEN_STATES,
    IncidentEvent,
    IncidentState,
    LogEntry,
    Severity,
)

from .catalogues import incidents, kind_of, vote_date_of
from .incidents import (
    OpenIncident,
    cards_of,
    links_of,
    may_be_same,
    ref_of,
    subject_of,
    subjects_of,
    where_of,
)
from .rights import Rights, rights_of
from .seeing import Scope, handles, scopes_of, seen_by
from .telling import owner_of, told

LOGGED = 100
"""How many lines of the log a page shows, the newest first."""
REPORTS = 30
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What one source said; without what the viewer may not read."""

    received_at: datetime
    happened_at: datetime
    kind: str
    institution: str
    answers: Mapping[str, Answer]
    texts: Mapping[str, str]
    told_by: str
    evidence_id: UUID | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log."""

    at: datetime
    event: str
    state: IncidentState
    severity: Severity
    institution: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call, with the numbers a viewer may know; `is_now` is who must act now."""

    name: str
    is_now: bool
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """An incident for one viewer; `next` is what the viewer may let happen, the next step first."""

    row: Incident
    ref: str
    place: PlaceCode
    place_name: str
    also_at_name: str
    kind: Kind | None
    state: IncidentState
    severity: Severity
    confided: Confided
    access: Access
    clock: Running
    word_every: int | None
    is_past: bool
    is_open: bool
    owner: str
    rights: Rights
    next: tuple[IncidentEvent, ...]
    reports: tuple[ReportLine, ...]
    log: tuple[LogLine, ...]
    told: tuple[str, ...]
    calls: tuple[Call, ...]
    same: tuple[OpenIncident, ...]
    original: tuple[UUID, str] | None
    stations: tuple[tuple[str, str], ...]
    links: tuple[Linked, ...]
    plans: tuple[tuple[str, str], ...]
    runs: tuple[contingency.RunCard, ...]
    reserve_url: str
    calls_url: str


def incident(key: UUID, viewer: Viewer) -> Incident:
    """Return an incident that exists for a viewer; OutOfScope (404) otherwise; two queries."""
    rows = Incident.objects.select_related("place__parent", "also_at", "original").filter(key=key)
    row = rows.filter(seen_by(viewer)).first()
    if row is None:
        raise OutOfScope(VIEW_SECURITY, key)
    return row


def incident_page(key: UUID, viewer: Viewer, at: datetime) -> IncidentPage:
    """Return an incident for a viewer; OutOfScope (404) otherwise; fixed queries."""
    row = incident(key, viewer)
    rights = rights_of(row, viewer)
    kind, state = kind_of(row.kind), IncidentState(row.state)
    severity = Severity(row.severity)
    scopes = scopes_of(viewer)
    reports = (
        IncidentReport.objects.select_related("incident")
        .filter(Q(incident=row) | Q(incident__original=row), Q(incident__in=_seen(row, viewer)))
        .order_by("received_at", "id")[:REPORTS]
    )
    log = IncidentStep.objects.filter(incident=row).select_related("taken_by").order_by("-id")
    lines, sent = list(log[:LOGGED]), list(reports)
    owner = institutions.institution(row.owner_id)
    ids = {one.institution_id for one in lines if one.institution_id}
    ids |= {one.institution_id for one in sent if one.institution_id}
    cards = institutions.institutions(ids)
    names = {id: card.name for id, card in cards.items()}
    last = next((one for one in lines if one.event == LogEntry.CLIMB.value), None)
    climbed = cards.get(last.institution_id or 0) if last else None
    runs = tuple(
        run
        for of in contingency.runs_of(subjects_of(row), viewer=viewer, at=at).values()
        for run in of
    )
    only = set(row.handlers) if row.confided == Confided.YES.value else None
    where = [PlaceCode(code) for code in (row.place_id, row.also_at_id) if code]
    hearers = told(kind, severity, where, only=only) if kind else []
    is_open = row.state in OPEN
    original = row.original
    if original and not Incident.objects.filter(seen_by(viewer), pk=original.pk).exists():
        original = None
    return IncidentPage(
        row=row,
        ref=ref_of(row.key),
        place=PlaceCode(row.place_id),
        place_name=where_of(row),
        also_at_name=row.also_at.name if row.also_at else "",
        kind=kind,
        state=state,
        severity=severity,
        confided=Confided(row.confided),
        access=Access(row.access),
        clock=incidents().clock_of_state.get(state, Running.NONE),
        word_every=incidents().clocks[Access(row.access)][severity].update_every
        if is_open
        else None,
        is_past=row.due_at is not None and row.due_at < at,
        is_open=is_open,
        owner=owner.name if owner else "",
        rights=rights,
        next=tuple(event for event in INCIDENT_TRANSITIONS.events_at(state) if rights.may(event)),
        reports=tuple(_report(one, row, rights, scopes, names) for one in sent),
        log=tuple(_line(one, row, rights, names) for one in lines),
        told=tuple(card.name for card in hearers),
        same=may_be_same(row, viewer, at) if is_open and rights.may_set else (),
        original=(original.key, ref_of(original.key)) if original else None,
        stations=tuple(row.stations.order_by("place").values_list("place_id", "place__name")[:50]),
        links=tuple(links_of(row, viewer, at)),
        plans=_plans(row, runs, viewer) if is_open else (),
        runs=runs,
        reserve_url=_reserve_url(row, viewer) if is_open else "",
        calls=_calls(row, climbed or owner, owner, hearers, viewer) if is_open else (),
        calls_url=_calls_url(PlaceCode(row.place_id), viewer),
    )


def whom_to_call(
    kind: Kind,
    place: PlaceCode,
    happened_at: datetime,
    answers: Mapping[str, Answer],
    viewer: Viewer,
) -> Call | None:
    """Return who answers for what is reported so, with two numbers; a fixed number of queries.

    It follows from what was entered alone, so that it tells nothing of the incident.
    """
    happened = happened_at.astimezone(places.zone_of(place))
    severity = kind.proposed(answers, happened=happened, vote_date=vote_date_of(place))
    owner = owner_of(kind, severity, place)
    if owner is None:
        return None
    found = areas.numbers([owner.id], place=place, viewer=viewer)
    return Call(owner.name, is_now=True, numbers=tuple(found.get(owner.id, ())[:2]))


CALLS = 6
"""How many institutions a page says to call at most."""


def _calls(
    row: Incident,
    now: InstitutionCard | None,
    owner: InstitutionCard | None,
    hearers: Collection[InstitutionCard],
    viewer: Viewer,
) -> tuple[Call, ...]:
    """Return whom to call: who must act now, who answers for it, then who was told; one query.

    Of those who were told only such as have a number; the others are told even without one.
    """
    first = {card.id: card for card in (now, owner) if card}
    cards = first | {card.id: card for card in hearers if card.id not in first}
    found = areas.numbers(list(cards), place=PlaceCode(row.place_id), viewer=viewer)
    lines = [
        Call(card.name, card is now, tuple(found.get(id, ())[:2]))
        for id, card in cards.items()
        if id in first or found.get(id)
    ]
    return tuple(lines[:CALLS])


def _calls_url(place: PlaceCode, viewer: Viewer) -> str:
    """Return the page of all numbers of the district, empty for who may not open it."""
    near = at_level(place, min(level_of(place), Level.DISTRICT))
    return reverse("liaison:place", args=[near]) if viewer.may(VIEW_LIAISON, near) else ""


def _reserve_url(row: Incident, viewer: Viewer) -> str:
    """Return where the reserve is sent to an incident; the move is as hidden as that."""
    return posting.send_url(PlaceCode(row.place_id), viewer, incident_ref=ref_of(row.key))


def _plans(
    row: Incident, runs: Collection[contingency.RunCard], viewer: Viewer
) -> tuple[tuple[str, str], ...]:
    """Return the plans that answer an incident, with the page on which each is started.

    Without those that run for it already. None for what is restricted: a plan is read by people
    who may not know of it.
    """
    place = PlaceCode(row.place_id)
    if row.confided == Confided.YES.value or not viewer.may(contingency.VIEW_CONTINGENCY, place):
        return ()
    about = subject_of(row.key)
    running = {run.plan for run in runs if run.is_running and not run.is_rehearsal}
    return tuple(
        (plan.name, contingency.start_url(plan.key, place, subject=about))
        for plan in contingency.plans_for(row.kind)
        if plan.key not in running
    )


def _seen(row: Incident, viewer: Viewer) -> list[int]:
    rows = Incident.objects.filter(seen_by(viewer), Q(pk=row.pk) | Q(original=row))
    return list(rows.values_list("pk", flat=True)[:REPORTS])


def _report(
    one: IncidentReport,
    row: Incident,
    rights: Rights,
    scopes: Collection[Scope],
    names: Mapping[int, str],
) -> ReportLine:
    """Return what one source said; what was merged is read as it was confided before."""
    source = one.incident
    if source.pk != row.pk and source.confided != Confided.NO.value:
        knows = handles(source, scopes)
        rights = replace(rights, is_handler=knows, reads_words=knows)
    is_open = source.confided == row.confided == Confided.NO.value
    texts = _opened(one.sealed) if rights.reads_words else {}
    told_by = texts.pop("told_by", "")
    shows_answers = rights.is_handler or is_open
    return ReportLine(
        received_at=one.received_at,
        happened_at=one.happened_at,
        kind=one.kind,
        institution=names.get(one.institution_id or 0, "") if shows_answers else "",
        answers=one.answers if shows_answers else {},
        texts=texts,
        told_by=told_by if rights.is_handler else "",
        evidence_id=one.evidence_id if rights.reads_words else None,
    )


def _line(one: IncidentStep, row: Incident, rights: Rights, names: Mapping[int, str]) -> LogLine:
    """Return a line of the log; who reported what is confided is for its handlers."""
    is_hidden = (
        one.event == LogEntry.REPORT.value
        and row.confided != Confided.NO.value
        and not rights.is_handler
    )
    return LogLine(
        at=one.taken_at,
        event=one.event,
        state=IncidentState(one.state),
        severity=Severity(one.severity),
        institution="" if is_hidden else names.get(one.institution_id or 0, ""),
        by=one.taken_by.full_name if one.taken_by and rights.is_handler else "",
        note=_opened(one.sealed_note).get("text", "") if rights.reads_words else "",
    )


def _opened(sealed: bytes | memoryview | None) -> dict[str, str]:
    """Return what was sealed; nothing where nothing was, or this installation has not the key."""
    try:
        return opened(sealed) if sealed else {}
    except SealBroken:
        return {}


def candidates(row: Incident, viewer: Viewer, at: datetime) -> list[OpenIncident]:
    """Return what an incident may be merged into: what may be the same, then its neighbours.

    Open ones alone; of what is restricted those that are so too.
    """
    is_restricted = row.confided == Confided.YES.value
    same = [
        card
        for card in may_be_same(row, viewer, at)
        if card.state in OPEN_STATES and (card.is_restricted or not is_restricted)
    ]
    place = PlaceCode(row.place_id)
    around = at_level(place, Level.REGENCY) if level_of(place) >= Level.REGENCY else place
    where = within(around) | within(around, "also_at")
    if row.also_at_id:
        where |= within(PlaceCode(row.also_at_id))
    rows = Incident.objects.filter(seen_by(viewer), where).exclude(pk=row.pk)
    rows = rows.filter(state__in=OPEN)
    if is_restricted:
        rows = rows.filter(confided=Confided.YES.value)
    known = {card.id for card in same}
    near = cards_of(rows.order_by("-reported_at", "-id")[:CANDIDATES], at)
    return [*same, *(card for card in near if card.id not in known)]


def exists_for(key: UUID, viewer: Viewer) -> bool:
    """Tell whether an incident exists for a viewer; two queries."""
    return Incident.objects.filter(seen_by(viewer), key=key).exists()
