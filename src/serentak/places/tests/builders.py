"""Builders of the slice's tests: a small tree, viewers, lists of regions."""

from collections.abc import Iterable
from datetime import UTC, datetime

from serentak.kernel.codes import COUNTRY, PlaceCode, parent_of
from serentak.kernel.viewer import SYSTEM, Grant, Permission, Viewer
from serentak.places import actions, rules
from serentak.places.importers import Region, read_regions

AT = datetime(2024, 10, 28, 2, tzinfo=UTC)

SOUTH_SUMATRA = """code,name
16,SUMATERA SELATAN
16.02,KABUPATEN OGAN KOMERING ILIR
16.02.05,Kayu Agung
16.02.05.1001,Kayu Agung Asli
16.02.14,Air Sugihan
16.02.14.2001,Nusa Karta
16.02.14.2002,Kerta Mukti
16.07,KABUPATEN BANYUASIN
16.07.01,Banyuasin I
16.07.01.1001,Mariana
16.07.02,Banyuasin II
16.07.02.2001,Sungsang I
16.71,KOTA PALEMBANG
16.71.02,Seberang Ulu Satu
16.71.02.1001,Tiga-puluh-lima Ilir
16.73,KOTA LUBUK LINGGAU
"""


def viewer(permissions: Iterable[Permission], *places: str) -> Viewer:
    """Return somebody who holds `permissions` at `places`."""
    held = tuple(PlaceCode(place) for place in places)
    return Viewer(1, "Tester", (Grant(None, "tester", frozenset(permissions), held),))


def regions(text: str = SOUTH_SUMATRA) -> tuple[Region, ...]:
    """Return the rows of a list that has no fault."""
    found = read_regions(text.encode())
    assert found.faults == ()
    return found.regions


def small_tree() -> None:
    """Load the small list."""
    actions.load_regions(regions=regions(), actor=SYSTEM, at=AT)


def station(code: str, name: str = "") -> actions.NewPlace:
    """Return a station to be added."""
    return actions.NewPlace(PlaceCode(code), rules.Kind.STATION, name or code[-3:])


def parents_of(codes: Iterable[str]) -> set[str]:
    """Return the parents of codes, without the country."""
    return {p for c in codes if (p := parent_of(PlaceCode(c))) not in (None, COUNTRY)}  # type: ignore[misc]
