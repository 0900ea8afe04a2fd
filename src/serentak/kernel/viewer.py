"""Who asks: a person with permissions that hold in places, through institutions."""

from dataclasses import dataclass
from typing import NewType

from .codes import COUNTRY, PlaceCode, is_within
from .refused import OutOfScope

Permission = NewType("Permission", str)
"""`slice.VERB_NOUN`, declared in the slice's `permissions.py`."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions that one role gives in one institution, inside its jurisdiction."""

    institution_id: int | None
    role: str
    permissions: frozenset[Permission]
    places: tuple[PlaceCode, ...]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The one who reads or acts; `user_id` is None for the public and for the system."""

    user_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    system: bool = False

    def places(self, permission: Permission) -> tuple[PlaceCode, ...]:
        """Return the topmost places where `permission` holds; the whole country for the system."""
        if self.system:
            return (COUNTRY,)
        found = {p for g in self.grants if permission in g.permissions for p in g.places}
        return tuple(sorted(p for p in found if not any(o != p and is_within(p, o) for o in found)))

    def may(self, permission: Permission, place: PlaceCode) -> bool:
        """Tell whether `permission` holds at `place`."""
        return any(is_within(place, above) for above in self.places(permission))

    def holds(self, permission: Permission) -> bool:
        """Tell whether `permission` holds anywhere."""
        return self.system or any(permission in grant.permissions for grant in self.grants)

    def require(self, permission: Permission, place: PlaceCode) -> None:
        """Raise OutOfScope unless `permission` holds at `place`."""
        if not self.may(permission, place):
            raise OutOfScope(permission, place)

    def institutions(self, permission: Permission) -> frozenset[int]:
        """Return the ids of the institutions through which `permission` is held."""
        return frozenset(
            grant.institution_id
            for grant in self.grants
            if permission in grant.permissions and grant.institution_id is not None
        )

    def acts_for(self, institution_id: int, permission: Permission) -> bool:
        """Tell whether the viewer holds `permission` in that very institution."""
        return self.system or institution_id in self.institutions(permission)


PUBLIC = Viewer()
"""Anybody: no account, no permission."""

SYSTEM = Viewer(system=True, name="system")
"""The machine itself: command line, scheduled jobs."""
