"""How counts of parts add up to those of the whole."""

from dataclasses import Field, fields, replace
from typing import Any, ClassVar, Self


class Summed:
    """Base of a dataclass of counts, added field by field; of two flags one that is set is enough.

    A field may be such a dataclass itself.
    """

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __add__(self, other: Self) -> Self:
        """Return both together."""
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        both = {name: a or b if isinstance(a, bool) else a + b for name, (a, b) in pairs.items()}
        return replace(self, **both)
