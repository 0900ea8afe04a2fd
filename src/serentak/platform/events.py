"""What the platform itself records."""

from __future__ import annotations

from dataclasses import dataclass, field

from .audit import PERSONAL, Code, Event


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountCreated(Event):
    """An account was made."""

    username: str = field(metadata=PERSONAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordChanged(Event):
    """An account got another password."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountClosed(Event):
    """An account can no longer sign in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountOpened(Event):
    """A closed account can sign in again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceStored(Event):
    """A file was stored."""

    size: int
    sha256: Code
    content_type: Code
