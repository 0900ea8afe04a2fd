"""Which slices there are: the folders of the package, from the lowest floor that is declared."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

FLOORS = (
    ("config",),
    ("drill", "portal", "desk"),
    ("quality",),
    ("reporting",),
    ("readiness",),
    ("distribution", "facilities", "security"),
    ("contingency", "liaison", "posting"),
    ("tally", "logistics", "neutrality", "polling", "vulnerability"),
    ("coordination",),
    ("elections",),
    ("figures",),
    ("notices",),
    ("institutions",),
    ("places",),
    ("platform",),
    ("kernel",),
)
"""The floors from the highest; imports and relations point down, never to the side.

This is the one place where a slice is declared; a floor may be named before its slice is built.
Routes are tried from the lowest slice on, so desk, which takes every place's address, is the last.
"""

FRAME = frozenset({"config", "platform", "kernel"})
"""The packages that are no slices."""


def slices(package: Path = PACKAGE) -> tuple[str, ...]:
    """Return the names of the slices in `package`, from the lowest floor up.

    Raises LookupError for a package without a floor, which would be invisible to everybody.
    """
    folders = {file.parent.name for file in package.glob("*/__init__.py")}
    declared = [name for floor in reversed(FLOORS) for name in floor]
    if homeless := sorted(folders.difference(declared)):
        raise LookupError(
            f"No floor is declared for {', '.join(homeless)}. "
            "Name it in FLOORS of serentak/config/house.py, or remove its folder."
        )
    return tuple(name for name in declared if name in folders - FRAME)
