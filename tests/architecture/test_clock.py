"""Rules and kernel know no clock and no chance: the same facts give the same answer, always."""

import ast

import pytest

from .code import calls, row_of, sources

READS = frozenset(
    [
        "now",
        "today",
        "utcnow",
        "utcfromtimestamp",
        "localtime",
        "localdate",
        "monotonic",
        "perf_counter",
        "time_ns",
        "uuid1",
        "uuid4",
        "urandom",
        "getrandom",
    ]
)
MODULES = frozenset({"random", "secrets", "time"})


def reads_a_clock(tree: ast.AST) -> list[str]:
    """Return what reads the clock or draws by chance, each with its line."""
    found = [
        f"{call.lineno}: {ast.unparse(call)}"
        for name, call in calls(tree)
        if name in READS or (name == "time" and ast.unparse(call.func) == "time.time")
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {node.module or ""}
        else:
            continue
        found += [f"{node.lineno}: {ast.unparse(node)}"] if names & MODULES else []
    return found


def test_rules_and_kernel_know_no_clock() -> None:
    pure = {
        path: tree
        for path, tree in sources().items()
        if path.parts[0] == "kernel" or row_of(path) == "rules"
    }
    assert len(pure) > 30
    assert {str(path): found for path, tree in pure.items() if (found := reads_a_clock(tree))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "late = due < date.today()",
        "late = due < datetime.now(tz=UTC)",
        "late = due < timezone.now()",
        "late = due < clock.now()",
        "import random",
        "from secrets import token_bytes",
        "seconds = time.time()",
        "key = uuid4()",
    ],
)
def test_a_clock_is_caught(planted: str) -> None:
    assert len(reads_a_clock(ast.parse(planted))) == 1


def test_a_time_of_day_is_no_clock() -> None:
    assert reads_a_clock(ast.parse("hour = at.time()\nnoon = time(12)")) == []
