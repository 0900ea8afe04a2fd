"""Actions: the election, its ballots, its stations; what is refused writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from serentak.elections import actions, public
from serentak.elections.models import CandidatePair, Contest, Election, StationVoters
from serentak.elections.rules import Pair
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places.actions import load_regions
from serentak.places.public import place
from serentak.platform.audit import history
from serentak.platform.models import AuditEvent
from serentak.platform.words import refusal_text
from tests.cast import AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast, load_places

from .builders import import_rows, row, set_up

pytestmark = pytest.mark.django_db

FIRST, SECOND = "16.02.14.2001.001", "16.02.14.2001.002"


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    text = refusal_text(refused.value)
    assert text != refused.value.code, "not worded"
    assert "%(" not in text, "a parameter is missing"
    return refused.value.code.removeprefix("elections.")


# --- setting up


def test_an_election_has_its_stages_and_a_contest_for_each_office() -> None:
    load_places()
    number = set_up()
    election = public.current_election(PlaceCode("16.02.14.2001"))
    assert election is not None
    assert (election.id, election.vote_date, str(election.zone)) == (
        number, date(2024, 11, 27), "Asia/Jakarta",
    )  # fmt: skip
    assert dict(Contest.objects.values_list("place", "name")) == {
        "16": "Pemilihan Gubernur dan Wakil Gubernur Sumatera Selatan",
        "16.02": "Pemilihan Bupati dan Wakil Bupati Ogan Komering Ilir",
        "16.07": "Pemilihan Bupati dan Wakil Bupati Banyuasin",
        "16.10": "Pemilihan Bupati dan Wakil Bupati Ogan Ilir",
        "16.71": "Pemilihan Wali Kota dan Wakil Wali Kota Palembang",
    }
    [event] = history(f"election:{number}")
    assert (event.facts["contests"], event.facts["vote_date"]) == (5, "2024-11-27")
    with pytest.raises(Refused) as refused:
        set_up()
    assert code_of(refused) == "place_has_an_election"


@pytest.mark.parametrize("who", ["governor_desk", "observer", "commission"])
def test_who_may_not_set_up_an_election_finds_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(OutOfScope):
        actions.set_up_election(place=PROVINCE, actor=getattr(cast, who).viewer, at=AT)
    assert not Election.objects.exists()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("16.02", "only_a_province_has_an_election"),
        ("16.02.14.2001", "only_a_province_has_an_election"),
        ("99", "place_is_unknown"),
        ("", "place_has_an_election"),
        ("16", "place_has_an_election"),
    ],
)
def test_a_place_votes_in_one_election(place: str, code: str) -> None:
    load_places()
    set_up()
    with pytest.raises(Refused) as refused:
        actions.set_up_election(place=PlaceCode(place), actor=SYSTEM, at=AT)
    assert code_of(refused) == code
    assert Election.objects.count() == 1


# --- ballots


def contest_at(place: PlaceCode) -> int:
    return Contest.objects.get(place=place).pk


def set_pairs(*pairs: Pair, actor=SYSTEM, at_place: PlaceCode = OKI) -> None:
    actions.set_candidate_pairs(
        contest_id=contest_at(at_place),
        pairs=pairs,
        figure_class=FigureClass.SYNTHETIC,
        actor=actor,
        at=AT,
    )


def test_a_commission_sets_its_ballot_as_a_whole(cast: Cast) -> None:
    set_up()
    actor = cast.commission.viewer
    set_pairs(Pair(2, "Cici", "Dedi"), Pair(1, " Ani ", "Budi"), actor=actor)
    set_pairs(Pair(1, "Ani", "Budi"), Pair(2, is_blank_column=True), actor=actor)
    [contest] = public.contests_held_under(OKI)
    assert [(p.ballot_number, p.head_name, p.is_blank_column) for p in contest.pairs] == [
        (1, "Ani", False), (2, "", True),
    ]  # fmt: skip
    newest, first = history(f"contest:{contest.id}")
    assert newest.facts["pairs"] == ["1 Ani – Budi", "2"]
    assert first.facts["pairs"] == ["1  Ani  – Budi", "2 Cici – Dedi"]


def test_a_ballot_that_breaks_a_rule_is_refused_and_the_old_one_stays(cast: Cast) -> None:
    set_up()
    set_pairs(Pair(1, "Ani", "Budi"), Pair(2, "Cici", "Dedi"))
    with pytest.raises(Refused) as refused:
        set_pairs(Pair(1, "Ani", "Budi"))
    assert code_of(refused) == "single_pair_needs_a_blank_column"
    with pytest.raises(Refused) as refused:
        set_pairs()
    assert code_of(refused) == "ballot_is_empty"
    assert CandidatePair.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "where"),
    [("commission", PROVINCE), ("commission", BANYUASIN), ("governor_desk", OKI),
     ("observer", OKI)],
)  # fmt: skip
def test_nobody_else_sets_a_ballot(cast: Cast, who: str, where: PlaceCode) -> None:
    set_up()
    with pytest.raises(OutOfScope):
        set_pairs(
            Pair(1, "Ani", "Budi"), Pair(2, "Cici", "Dedi"),
            actor=getattr(cast, who).viewer, at_place=where,
        )  # fmt: skip
    assert not CandidatePair.objects.exists()


# --- stations


def test_stations_are_added_to_the_tree_and_changed_by_a_later_list(cast: Cast) -> None:
    actor = cast.commission.viewer
    assert import_rows(row(FIRST), row(SECOND, special_location="Lapas"), actor=actor) == 2
    assert place(PlaceCode(FIRST)).name == "001"
    assert place(PlaceCode(SECOND)).kind == "SPECIAL_STATION"
    assert import_rows(row(FIRST, 200, 210), row("16.02.14.2002.001"), actor=actor) == 2
    station = public.station_card(PlaceCode(FIRST))
    assert station is not None
    assert (station.male, station.female, station.total) == (200, 210, 410)
    assert StationVoters.objects.count() == 3
    events = AuditEvent.objects.filter(name="elections.StationsImported").order_by("id")
    assert [(e.facts["count"], e.facts["new_stations"], e.facts["changed"]) for e in events] == [
        (2, 2, 0), (2, 1, 1),
    ]  # fmt: skip
    assert len({e.facts["digest"] for e in events}) == 2
    assert {e.place for e in events} == {OKI}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "no_stations"),
        ([row(FIRST), row(FIRST)], "station_is_given_twice"),
        ([row(FIRST), row("16.02.14.2001")], "code_is_no_station"),
        ([row(FIRST), row(SECOND, -1)], "voters_are_negative"),
        ([row(FIRST), row(SECOND, 400, 201)], "voters_over_limit_need_a_reason"),
        ([row(FIRST), row(SECOND, 5000, 1, over_limit_reason="x")], "voters_are_absurd"),
        ([row(FIRST), row("16.02.14.2999.001")], "places.parent_is_missing"),
    ],
)
def test_one_bad_station_and_nothing_is_written(cast: Cast, rows, code) -> None:
    with pytest.raises(Refused) as refused:
        import_rows(*rows, actor=cast.commission.viewer)
    assert code_of(refused) == code
    assert not StationVoters.objects.exists()
    assert not AuditEvent.objects.filter(name="places.PlacesAdded").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_import_the_same_stations_the_second_changes_them() -> None:
    load_places()
    set_up()
    start = Barrier(2)

    def import_them(number: int) -> int:
        try:
            start.wait(10)
            return import_rows(*(row(f"16.02.14.2001.{n:03}", number) for n in range(1, 60)))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(import_them, (100, 101))) == [59, 59]
    events = AuditEvent.objects.filter(name="elections.StationsImported").order_by("id")
    assert [(e.facts["new_stations"], e.facts["changed"]) for e in events] == [(59, 0), (0, 59)]


def test_a_station_over_the_limit_is_kept_with_its_reason(cast: Cast) -> None:
    import_rows(row(FIRST, 400, 210, over_limit_reason="Lapas"), actor=cast.commission.viewer)
    assert StationVoters.objects.get().over_limit_reason == "Lapas"


@pytest.mark.parametrize("who", ["governor_desk", "neighbour", "district_committee", "observer"])
def test_only_the_commission_imports_and_only_in_its_area(cast: Cast, who: str) -> None:
    with pytest.raises(OutOfScope):
        import_rows(row(FIRST), actor=getattr(cast, who).viewer)
    with pytest.raises(OutOfScope):
        import_rows(row(FIRST), row("16.07.02.2001.001"), actor=cast.commission.viewer)
    assert import_rows(row("16.07.02.2001.001"), actor=cast.province_commission.viewer) == 1


# --- demonstration


def test_demonstration_stations_have_the_published_sums_and_say_what_they_are() -> None:
    load_regions(actor=SYSTEM, at=AT)
    assert actions.create_demo_stations(province=PROVINCE, actor=SYSTEM, at=AT) == 13_206
    counts = public.voters_and_stations(PROVINCE)
    assert (counts[PROVINCE].stations, counts[PROVINCE].voters) == (13_206, 6_382_739)
    assert (counts[PROVINCE].male, counts[PROVINCE].female) == (3_219_840, 3_162_899)
    assert (counts[PALEMBANG].stations, counts[PALEMBANG].voters) == (2_272, 1_241_196)
    assert counts[OKI].is_synthetic
    assert len(counts) == 18
    assert StationVoters.objects.filter(total__gt=600).count() == 0
    assert set(StationVoters.objects.values_list("figure_class").distinct()) == {("SYNTHETIC",)}
    with pytest.raises(Refused) as refused:
        actions.create_demo_stations(province=PROVINCE, actor=SYSTEM, at=AT)
    assert code_of(refused) == "stations_are_known"


def test_demonstration_stations_need_published_figures_and_all_villages() -> None:
    load_places()
    for province, code in (("18", "nothing_published"), ("16", "stations_cannot_be_spread")):
        with pytest.raises(Refused) as refused:
            actions.create_demo_stations(province=PlaceCode(province), actor=SYSTEM, at=AT)
        assert code_of(refused) == code
    assert not StationVoters.objects.exists()
