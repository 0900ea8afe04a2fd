"""How often a sign-in may fail: by account and address together, so that strangers lock nobody out.

Who signed in before on a device is counted apart there. Only failures count, so that a whole office
behind one address can come in at once.
"""

import hashlib
import ipaddress
import secrets
import time
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from serentak.platform.models import User

COOKIE = "serentak_device"
_SALT = "serentak.device"
_DEVICE_SECONDS = 400 * 24 * 3600
_MOST_ACCOUNTS = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` failures in `seconds`, counted under `key`."""

    key: str
    most: int
    seconds: int

    @property
    def _name(self) -> str:
        return "attempts:" + hashlib.sha256(f"{self.key}|{self.seconds}".encode()).hexdigest()

    def failures(self) -> list[float]:
        """Return when it failed lately."""
        since = time.time() - self.seconds
        return [at for at in cache.get(self._name, []) if at > since]

    def count(self) -> None:
        """Add a failure; two at the same moment are both counted."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [self._name]
                )
            cache.set(self._name, [*self.failures(), time.time()][-self.most :], self.seconds)


def limits_of(request: HttpRequest, *, username: str, address: str) -> list[Limit]:
    """Return what an attempt must stay within."""
    account = username.strip().lower()
    device, known = _device(request)
    if known and User.objects.filter(username__iexact=account, pk__in=known).exists():
        return [Limit(f"device {device} {account}", 10, 300)]
    network = _network(address)
    return [
        Limit(f"account {account} {network}", 5, 300),
        Limit(f"account {account}", 50, 3600),
        Limit(f"address {network}", 300, 300),
    ]


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the device show later that the account signed in on it."""
    device, known = _device(request)
    accounts = [*(pk for pk in known if pk != user.pk), user.pk][-_MOST_ACCOUNTS:]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), accounts], salt=_SALT),
        max_age=_DEVICE_SECONDS,
        path="/sign-in",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        device, known = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DEVICE_SECONDS
        )
    except signing.BadSignature:
        return "", []
    return device, known


def _network(address: str) -> str:
    """Return the address; of IPv6 the network, since a single subscriber has very many."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
