"""What elections counts of quality, from known rows."""

from datetime import date

import pytest

from serentak.elections import actions, public
from serentak.elections.public import Pair, StationRow
from serentak.elections.queries import COUNTS
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Share
from serentak.kernel.viewer import SYSTEM
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

STATIONS = {
    "16.02.05.1001.001": (275, 275),
    "16.02.05.1001.002": (275, 276),
    "16.02.14.2001.001": (300, 300),
    "16.07.02.2001.001": (100, 100),
}


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    actions.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    actions.import_stations(
        rows=[StationRow(PlaceCode(code), *n) for code, n in STATIONS.items()],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SOURCED,
        actor=SYSTEM,
        at=AT,
    )


def pairs(place: PlaceCode, count: int) -> None:
    contest = next(c for c in public.contests(place) if c.place == place)
    actions.set_candidate_pairs(
        contest_id=contest.id,
        pairs=[Pair(n, f"Kepala {n}", f"Wakil {n}", False) for n in range(1, count + 1)]
        + [Pair(2, "", "", True)] * (count == 1),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )


def test_voters_of_stations_with_more_than_550() -> None:
    found = COUNTS["voters-per-station"](parent=PROVINCE, at=AT)
    assert {place: one.whole for place, one in found.items()} == {
        OKI: Share(551 + 600, 550 + 551 + 600),
        BANYUASIN: Share(0, 200),
    }
    assert COUNTS["voters-per-station"](parent=OKI, at=AT) == {OKI: found[OKI]}


def test_contests_with_two_pairs_of_those_whose_pairs_are_known() -> None:
    assert COUNTS["choice-on-ballot"](parent=PROVINCE, at=AT) == {}
    pairs(PROVINCE, 3)
    pairs(OKI, 1)
    found = COUNTS["choice-on-ballot"](parent=PROVINCE, at=AT)
    assert {place: one.whole for place, one in found.items()} == {
        PROVINCE: Share(1, 1),
        OKI: Share(0, 1),
    }
