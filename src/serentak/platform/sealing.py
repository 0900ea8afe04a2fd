"""Personal text at rest: sealed with the installation's key, opened by code that checked access.

The first key seals, all of them open, so that a key can be changed without losing what the old one
sealed. Keys come from `SERENTAK_SEALING_KEYS` (with commas), else from the file `sealing-keys` in
the home folder, a line each; the file is made when something is sealed for the first time.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from .key_files import make_key_file


class SealBroken(Exception):
    """The text was sealed with a key that this installation does not have, or was changed."""


def seal(texts: Mapping[str, str]) -> bytes:
    """Return `texts` encrypted and authenticated."""
    plain = json.dumps(dict(texts), ensure_ascii=False).encode()
    return MultiFernet([Fernet(key) for key in _keys()]).encrypt(plain)


def opened(sealed: bytes | memoryview) -> dict[str, str]:
    """Return what `seal` was given; SealBroken when no key fits."""
    try:
        plain = MultiFernet([Fernet(key) for key in _keys()]).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise SealBroken from error
    texts: dict[str, str] = json.loads(plain)
    return texts


def _keys() -> list[str]:
    if settings.SERENTAK_SEALING_KEYS:
        return list(settings.SERENTAK_SEALING_KEYS)
    file = Path(settings.HOME) / "sealing-keys"
    if not file.exists():
        make_key_file(file, Fernet.generate_key().decode())
    return file.read_text("utf-8").split()
