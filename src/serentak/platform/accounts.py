"""Accounts: who can sign in."""

from datetime import datetime

from django.contrib.auth.hashers import Argon2PasswordHasher

from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer

from .action import action
from .audit import record
from .events import AccountClosed, AccountCreated, AccountOpened, PasswordChanged, SignedIn
from .models import User


@action
def create_account(
    *,
    username: str,
    full_name: str,
    password: str | None,
    email: str = "",
    phone: str = "",
    actor: Viewer,
    at: datetime,
) -> int:
    """Make an account and return its id; without a password it cannot sign in by one."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("platform.username_is_taken", field="username", username=username)
    user = User(username=username, full_name=full_name, email=email, phone=phone)
    user.set_password(password)
    user.save()
    event = AccountCreated(subjects=(f"user:{user.id}",), place=COUNTRY, username=username)
    record(event, actor=actor, at=at)
    return user.id


@action
def change_password(*, user_id: int, password: str, actor: Viewer, at: datetime) -> None:
    """Set a password and end the account's sessions; the form has judged the password.

    Whoever asks has shown the present one, or answers for the person.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    event = PasswordChanged(subjects=(f"user:{user_id}",), place=COUNTRY)
    record(event, actor=actor, at=at)


@action
def record_sign_in(*, address: str, actor: Viewer, at: datetime) -> None:
    """Record that an account signed in, and from which network address."""
    event = SignedIn(subjects=(f"user:{actor.user_id}",), place=COUNTRY, address=address)
    record(event, actor=actor, at=at)


@action
def switch_account(*, user_id: int, is_open: bool, actor: Viewer, at: datetime) -> bool:
    """Close an account or open it again, and tell whether that changed anything.

    A closed one is signed out at its next request.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user.pk == actor.user_id:
        raise Refused("platform.account_is_your_own")
    if user.is_active == is_open:
        return False
    user.is_active = is_open
    user.save(update_fields=["is_active"])
    event = (AccountOpened if is_open else AccountClosed)(
        subjects=(f"user:{user_id}",), place=COUNTRY
    )
    record(event, actor=actor, at=at)
    return True


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the least parameters that OWASP names: 19 MiB, two rounds, one lane.

    Five hundred people sign in on a morning: ten times cheaper than Django's own default, and as
    dear to guess.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
