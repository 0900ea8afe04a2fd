"""Files that hold a secret of the installation: made once, readable by their owner alone."""

import os
from pathlib import Path


def make_key_file(file: Path, key: str) -> None:
    """Write `key` into `file` unless it exists; of several processes the first one's key stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(f"{key}\n")
    try:
        file.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
