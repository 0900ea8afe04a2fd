"""Builders of the slice's tests: settings without a database, and a regency with vehicles."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

from serentak.distribution import actions
from serentak.distribution.rules.catalogue import Cost, Terrain
from serentak.distribution.rules.schedule import Carrier, Service, Setting, Target
from serentak.distribution.rules.ways import Basis, Hours, Leg, Part, Way, Ways
from serentak.elections import actions as elections
from serentak.elections.public import StationRow
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions as logistics
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE

BEGINS = datetime(2024, 11, 20, 6, tzinfo=UTC)
LATEST = datetime(2024, 11, 24, 17, tzinfo=UTC)
DAY = Hours(time(6), time(17))
FREE = Cost(0, 0, 0)
KAYU_AGUNG = PlaceCode("16.02.05")


def target(code: str = "A", stations: int = 1, **more: Any) -> Target:
    """Return a target, open all day."""
    given: dict[str, Any] = {
        "kg": 10.0, "litres": 100.0, "latest": LATEST, "opens": time(0), "closes": time(23, 59),
    }  # fmt: skip
    return Target(code, stations, **given | more)


def carrier(number: int = 1, **more: Any) -> Carrier:
    """Return a vehicle for a hundred stations."""
    given: dict[str, Any] = {
        "kind": "truck", "kg": 1000, "litres": 10_000, "hours": DAY, "cost": Cost(1000, 0, 0),
    }  # fmt: skip
    return Carrier(number, **given | more)


def matrix(distances: Sequence[Sequence[float]], *, per_km: float = 1.0) -> Ways:
    """Return ways of so many kilometres, and minutes in proportion."""
    return [[Way(round(km * per_km), km) for km in row] for row in distances]


def setting(
    targets: Sequence[Target],
    carriers: Sequence[Carrier],
    ways: Mapping[str, Ways],
    **more: Any,
) -> Setting:
    """Return a setting in which a hand-over takes no time."""
    given: dict[str, Any] = {"service": Service(0, 0), "begins": BEGINS} | more
    return Setting(targets, {one.id: one for one in carriers}, ways, **given)


def leg(km: float = 40.0, *parts: tuple[Terrain, float | None], is_blocked: bool = False) -> Leg:
    """Return a way; by good road where nothing is said."""
    made = tuple(Part(*part) for part in parts) or (Part(Terrain.ROAD),)
    return Leg(km, made, Basis.COMPUTED, is_blocked)


def legs(count: int, km: float = 40.0) -> dict[tuple[int, int], Leg]:
    """Return ways by good road between all of some places."""
    return {pair: leg(km) for pair in combinations(range(count), 2)}


# --- a regency of the cast


STATIONS = (
    "16.02.05.1001.001",
    "16.02.05.1001.002",
    "16.02.05.2010.001",
    "16.02.14.2001.001",
    "16.02.14.2002.001",
    "16.07.02.2001.001",
)


def set_up_needs() -> None:
    """Have Kayu Agung need boxes of three stations, Air Sugihan of two, Banyuasin of one."""
    elections.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    elections.import_stations(
        rows=[StationRow(PlaceCode(code), 250, 250) for code in STATIONS],
        source="DPT",
        as_of_date=AT.date(),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    logistics.take_over_needs(
        client_key=uuid4(), province=PROVINCE, seen=0, reason="", actor=SYSTEM, at=AT
    )


def owner(kind: str = "KPU", place: PlaceCode = OKI) -> int:
    """Return the id of an institution."""
    found = institutions.institution_by(kind, place)
    assert found is not None
    return found.id


def lend(name: str, kind: str = "truck-medium", **more: Any) -> int:
    """Lend a vehicle in OKI."""
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "owner_id": owner(), "kind": kind, "name": name,
        "kg": 3500, "litres": 16_000, "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.offer_vehicle(**given | more)


def block(end: PlaceCode = AIR_SUGIHAN, start: PlaceCode = OKI, days: int = 28, **more: Any) -> int:
    """Block a way in OKI, until the stage is over where nothing else is said."""
    given: dict[str, Any] = {
        "place": OKI, "start": start, "end": end, "reason": "Jembatan putus",
        "blocked_until_at": AT + timedelta(days=days), "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.block_way(**given | more)
