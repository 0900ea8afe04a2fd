"""Compiles the translations before the package is built, so that the wheel needs no tools."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Run by hatchling before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is stale; the function is loaded by path, for nothing is installed yet."""
        package = Path(self.root) / "src" / "serentak"
        source = package / "config" / "translations.py"
        spec = importlib.util.spec_from_file_location("translations", source)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(source)
        translations = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(translations)
        translations.compile_stale(package)
