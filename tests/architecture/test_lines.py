"""What a form takes as one line is one line: a field without lines of its own is a `LineField`."""

import ast
from collections.abc import Mapping
from pathlib import Path

from .code import calls, sources

OF_MANY_LINES = ("Textarea", "HiddenInput", "PasswordInput")


def loose_fields(trees: Mapping[Path, ast.Module]) -> list[str]:
    """Return where a form takes text that may hold line breaks though nobody sees them."""
    return [
        f"{path.as_posix()}:{call.lineno}"
        for path, tree in trees.items()
        if path.as_posix() != "platform/web/forms.py"
        for name, call in calls(tree)
        if name == "CharField"
        and ast.unparse(call.func) == "forms.CharField"
        and not any(widget in ast.unparse(call) for widget in OF_MANY_LINES)
    ]


def test_text_without_lines_is_taken_as_one_line() -> None:
    assert loose_fields(sources()) == []


def test_a_loose_field_is_found() -> None:
    text = 'forms.CharField(label="x")\nforms.CharField(widget=forms.Textarea())\nLineField()'
    assert loose_fields({Path("neutrality/forms.py"): ast.parse(text)}) == ["neutrality/forms.py:1"]
