"""What notices record: that people were told, never what."""

from collections.abc import Sequence
from typing import ClassVar

from serentak.platform.audit import Code, Event


class InstitutionsNotified(Event):
    """Institutions were told of something that happened on a higher floor."""

    shows: ClassVar[bool] = False
    codes: Sequence[Code]
    institutions: int
    accounts: int


class NotificationsMailed(Event):
    """Notifications went out by e-mail."""

    shows: ClassVar[bool] = False
    messages: int
    notifications: int


class NotificationsRead(Event):
    """An account marked its notifications as read."""

    shows: ClassVar[bool] = False
    count: int


class NotificationsWithdrawn(Event):
    """Accounts are no more told of something that is not for them any longer."""

    shows: ClassVar[bool] = False
