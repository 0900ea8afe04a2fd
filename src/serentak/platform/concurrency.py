"""Two at once: who acts on what changed meanwhile is refused; what is sent twice is done once."""

from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from serentak.kernel.refused import Conflict

M = TypeVar("M", bound=Model)

_KEYS, _MOST_KEYS = 11, 1024
"""The name under which keys are locked, and how many locks one transaction holds at most."""


def check_unchanged(seen: object, now: object) -> None:
    """Raise Conflict if what the actor saw of a row is not what stands there now.

    Both are the row's `version`, or another mark that each change alters; the row is locked.
    `seen` None comes from who has not looked and says whatever stands there.
    """
    if seen is not None and seen != now:
        raise Conflict("platform.changed_meanwhile")


def first_answer(
    model: type[M], key: UUID, *, field: str = "client_key", **same: object
) -> M | None:
    """Return the row that a device's key led to, None the first time.

    A repeat that comes while the first is on its way waits for it, until the transaction ends.
    `same` is what every repeat has in common with the first, by field; a key that led to
    something else is somebody else's, which is a Conflict.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_KEYS, key.int % _MOST_KEYS])
    known = model._default_manager.filter(**{field: key}).first()
    if known and any(getattr(known, name) != value for name, value in same.items()):
        raise Conflict("platform.key_was_used_by_another")
    return known
