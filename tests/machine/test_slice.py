"""`make slice` lays down what the whole house takes for a slice of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import pytest

from serentak.config.house import FLOORS, PACKAGE
from serentak.kernel.briefing import Focus
from serentak.platform.areas import areas
from serentak.platform.database import Cluster, home
from tests.stage import ROOT, migrated

ANSWERED = {area.focus for area in areas()}
FOCUS = next((focus for focus in Focus if focus not in ANSWERED), "")
NAME = next((n for floor in FLOORS[::-1] for n in floor if not (PACKAGE / n).exists()), "")
SLICE = f"src/serentak/{NAME}"

pytestmark = pytest.mark.skipif(not FOCUS, reason="every question has its slice")

MAKER = Path("tools/slice/make.py")
PARTS = ("src", "tests", "tools", "docs/states", "conftest.py", "pyproject.toml")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house to which a slice was added."""
    root = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        whole = (ROOT / part).is_dir()
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if whole else shutil.copy2)(
            ROOT / part, root / part, **({"ignore": ignore} if whole else {})
        )
    told = run(root, "python", str(MAKER), NAME, FOCUS)
    assert told.startswith(f"{SLICE} stands")
    for step in ("access.txt", f"makemigrations {NAME}", f"messages extract {NAME}", "make format"):
        assert step in told, step
    return root


def run(root: Path, tool: str, *arguments: str, **environment: str) -> str:
    """Run a tool in a copy of the house on this house's database server; return what it says."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    paths = os.pathsep.join([str(root / "src"), str(root)])
    ran = subprocess.run(
        [str(Path(sys.executable).with_name(tool)), *arguments],
        cwd=root,
        env=kept
        | {"SERENTAK_HOME": str(home()), "PYTHONPATH": paths, "NO_COLOR": "1"}
        | {"DJANGO_SETTINGS_MODULE": "serentak.config.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a database whose tests find the tables of the house, but for the new ones."""
    cluster = Cluster()
    name = f"slice_{os.getpid()}"
    cluster.copy_database(migrated(cluster), f"test_{name}")
    where = cluster.connection_parameters()
    yield f"postgres://{where['user']}@{quote(where['host'], safe='')}:{where['port']}/{name}"
    cluster.drop_database(f"test_{name}")


def test_what_is_checked_without_a_database_holds(house: Path) -> None:
    run(house, "ruff", "check", ".")
    run(house, "ruff", "format", "--check", ".")
    run(house, "lint-imports", "--no-cache")
    run(house, "serentak", "messages", "check")


def test_its_own_tests_and_the_guards_hold(house: Path, database: str) -> None:
    run(house, "django-admin", "makemigrations", "--check", "--dry-run", DATABASE_URL=database)
    where = [f"{SLICE}/tests", "tests/architecture"]
    crawl = "--ignore=tests/architecture/test_nothing_leaks.py"  # minutes, and of other slices
    # The doors of other slices are called where nothing was added; they do not know of it.
    doors = {"DATABASE_URL": database, "DOORS_OF": f"{NAME}:"}
    told = run(house, "pytest", "--reuse-db", crawl, *where, **doors)
    assert " passed" in told


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = spec_from_file_location("maker", ROOT / MAKER)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "focus", "told"),
    [
        ("", FOCUS, "a slice's name is one word of 3 to 20 small letters"),
        ("Security", FOCUS, "a slice's name is one word"),
        ("../desk", FOCUS, "a slice's name is one word"),
        ("gardens", FOCUS, "Put it into FLOORS of src/serentak/config/house.py"),
        ("kernel", FOCUS, "no floor is declared for it"),
        ("desk", FOCUS, "src/serentak/desk exists already"),
        (NAME, "", "no such question. Nobody answers yet: "),
        (NAME, "GARDENS", "no such question"),
        (NAME, "READINESS", "readiness answers it. Nobody answers yet: "),
    ],
)
def test_what_cannot_be_laid_down_is_refused(
    maker: ModuleType, capsys: pytest.CaptureFixture[str], name: str, focus: str, told: str
) -> None:
    before = sorted(PACKAGE.iterdir())
    assert maker.main(name, focus) == 1
    assert told in capsys.readouterr().err
    assert sorted(PACKAGE.iterdir()) == before
