"""What is recorded when cases move, circulars are issued, and pledges and services are reported.

Events of a case hold ids and codes alone, no name and no words of anybody, and their place is the
country: an activity list shows the events at a place to all who see the place, and whether there is
a case there is not for them.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from typing import Annotated, Any

from serentak.platform.audit import HARMLESS, PERSONAL, Code, Event


class CaseReferred(Event):
    """A case was referred."""

    violation: Code
    violation_class: Code
    state: Code
    due_date: date | None


class CaseMoved(Event):
    """A case went a step on."""

    event: Code
    before: Code
    state: Code
    due_date: date | None
    authority: Code
    stake: Code = ""


class ReplyRecorded(Event):
    """What came of the right to reply was recorded."""

    kind: Code


class CaseClosed(Event):
    """A case ended with a sanction, or was not proven."""

    outcome: Code
    sanction: Code
    decided_date: date


class ClocksExpired(Event):
    """Clocks ran out; `rows` says for each case where it stands now and to whom it climbed."""

    count: int
    rows: Annotated[Sequence[Any], HARMLESS]


class NamesRead(Event):
    """A case handler opened the name, the replies and the notes of a case."""


class AuthorityAsked(Event):
    """The appointing authority was asked by letter to decide; `letter` is the draft's id."""

    letter: int


class CaseRefusedToViewer(Event):
    """Somebody opened a case that is not theirs to see, and was told that there is none."""

    case: int


class CircularIssued(Event):
    """A circular went to agencies."""

    number: Code
    count: int
    due_date: date


class CircularAcknowledged(Event):
    """An agency acknowledged a circular."""

    number: Code


class PledgesRecorded(Event):
    """Coverage of pledges was recorded; the digest is over all lines."""

    count: int
    signed: int
    staff: int
    digest: Code


class ServicesReported(Event):
    """Services of agencies were reported for a day."""

    report_date: date
    count: int
    open: int
    reduced: int
    closed: int
    reasons: Sequence[Any] = field(metadata=PERSONAL)


class ReplacementRecorded(Event):
    """The replacement of an official was recorded."""

    replaced_date: date
    has_consent: bool
    is_forbidden: bool
