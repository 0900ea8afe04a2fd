"""Builders of the slice's tests: stations with their races, a list taken over, deliveries."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from serentak.elections import actions as elections
from serentak.elections import public
from serentak.elections.public import Pair, StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import Received, Thing
from tests.cast import AT, OKI, PROVINCE

STATIONS = {
    "16.02.05.1001.001": (250, 260),
    "16.02.05.1001.002": (240, 251),
    "16.02.05.2010.001": (199, 200),
    "16.02.14.2001.001": (280, 275),
    "16.02.14.2002.001": (150, 149),
    "16.07.02.2001.001": (200, 210),
    "16.07.02.2001.002": (190, 180),
    "16.71.02.1001.001": (290, 300),
}
"""Listed voters, male and female, of the stations of the tests."""


def set_up_stations(pairs: int = 3) -> None:
    """Make the election, its stations, and the governor's candidate pairs."""
    elections.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    _import(StationRow(PlaceCode(code), *counts) for code, counts in STATIONS.items())
    contest = next(c for c in public.contests(PROVINCE) if c.place == PROVINCE)
    elections.set_candidate_pairs(
        contest_id=contest.id,
        pairs=[Pair(n, f"Head {n}", f"Deputy {n}", False) for n in range(1, pairs + 1)],
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )


def add_stations(*codes: str) -> None:
    """Add stations of 400 voters to the list."""
    _import(StationRow(PlaceCode(code), 200, 200) for code in codes)


def _import(rows: Iterable[StationRow]) -> None:
    elections.import_stations(
        rows=list(rows),
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SOURCED,
        actor=SYSTEM,
        at=AT,
    )


def take_over(**more: object) -> int:
    """Take over the list as it stands."""
    given: dict[str, object] = {
        "client_key": uuid4(), "province": PROVINCE, "seen": None, "reason": "SK 12/2024",
        "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.take_over_needs(**given | more)  # type: ignore[arg-type]


def receive(thing: Thing, quantity: int, place: PlaceCode = OKI, **more: object) -> int:
    """Receive one thing at a store."""
    given = {"client_key": uuid4(), "reference": "BA-1", "actor": SYSTEM, "at": AT} | more
    return actions.receive(place=place, lines=[Received(thing, quantity)], **given)  # type: ignore[arg-type]
