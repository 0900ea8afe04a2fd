"""What the installed slices bring along: their names, and each one's module of a row."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


def installed() -> tuple[str, ...]:
    """Return the platform and the slices by name, from the lowest."""
    return tuple(
        name.removeprefix("serentak.")
        for name in settings.INSTALLED_APPS
        if name.startswith("serentak.")
    )


def modules(row: str) -> tuple[ModuleType, ...]:
    """Return the modules called `row` (`urls`, `commands`, `words`, …), from the lowest slice."""
    names = (f"serentak.{name}.{row}" for name in installed())
    return tuple(import_module(name) for name in names if find_spec(name))
