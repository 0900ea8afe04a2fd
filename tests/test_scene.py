"""The scene of the demonstration tells what it should; read from the loaded database itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from serentak.elections.public import contests, contests_held_under, voters_and_stations
from serentak.figures.public import discrepancies
from serentak.institutions.public import demo_accounts, holder_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.database import Cluster

SUMSEL, OKI, OGAN_ILIR = PlaceCode("16"), PlaceCode("16.02"), PlaceCode("16.10")


@pytest.fixture
def scene(
    loaded: tuple[Cluster, str], django_db_blocker: DjangoDbBlocker, settings: Settings
) -> Iterator[None]:
    """Read from the database that holds the scene; nothing may be written."""
    settings.SERENTAK_DEMO = True
    usual = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        # Without the pool, which would keep connections to the database that is copied from.
        options = {k: v for k, v in usual["OPTIONS"].items() if k != "pool"}
        connection.settings_dict = usual | {"NAME": loaded[1], "OPTIONS": options}
        yield
        connection.close()
        connection.settings_dict = usual


pytestmark = pytest.mark.usefixtures("scene")


def test_the_clock_stands_at_thirty_days_before_the_vote() -> None:
    state = clock.state()
    assert state.scene == "h-30"
    assert clock.local_date(state.now).isoformat() >= "2024-10-28"


def test_real_sums_stand_on_invented_stations() -> None:
    found = voters_and_stations(SUMSEL)[SUMSEL]
    assert (found.stations, found.voters) == (13_206, 6_382_739)


def test_one_race_is_run_against_a_blank_column() -> None:
    races = {race.place: race for race in (*contests(SUMSEL), *contests_held_under(SUMSEL))}
    assert len(races) == 18
    assert [pair.is_blank_column for pair in races[OGAN_ILIR].pairs] == [False, True]


def test_holders_of_the_day_have_their_real_status_and_invented_names() -> None:
    holders = holder_of([SUMSEL, OKI, OGAN_ILIR], at=clock.now())
    titles = {place: holder.title.split()[0] for place, holder in holders.items()}
    assert titles == {SUMSEL: "Pj.", OKI: "Pj.", OGAN_ILIR: "Pjs."}


def test_figures_that_disagree_have_an_owner_or_a_decision() -> None:
    at_the_province = {
        card.measure.code: card for card in discrepancies(SUMSEL, SYSTEM) if card.place == SUMSEL
    }
    stations, villages = at_the_province["stations"], at_the_province["villages"]
    assert stations.owner is not None
    assert villages.owner is not None
    assert "voters" not in at_the_province


def test_somebody_of_every_office_can_sign_in() -> None:
    assert len({account.role for account in demo_accounts()}) >= 8
