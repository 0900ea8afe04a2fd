"""Takes reports of incidents in: each source's words stand, the incident once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import File

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import Fault, Refused, noting
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.places.public import Point
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer, one_at_a_time
from serentak.platform.evidence import PHOTOS, store_evidence
from serentak.platform.sealing import seal
from serentak.security.events import IncidentReported
from serentak.security.models import Incident, IncidentReport, IncidentStation
from serentak.security.permissions import REPORT_INCIDENT
from serentak.security.queries.catalogues import access_of, incidents, vote_date_of
from serentak.security.queries.telling import owner_of
from serentak.security.rules.answers import faults_of, parted
from serentak.security.rules.catalogue import Answer, Confided, Kind
from serentak.security.rules.states import LogEntry

from .parts import (
    _about,
    _as_told,
    _audience,
    _check_links,
    _checked_note,
    _known_kind,
    _log,
    _set_clock,
    _tell,
)

LONGEST_SOURCE = 120
_MINUTE = timedelta(minutes=1)


class Device(str):
    """The device that sends, which says nothing of itself: one report is the same from another."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the same of every device."""
        return "device"


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report led to; whether its reporter may see the incident is asked elsewhere."""

    key: UUID
    report_id: int


@action
def report_incident(
    *,
    client_key: UUID,
    kind: str,
    place: PlaceCode | None,
    happened_at: datetime,
    answers: Mapping[str, Answer] | None = None,
    needs: Sequence[str] = (),
    words: str = "",
    told_by: str = "",
    photo: "File[bytes] | None" = None,
    also_at: PlaceCode | None = None,
    point: Point | None = None,
    stations: Sequence[PlaceCode] = (),
    subjects: Sequence[str] = (),
    device: Device = Device(),  # noqa: B008  # it cannot change
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> Reported:
    """Take in what somebody saw or was told; a repeat of the key gets the first answer.

    The severity follows from the answers. Free words and who told it are sealed. A source that
    sends too fast is refused until a moment that it is told. Refused names each fault's field.
    """
    digest = digest_of(locals())
    if known := first_answer(IncidentReport, client_key, digest):
        return Reported(known.incident.key, known.pk)
    found = _known_kind(kind)
    catalogue = incidents()
    given = {name: value for name, value in (answers or {}).items() if value not in (None, "")}
    words = _checked_note(words, field="words")
    told_by = one_line(told_by)
    faults = [
        *_place_faults(place, also_at, stations, actor),
        *_moment_faults(happened_at, at),
        *faults_of(found, given, catalogue),
        *(Fault("security.need_is_unknown", "needs") for x in needs if x not in catalogue.needs),
    ]
    if len(told_by) > LONGEST_SOURCE:
        faults.append(
            Fault(
                "platform.text_is_too_long",
                "told_by",
                {"most": LONGEST_SOURCE, "length": len(told_by)},
            )
        )
    if faults or place is None:
        raise Refused.of(*faults)
    _check_links(subjects, place, actor, at)
    _check_pace(actor, device, at)
    incident = _incident(found, place, happened_at, given, figure_class, at)
    incident.also_at_id = also_at
    incident.needs = list(dict.fromkeys(needs))
    incident.subjects = list(dict.fromkeys(subjects))
    if point is not None:
        incident.lat, incident.lon = point
    _set_clock(incident, at)
    incident.save()
    touched = {*stations, *([place] if level_of(place) is Level.STATION else [])}
    IncidentStation.objects.bulk_create(
        IncidentStation(incident=incident, place_id=code) for code in sorted(touched)
    )
    report = _report(incident, given, words, told_by, digest, client_key, device, photo, actor, at)
    _log(
        incident,
        LogEntry.REPORT.value,
        institution_id=report.institution_id,
        evidence_id=report.evidence_id,
        actor=actor,
        at=at,
    )
    record(
        _as_told(
            IncidentReported(
                **_about(incident, report.institution_id), kind=kind, severity=incident.severity
            ),
            incident,
        ),
        actor=actor,
        at=at,
    )
    who = [incident.owner_id, *(card.id for card in _audience(incident, found))]
    _tell("security.incident_was_reported", incident, who, actor=actor, at=at)
    return Reported(incident.key, report.pk)


def _place_faults(
    place: PlaceCode | None, also_at: PlaceCode | None, stations: Sequence[PlaceCode], actor: Viewer
) -> list[Fault]:
    if not place:
        return [Fault("security.place_is_missing", "place")]
    known = places.places([place, *stations, *([also_at] if also_at else [])])
    if place not in known:
        return [Fault("security.place_is_unknown", "place")]
    if not actor.may(REPORT_INCIDENT, place):
        return [Fault("security.place_is_outside", "place")]
    faults = []
    if also_at and (also_at not in known or is_within(also_at, place) or is_within(place, also_at)):
        faults.append(Fault("security.border_is_none", "also_at"))
    if any(code not in known or level_of(code) is not Level.STATION for code in stations):
        faults.append(Fault("security.station_is_unknown", "stations"))
    return faults


def _moment_faults(happened_at: datetime, at: datetime) -> list[Fault]:
    limits = incidents().limits
    if happened_at > at + timedelta(minutes=limits.ahead_minutes):
        return [Fault("security.moment_lies_ahead", "happened_at")]
    if happened_at < at - timedelta(days=limits.oldest_days):
        return [Fault("security.moment_is_too_old", "happened_at", {"days": limits.oldest_days})]
    return []


def _check_pace(actor: Viewer, device: str, at: datetime) -> None:
    """Refuse a source that sends faster than the catalogue lets it; told is when to go on."""
    if actor.system:
        return
    most = incidents().limits.reports_a_minute
    sources = {"reported_by_id": actor.user_id, "device": device}
    for column, source in sources.items():
        if not source:
            continue
        one_at_a_time(f"security report {column} {source}")
        sent = IncidentReport.objects.filter(
            **{column: source}, received_at__gt=at - _MINUTE, received_at__lte=at
        ).order_by("-received_at")
        moments = list(sent.values_list("received_at", flat=True)[:most])
        if len(moments) >= most:
            again = moments[-1] + _MINUTE
            seconds = max(1, -int((at - again).total_seconds() // 1))
            raise Refused("security.too_many_reports", most=most, seconds=seconds)


def _incident(
    kind: Kind,
    place: PlaceCode,
    happened_at: datetime,
    answers: Mapping[str, Answer],
    figure_class: FigureClass,
    at: datetime,
) -> Incident:
    severity = kind.proposed(
        answers,
        happened=happened_at.astimezone(places.zone_of(place)),
        vote_date=vote_date_of(place),
    )
    owner = owner_of(kind, severity, place)
    if owner is None:
        raise Refused("security.nobody_answers_for_it", field="place")
    return Incident(
        key=uuid4(),
        kind=kind.key,
        place_id=place,
        happened_at=min(happened_at, at),
        reported_at=at,
        counted_from_at=at,
        access=access_of(place).value,
        proposed=severity.value,
        severity=severity.value,
        confided=kind.restricted.value,
        was_confided=kind.restricted is not Confided.NO,
        handlers=sorted(kind.handlers(severity) | {owner.kind}),
        owner_id=owner.id,
        figure_class=figure_class.value,
    )


def _report(
    incident: Incident,
    answers: Mapping[str, Answer],
    words: str,
    told_by: str,
    digest: str,
    client_key: UUID,
    device: str,
    photo: "File[bytes] | None",
    actor: Viewer,
    at: datetime,
) -> IncidentReport:
    """Write one source's words; a photo stands at no place, since the place may be confided."""
    plain, free = parted(answers, incidents())
    free |= {name: text for name, text in (("words", words), ("told_by", told_by)) if text}
    through = institutions.voices(actor, REPORT_INCIDENT).own
    institution_id = through[0].id if through else None
    evidence_id = None
    if photo is not None:
        faults: list[Fault] = []
        with noting(faults, row=1, file="photo"):
            evidence_id = store_evidence(
                file=photo,
                place=COUNTRY,
                institution_id=institution_id,
                accepted=PHOTOS,
                actor=actor,
                at=at,
            )
        if faults:
            raise Refused.of(*(replace(fault, row=None) for fault in faults))
    return IncidentReport.objects.create(
        client_key=client_key,
        digest=digest,
        incident=incident,
        kind=incident.kind,
        place_id=incident.place_id,
        happened_at=incident.happened_at,
        received_at=at,
        answers=plain,
        sealed=seal(free) if free else None,
        evidence_id=evidence_id,
        institution_id=institution_id,
        reported_by_id=actor.user_id,
        device=device[:40],
        figure_class=incident.figure_class,
    )
