"""What chance decides in a story, the same on every machine."""

import hashlib


def chance(*key: object) -> float:
    """Return a number from 0 to below 1 that depends on `key` alone, on every machine."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
