"""What is recorded of daily reports: drafted, edited, signed, accepted, corrected, made public."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Annotated, Any

from serentak.platform.audit import HARMLESS, PERSONAL, Code, Event


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


class ChatTemplateSet(Event):
    """A desk changed how its short text reads, or went back to the house's order."""

    is_own: bool


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


class ReportCorrected(Event):
    """Who signed a report corrected a sentence of it; both stand.

    `before` and `after` hold the figure or status that changed, nothing where words did.
    """

    day: date
    number: int
    key: Code
    before: Annotated[Mapping[str, Any], HARMLESS]
    after: Annotated[Mapping[str, Any], HARMLESS]
    text: str = field(metadata=PERSONAL)
    reason: str = field(metadata=PERSONAL)


class CorrectionsNoted(Event):
    """Who accepted a report took note of corrections of it."""

    day: date
    numbers: tuple[int, ...]
    receipt: str = field(metadata=PERSONAL)


class SentencesPublished(Event):
    """Which sentences of a report are for everybody was changed; `marked` are those of now."""

    day: date
    marked: tuple[Code, ...]
    unmarked: tuple[Code, ...]


class SilentReminded(Event):
    """Desks that have not reported were reminded."""

    day: date
    places: tuple[Code, ...]


class ContradictionsCompared(Event):
    """The sides of all checks at a province were compared, and something changed.

    `faulty` are checks that could not be asked; what was known of them stays.
    """

    opened: int
    changed: int
    gone: int
    reopened: int
    faulty: tuple[Code, ...]


class ContradictionHandled(Event):
    """Somebody acknowledged, answered, settled or reopened a contradiction."""

    event: Code
    check: Code
    used: Code
    text: str = field(metadata=PERSONAL)
    proof: str = field(metadata=PERSONAL)
