"""Rules as data: reads a slice's YAML, lets an installation replace it, and checks it once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.utils.translation import get_language

from .slices import installed

T = TypeVar("T")


class CatalogueFault(Exception):
    """A catalogue breaks a rule; names the file and every fault found."""


def load(slice_name: str, name: str, parse: Callable[[Any], T]) -> T:
    """Return `parse` of `<slice>/catalogue/<name>.yaml`, read once per process.

    A file of the same name under `SERENTAK_CATALOGUE/<slice>/` replaces it, so that what is
    uncertain can be set without a release. `parse` raises ValueError with one fault a line.
    """
    result: T = _load(slice_name, name, parse)
    return result


def load_each(name: str, parse: Callable[[Any], T]) -> Mapping[str, T]:
    """Return what `load` gives of `<name>.yaml` for each installed slice that has such a file."""
    return {s: load(s, name, parse) for s in installed() if _path(s, name).is_file()}


def said(text: Mapping[str, str]) -> str:
    """Return a catalogue text `{id: …, en: …}` in the reader's language, else in Indonesian."""
    return text.get((get_language() or "id")[:2]) or text["id"]


@lru_cache(maxsize=64)
def _load(slice_name: str, name: str, parse: Callable[[Any], Any]) -> Any:
    path = _path(slice_name, name)
    try:
        return parse(yaml.load(path.read_text("utf-8"), Loader=_LOADER))  # noqa: S506  # a safe one
    except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise CatalogueFault(f"{slice_name}/{name}.yaml: {error}") from error


def _path(slice_name: str, name: str) -> Any:
    if settings.SERENTAK_CATALOGUE:
        own = Path(settings.SERENTAK_CATALOGUE) / slice_name / f"{name}.yaml"
        if own.exists():
            return own
    return files(f"serentak.{slice_name}") / "catalogue" / f"{name}.yaml"


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
