"""Requests that no view sees: too large, too slow, broken off, or more than the house can hold."""

from enum import Enum

REFUSAL = "serentak.refusal"
"""Where the web process's entry tells Django's side why a request was refused."""


class Refusal(Enum):
    """Why, with the status of the answer."""

    INCOMPLETE = 400
    TOO_SLOW = 408
    WITHOUT_LENGTH = 411
    TOO_LARGE = 413
    BUSY = 503
    NO_ROOM = 507
