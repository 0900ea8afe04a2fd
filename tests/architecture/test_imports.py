"""The import contracts hold, cover every slice, and each catches the fault that it is made for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .house import ROOT, SOURCE, contracts, slices

LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

PLANTED = {
    "floors": ("places/public.py", "import serentak.elections.public"),
    "rows": ("places/helpers.py", '"""A file of no row."""'),
    "pure": ("kernel/planted.py", "import django"),
    "readers": ("desk/queries.py", "import serentak.readiness.actions"),
    "entries": ("elections/views.py", "import serentak.elections.models"),
    "doors-of-places": ("readiness/queries.py", "import serentak.places.models"),
    "doors-of-institutions": ("readiness/queries.py", "import serentak.institutions.models"),
    "doors-of-figures": ("readiness/queries.py", "import serentak.figures.models"),
    "doors-of-elections": ("readiness/queries.py", "import serentak.elections.models"),
    "doors-of-coordination": ("readiness/queries.py", "import serentak.coordination.models"),
    "doors-of-neutrality": ("readiness/queries.py", "import serentak.neutrality.models"),
    "doors-of-readiness": ("desk/views.py", "import serentak.readiness.models"),
    "doors-of-reporting": ("portal/queries.py", "import serentak.reporting.models"),
    "doors-of-portal": ("platform/planted.py", "import serentak.portal.views"),
    "doors-of-desk": ("platform/planted.py", "import serentak.desk.views"),
    "doors-of-drill": ("platform/planted.py", "import serentak.drill.commands"),
}


def _lint(root: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
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
    for file, line in PLANTED.values():
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


def test_every_slice_has_its_rows_and_its_doors() -> None:
    names = contracts()
    assert names["rows"]["containers"] == [f"serentak.{s}" for s in names_of_rows()]
    assert sorted(names_of_rows()) == slices()
    for name in slices():
        door = names[f"doors-of-{name}"]
        assert door["protected_modules"] == [f"serentak.{name}"]
        assert door["ignore_imports"] == [
            f"serentak.** -> serentak.{name}.public",
            f"serentak.** -> serentak.{name}.public.*",
            f"serentak.** -> serentak.{name}.actions",
            f"serentak.** -> serentak.{name}.actions.*",
        ]


def names_of_rows() -> list[str]:
    """Return the slices that the contract on rows names."""
    return [c.removeprefix("serentak.") for c in contracts()["rows"]["containers"]]
