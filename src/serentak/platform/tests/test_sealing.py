"""Sealed text: unreadable at rest, openable with old keys, made with a key file of one's own."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from serentak.platform.sealing import SealBroken, opened, seal

TEXTS = {"name": "Siti Nurbaya", "number": "19800101"}


def test_what_is_sealed_is_not_readable_and_can_be_opened() -> None:
    sealed = seal(TEXTS)
    assert b"Siti" not in sealed
    assert opened(memoryview(sealed)) == TEXTS
    assert seal(TEXTS) != sealed


def test_an_old_key_still_opens(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SERENTAK_SEALING_KEYS = [old]
    sealed = seal(TEXTS)
    settings.SERENTAK_SEALING_KEYS = [new, old]
    assert opened(sealed) == TEXTS
    settings.SERENTAK_SEALING_KEYS = [new]
    with pytest.raises(SealBroken):
        opened(sealed)


def test_without_a_key_a_file_is_made_once_for_its_owner_alone(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SERENTAK_SEALING_KEYS = []
    settings.HOME = tmp_path / "home"
    sealed = seal(TEXTS)
    file = settings.HOME / "sealing-keys"
    assert file.stat().st_mode & 0o077 == 0
    assert opened(sealed) == TEXTS
    assert [f.name for f in settings.HOME.iterdir()] == ["sealing-keys"]
