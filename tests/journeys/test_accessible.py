"""Every screen that is pictured can be read and used by everybody: no serious finding of axe."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.stage import Server, environment

from .people import DESK, PHONE, Meet

PICTURES = Path(__file__).parents[2] / "docs" / "pictures.py"
WEIGHTY = frozenset({"serious", "critical"})


def pictures() -> ModuleType:
    """Return the list of screens, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("pictures", PICTURES)
    assert spec
    assert spec.loader
    sys.modules["pictures"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCREENS = pictures().SCREENS


@pytest.fixture(scope="module", autouse=True)
def _published(server: Server) -> Iterator[None]:
    """Write the public pages, which the worker does otherwise."""
    command = [sys.executable, "-m", "serentak.config.cli", "publish"]
    said = subprocess.run(
        command, env=environment(server.database), check=True, capture_output=True, text=True
    ).stdout
    yield
    shutil.rmtree(Path(said.strip().rpartition(" in ")[2]))


@pytest.mark.parametrize("who", sorted({screen.who for screen in SCREENS}))
def test_axe_finds_nothing_serious_on_a_screen(meet: Meet, who: str) -> None:
    person, found = meet(who), []
    for screen in (screen for screen in SCREENS if screen.who == who):
        page = person.go(screen.path, status=screen.status)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a size by its two names
            found += [
                f"{screen.path} at {size['width']} px: {fault['id']}: {node['html'][:120]}"
                for fault in Axe().run(page).response["violations"]
                if fault["impact"] in WEIGHTY
                for node in fault["nodes"]
            ]
    assert found == []
