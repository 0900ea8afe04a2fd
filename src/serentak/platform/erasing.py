"""Erases personal text of an audit event, by one function of the database that leaves a mark."""

from datetime import datetime

from django.db import connection

from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer

from .action import action


@action
def erase_detail(*, event_id: int, ground: str, actor: Viewer, at: datetime) -> int:
    """Delete what is personal in an event and return the number of the event that says so.

    `ground` names the document that asks for it; it stays for ever, so it names no person. The
    application may delete no detail itself: the function does, as the owner, and writes the event
    `platform.DetailErased`, whoever calls it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT platform_erase_audit_detail(%s, %s, %s, %s)",
            [event_id, actor.user_id, at, ground],
        )
        [mark] = cursor.fetchone()
    if mark is None:
        raise Refused("platform.nothing_to_erase", field="event", event=event_id)
    return int(mark)
