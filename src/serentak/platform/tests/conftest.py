"""Lets the platform's pages be tested without any slice above it."""

import pytest
from pytest_django import Settings

from serentak.platform.models import User
from serentak.platform.tests import builders

PASSWORD = "tembakau-rawa-perahu"


@pytest.fixture(autouse=True)
def nobody_above(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Viewers without grants, a bar of the platform's own, plain static files."""
    settings.SERENTAK_VIEWER = "serentak.platform.tests.builders.viewer_without_grants"
    monkeypatch.setattr("serentak.platform.areas.bar", lambda: builders.NAVIGATION)
    settings.SERENTAK_DEMO_ACCOUNTS = "serentak.platform.tests.builders.demo_accounts"
    settings.SERENTAK_DEMO = False


@pytest.fixture
def person(db: None) -> User:
    """An account with a password."""
    user = User(username="rini", full_name="Rini Pedati")
    user.set_password(PASSWORD)
    user.save()
    return user
