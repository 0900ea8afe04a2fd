"""What is recorded of numbers, assessments, requests and election crimes."""

from dataclasses import field
from datetime import date

from serentak.platform.audit import PERSONAL, Code, Event


class ContactSaved(Event):
    """An institution's number was entered or changed."""

    office: str = field(metadata=PERSONAL)
    phone: str = field(metadata=PERSONAL)


class ContactRemoved(Event):
    """A number was taken away."""

    office: str = field(metadata=PERSONAL)


class PlaceAssessed(Event):
    """Institutions agreed on how grave a place is; so many actions follow."""

    level: Code
    members: int
    follow: int


class AidAsked(Event):
    """People or things were asked for."""

    thing: Code
    number: int
    owner_id: int


class AidMoved(Event):
    """A request was promised, refused, met or withdrawn."""

    thing: Code
    event: Code
    granted: int | None
    reason: str = field(default="", metadata=PERSONAL)


class CrimeEntered(Event):
    """An election crime came to be known; nothing tells where."""

    due_date: date


class CrimeMoved(Event):
    """An election crime went a stage on, got more days, or ended."""

    event: Code
    before: Code
    after: Code
    due_date: date | None
