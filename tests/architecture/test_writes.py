"""Nothing is written but by actions."""

import ast
from collections.abc import Mapping
from pathlib import Path

from .code import calls, row_of, sources

WRITES = frozenset(
    [
        "save",
        "delete",
        "create",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "set_password",
    ]
)
"""What is called on a row or its manager; `update` is told from a dictionary's by its keywords."""

STATEMENT = ("INSERT ", "UPDATE ", "DELETE ", "TRUNCATE ")

DECLARED: Mapping[str, str] = {
    "config/backup.py": "brings a whole database back with its files",
    "config/cli_messages.py": "writes files of translations",
    "platform/accounts.py": "the actions on accounts; the platform has no row of actions",
    "platform/audit.py": "`record`, which actions call",
    "platform/clock.py": "the clock of a demonstration, which its actions move",
    "platform/evidence.py": "the action that stores a file",
    "platform/photos.py": "writes a photo into memory",
    "platform/web/imports.py": "forgets a held sheet in the cache",
    "coordination/documents/__init__.py": "writes a document into memory",
    "reporting/documents/daily.py": "writes a document into memory",
}
"""Modules outside of `actions` in which something is called so, and why."""


def writing(tree: ast.AST) -> list[str]:
    """Return what a module calls that may write, each with its line."""
    found = []
    for name, call in calls(tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        is_update = name == "update" and not call.args and bool(call.keywords)
        is_statement = name in ("execute", "executemany") and any(
            isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and part.value.upper().lstrip().startswith(STATEMENT)
            for part in ast.walk(call)
        )
        if name in WRITES or (is_update and not _is_of_the_screen(call.func)) or is_statement:
            found.append(f"{call.lineno}: {ast.unparse(call.func)}")
    return found


def _is_of_the_screen(function: ast.Attribute) -> bool:
    """Tell whether what is updated is a widget's attributes."""
    return isinstance(function.value, ast.Attribute) and function.value.attr == "attrs"


def outside_of_actions(modules: Mapping[Path, ast.AST]) -> dict[str, list[str]]:
    """Return the modules that write and are neither actions nor declared."""
    return {
        path.as_posix(): found
        for path, tree in modules.items()
        if row_of(path) != "actions"
        and path.as_posix() not in DECLARED
        and (found := writing(tree))
    }


def test_only_actions_write() -> None:
    assert outside_of_actions(sources()) == {}


def test_what_is_declared_is_there() -> None:
    named = {Path(name) for name in DECLARED}
    assert named <= set(sources())
    assert [str(path) for path in named if not writing(sources()[path])] == []


def test_a_write_outside_of_actions_is_caught() -> None:
    planted = ast.parse(
        "def show(row, rows, known):\n"
        "    row.save()\n"
        "    rows.filter(id=1).update(state='DONE')\n"
        "    known.update({'a': 1})\n"
        "    Row.objects.bulk_create([])\n"
        "    cursor.execute('DELETE FROM row')\n"
        "    cursor.execute('SELECT 1')\n"
    )
    modules = {Path("desk/queries.py"): planted, Path("desk/actions/late.py"): planted}
    assert outside_of_actions(modules) == {
        "desk/queries.py": [
            "2: row.save",
            "3: rows.filter(id=1).update",
            "5: Row.objects.bulk_create",
            "6: cursor.execute",
        ]
    }
