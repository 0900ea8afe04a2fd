"""Every permission is held by somebody, or nobody signs in for it."""

from collections.abc import Collection, Iterable, Mapping
from importlib import import_module

from serentak.institutions.queries import roles

from .house import SOURCE

MACHINE: Mapping[str, str] = {
    "places.LOAD_REGIONS": "the list of regions is loaded on the command line",
    "places.RECODE_PLACE": "a place is re-coded on the command line",
}
"""What no role holds, and how it is done instead."""


def declared(folders: Iterable[str]) -> set[str]:
    """Return every permission of these folders' `permissions.py`, the platform's own among them."""
    modules = [import_module(f"serentak.{folder}.permissions") for folder in folders]
    modules.append(import_module("serentak.platform.evidence"))
    return {
        value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and value.partition(".")[2] == name
    }


def faults(
    declared: Collection[str], held: Collection[str], machine: Collection[str]
) -> dict[str, str]:
    """Return what is wrong with each permission."""
    return {
        **dict.fromkeys(set(declared) - set(held) - set(machine), "nobody holds it"),
        **dict.fromkeys(set(held) - set(declared), "a role names it and no slice declares it"),
        **dict.fromkeys(set(machine) & set(held), "a role holds what is the machine's"),
        **dict.fromkeys(set(machine) - set(declared), "the machine's and not declared"),
    }


def test_every_permission_is_held_by_a_role_or_is_the_machines() -> None:
    folders = [path.parent.name for path in SOURCE.glob("*/permissions.py")]
    held = {p for role in roles().values() for p in role.permissions}
    assert faults(declared(folders), held, MACHINE) == {}


def test_a_permission_that_nobody_holds_is_caught() -> None:
    assert faults(
        {"posts.VIEW_POSTS", "posts.MAN_POST", "posts.LOAD_POSTS"},
        {"posts.VIEW_POSTS", "posts.LOAD_POSTS", "posts.SHUT_POST"},
        {"posts.LOAD_POSTS", "posts.MOVE_POST"},
    ) == {
        "posts.MAN_POST": "nobody holds it",
        "posts.SHUT_POST": "a role names it and no slice declares it",
        "posts.LOAD_POSTS": "a role holds what is the machine's",
        "posts.MOVE_POST": "the machine's and not declared",
    }
