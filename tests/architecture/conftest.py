"""The filled room, on its day and quiet, with its files in one folder for the whole run."""

import logging
from pathlib import Path

import pytest
from pytest_django import Settings

from serentak.platform import clock
from tests.cast import AT

from .filled import Room, filled


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of files, which stay while the rows that name them are kept."""
    return tmp_path_factory.mktemp("filled")


@pytest.fixture
def filled_room(db: None, files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Return the room in which something of everything lies."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    settings.MEDIA_ROOT = files / "evidence"
    settings.SERENTAK_PUBLIC = files / "public"
    return filled()
