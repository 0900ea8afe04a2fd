"""Reads: roll-ups at every tier, ballots per station, races per place; with counts of queries."""

from datetime import date

import pytest
from django.utils import translation

from serentak.elections import public
from serentak.elections.public import NO_VOTERS, VoterCounts, When
from serentak.kernel.codes import COUNTRY, Level, PlaceCode
from tests.cast import AIR_SUGIHAN, NUSA_KARTA, OKI, PALEMBANG, PROVINCE, load_places

from .builders import import_rows, row, set_up

pytestmark = pytest.mark.django_db

FIRST = PlaceCode("16.02.14.2001.001")


@pytest.fixture
def stations(db: None) -> None:
    load_places()
    set_up()
    import_rows(
        row("16.02.14.2001.001", 20, 21),
        row("16.02.14.2001.002", 100, 100),
        row("16.02.14.2002.001", 1, 0),
        row("16.71.02.1001.001", 300, 300),
    )


def test_counts_roll_up_at_every_tier(stations, django_assert_num_queries) -> None:
    nusa_karta = VoterCounts(2, 241, 120, 121, 43 + 205)
    kerta_mukti = VoterCounts(1, 1, 1, 0, 2)
    with django_assert_num_queries(1):
        assert public.voters_and_stations(AIR_SUGIHAN) == {
            "16.02.14.2001": nusa_karta,
            "16.02.14.2002": kerta_mukti,
            AIR_SUGIHAN: nusa_karta + kerta_mukti,
        }
    assert public.voters_and_stations(PROVINCE)[OKI] == nusa_karta + kerta_mukti
    assert public.voters_and_stations(COUNTRY)[COUNTRY].voters == 842
    assert public.voters_and_stations(NUSA_KARTA)[FIRST] == VoterCounts(1, 41, 20, 21, 43)
    assert public.voters_and_stations(FIRST) == {FIRST: VoterCounts(1, 41, 20, 21, 43)}
    assert public.voters_and_stations(PlaceCode("16.07")) == {"16.07": NO_VOTERS}


def test_quantities_say_what_work_is_counted_by(stations, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        regencies = public.quantities(PROVINCE, Level.REGENCY)
    assert set(regencies) == {"16.02", "16.07", "16.10", "16.71"}
    oki = regencies[OKI]
    assert (oki.counts.stations, oki.counts.ballots) == (3, 250)
    assert (oki.contests, oki.races) == (1, 2)
    assert regencies[PlaceCode("16.07")].counts == NO_VOTERS
    [province] = public.quantities(PROVINCE, Level.PROVINCE).values()
    assert (province.counts.voters, province.contests, province.races) == (842, 1, 2)
    [district] = public.quantities(OKI, Level.DISTRICT).values()
    assert (district.contests, district.races) == (0, 2)


def test_an_election_is_found_from_every_tier_and_not_elsewhere(stations) -> None:
    for place in (COUNTRY, PROVINCE, OKI, NUSA_KARTA, FIRST):
        assert public.current_election(place) is not None
    assert public.current_election(PlaceCode("18")) is None


def test_stages_say_where_they_stand_and_how_far_from_the_vote(
    stations, django_assert_num_queries
) -> None:
    election = public.current_election(OKI)
    assert election is not None
    with django_assert_num_queries(1):
        stages = {s.key: s for s in public.stages(election, today=date(2024, 10, 28))}
    campaign, vote, numbers = stages["campaign"], stages["vote"], stages["ballot_numbers"]
    assert (campaign.when, campaign.countdown, campaign.name) == (When.NOW, "H-4", "Kampanye")
    assert (vote.when, vote.countdown) == (When.AHEAD, "H")
    assert (numbers.when, numbers.countdown) == (When.PAST, "H-65")
    with translation.override("en"):
        [first, *_] = public.stages(election, today=date(2024, 10, 28))
        assert (first.name, first.phase_label) == ("Programme and budget", "Preparation")


def test_a_voter_votes_in_the_races_around_the_place(stations, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        races = public.contests(NUSA_KARTA)
    assert [(r.office, r.place) for r in races] == [("GOVERNOR", PROVINCE), ("REGENT", OKI)]
    assert [r.place for r in public.contests_held_under(PALEMBANG)] == [PALEMBANG]


def test_a_place_that_is_no_station_has_no_station_card(stations) -> None:
    assert public.station_card(NUSA_KARTA) is None
    assert public.station_card(PlaceCode("16.02.14.2001.099")) is None
    assert [s.code for s in public.stations_of(NUSA_KARTA)] == [FIRST, "16.02.14.2001.002"]
