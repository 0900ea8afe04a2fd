"""The import contracts hold, cover every slice, and each catches the fault that it is made for."""

import os
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from .house import ROOT, SOURCE, contracts, slices

LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

PLANTED = {
    "floors": [("places/public.py", "import serentak.elections.public")],
    "rows": [(f"{name}/helpers.py", '"""A file of no row."""') for name in slices()],
    "pure": [("kernel/planted.py", "import django")],
    "readers": [("desk/queries/page.py", "import serentak.readiness.actions")],
    "entries": [("elections/views.py", "import serentak.elections.models")],
    "doors": [("platform/planted.py", f"import serentak.{name}.queries") for name in slices()],
}
OPEN = [f"import serentak.{name}.{door}" for name in slices() for door in ("area", "public")]
"""What goes through a door, planted beside the faults: only floors may say something of it."""


def _lint(root: Path) -> str:
    # The house of `root`, with the contracts' own types from here.
    path = os.pathsep.join([str(root / "src"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "NO_COLOR": "1", "COLUMNS": "200"}
    run = subprocess.run(
        [*LINT, "--config", str(root / "pyproject.toml")],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


def test_all_contracts_hold() -> None:
    assert " 0 broken." in _lint(ROOT)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the linter's verdict on a copy of the house with every fault planted."""
    root = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("data", "static", "templates", "tests", "__pycache__", "locale")
    shutil.copytree(SOURCE, root / "src" / "serentak", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", root)
    doors = [("platform/planted.py", line) for line in OPEN]
    for file, line in chain(doors, *PLANTED.values()):
        _plant(root / "src" / "serentak" / file, line)
        if line.startswith("import serentak."):
            _plant(root / "src" / (line.split()[1].replace(".", "/") + ".py"), "")
    return _lint(root)


def _plant(path: Path, line: str) -> None:
    """Append a line to a module, which is made where it is missing; a package of the name counts."""
    if path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_fault_breaks_its_contract(planted: str, contract: str) -> None:
    assert f"{contracts()[contract]['name']} BROKEN" in planted


def test_every_contract_has_a_planted_fault() -> None:
    assert set(PLANTED) == set(contracts())


@pytest.mark.parametrize("name", slices())
def test_every_slice_has_its_rows_and_its_doors(planted: str, name: str) -> None:
    assert f"- serentak.{name}.helpers\n" in planted
    doors = planted.partition(f"Illegal imports of protected package serentak.{name}:")[2]
    assert re.findall(r"-> serentak\.(\w+\.\w+) ", doors.partition("Illegal")[0]) == [
        f"{name}.queries"
    ]
