"""What is recorded of daily reports: drafted, edited, signed, accepted, returned, made public."""

from dataclasses import field
from datetime import date

from serentak.platform.audit import PERSONAL, Code, Event


class SnapshotsTaken(Event):
    """What every area said of a place and its children was stored for a day."""

    day: date
    count: int
    digest: Code


class ReportDrafted(Event):
    """A report was drafted from what is known, or drafted anew over what stood."""

    day: date
    sentences: int
    changed: int
    missing: int


class SentenceEdited(Event):
    """A person put words of their own; empty words mean the draft's again."""

    key: Code
    text: str = field(metadata=PERSONAL)


class SentenceAdded(Event):
    """A person added a sentence that nothing stands behind."""

    section: Code
    text: str = field(metadata=PERSONAL)


class ReportSubmitted(Event):
    """A person signed a report off and sent it to the desk above."""

    day: date
    missing: int
    digest: Code


class ReportAccepted(Event):
    """The desk above accepted a report; it is locked."""

    day: date
    receipt: str = field(metadata=PERSONAL)


class ReportReturned(Event):
    """The desk above sent a report back."""

    day: date
    reason: str = field(metadata=PERSONAL)


class SentencesPublished(Event):
    """Which sentences of a report are for everybody was changed; `marked` are those of now."""

    day: date
    marked: tuple[Code, ...]
    unmarked: tuple[Code, ...]


class SilentReminded(Event):
    """Desks that have not reported were reminded."""

    day: date
    places: tuple[Code, ...]
