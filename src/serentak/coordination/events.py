"""What coordination records; people's words and names are kept apart from the facts."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date

from serentak.platform.audit import PERSONAL, Code, Event


class MeetingPlanned(Event):
    """A meeting was planned."""

    date: date
    invited: int
    theme: str = field(metadata=PERSONAL)


class AgendaSet(Event):
    """A meeting's agenda was set."""

    count: int


class MeetingHeld(Event):
    """A meeting took place."""

    date: date


class AttendanceRecorded(Event):
    """Who came to a meeting was recorded."""

    present: int
    invited: int


class OutcomesRecorded(Event):
    """Minutes became outcomes, and outcomes actions."""

    count: int
    actions: int
    digest: Code
    """SHA-256 over kind, verb, institution, due date and text of all of them."""


class PointsPutOff(Event):
    """Points that a meeting did not reach were put off; `carried` of them to a planned meeting."""

    count: int
    carried: int


class PointTakenBack(Event):
    """A point was put off by mistake and is this meeting's again."""


class MeetingClosed(Event):
    """A meeting's record was closed."""

    outcomes: int


class ActionGiven(Event):
    """One institution asked something of another."""

    verb: Code
    owner_id: int
    due_date: date
    alert_code: Code


class ActionMoved(Event):
    """An action went from one state to another; `note` is evidence or reason in words.

    `due_date` is the new day of what was asked again.
    """

    step: Code
    before: Code
    after: Code
    evidence_id: Code
    due_date: date | None = None
    note: str = field(metadata=PERSONAL)


class ActionsEscalated(Event):
    """Actions climbed by themselves; each line of `steps` is an action and the step taken."""

    count: int
    steps: Sequence[Code]


class GuidanceRecorded(Event):
    """A visit of guidance and its findings were recorded."""

    visit_date: date
    findings: str = field(metadata=PERSONAL)


class LetterDrafted(Event):
    """A letter was drafted."""

    verb: Code
    level: int
    ground: str = field(metadata=PERSONAL)


class LetterRevised(Event):
    """The words of a draft were changed."""

    verb: Code


class LetterSent(Event):
    """A letter was numbered and signed outside, and sent."""

    verb: Code
    level: int
    number: Code
    letter_date: date


class LetterDiscarded(Event):
    """A draft was put away."""

    verb: Code
