"""Accounts for trying out: entered with one click, and only in a demonstration."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import public
from serentak.platform.accounts import record_sign_in
from serentak.platform.models import User

from .preferences import next_page

_log = logging.getLogger("serentak.signin")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One row of the panel: role, place and what the account may do, in the reader's words.

    `lands_on` is the path shown after signing in, where one was not on the way to another.
    """

    username: str
    role: str | Promise
    place: str | Promise
    may: str | Promise
    lands_on: str = "/"


def accounts() -> Sequence[DemoAccount]:
    """Return the accounts named by `SERENTAK_DEMO_ACCOUNTS`; none outside a demonstration."""
    if not settings.SERENTAK_DEMO:
        return ()
    listed: Callable[[], Sequence[DemoAccount]] = import_string(settings.SERENTAK_DEMO_ACCOUNTS)
    return listed()


@public
@require_POST
def sign_in_to_demo(request: HttpRequest) -> HttpResponse:
    """Sign in to one of the listed accounts; 404 outside a demonstration or for any other."""
    wanted = request.POST.get("username", "")
    account = next((a for a in accounts() if a.username == wanted), None)
    if account is None:
        raise Http404
    user = get_object_or_404(User, username=account.username, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    actor = Viewer(user_id=user.pk, name=user.full_name)
    record_sign_in(address=request.META.get("REMOTE_ADDR", ""), actor=actor, at=clock.now())
    _log.info("signed in to a demonstration account", extra={"user_id": user.pk})
    return HttpResponseRedirect(next_page(request, account.lands_on))
