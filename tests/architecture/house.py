"""What folders, floors and contracts say of the house, for the tests that close their gaps."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serentak.config.house import FLOORS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "serentak"


def contracts() -> dict[str, dict[str, Any]]:
    """Return the import contracts by id."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {c["id"]: c for c in pyproject["tool"]["importlinter"]["contracts"]}


def floors() -> dict[str, int]:
    """Return the declared floor of each package, 0 lowest."""
    return {name: number for number, floor in enumerate(reversed(FLOORS)) for name in floor}


def slices() -> list[str]:
    """Return the folders that are slices: all but config, platform and kernel."""
    return sorted(
        p.name
        for p in SOURCE.iterdir()
        if (p / "__init__.py").exists() and p.name not in {"config", "platform", "kernel"}
    )


def modules(row: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield path and tree of each `<slice>/<row>.py` or `<slice>/<row>/*.py`."""
    for pattern in (f"*/{row}.py", f"*/{row}/*.py"):
        for path in sorted(SOURCE.glob(pattern)):
            yield path, ast.parse(path.read_text("utf-8"))
