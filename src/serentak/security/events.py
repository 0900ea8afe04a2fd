"""What is recorded of incidents and duty: ids and codes alone, no words and no names.

Of what is restricted an event says nothing but that something happened, at no place: an activity
list shows the events at a place to all who see the place.
"""

from typing import ClassVar

from serentak.platform.audit import Code, Event


class IncidentReported(Event):
    """Somebody reported an incident; `is_new` is false where it stood there already."""

    kind: Code
    severity: Code


class IncidentMoved(Event):
    """An incident went a step on."""

    event: Code
    before: Code
    state: Code


class SeveritySet(Event):
    """The severity of an incident was set, otherwise than the answers proposed or once more."""

    before: Code
    severity: Code


class IncidentNoted(Event):
    """Something was added to an incident: a note, stations, a place across the border, links."""


class IncidentsClimbed(Event):
    """Incidents whose clock ran out climbed one step each."""

    count: int


class ConfidedMatter(Event):
    """Something happened of which no more is said; no page of places looks otherwise after it."""

    shows: ClassVar[bool] = False


class ConfidedLeft(Event):
    """Something left the pages of places, of which no more is said."""


class DutyPlanned(Event):
    """An institution said who is on duty from when to when."""


class DutyCancelled(Event):
    """A duty was taken back."""
