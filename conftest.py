"""Gives every test that asks for a database the embedded server, unless DATABASE_URL names one."""

import os

import pytest

from serentak.platform.database import ensure_running


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the server before Django first connects; it stays for the next run."""
    if not os.environ.get("DATABASE_URL"):
        ensure_running()
