"""Gives every test that asks for a database the embedded server, unless DATABASE_URL names one.

It also compiles the translations, and writes into the report which tests used a browser or the
database, so that CI can see that they ran.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from django.db import connection
from django.utils.translation.reloader import translation_file_changed
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from serentak.config.translations import compile_stale
from serentak.platform.database import Cluster
from serentak.platform.owner import owner
from tests.cast import Cast, assemble
from tests.kept import let_tests_lay_rows
from tests.stage import migrated

LONG = (
    "tests/test_scene.py",
    "tests/machine/test_slice.py",
    "tests/architecture/test_access.py",
    "tests/architecture/test_nothing_leaks.py",
    "tests/machine/",
    "tests/journeys/",
    "tests/cluster/",
    "tests/test_kept_pages.py",
)
"""Where tests take minutes a file, the longest first."""

NEEDS_DATABASE = {"db", "transactional_db", "live_server", "cluster", "make_home"}


def pytest_configure() -> None:
    """Tests see what people see: today's translations.

    Setting Django up has read the old ones already, so they are forgotten. A busy machine may draw
    examples slowly. Mutants (`make mutants`) get the same few examples each time.
    """
    slowly = [HealthCheck.too_slow]
    few: dict[str, Any] = {"max_examples": 30, "phases": [Phase.explicit, Phase.generate]}
    hypothesis_settings.register_profile(
        "mutants", derandomize=True, deadline=None, suppress_health_check=slowly, **few
    )
    hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=slowly)
    hypothesis_settings.load_profile("house")
    for compiled in compile_stale():
        translation_file_changed(sender=None, file_path=compiled)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of each test what it needs, as a property in the report; put the longest files first.

    Where several run at once none then waits at the end for one that began last.
    """
    items.sort(
        key=lambda item: next(
            (n for n, begin in enumerate(LONG) if item.nodeid.startswith(begin)), len(LONG)
        )
    )
    for item in items:
        if item.get_closest_marker("browser"):
            item.user_properties.append(("needs", "browser"))
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & NEEDS_DATABASE:
            item.user_properties.append(("needs", "database"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the server before Django first connects; it stays for the next run.

    The database of the tests is a copy of one that is migrated already.
    """
    if not os.environ.get("DATABASE_URL"):
        Cluster().ensure_running()
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated(Cluster())
    # Of the class, since a test with a browser gets a connection of its own.
    for part, name in (
        (type(connection.creation), "create_test_db"),
        (type(connection.creation), "destroy_test_db"),
        (type(connection.ops), "execute_sql_flush"),
    ):
        setattr(part, name, _by_the_owner(getattr(part, name)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Have the tests' database, with what only tests may do in it."""
    with django_db_blocker.unblock():
        let_tests_lay_rows()


def _by_the_owner(work: Callable[..., Any]) -> Callable[..., Any]:
    """Tests work as the application's role; what only the owner may do is done by the owner."""

    @wraps(work)
    def done(part: Any, *args: Any, **kwargs: Any) -> Any:
        part.connection.close()
        part.connection.close_pool()
        with owner(part.connection):
            return work(part, *args, **kwargs)

    return done


@pytest.fixture(autouse=True)
def plain_and_quick(settings: Settings) -> None:
    """Answer plain HTTP as a demonstration does, hash passwords fast, and seal with a known key.

    A code that is shown and has no words fails the test.
    """
    settings.SERENTAK_NEEDS_WORDS = True
    settings.SECURE_SSL_REDIRECT = False
    settings.SERENTAK_SEALING_KEYS = ["dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    """The small South Sumatra with everybody in it."""
    return assemble()
