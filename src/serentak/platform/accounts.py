"""Accounts: who can sign in."""

from __future__ import annotations

from datetime import datetime

from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer

from .action import action
from .audit import record
from .events import AccountCreated
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
    if User.objects.filter(username=username).exists():
        raise Refused("platform.username_is_taken", field="username", username=username)
    user = User(username=username, full_name=full_name, email=email, phone=phone)
    user.set_password(password)
    user.save()
    event = AccountCreated(subjects=(f"user:{user.id}",), place=COUNTRY, username=username)
    record(event, actor=actor, at=at)
    return user.id
