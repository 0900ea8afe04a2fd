"""What is recorded when vehicles, ways and plans change."""

from serentak.platform.audit import Code, Event


class VehicleOffered(Event):
    """An institution said that it has a vehicle, or changed what it said of it."""

    kind: Code
    kg: int
    litres: int
    is_withdrawn: bool


class WayTold(Event):
    """Somebody said how long a way takes, that it is blocked, or that it is open again.

    `low` and `high` are its ends; `hours` is empty where distance and speed say them.
    """

    event: Code
    low: Code
    high: Code
    hours: Code


class PlanChanged(Event):
    """A plan was begun, arranged, improved, taken over, adopted or replaced; `event` says which."""

    event: Code
    stage: Code
    number: int
    routes: int
