"""Takes incidents from step to step, and says of them what nobody said before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from serentak.contingency import public as contingency
from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import withdraw
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged
from serentak.security.events import IncidentMoved, IncidentNoted, SeveritySet
from serentak.security.models import Incident, IncidentStation
from serentak.security.permissions import HANDLE_INCIDENTS, SEE_RESTRICTED, VIEW_SECURITY
from serentak.security.queries.catalogues import kind_of
from serentak.security.queries.incidents import link_of, links_of, subjects_of
from serentak.security.queries.rights import Rights, rights_of
from serentak.security.queries.seeing import seen_by
from serentak.security.queries.telling import owner_of
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.states import (
    CLOSED_STATES,
    INCIDENT_TRANSITIONS,
    IncidentEvent,
    IncidentState,
    LogEntry,
    Severity,
)

from .parts import (
    _about,
    _as_told,
    _audience,
    _check_links,
    _checked_note,
    _handlers_alone,
    _known_kind,
    _log,
    _set_clock,
    _tell,
)

_E = IncidentEvent
LONGEST_COMMANDER = 120


@action
def triage(*, key: UUID, version: int | None, note: str = "", actor: Viewer, at: datetime) -> None:
    """Take an incident up: who answers for it has seen it."""
    _step(key, version, _E.TRIAGE, actor, at, note=_checked_note(note))


@action
def dispatch(
    *,
    key: UUID,
    version: int | None,
    commander: str = "",
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Say that somebody is on the way, and which office or unit leads."""
    _step(key, version, _E.DISPATCH, actor, at, note=_checked_note(note), commander=commander)


@action
def arrive(
    *,
    key: UUID,
    version: int | None,
    commander: str = "",
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Say that help is on the scene; who reported it may say so too."""
    _step(key, version, _E.ARRIVE, actor, at, note=_checked_note(note), commander=commander)


@action
def contain(*, key: UUID, version: int | None, note: str, actor: Viewer, at: datetime) -> None:
    """Say that it is under control, and what was done."""
    said = _checked_note(note, needed="security.say_what_was_done")
    _step(key, version, _E.CONTAIN, actor, at, note=said)


@action
def resolve(*, key: UUID, version: int | None, note: str = "", actor: Viewer, at: datetime) -> None:
    """Say that it is over; it stays open until it is closed."""
    _step(key, version, _E.RESOLVE, actor, at, note=_checked_note(note))


@action
def close(*, key: UUID, version: int | None, note: str = "", actor: Viewer, at: datetime) -> None:
    """Close an incident: a grave one with what is to be learnt from it, none with open steps."""
    incident, rights = _locked(key, version, actor)
    is_grave = Severity(incident.severity).is_grave
    said = _checked_note(note, needed="security.say_what_came_of_it" if is_grave else "")
    _check_plans_done(incident)
    _move(incident, rights, _E.CLOSE, actor, at, note=said)


@action
def transfer(
    *,
    key: UUID,
    version: int | None,
    receiver: str,
    number: str,
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Hand an incident on to another way, such as a case; with its number or receipt there."""
    receiver, number = one_line(receiver), one_line(number)
    if not receiver or not number:
        raise Refused("security.say_who_took_it", field="number" if receiver else "receiver")
    said = _checked_note("\n".join(filter(None, (f"{receiver}: {number}", note.strip()))))
    _step(key, version, _E.TRANSFER, actor, at, note=said)


@action
def mark_unfounded(
    *, key: UUID, version: int | None, note: str, actor: Viewer, at: datetime
) -> None:
    """Say that somebody looked and found nothing, and who that was."""
    said = _checked_note(note, needed="security.say_who_looked")
    incident, rights = _locked(key, version, actor)
    _check_plans_done(incident)
    _move(incident, rights, _E.FIND_UNFOUNDED, actor, at, note=said)


@action
def reopen(*, key: UUID, version: int | None, note: str, actor: Viewer, at: datetime) -> None:
    """Open an incident again, or undo a merge: its clocks begin anew, its history stays."""
    said = _checked_note(note, needed="security.reason_is_missing")
    incident, rights = _locked(key, version, actor)
    incident.counted_from_at, incident.held_at = at, None
    incident.climbs, incident.original_id = 0, None
    _move(incident, rights, _E.REOPEN, actor, at, note=said)


@action
def mark_duplicate(
    *,
    key: UUID,
    original: UUID,
    version: int | None,
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Merge an incident into one that was reported before; all reports and answers stay.

    The graver severity holds. Merging into what is restricted lets the other leave the pages too;
    what is restricted is merged into nothing that others see, nor anything into what is closed.
    """
    said = _checked_note(note)
    if key == original:
        raise Refused("security.it_is_the_same_report", field="original")
    first, second = sorted((key, original))
    for one in (first, second):  # locked in one order, whoever merges which into which
        Incident.objects.select_for_update(of=("self",)).filter(key=one).first()
    incident, rights = _locked(key, version, actor)
    whole, _rights = _locked(original, None, actor)
    if whole.state == IncidentState.DUPLICATE.value:
        raise Refused("security.original_is_a_duplicate", field="original")
    if IncidentState(whole.state) in CLOSED_STATES:
        raise Refused("security.incident_is_closed", field="original")
    if incident.confided == Confided.YES.value != whole.confided:
        raise Refused("security.original_is_not_restricted", field="original")
    incident.original = whole
    left = _confide(incident, whole)
    _move(incident, rights, _E.MERGE, actor, at, note=said, left=left)
    incident.duplicates.update(original=whole)
    known = set(whole.stations.values_list("place_id", flat=True))
    IncidentStation.objects.bulk_create(
        IncidentStation(incident=whole, place_id=code)
        for code in incident.stations.values_list("place_id", flat=True)
        if code not in known
    )
    whole.needs = list(dict.fromkeys((*whole.needs, *incident.needs)))
    whole.subjects = list(dict.fromkeys((*whole.subjects, *incident.subjects)))
    if Severity(incident.severity) > Severity(whole.severity):
        _set_severity(whole, Severity(incident.severity), rights, "", actor, at)
    else:
        whole.version += 1
        whole.save()


@action
def set_severity(
    *, key: UUID, severity: Severity, version: int | None, note: str, actor: Viewer, at: datetime
) -> None:
    """Say how grave it is, inside the range of its kind, and why; a rise begins the clock anew."""
    incident, rights = _locked(key, version, actor)
    _require(rights.may_set, incident)
    said = _checked_note(note, needed="security.reason_is_missing")
    _check_open(incident)
    if not _known_kind(incident.kind).allows(severity):
        raise Refused("security.severity_is_out_of_range", field="severity")
    if severity < Severity(incident.severity) and not rights.may_lower(incident):
        raise Refused("security.only_on_the_scene_lowers", field="severity")
    _set_severity(incident, severity, rights, said, actor, at)


@action
def set_kind(
    *, key: UUID, kind: str, version: int | None, note: str = "", actor: Viewer, at: datetime
) -> None:
    """Say of what kind it is; owner, range and who may know of it follow from the kind."""
    incident, rights = _locked(key, version, actor)
    _require(rights.may_set, incident)
    said = _checked_note(note)
    _check_open(incident)
    found = _known_kind(kind)
    place = PlaceCode(incident.place_id)
    before = Severity(incident.severity)
    severity = min(max(before, found.severity[0]), found.severity[1])
    owner = owner_of(found, severity, place)
    if owner is None:
        raise Refused("security.nobody_answers_for_it", field="kind")
    if owner.id != incident.owner_id and not (rights.is_responder or rights.is_desk_of_owner):
        raise Refused("security.theirs_alone_to_do", field="kind")
    if severity < before and not rights.may_lower(incident):
        raise Refused("security.only_on_the_scene_lowers", field="kind")
    known = kind_of(incident.kind)
    if known is None or known.group != found.group:  # another chain, of which nobody was told
        incident.climbs = 0
    was = incident.confided
    kept = incident.handlers if was == Confided.YES.value else ()
    incident.kind, incident.severity, incident.owner_id = kind, severity.value, owner.id
    incident.confided = max(Confided(was), found.restricted, key=list(Confided).index).value
    incident.was_confided |= incident.confided != Confided.NO.value
    incident.handlers = sorted({owner.kind, *kept} | found.handlers(severity))
    _set_clock(incident, at)
    left = incident.confided != was and incident.confided == Confided.YES.value
    _noted(incident, rights, LogEntry.KIND, said, actor, at, left=left)
    who = [owner.id, *(card.id for card in _audience(incident, found))]
    _tell("security.incident_was_reported", incident, who, actor=actor, at=at)


@action
def restrict(
    *,
    key: UUID,
    confided: Confided,
    version: int | None,
    note: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Say who may know of an incident; by its handlers alone. What was visible leaves silently."""
    incident, rights = _locked(key, version, actor)
    _require(rights.is_handler and rights.is_responder, incident)
    said = _checked_note(note, needed="security.reason_is_missing")
    was, incident.confided = incident.confided, confided.value
    incident.was_confided |= confided is not Confided.NO
    left = confided is Confided.YES and was != confided.value
    _noted(incident, rights, LogEntry.RESTRICT, said, actor, at, left=left)


@action
def set_also_at(
    *,
    key: UUID,
    place: PlaceCode,
    version: int | None,
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Say across which border it goes: both regencies and the province are told."""
    incident, rights = _locked(key, version, actor)
    _require(rights.may_set, incident)
    own = PlaceCode(incident.place_id)
    if (
        not place
        or place not in places.places([place])
        or is_within(place, own)
        or is_within(own, place)
    ):
        raise Refused("security.border_is_none", field="place")
    _check_open(incident)
    incident.also_at_id = place
    _noted(incident, rights, LogEntry.BORDER, _checked_note(note), actor, at)
    who = [card.id for card in _audience(incident, _known_kind(incident.kind))]
    _tell("security.incident_crosses_the_border", incident, who, actor=actor, at=at)


@action
def add_note(
    *, key: UUID, note: str, version: int | None = None, actor: Viewer, at: datetime
) -> None:
    """Add to the log of an incident what nobody said before."""
    incident, rights = _locked(key, version, actor)
    _require(rights.may_note, incident)
    said = _checked_note(note, needed="security.note_is_empty")
    _noted(incident, rights, LogEntry.NOTE, said, actor, at)


@action
def link_incident(
    *,
    key: UUID,
    subjects: Sequence[str],
    station: PlaceCode | None = None,
    version: int | None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Say on which loads, stages and activities an incident hangs, and one station more it touches.

    Of its links those go that the actor sees and did not choose; what others linked stays.
    """
    incident, rights = _locked(key, version, actor)
    _require(rights.may_note, incident)
    _check_links(subjects, PlaceCode(incident.place_id), actor, at)
    if station and (
        level_of(station) is not Level.STATION or station not in places.places([station])
    ):
        raise Refused("security.station_is_unknown", field="station")
    if station and not actor.may(VIEW_SECURITY, station):
        raise Refused("security.place_is_outside", field="station")
    seen = {thing.subject for thing in links_of(incident, actor, at)}
    kept = (subject for subject in incident.subjects if subject not in seen)
    incident.subjects = list(dict.fromkeys((*kept, *subjects)))
    if station and not incident.stations.filter(place=station).exists():
        IncidentStation.objects.create(incident=incident, place_id=station)
    _noted(incident, rights, LogEntry.LINK, "", actor, at)


def _locked(key: UUID, version: int | None, actor: Viewer) -> tuple[Incident, Rights]:
    """Lock an incident that exists for the actor; OutOfScope (404) for everybody else."""
    where = Incident.objects.select_for_update(of=("self",)).select_related("place__parent")
    rows = where.filter(key=key)
    incident = (rows if actor.system else rows.filter(seen_by(actor))).first()
    if incident is None:
        raise OutOfScope(VIEW_SECURITY, key)
    check_unchanged(version, incident.version)
    return incident, rights_of(incident, actor)


def _require(holds: bool, incident: Incident) -> None:
    if not holds:
        raise OutOfScope(HANDLE_INCIDENTS, incident.key)


def _check_open(incident: Incident) -> None:
    if IncidentState(incident.state) in CLOSED_STATES:
        raise Refused("security.incident_is_closed")


def _step(
    key: UUID,
    version: int | None,
    event: IncidentEvent,
    actor: Viewer,
    at: datetime,
    *,
    note: str,
    commander: str = "",
) -> None:
    incident, rights = _locked(key, version, actor)
    if leads := one_line(commander):
        if len(leads) > LONGEST_COMMANDER:
            raise Refused(
                "platform.text_is_too_long",
                field="commander",
                most=LONGEST_COMMANDER,
                length=len(leads),
            )
        incident.commander = leads
    _move(incident, rights, event, actor, at, note=note)


def _move(
    incident: Incident,
    rights: Rights,
    event: IncidentEvent,
    actor: Viewer,
    at: datetime,
    *,
    note: str,
    left: bool = False,
) -> None:
    """Let something happen to an incident: its state, clock, log and event."""
    if not rights.may(event):
        if rights.is_desk and event is not _E.TRANSFER:
            raise Refused("security.theirs_alone_to_do")
        raise OutOfScope(HANDLE_INCIDENTS, incident.key)
    before = IncidentState(incident.state)
    state = INCIDENT_TRANSITIONS.must(
        before, event, otherwise=Refused("security.step_is_not_possible_now")
    )
    incident.state = state.value
    if event is _E.CONTAIN:
        incident.held_at = at
    if event is not _E.REOPEN and before is not IncidentState.CONTAINED:
        incident.climbs = 0
    incident.closed_at = at if state in CLOSED_STATES else None
    _set_clock(incident, at)
    incident.version += 1
    incident.save()
    _log(
        incident,
        event.value,
        note=note,
        institution_id=rights.institution_id,
        actor=actor,
        at=at,
    )
    moved = IncidentMoved(
        **_about(incident, rights.institution_id),
        event=event.value,
        before=before.value,
        state=state.value,
    )
    record(_as_told(moved, incident, left=left), actor=actor, at=at)
    _withdraw(incident, left, actor, at)
    if event is _E.REOPEN:
        who = [incident.owner_id, *(c.id for c in _audience(incident, _known_kind(incident.kind)))]
        _tell("security.incident_was_reopened", incident, who, actor=actor, at=at)


def _noted(
    incident: Incident,
    rights: Rights,
    entry: LogEntry,
    note: str,
    actor: Viewer,
    at: datetime,
    *,
    left: bool = False,
) -> None:
    """Save what was added to an incident that stays in its state."""
    incident.version += 1
    incident.save()
    through = rights.institution_id
    _log(incident, entry.value, note=note, institution_id=through, actor=actor, at=at)
    event = IncidentNoted(**_about(incident, through))
    record(_as_told(event, incident, left=left), actor=actor, at=at)
    _withdraw(incident, left, actor, at)


def _set_severity(
    incident: Incident,
    severity: Severity,
    rights: Rights,
    note: str,
    actor: Viewer,
    at: datetime,
) -> None:
    before = Severity(incident.severity)
    incident.severity = severity.value
    kind = _known_kind(incident.kind)
    incident.handlers = sorted({*incident.handlers, *kind.handlers(severity)})
    if severity > before:
        incident.counted_from_at, incident.climbs = at, 0
        if incident.held_at:
            incident.held_at = at
    _set_clock(incident, at)
    incident.version += 1
    incident.save()
    through = rights.institution_id
    _log(
        incident,
        LogEntry.SEVERITY.value,
        note=note,
        institution_id=through,
        actor=actor,
        at=at,
    )
    event = SeveritySet(**_about(incident, through), before=before.value, severity=severity.value)
    record(_as_told(event, incident), actor=actor, at=at)
    if severity > before:
        now = [incident.owner_id, *(card.id for card in _audience(incident, kind))]
        code = "security.incident_is_graver"
        _tell(code, incident, now, actor=actor, at=at)


def _check_plans_done(incident: Incident) -> None:
    """Refuse to end an incident while a plan of it, or of what was merged into it, is open."""
    if waiting := contingency.open_steps(subjects_of(incident)):
        raise Refused("security.plan_has_open_steps", count=waiting)


def _confide(incident: Incident, whole: Incident) -> bool:
    """Confide what is merged as its original is; tell whether it leaves the pages by that."""
    if whole.confided != Confided.YES.value or incident.confided == whole.confided:
        return False
    incident.confided, incident.handlers = whole.confided, whole.handlers
    incident.was_confided = True
    return True


def _withdraw(incident: Incident, left: bool, actor: Viewer, at: datetime) -> None:
    """Take back what those were told who may know of an incident no more.

    Refused while a plan of it runs, which all may see who see plans.
    """
    if left:
        if waiting := contingency.open_steps(subjects_of(incident), in_the_open=True):
            raise Refused("security.plan_runs_in_the_open", count=waiting)
        hearers = _hearers(incident, at)
        withdraw(link=link_of(incident.key), but=hearers, actor=actor, at=at)
        _withdraw_merged(incident, hearers, actor, at)


def _withdraw_merged(incident: Incident, hearers: set[int], actor: Viewer, at: datetime) -> None:
    """Take what was merged into an incident off the pages with it."""
    merged = incident.duplicates.select_for_update(of=("self",))
    for one in merged.exclude(confided=Confided.YES.value).order_by("id"):
        one.confided, one.handlers = incident.confided, incident.handlers
        one.was_confided = True
        one.version += 1
        one.save()
        withdraw(link=link_of(one.key), but=hearers, actor=actor, at=at)


def _hearers(incident: Incident, at: datetime) -> set[int]:
    """Return the accounts that may know of a restricted incident."""
    kinds = _handlers_alone(incident) or ()
    cards = _audience(incident, _known_kind(incident.kind))
    ids = {incident.owner_id, *(card.id for card in cards if card.kind in kinds)}
    heard = institutions.accounts_for(ids, SEE_RESTRICTED, at=at)
    return {account.user_id for accounts in heard.values() for account in accounts}
