"""What is recorded when institutions, people, roles or holders change."""

from dataclasses import field
from datetime import date

from serentak.kernel.codes import PlaceCode
from serentak.platform.audit import PERSONAL, Code, Event


class InstitutionsCreated(Event):
    """A province's institutions were made from its places."""

    count: int
    by_kind: dict[Code, int]


class JurisdictionSet(Event):
    """An institution's area was set anew."""

    before: tuple[PlaceCode, ...]
    after: tuple[PlaceCode, ...]


class PersonAdded(Event):
    """A person was entered."""

    person_id: int
    full_name: str = field(metadata=PERSONAL)


class PasswordGiven(Event):
    """A person got a new password from who answers for the institution."""

    person_id: int
    full_name: str = field(metadata=PERSONAL)


class AccountClosed(Event):
    """A person can no longer sign in."""

    person_id: int
    full_name: str = field(metadata=PERSONAL)


class AccountOpened(Event):
    """A person whose account was closed can sign in again."""

    person_id: int
    full_name: str = field(metadata=PERSONAL)


class RoleAssigned(Event):
    """A person got a role in an institution."""

    person_id: int
    role: Code
    from_date: date
    to_date: date | None
    places: tuple[PlaceCode, ...]
    full_name: str = field(metadata=PERSONAL)


class RoleEnded(Event):
    """A role got its last day."""

    person_id: int
    role: Code
    to_date: date
    full_name: str = field(metadata=PERSONAL)


class HolderNamed(Event):
    """A person was recorded as the holder of an office."""

    person_id: int
    status: Code
    from_date: date | None
    to_date: date | None
    is_candidate: bool
    source: str = field(metadata=PERSONAL)
    full_name: str = field(metadata=PERSONAL)


class HolderEnded(Event):
    """A holder got the last day in office."""

    person_id: int
    status: Code
    to_date: date
    full_name: str = field(metadata=PERSONAL)


class HoldersRecorded(Event):
    """The holders that the catalogue knows of were recorded for a province."""

    count: int
    figure_class: Code
