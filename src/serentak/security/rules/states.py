"""The life of an incident: states, steps, and which of them count as open."""

from enum import StrEnum

from serentak.kernel.machine import Machine


class Severity(StrEnum):
    """From a nuisance to an emergency; the values sort by gravity."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"

    @property
    def is_grave(self) -> bool:
        """Tell whether somebody is hurt or a stage stopped, or worse."""
        return self >= Severity.S3


class IncidentState(StrEnum):
    """Where an incident stands."""

    REPORTED = "REPORTED"
    TRIAGED = "TRIAGED"
    DISPATCHED = "DISPATCHED"
    ON_SCENE = "ON_SCENE"
    CONTAINED = "CONTAINED"
    RESOLVED = "RESOLVED"
    TRANSFERRED = "TRANSFERRED"
    CLOSED = "CLOSED"
    UNFOUNDED = "UNFOUNDED"
    DUPLICATE = "DUPLICATE"


class IncidentEvent(StrEnum):
    """What happens to an incident."""

    TRIAGE = "TRIAGE"
    DISPATCH = "DISPATCH"
    ARRIVE = "ARRIVE"
    CONTAIN = "CONTAIN"
    RESOLVE = "RESOLVE"
    CLOSE = "CLOSE"
    TRANSFER = "TRANSFER"
    FIND_UNFOUNDED = "FIND_UNFOUNDED"
    MERGE = "MERGE"
    REOPEN = "REOPEN"


class LogEntry(StrEnum):
    """What stands in the log beside the steps: nothing that changes the state."""

    REPORT = "REPORT"
    NOTE = "NOTE"
    SEVERITY = "SEVERITY"
    KIND = "KIND"
    RESTRICT = "RESTRICT"
    CLIMB = "CLIMB"
    BORDER = "BORDER"
    LINK = "LINK"


_S, _E = IncidentState, IncidentEvent

INCIDENT_TRANSITIONS: Machine[IncidentState, IncidentEvent] = Machine(
    {
        (_S.REPORTED, _E.TRIAGE): _S.TRIAGED,
        (_S.TRIAGED, _E.DISPATCH): _S.DISPATCHED,
        (_S.TRIAGED, _E.ARRIVE): _S.ON_SCENE,
        (_S.DISPATCHED, _E.ARRIVE): _S.ON_SCENE,
        (_S.TRIAGED, _E.CONTAIN): _S.CONTAINED,
        (_S.DISPATCHED, _E.CONTAIN): _S.CONTAINED,
        (_S.ON_SCENE, _E.CONTAIN): _S.CONTAINED,
        (_S.CONTAINED, _E.RESOLVE): _S.RESOLVED,
        (_S.RESOLVED, _E.CLOSE): _S.CLOSED,
        (_S.TRANSFERRED, _E.CLOSE): _S.CLOSED,
        **{
            (state, _E.TRANSFER): _S.TRANSFERRED
            for state in (_S.REPORTED, _S.TRIAGED, _S.ON_SCENE, _S.CONTAINED)
        },
        **{
            (state, _E.FIND_UNFOUNDED): _S.UNFOUNDED
            for state in (_S.REPORTED, _S.TRIAGED, _S.DISPATCHED, _S.ON_SCENE)
        },
        **{
            (state, _E.MERGE): _S.DUPLICATE
            for state in (_S.REPORTED, _S.TRIAGED, _S.DISPATCHED, _S.ON_SCENE, _S.CONTAINED)
        },
        **{
            (state, _E.REOPEN): _S.REPORTED
            for state in (
                *(_S.CONTAINED, _S.RESOLVED, _S.TRANSFERRED),
                *(_S.CLOSED, _S.UNFOUNDED, _S.DUPLICATE),
            )
        },
    }
)
"""An incident's way; docs/states/security-incident.md draws it."""

CLOSED_STATES = frozenset({_S.CLOSED, _S.UNFOUNDED, _S.DUPLICATE})
OPEN_STATES = frozenset(_S) - CLOSED_STATES
"""What is held, done or handed on is open still, until somebody says how it ended."""
