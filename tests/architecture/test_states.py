"""The state diagrams in docs/states say what the code does, arrow by arrow."""

import re
from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest

from .house import ROOT, SOURCE

DIAGRAMS = sorted((ROOT / "docs" / "states").glob("*.md"))
_TABLE = re.compile(r"<!-- (serentak[\w.]+):(\w+) -->")
_ARROW = re.compile(r"^\s*(\w+) --> (\w+): (\w+)\s*$", re.MULTILINE)

Arrows = set[tuple[str, str, str]]


def drawn(text: str) -> Arrows:
    """Return (from, event, to) of each labelled arrow of a Mermaid diagram."""
    return {(a, event, b) for a, b, event in _ARROW.findall(text)}


def coded(table: Mapping[tuple[StrEnum, StrEnum], StrEnum]) -> Arrows:
    """Return (from, event, to) of a table of transitions."""
    return {(state.value, event.value, to.value) for (state, event), to in table.items()}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda p: p.stem)
def test_a_diagram_shows_the_transitions_of_the_code(path: Path) -> None:
    text = path.read_text("utf-8")
    found = _TABLE.search(text)
    assert found, "name the table of transitions: <!-- serentak.slice.rules:TRANSITIONS -->"
    assert drawn(text) == coded(getattr(import_module(found[1]), found[2]))


def test_every_table_of_transitions_is_drawn() -> None:
    named = {m[1] + ":" + m[2] for p in DIAGRAMS if (m := _TABLE.search(p.read_text("utf-8")))}
    tables = {
        f"serentak.{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}:{name}"
        for path in SOURCE.rglob("*.py")
        if "rules" in str(path.relative_to(SOURCE))
        for name in re.findall(r"^(\w*TRANSITIONS)\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {t.removesuffix(".__init__") for t in tables} == named
