"""Two at once: who acts on what changed meanwhile is refused; what is sent twice is done once."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar
from uuid import UUID

from django.core.files.base import File
from django.db import connection
from django.db.models import Model
from django.utils.crypto import salted_hmac

from serentak.kernel.refused import Conflict
from serentak.kernel.viewer import Viewer

M = TypeVar("M", bound=Model)

_KEYS, _MOST_KEYS = 11, 1024
"""The name under which keys are locked, and how many locks one transaction holds at most."""
_NAMES = 12
"""The name under which texts are locked."""


def check_unchanged(seen: object, now: object) -> None:
    """Raise Conflict if what the actor saw of a row is not what stands there, which it names.

    Both are the row's `version`, or another mark that each change alters; the row is locked.
    `seen` None comes from who has not looked and says whatever stands there.
    """
    if seen is not None and seen != now:
        raise Conflict("platform.changed_meanwhile", now=now)


def digest_of(given: Mapping[str, object]) -> str:
    """Return what tells a repeat from other content sent under its key.

    `given` is all that an action was given: `locals()` before anything else. When it was sent does
    not count, and the actor by the account. The house's secret goes in, since a digest stands in
    the open and what was given may be sealed.
    """
    said = [f"{name}={_said(value)!r}" for name, value in sorted(given.items()) if name != "at"]
    return salted_hmac("sent", "\n".join(said), algorithm="sha256").hexdigest()


def _said(value: object) -> object:
    match value:
        case Viewer():
            return value.user_id
        case File():
            return (value.name, value.size)
        case list() | tuple():
            return [_said(part) for part in value]
        case _ if is_dataclass(value):
            return [(part.name, _said(getattr(value, part.name))) for part in fields(value)]
        case _:
            return value


def first_answer(model: type[M], key: UUID, digest: str, *, field: str = "client_key") -> M | None:
    """Return the row that a device's key led to, None the first time.

    A repeat that comes while the first is on its way waits for it, until the transaction ends.
    The row keeps the `digest_of` what was given; a key that led to something else is a Conflict.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_KEYS, key.int % _MOST_KEYS])
    known = model._default_manager.filter(**{field: key}).first()
    if known and getattr(known, "digest", "") not in ("", digest):
        raise Conflict("platform.key_was_used_by_another")
    return known


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_NAMES, name])
