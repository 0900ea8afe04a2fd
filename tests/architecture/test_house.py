"""Slices are found by their folders, from the lowest declared floor, and none is overlooked."""

from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from serentak.config import house
from serentak.platform.slices import modules

from .house import SOURCE, floors, slices


def test_every_folder_is_a_slice_on_its_floor() -> None:
    found = house.slices()
    assert sorted(found) == slices()
    assert [floors()[name] for name in found] == sorted(floors()[name] for name in found)


def test_every_slice_is_installed() -> None:
    assert set(slices()) <= {config.label for config in apps.get_app_configs()}


def test_every_slice_with_routes_is_routed_and_desk_takes_what_is_left() -> None:
    routed = [r.urlconf_name.__name__ for r in get_resolver().url_patterns]
    with_routes = {f"serentak.{s}.urls" for s in slices() if (SOURCE / s / "urls.py").exists()}
    assert with_routes <= set(routed)
    assert routed[-1] == "serentak.desk.urls"


def test_a_module_is_found_whether_file_or_folder() -> None:
    found = {m.__name__ for m in modules("views")}
    assert "serentak.desk.views" in found
    assert "serentak.readiness.views" in found
    assert "serentak.desk.commands" not in {m.__name__ for m in modules("commands")}


def test_a_folder_without_a_floor_is_caught(tmp_path: Path) -> None:
    for name in ("kernel", "desk", "places", "gardens"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    with pytest.raises(LookupError, match="No floor is declared for gardens"):
        house.slices(tmp_path)
    (tmp_path / "gardens" / "__init__.py").unlink()
    assert house.slices(tmp_path) == ("places", "desk")
