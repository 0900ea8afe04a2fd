"""Actions are the only writers, every one is marked, records its deed, and words its refusals."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from serentak.platform.words import collected

from .house import SOURCE, modules


def _public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _names_called(node: ast.AST) -> set[str]:
    return {
        call.func.id if isinstance(call.func, ast.Name) else call.func.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute)
    }


def unmarked(tree: ast.Module) -> list[str]:
    """Return the public functions of an actions module without `@action`."""
    return [
        f.name
        for f in _public_functions(tree)
        if "action" not in {d.id for d in f.decorator_list if isinstance(d, ast.Name)}
    ]


def silent(tree: ast.Module, recording: Collection[str] = ()) -> list[str]:
    """Return the actions from which no `record` is reached within their module.

    Whoever calls another action that records, by one of the names `recording`, records by it.
    """
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    loud = {"record", *recording}

    def records(name: str, seen: frozenset[str]) -> bool:
        called = _names_called(functions[name])
        inner = (called & set(functions)) - seen
        return bool(loud & called) or any(records(n, seen | {n}) for n in inner)

    return [f.name for f in _public_functions(tree) if not records(f.name, frozenset({f.name}))]


def test_every_public_function_of_actions_is_an_action() -> None:
    assert {str(p): unmarked(t) for p, t in modules("actions") if unmarked(t)} == {}


def test_every_action_records_its_deed() -> None:
    slices: dict[Path, list[ast.Module]] = {}
    for path, tree in modules("actions"):
        folder = path.parent.parent if path.parent.name == "actions" else path.parent
        slices.setdefault(folder, []).append(tree)
    found = {}
    for folder, trees in slices.items():
        public = {f.name for tree in trees for f in _public_functions(tree)}
        alone = {name for tree in trees for name in silent(tree)}
        if quiet := [name for tree in trees for name in silent(tree, public - alone)]:
            found[str(folder)] = quiet
    assert found == {}


def unsure_of_repeats(tree: ast.Module) -> list[str]:
    """Return the actions with a key that do not begin by the digest of all that they were given."""
    return [
        f.name
        for f in _public_functions(tree)
        if "first_answer" in _names_called(f)
        and ast.unparse(f.body[1]) != "digest = digest_of(locals())"
    ]


def test_what_a_key_led_to_is_compared_as_a_whole() -> None:
    assert [name for _, tree in modules("actions") for name in unsure_of_repeats(tree)] == []


def test_a_repeat_that_is_not_compared_is_caught() -> None:
    planted = ast.parse(
        "def open_post(*, key, actor):\n"
        "    'Open.'\n"
        "    digest = digest_of(locals())\n"
        "    first_answer(Post, key, digest)\n"
        "def shut_post(*, key, actor):\n"
        "    'Shut.'\n"
        "    first_answer(Post, key, '')\n"
    )
    assert unsure_of_repeats(planted) == ["shut_post"]


def test_a_function_without_mark_or_record_is_caught() -> None:
    planted = ast.parse(
        "def open_door(*, actor): ...\n"
        "@action\n"
        "def paint(*, actor): _note()\n"
        "@action\n"
        "def quiet(*, actor): ...\n"
        "def _note(): record(1)\n"
    )
    assert unmarked(planted) == ["open_door"]
    assert silent(planted) == ["open_door", "quiet"]


def test_every_refusal_is_worded() -> None:
    codes = {
        call.args[0].value
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"Refused", "Conflict"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert codes
    assert codes - set(collected("REFUSALS")) == set()
