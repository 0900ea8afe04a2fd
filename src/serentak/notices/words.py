"""Notices in words: events, and what somebody is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from serentak.platform.catalogue import said
from serentak.platform.web.formats import day
from serentak.platform.words import word

_EVENTS = {
    "InstitutionsNotified": _("%(institutions)s institutions notified"),
    "NotificationsMailed": _("%(messages)s e-mails sent"),
    "NotificationsRead": _("%(count)s notifications read"),
    "NotificationsWithdrawn": _("Notifications withdrawn"),
}

# What was recorded while coordination told people keeps its name.
EVENTS = {f"{by}.{name}": _EVENTS[name] for by in ("notices", "coordination") for name in _EVENTS}


def notification_text(code: str, params: Mapping[str, Any]) -> str:
    """Return what somebody is told, in the reader's language.

    Each slice words its codes in its NOTIFICATIONS; `due` and `date` among the parameters are days,
    a mapping is a catalogue's text.
    """
    shown = {key: said(text) if isinstance(text, Mapping) else text for key, text in params.items()}
    for key in ("due", "date"):
        if key in shown:
            shown[key] = day(date.fromisoformat(str(shown[key])))
    return word("NOTIFICATIONS", code, shown)
