"""Alerts on their way through a page's address or a form: signed, so that nobody invents one."""

import json
from datetime import date
from typing import Any

from django.core import signing

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import parse_code
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status

_SALT = "coordination.alert"


def signed(alert: Alert) -> str:
    """Return an alert as text for an address or a hidden field.

    A restricted alert hides what is made from it: whoever may ask must not choose that by hand.
    """
    said: dict[str, Any] = {
        "code": alert.code,
        "place": alert.place,
        "severity": alert.severity.value,
        "link": alert.link,
        "due": alert.due_date.isoformat() if alert.due_date else "",
        # As stored: dates and the like become text.
        "params": json.loads(json.dumps(dict(alert.params), default=str)),
    }
    return signing.dumps(said, salt=_SALT, compress=True)


def read_signed(text: str) -> Alert | None:
    """Return the alert that `signed` wrote, None if it is not from here."""
    try:
        said = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return Alert(
        code=said["code"],
        place=parse_code(said["place"]),
        severity=Status(said["severity"]),
        due_date=date.fromisoformat(said["due"]) if said.get("due") else None,
        link=said["link"],
        press=Press(),
        params=said["params"],
    )
