"""What notices record: that people were told, never what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serentak.platform.audit import Code, Event


@dataclass(frozen=True, kw_only=True, slots=True)
class InstitutionsNotified(Event):
    """Institutions were told of something that happened on a higher floor."""

    codes: Sequence[Code]
    institutions: int
    accounts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationsMailed(Event):
    """Notifications went out by e-mail."""

    messages: int
    notifications: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationsRead(Event):
    """An account marked its notifications as read."""

    count: int
