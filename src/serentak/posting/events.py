"""What is recorded when patterns, strength, posts, plans and reserves change."""

from serentak.platform.audit import Code, Event


class PatternSet(Event):
    """The police of a regency set a pattern, or went back to the catalogue's."""

    station_class: Code
    officers: int
    stations: int
    is_own: bool


class ForceTold(Event):
    """A regency's strength in all was told, or whether its posts are shared."""

    officers: int
    regencies: int
    is_shared: bool


class PostsTold(Event):
    """Posts with their strength were told; `closed` posts count no more."""

    posts: int
    officers: int
    closed: int


class ReinforcementTold(Event):
    """Reinforcements were proposed, promised, arrived or dropped."""

    event: Code
    officers: int
    moves: int


class PlanChanged(Event):
    """A plan was computed, proposed, returned, adopted or replaced."""

    event: Code
    number: int
    posted: int
    need: int


class RollCalled(Event):
    """Roll was called at posts."""

    posts: int
    present: int
    absent: int


class ReserveMoved(Event):
    """Officers of the reserve were sent to an incident, or came back."""

    event: Code
    officers: int
