"""A browser for all journeys, a server with its own data for each module of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from serentak.platform.database import Cluster
from tests import stage

from .people import LAUNCH, Meet, Person, context_for

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey as a browser test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium of the machine; for the package, since its loop must not outlive the journeys."""
    path = stage.chromium()
    if path is None:
        missing = "Chromium is missing. On Debian, as root: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(
    browser: Browser, loaded: tuple[Cluster, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stage.Server]:
    """A web process with its own copy of the scene."""
    log = tmp_path_factory.mktemp("server") / "log"
    with stage.serving(*loaded, log) as server:
        yield server


@pytest.fixture
def meet(browser: Browser, server: stage.Server) -> Iterator[Meet]:
    """Bring people to the browser; at the end nothing may have gone wrong on any page they saw."""
    people: list[Person] = []

    def bring(username: str = "", **options: Any) -> Person:
        person = Person(context_for(browser, **options).new_page(), server.url)
        people.append(person)
        if username:
            person.sign_in(username)
        return person

    yield bring
    for person in people:
        person.page.context.close()
    assert [trouble for person in people for trouble in person.troubles] == []
