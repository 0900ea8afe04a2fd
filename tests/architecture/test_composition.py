"""What lies in a folder is in the house: every slice is installed, and its routes can be called."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from .house import SOURCE

FRAME = frozenset({"config", "kernel"})
"""Packages that are no apps."""


def folders(source: Path) -> dict[str, bool]:
    """Return each package of the house, and whether it has routes."""
    return {
        path.parent.name: (path.parent / "urls.py").exists()
        for path in source.glob("*/__init__.py")
        if path.parent.name not in FRAME
    }


def left_out(
    found: Mapping[str, bool], installed: Collection[str], routed: Collection[str]
) -> dict[str, str]:
    """Return the folders that the house does not know, and what it lacks of them."""
    return {
        name: "not installed" if name not in installed else "its routes cannot be called"
        for name, has_routes in found.items()
        if name not in installed or (has_routes and name not in routed)
    }


def _modules(entries: Iterable[Any]) -> set[str]:
    """Return the modules whose list of routes is included."""
    found: set[str] = set()
    for entry in entries:
        if isinstance(entry, URLResolver):
            found.add(getattr(entry.urlconf_name, "__name__", str(entry.urlconf_name)))
            found |= _modules(entry.url_patterns)
        else:
            assert isinstance(entry, URLPattern)
    return found


def _of_the_house(names: Iterable[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("serentak.")}


def test_every_folder_is_installed_and_its_routes_can_be_called() -> None:
    found = folders(SOURCE)
    installed = _of_the_house(config.name for config in apps.get_app_configs())
    routed = _of_the_house(n for n in _modules(get_resolver().url_patterns) if n.endswith(".urls"))
    assert left_out(found, installed, routed) == {}


def test_every_app_of_the_house_has_its_folder() -> None:
    installed = _of_the_house(config.name for config in apps.get_app_configs())
    assert installed == set(folders(SOURCE))


def test_a_folder_that_is_left_out_is_caught(tmp_path: Path) -> None:
    for name in ("posts", "boats", "rules_only"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "urls.py").touch()
    (tmp_path / "rules_only" / "urls.py").unlink()
    assert left_out(folders(tmp_path), {"boats", "rules_only"}, {"places"}) == {
        "posts": "not installed",
        "boats": "its routes cannot be called",
    }
