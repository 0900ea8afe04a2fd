"""What is recorded when scores are stored, answered and published; numbers, never words."""

from datetime import date

from serentak.platform.audit import Code, Event


class ScoresStored(Event):
    """The scores of a day were stored, so many of them."""

    day: date
    scores: int


class ScoresReplied(Event):
    """An institution answered a score of its work."""

    indicator: Code


class ReplyOpened(Event):
    """Disputes have ended, and institutions may reply until a day."""

    reply_until: date


class ScoresPublished(Event):
    """The scores became public, with the replies that were given."""

    replies: int
