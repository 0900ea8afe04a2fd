"""What the platform itself records."""

from dataclasses import field

from .audit import PERSONAL, Code, Event


class AccountCreated(Event):
    """An account was made."""

    username: str = field(metadata=PERSONAL)


class PasswordChanged(Event):
    """An account got another password."""


class AccountClosed(Event):
    """An account can no longer sign in."""


class AccountOpened(Event):
    """A closed account can sign in again."""


class SignedIn(Event):
    """An account signed in, from a network address."""

    address: str = field(metadata=PERSONAL)


class EvidenceStored(Event):
    """A file was stored."""

    size: int
    sha256: Code
    content_type: Code


class DetailErased(Event):
    """The personal text of an event was deleted, as privacy law has it; the database writes this.

    Stands with the event's own subjects; the event keeps the commitment to what stood there.
    """

    event: int
    ground: Code
