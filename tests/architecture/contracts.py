"""Contracts of import-linter that take floors and slices from the house instead of naming them."""

from typing import Any

from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from serentak.config.house import FLOORS, slices

Options = dict[str, Any]


class Floors(LayersContract):
    """The layers of the package: the declared floors, whether their slices are built or not."""

    def __init__(self, name: str, session_options: Options, contract_options: Options) -> None:
        layers = [" | ".join(f"({package})" for package in floor) for floor in FLOORS]
        super().__init__(name, session_options, contract_options | {"layers": layers})


class Rows(LayersContract):
    """The layers of every slice."""

    def __init__(self, name: str, session_options: Options, contract_options: Options) -> None:
        containers = [f"serentak.{name}" for name in slices()]
        super().__init__(name, session_options, contract_options | {"containers": containers})


class Doors(ProtectedContract):
    """Every slice is protected from every other; `ignore_imports` are the doors."""

    def __init__(self, name: str, session_options: Options, contract_options: Options) -> None:
        protected = [f"serentak.{name}" for name in slices()]
        super().__init__(name, session_options, contract_options | {"protected_modules": protected})
