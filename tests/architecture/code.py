"""The house's own code as syntax trees, for the guards that read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .house import SOURCE


@cache
def sources() -> dict[Path, ast.Module]:
    """Return every module by its path below `src/serentak`, tests and migrations left out."""
    return {
        path.relative_to(SOURCE): ast.parse(path.read_text("utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(SOURCE).parts)
    }


def row_of(path: Path) -> str:
    """Return the row on which a module stands: `actions` of `reporting/actions/writing.py`."""
    return path.parts[1].removesuffix(".py") if len(path.parts) > 1 else ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the name that is called: `save` of `row.save()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
