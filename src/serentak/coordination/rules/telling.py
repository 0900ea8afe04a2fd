"""How a daily report tells what was asked: in which way, and what came back."""

from enum import StrEnum


class Asking(StrEnum):
    """How something was asked: who is asked freely, a head of region below, one's own line."""

    REQUEST = "REQUEST"
    DIRECTIVE = "DIRECTIVE"
    INSTRUCTION = "INSTRUCTION"


class Answer(StrEnum):
    """What came back of it, though the deed is missing."""

    NONE = "NONE"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REFUSED = "REFUSED"
