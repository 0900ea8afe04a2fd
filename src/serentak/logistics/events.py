"""What is recorded when needs are taken over and pieces move."""

from serentak.platform.audit import Code, Event


class NeedsTakenOver(Event):
    """A list of stations and voters became the one from which needs are counted."""

    number: int
    stations: int
    voters: int


class LoadMoved(Event):
    """A load was packed, left, was handed over, settled or put back; `event` says which."""

    event: Code
    number: Code


class PiecesMoved(Event):
    """Pieces came, were sorted, counted anew or destroyed; the ledger says which."""

    deed: Code
    entry_id: int
    pieces: int


class OrderMoved(Event):
    """An order was made, answered, withdrawn, filled or opened again; `event` says which."""

    event: Code
    number: Code
