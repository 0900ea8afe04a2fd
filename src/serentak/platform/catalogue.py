"""Rules as data: reads a slice's YAML, lets an installation replace it, and checks it once."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib.resources import files
from inspect import isfunction
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.utils.translation import get_language

from serentak.kernel.entries import read

from .slices import installed

T = TypeVar("T")


class CatalogueFault(Exception):
    """A catalogue breaks a rule; names the file and every fault found."""


def load(slice_name: str, name: str, kind: type[T] | Callable[[Any], T]) -> T:
    """Return `<slice>/catalogue/<name>.yaml` as `kind` (see `kernel.entries`), once per process.

    A file of the same name under `SERENTAK_CATALOGUE/<slice>/` replaces it, so that what is
    uncertain can be set without a release. Where a file is more than one class can say, `kind` is a
    function of its plain data that raises ValueError with one fault a line.
    """
    hashable: Any = kind
    result: T = _load(slice_name, name, hashable)
    return result


def load_each(name: str, kind: type[T] | Callable[[Any], T]) -> Mapping[str, T]:
    """Return what `load` gives of `<name>.yaml` for each installed slice that has such a file."""
    return {s: load(s, name, kind) for s in installed() if _path(s, name).is_file()}


def said(text: Mapping[str, str]) -> str:
    """Return a catalogue text `{id: …, en: …}` in the reader's language, else in Indonesian."""
    return text.get((get_language() or "id")[:2]) or text["id"]


@lru_cache(maxsize=64)
def _load(slice_name: str, name: str, kind: Any) -> Any:
    path = _path(slice_name, name)
    parse = kind if isfunction(kind) else partial(read, kind)
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
