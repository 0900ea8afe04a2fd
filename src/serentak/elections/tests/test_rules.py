"""Rules: the calendar, what a ballot must hold, exact sums of spread stations."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.elections import queries, rules
from serentak.elections.rules import Pair, Published, Size, Village, When
from serentak.kernel.apportion import apportion
from serentak.kernel.briefing import DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import read

from .builders import LIMITS, row

# --- the calendar


def test_the_shipped_calendar_is_that_of_the_regulation() -> None:
    plan = queries.calendar("stages-2024")
    by_key = {stage.key: stage for stage in plan.stages}
    assert (
        plan.election.vote_date == by_key["vote"].start == by_key["vote"].end == date(2024, 11, 27)
    )
    assert (plan.election.opens.hour, plan.election.closes.hour) == (7, 13)
    assert (by_key["campaign"].start, by_key["campaign"].end) == (
        date(2024, 9, 25), date(2024, 11, 23),
    )  # fmt: skip
    assert by_key["recap_province"].end == date(2024, 12, 9)
    assert by_key["inauguration"].kind is DeadlineKind.ADMINISTRATIVE
    assert by_key["budget"].start is None
    assert len(plan.stages) >= 20


def test_a_calendar_that_contradicts_itself_is_refused() -> None:
    stage = {
        "key": "a", "phase": "X", "name": {"id": "a", "en": "a"}, "start": date(2024, 2, 1),
        "end": date(2024, 1, 1), "kind": "LEGAL", "source": "s", "confidence": "L",
    }  # fmt: skip
    data = {
        "election": {
            "name": {"id": "a"}, "vote_date": date(2024, 1, 1), "opens": "13:00",
            "closes": "07:00", "source": "s",
        },
        "phases": {},
        "stages": [stage, stage],
    }  # fmt: skip
    with pytest.raises(ValueError, match="X") as fault:
        read(rules.Calendar, data)
    assert set(str(fault.value).splitlines()) == {
        "stages: a: phase: 'X' stands nowhere under phases",
        "stages: a: key: stands twice",
        "election: name: needs a text in both languages, {id:, en:}",
    }
    data["election"]["name"]["en"] = "a"
    data["phases"]["X"] = {"id": "a", "en": "a"}
    with pytest.raises(ValueError, match="close before they open") as fault:
        read(rules.Calendar, data)
    assert "a: end: lies before the start" in str(fault.value)


@pytest.mark.parametrize(
    ("opens", "closes", "start", "fault"),
    [
        ("07:00", "13:00", date(2024, 1, 1), None),
        ("07:00", "13:00", None, None),
        ("07:00", "13:00", date(2024, 1, 2), "stages: a: end: lies before the start"),
        ("07:00", "07:00", None, "election: closes: the stations close before they open"),
        ("07:00", "07:01", None, None),
    ],
)
def test_a_day_and_an_hour_end_after_they_begin(opens, closes, start, fault) -> None:
    stage = {
        "key": "a", "phase": "X", "name": {"id": "a", "en": "a"}, "note": None, "start": start,
        "end": date(2024, 1, 1), "kind": "LEGAL", "source": "s", "confidence": "L",
    }  # fmt: skip
    data = {
        "election": {
            "name": {"id": "a", "en": "a"}, "vote_date": date(2024, 1, 1), "opens": opens,
            "closes": closes, "source": "s",
        },
        "phases": {"X": {"id": "a", "en": "a"}},
        "stages": [stage],
    }  # fmt: skip
    if fault is None:
        assert [s.start for s in read(rules.Calendar, data).stages] == [start]
        return
    with pytest.raises(ValueError, match="before") as told:
        read(rules.Calendar, data)
    assert str(told.value) == fault


@pytest.mark.parametrize(
    ("most", "absurd", "fault"),
    [
        (600, 600, None),
        (600, 5000, None),
        (601, 600, r"^station_voters: must not exceed what is refused \(absurd_voters\)$"),
        (0, 600, "^station_voters: must be at least 1$"),
        (-1, 600, "^limits: station_voters: value: must be at least 0$"),
    ],
)
def test_limits_are_read_by_their_value(most, absurd, fault) -> None:
    values = {
        "station_voters": most, "absurd_voters": absurd, "ballot_reserve_permille": 25,
    }  # fmt: skip
    meaning = {"unit": "x", "meaning": {"id": "a", "en": "a"}}
    data = {"limits": {key: {"value": value, **meaning} for key, value in values.items()}}
    if fault is None:
        assert rules.parse_limits(data) == rules.Limits(most, absurd, 25)
        return
    with pytest.raises(ValueError, match=fault):
        rules.parse_limits(data)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 9, 24), When.AHEAD),
        (date(2024, 9, 25), When.NOW),
        (date(2024, 11, 23), When.NOW),
        (date(2024, 11, 24), When.PAST),
    ],
)
def test_a_stage_runs_on_both_of_its_days(today, expected) -> None:
    assert rules.when(date(2024, 9, 25), date(2024, 11, 23), today) is expected


def test_a_stage_without_a_start_has_begun() -> None:
    assert rules.when(None, date(2024, 1, 26), date(2000, 1, 1)) is When.NOW


def test_contests_follow_from_the_kind_of_place() -> None:
    kinds = queries.contest_kinds()
    offices = {
        (code, region): kind.office if (kind := kinds.at(PlaceCode(code), region)) else None
        for code, region in (
            ("16", "PROVINCE"), ("16.02", "REGENCY"), ("16.71", "CITY"), ("34", "PROVINCE"),
            ("31.71", "ADMINISTRATIVE_CITY"), ("16.02.14", "DISTRICT"),
        )
    }  # fmt: skip
    assert list(offices.values()) == ["GOVERNOR", "REGENT", "MAYOR", None, None, None]


# --- ballots

A = Pair(1, "Ani", "Budi")
B = Pair(2, "Cici", "Dedi")
BLANK = Pair(2, is_blank_column=True)


@pytest.mark.parametrize(
    ("pairs", "fault"),
    [
        ([], None),
        ([A, B], None),
        ([A, BLANK], None),
        ([A], "single_pair_needs_a_blank_column"),
        ([A, B, Pair(3, is_blank_column=True)], "blank_column_needs_a_single_pair"),
        ([Pair(1, is_blank_column=True)], "blank_column_needs_a_single_pair"),
        ([A, BLANK, Pair(3, is_blank_column=True)], "single_pair_needs_a_blank_column"),
        ([A, Pair(1, "Cici", "Dedi")], "ballot_number_is_given_twice"),
        ([Pair(0, "Ani", "Budi"), B], "ballot_number_is_not_positive"),
        ([Pair(1, "Ani", " "), B], "pair_needs_two_names"),
        ([Pair(1, " ", "Budi"), B], "pair_needs_two_names"),
        ([A, Pair(2, " ani", "Cici")], "candidate_runs_twice"),
        ([A, Pair(2, "Cici", "Budi  Ani")], None),
        ([A, Pair(2, is_blank_column=True, deputy_name="X")], "blank_column_has_no_names"),
        ([A, Pair(2, "Cici", "Budi ")], "candidate_runs_twice"),
        ([A, Pair(2, "X", is_blank_column=True)], "blank_column_has_no_names"),
    ],
)
def test_what_a_ballot_must_hold(pairs, fault) -> None:
    assert rules.fault_of_ballot(pairs) == fault


@pytest.mark.parametrize(
    ("station", "fault"),
    [
        (row("16.02.14.2001.001", 300, 300), None),
        (row("16.02.14.2001.001", 0, 0), "station_has_no_voters"),
        (row("16.02.14.2001.001", 0, 1), None),
        (row("16.02.14.2001.001", -1, 10), "voters_are_negative"),
        (row("16.02.14.2001.001", 10, -1), "voters_are_negative"),
        (row("16.02.14.2001.001", -1, 1), "voters_are_negative"),
        (row("16.02.14.2001.001", 301, 300, over_limit_reason=" "),
         "voters_over_limit_need_a_reason"),
        (row("16.02.14.2001.001", 2500, 2500, over_limit_reason="Lapas"), None),
        (row("16.02.14.2001.001", 301, 300), "voters_over_limit_need_a_reason"),
        (row("16.02.14.2001.001", 301, 300, over_limit_reason="Lapas"), None),
        (row("16.02.14.2001.001", 5001, 0, over_limit_reason="Lapas"), "voters_are_absurd"),
    ],
)  # fmt: skip
def test_what_a_stations_figures_must_hold(station, fault) -> None:
    assert rules.fault_of_station(station, limits=LIMITS) == fault


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (date(2024, 10, 28), None),
        (date(2024, 10, 29), "list_lies_ahead"),
        (date(9999, 12, 31), "list_lies_ahead"),
        (date(2019, 1, 1), None),
        (date(2018, 12, 31), "list_is_too_old"),
    ],
)
def test_a_list_is_of_a_day_that_can_be(day, fault) -> None:
    assert rules.fault_of_list_date(day, today=date(2024, 10, 28)) == fault


def test_the_digest_of_a_list_tells_each_of_its_figures_and_not_its_order() -> None:
    one, other = row("16.02.14.2001.001", 3, 4), row("16.02.14.2001.002", 5, 6)
    known = rules.digest([one, other])
    assert rules.digest([other, one]) == known
    changed = [
        row("16.02.14.2001.003", 3, 4),
        row("16.02.14.2001.001", 4, 4),
        row("16.02.14.2001.001", 3, 5),
        row("16.02.14.2001.001", 3, 4, special_location="Lapas"),
        row("16.02.14.2001.001", 3, 4, over_limit_reason="Lapas"),
    ]
    assert len({known, *(rules.digest([r, other]) for r in changed)}) == 6
    assert rules.digest([]) == sha256(b"").hexdigest()
    assert rules.digest([replace(one, special_location="Lapas", over_limit_reason="Penuh")]) == (
        sha256(b"16.02.14.2001.001\t3\t4\tLapas\tPenuh\n").hexdigest()
    )


# --- spreading

VILLAGES = {
    PlaceCode("16.02"): [Village(PlaceCode(f"16.02.14.2{n:03}"), False) for n in range(1, 40)],
    PlaceCode("16.71"): [Village(PlaceCode(f"16.71.02.1{n:03}"), True) for n in range(1, 15)],
}


@given(
    parts=st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 700)), min_size=1, max_size=60),
    share=st.floats(0, 1),
    least=st.integers(0, 3),
)
def test_parts_are_exact_and_within_what_they_hold(parts, share, least) -> None:
    weights, most = [w for w, _ in parts], [m for _, m in parts]
    total = int(sum(most) * share)
    found = apportion(total, weights, most, least=least)
    assert sum(found) == total
    assert all(0 <= part <= m for part, m in zip(found, most, strict=True))
    if least * len(most) <= total:
        assert all(part >= min(least, m) for part, m in zip(found, most, strict=True))


@pytest.mark.parametrize(
    ("total", "weights", "most", "least", "parts"),
    [
        (0, [], [], 0, []),
        (10, [1, 1], [5, 5], 0, [5, 5]),
        (10, [3, 1], [10, 10], 0, [8, 2]),  # 7.5 and 2.5: the earlier gets the remainder
        (10, [1, 2], [10, 10], 0, [3, 7]),  # 3.33 and 6.67: the larger remainder gets it
        (10, [1, 1, 1], [10, 10, 10], 0, [4, 3, 3]),
        (10, [3, 1], [5, 10], 0, [5, 5]),  # what a full part cannot take goes to the other
        (12, [6, 2, 1], [4, 9, 9], 0, [4, 6, 2]),
        (4, [0, 0], [9, 9], 0, [2, 2]),
        (5, [0, 0], [9, 9], 0, [3, 2]),
        (5, [0, 1], [9, 9], 0, [0, 5]),
        (5, [0, 1], [9, 3], 0, [2, 3]),
        (5, [0, 1], [9, 9], 1, [1, 4]),
        (2, [0, 1], [9, 9], 1, [1, 1]),
        (1, [0, 1], [9, 9], 1, [0, 1]),  # not enough for everybody's least
        (5, [1, 1], [1, 9], 2, [1, 4]),
    ],
)
def test_parts_follow_their_weights(total, weights, most, least, parts) -> None:
    assert apportion(total, weights, most, least=least) == parts


def test_a_total_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^-1 does not fit into 1 parts that hold 5$"):
        apportion(-1, [1], [5])


def test_urban_villages_get_more_stations() -> None:
    mixed = [Village(PlaceCode(f"16.02.14.2{n:03}"), n % 2 == 0) for n in range(1, 41)]
    published = Published(30_000, 30_000, {PlaceCode("16.02"): Size(400, 60_000)}, "test")
    rows = rules.spread_stations({PlaceCode("16.02"): mixed}, published, limits=LIMITS)
    urban = sum(int(r.code[10:13]) % 2 == 0 for r in rows)
    assert 300 < urban < 340  # 4 to 1
    assert {r.code[14:] for r in rows if r.code.startswith("16.02.14.2001")} >= {"001", "002"}
    shares = [r.male / r.total for r in rows]
    assert max(shares) - min(shares) < 0.1
    sizes = [r.total for r in rows]
    assert 100 < min(sizes) < 130 < 170 < max(sizes) < 200


def test_no_village_is_left_without_a_station() -> None:
    mixed = [Village(PlaceCode(f"16.02.14.2{n:03}"), n % 4 == 0) for n in range(1, 41)]
    published = Published(2000, 2000, {PlaceCode("16.02"): Size(40, 4000)}, "test")
    rows = rules.spread_stations({PlaceCode("16.02"): mixed}, published, limits=LIMITS)
    assert {r.code for r in rows} == {f"{v.code}.001" for v in mixed}


def test_the_demonstrations_stations_stay_what_they_are() -> None:
    published = Published(3000, 3100, {PlaceCode("16.71"): Size(20, 6100)}, "test")
    rows = rules.spread_stations(VILLAGES, published, limits=LIMITS)
    assert [(r.code, r.male, r.female) for r in rows[:3]] == [
        ("16.71.02.1001.001", 115, 113),
        ("16.71.02.1001.002", 169, 172),
        ("16.71.02.1002.001", 178, 181),
    ]
    assert rules.digest(rows).startswith("47c4830310c99f29")


def test_published_voters_add_up_by_sex() -> None:
    size = {PlaceCode("16.02"): Size(1, 300), PlaceCode("16.07"): Size(1, 301)}
    assert Published(300, 301, size, "test").female == 301
    with pytest.raises(ValueError, match=r"^601 by regency, 600 by sex$"):
        Published(300, 300, size, "test")


def test_noise_is_the_same_on_every_machine() -> None:
    assert [rules._noise(key, 1000) for key in ("a", "b", "16.02")] == [610, 566, 672]
    assert rules._noise("a", 1) == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apportion(11, [1, 1], [5, 5])


@given(
    stations=st.tuples(st.integers(39, 300), st.integers(14, 200)),
    filling=st.floats(0.05, 1),
    men=st.floats(0.3, 0.7),
)
def test_spread_stations_have_the_published_sums(stations, filling, men) -> None:
    regencies = {
        code: Size(count, max(count, int(count * 600 * filling)))
        for code, count in zip(VILLAGES, stations, strict=True)
    }
    voters = sum(size.voters for size in regencies.values())
    male = int(voters * men)
    published = Published(male, voters - male, regencies, "test")
    rows = rules.spread_stations(VILLAGES, published, limits=LIMITS)
    for regency, size in regencies.items():
        own = [r for r in rows if r.code.startswith(regency)]
        assert (len(own), sum(r.total for r in own)) == (size.stations, size.voters)
        assert {r.code[:13] for r in own} == {v.code for v in VILLAGES[regency]}
    assert sum(r.male for r in rows) == male
    assert len({r.code for r in rows}) == len(rows)
    assert all(rules.fault_of_station(r, limits=LIMITS) is None for r in rows)
    assert all(r.total >= 1 for r in rows)
    assert rows == rules.spread_stations(VILLAGES, published, limits=LIMITS)


def test_voters_that_no_station_can_hold_are_refused() -> None:
    published = Published(601, 0, {PlaceCode("16.02"): Size(1, 601)}, "test")
    with pytest.raises(ValueError, match="does not fit"):
        rules.spread_stations(VILLAGES, published, limits=LIMITS)
    nowhere = Published(1, 0, {PlaceCode("16.99"): Size(1, 1)}, "test")
    with pytest.raises(ValueError, match="does not fit"):
        rules.spread_stations(VILLAGES, nowhere, limits=LIMITS)


def test_the_published_figures_add_up() -> None:
    published = queries.published()[PlaceCode("16")]
    assert len(published.regencies) == 17
    assert sum(size.stations for size in published.regencies.values()) == 13_206
    assert published.male + published.female == 6_382_739
    data = {"provinces": {"16": {"male": 1, "female": 1, "source": "x", "regencies": {
        "16.02": {"stations": 1, "voters": 3}}}}}  # fmt: skip
    with pytest.raises(ValueError, match="3 by regency, 2 by sex"):
        rules.parse_published(data)
