"""Tells from an error whether the database is away or nothing can be written."""

import errno
from collections.abc import Iterator
from enum import Enum

from django.db import DatabaseError, InterfaceError, OperationalError

_AWAY = ("08", "57P")
"""Classes of PostgreSQL's codes: the connection is lost; the server starts, stops or crashed."""
_READ_ONLY = ("53100", "25006")
"""The disk is full; the server takes no writes (a standby, or one that was told so)."""
_STORE = ("boto3", "botocore", "s3transfer")
"""What the object store does not do is told by these, which are loaded only where one is used."""


class Trouble(Enum):
    """What the database or the disk does not do."""

    AWAY = "away"
    READ_ONLY = "read only"


def trouble_in(error: BaseException | None) -> Trouble | None:
    """Tell what an error, or what caused it, says of database and disk; None if nothing.

    An error without a code of the server's came from the connection or from the pool.
    """
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            return Trouble.READ_ONLY
        if type(cause).__module__.partition(".")[0] in _STORE:
            return Trouble.READ_ONLY
        if isinstance(cause, DatabaseError | InterfaceError):
            code = getattr(cause.__cause__, "sqlstate", None) or ""
            if code.startswith(_READ_ONLY):
                return Trouble.READ_ONLY
            is_lost = not code and isinstance(cause, OperationalError | InterfaceError)
            if is_lost or code.startswith(_AWAY):
                return Trouble.AWAY
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
