"""Gives every test that asks for a database the embedded server, unless DATABASE_URL names one."""

import os

import pytest
from pytest_django import Settings

from serentak.platform.database import ensure_running
from tests.cast import Cast, assemble


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the server before Django first connects; it stays for the next run."""
    if not os.environ.get("DATABASE_URL"):
        ensure_running()


@pytest.fixture(autouse=True)
def plain_and_quick(settings: Settings) -> None:
    """Answer plain HTTP as a demonstration does, and hash passwords fast."""
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    """The small South Sumatra with everybody in it."""
    return assemble()
