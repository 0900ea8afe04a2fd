"""Lets the platform's pages be tested without any slice above it."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from serentak.platform.models import User

PASSWORD = "tembakau-rawa-perahu"


@pytest.fixture(autouse=True)
def nobody_above(settings: Settings) -> None:
    """Viewers without grants, no navigation, plain static files."""
    settings.SERENTAK_VIEWER = "serentak.platform.tests.builders.viewer_without_grants"
    settings.SERENTAK_NAVIGATION = "serentak.platform.tests.builders.NAVIGATION"
    settings.SERENTAK_DEMO_ACCOUNTS = "serentak.platform.tests.builders.demo_accounts"
    settings.SERENTAK_DEMO = False


@pytest.fixture
def person(db: None) -> User:
    """An account with a password."""
    user = User(username="rini", full_name="Rini Pedati")
    user.set_password(PASSWORD)
    user.save()
    return user
