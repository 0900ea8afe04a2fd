"""Rules: who may say what to whom, which role fits where, how institutions are called."""

from datetime import date

import pytest

from serentak.institutions import queries, rules
from serentak.institutions.rules import HolderStatus, Party, Verb, Where
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import read

V = Verb
REQUESTS = {V.REQUEST, V.COORDINATION}
REPORTS = {V.REPORT, V.REQUEST, V.COORDINATION}
ORDERS = set(Verb) - {V.REPORT}
STEERS_REGENT = {
    V.DIRECTIVE, V.CIRCULAR, V.GUIDANCE, V.REMINDER, V.REPRIMAND, V.REQUEST, V.COORDINATION,
}  # fmt: skip


def party(kind: str, *places: str) -> Party:
    codes = tuple(PlaceCode(p) for p in places)
    return Party(kind, queries.kinds().by_key[kind].family, level_of(codes[0]), codes)


def said(sender: Party, receiver: Party) -> set[Verb]:
    return set(rules.verbs(sender, receiver, queries.relations()))


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        # the governor steers regents and own agencies
        (("GOVERNOR", "16"), ("REGENT", "16.02"), STEERS_REGENT),
        (("GOVERNOR", "16"), ("SECRETARY", "16"), ORDERS),
        (("GOVERNOR", "16"), ("GOVERNOR_DESK", "16"), ORDERS),
        # another province's regent, a regent's own agency: no line
        (("GOVERNOR", "16"), ("REGENT", "18.01"), set()),
        (("GOVERNOR", "16"), ("DISHUB", "16.02"), REQUESTS),
        # never a command to bodies that decide for themselves
        (("GOVERNOR", "16"), ("KPU", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("KPU", "16.02"), REQUESTS),
        (("GOVERNOR", "16"), ("PPK", "16.02.14"), REQUESTS),
        (("GOVERNOR", "16"), ("BAWASLU", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("POLICE", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("POLICE", "16.02"), REQUESTS),
        (("GOVERNOR", "16"), ("ARMY", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("ARMY_COMMAND", "16", "17"), REQUESTS),
        (("GOVERNOR", "16"), ("PROSECUTOR", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("PLN", "16"), REQUESTS),
        (("GOVERNOR", "16"), ("BKN", "16"), REQUESTS),
        (("REGENT", "16.02"), ("KPU", "16.02"), REQUESTS),
        (("REGENT", "16.02"), ("POLICE", "16.02"), REQUESTS),
        # upward and downward
        (("REGENT", "16.02"), ("GOVERNOR", "16"), REPORTS),
        (("GOVERNOR_DESK", "16"), ("REGENT_DESK", "16.02"), REPORTS),
        (("REGENT", "16.02"), ("CAMAT", "16.02.14"), ORDERS),
        (("REGENT", "16.02"), ("DISHUB", "16.02"), ORDERS),
        (("REGENT", "16.02"), ("VILLAGE_HEAD", "16.02.14.2001"), STEERS_REGENT - {V.DIRECTIVE}),
        (("REGENT", "16.07"), ("CAMAT", "16.02.14"), set()),
        (("KPU", "16"), ("KPU", "16.02"), ORDERS | {V.REPORT}),
        (("KPU", "16.02"), ("KPU", "16"), REPORTS),
        (("KPU", "16.02"), ("PPK", "16.02.14"), ORDERS | {V.REPORT}),
        (("BAWASLU", "16"), ("KPU", "16"), REPORTS),
        (("POLICE", "16"), ("POLICE", "16.02"), ORDERS | {V.REPORT}),
        (("ARMY_COMMAND", "16", "17"), ("ARMY", "16"), ORDERS | {V.REPORT}),
        (("KPU", "16"), ("GOVERNOR", "16"), REPORTS),
        (("BKN", "16"), ("REGENT", "16.02"), REPORTS | {V.REMINDER}),
        # an army command of two regencies stands beside both
        (("REGENT", "16.10"), ("ARMY", "16.02", "16.10"), REQUESTS),
    ],
)
def test_who_may_say_what_to_whom(sender, receiver, expected) -> None:
    assert said(party(*sender), party(*receiver)) == expected


def test_no_head_of_region_or_desk_commands_an_independent_body() -> None:
    kinds = queries.kinds().by_key
    rulers = [k for k in kinds.values() if k.family in {"HEAD_OF_REGION", "DESK", "OWN_AGENCY"}]
    for ruler in rulers:
        for body in kinds.values():
            if body.independent:
                for own in ("16", "16.02"):
                    verbs = said(party(ruler.key, own), party(body.key, "16.02"))
                    assert not verbs & rules.STEERING, (ruler.key, body.key)


@pytest.mark.parametrize(
    ("where", "sender", "receiver", "holds"),
    [
        (Where.SAME, ("KPU", "16.02"), ("BAWASLU", "16.02"), True),
        (Where.SAME, ("KPU", "16.02"), ("BAWASLU", "16.07"), False),
        (Where.BELOW, ("KPU", "16"), ("PPK", "16.02.14"), True),
        (Where.BELOW, ("KPU", "16.07"), ("PPK", "16.02.14"), False),
        (Where.ABOVE, ("PPK", "16.02.14"), ("KPU", "16.02"), True),
        (Where.ABOVE, ("KPU", "16.02"), ("PPK", "16.02.14"), False),
        (Where.ANY, ("KPU", "16.02"), ("KPU", "16.07"), False),
        (Where.ANY, ("KPU", "16.02"), ("BAWASLU", "16.02"), True),
        (Where.ANY, ("KPU", "16"), ("PPK", "16.02.14"), True),
        (Where.ANY, ("PPK", "16.02.14"), ("KPU", "16"), True),
        # who stands beside is neither below nor above
        (Where.BELOW, ("KPU", "16.02"), ("BAWASLU", "16.02"), False),
        (Where.ABOVE, ("KPU", "16.02"), ("BAWASLU", "16.02"), False),
        (Where.ABOVE, ("PPK", "16.02.14"), ("KPU", "16.07"), False),
    ],
)
def test_how_the_receiver_stands(where, sender, receiver, holds) -> None:
    assert rules.stands(party(*sender), party(*receiver), where) is holds


def test_an_order_to_an_independent_body_is_refused_by_the_loader() -> None:
    data = {
        "verbs": {v: {"id": "x", "en": "x"} for v in Verb},
        "relations": [
            {
                "from": ["GOVERNOR"], "to": ["COMMISSION"], "where": "SAME",
                "verbs": ["INSTRUCTION", "DIRECTIVE"], "ground": "none", "confidence": "L",
            },
            {
                "from": ["NOBODY"], "to": ["KPU"], "where": "SAME",
                "verbs": ["REQUEST"], "ground": "none", "confidence": "L",
            },
        ],
    }  # fmt: skip
    with pytest.raises(ValueError, match="KPU decides for itself") as fault:
        rules.parse_relations(data, kinds=queries.kinds())
    assert "row 2: NOBODY is unknown" in str(fault.value)
    assert "takes no DIRECTIVE/INSTRUCTION from HEAD_OF_REGION" in str(fault.value)


def test_kinds_name_themselves_by_level_and_region() -> None:
    kinds = queries.kinds()
    regent = kinds.by_key["REGENT"]
    for region, title in (("REGENCY", "Bupati Banyuasin"), ("CITY", "Wali Kota Banyuasin")):
        level = regent.at(Level.REGENCY, region=region)
        assert level is not None
        assert level.office is not None
        assert kinds.named(level.office, region=region, name="Banyuasin", language="id") == title
    assert regent.at(Level.PROVINCE, region="PROVINCE") is None
    administrative = regent.at(Level.REGENCY, region="ADMINISTRATIVE_CITY")
    assert administrative == regent.at(Level.REGENCY, region="CITY")
    assert administrative != regent.at(Level.REGENCY, region="REGENCY")


def test_the_catalogue_has_every_kind_that_readiness_names() -> None:
    expected = [
        "GOVERNOR",
        "REGENT",
        "GOVERNOR_DESK",
        "REGENT_DESK",
        "SECRETARY",
        "TREASURY",
        "KPU",
        "BAWASLU",
        "PPK",
        "PPS",
        "KPPS",
        "PANWASCAM",
        "PKD",
        "POLICE",
        "ARMY",
        "PROSECUTOR",
        "DUKCAPIL",
        "DISKOMINFO",
        "DISHUB",
        "DINKES",
        "BPBD",
        "SATPOL_PP",
        "BKD",
        "DPMD",
        "KESBANGPOL",
        "GOVERNMENT_BUREAU",
        "INSPECTORATE",
        "PLN",
        "TELECOMS",
        "POST",
        "PRISONS",
        "BKN",
        "BMKG",
        "CAMAT",
        "VILLAGE_HEAD",
    ]
    assert set(expected) <= set(queries.kinds().by_key)


def test_a_place_gets_its_institutions_and_seats_replace_the_pattern() -> None:
    places = [
        (PlaceCode("16.02"), "REGENCY", "Ogan Komering Ilir"),
        (PlaceCode("16.10"), "REGENCY", "Ogan Ilir"),
        (PlaceCode("16.71"), "CITY", "Palembang"),
        (PlaceCode("16.02.14.2001"), "VILLAGE", "Nusa Karta"),
    ]
    plan = rules.planned(places, kinds=queries.kinds(), seats=queries.seats())
    by_key = {(p.kind, p.seat): p for p in plan}
    army = by_key["ARMY", PlaceCode("16.02")]
    assert army.name["id"] == "Kodim 0402/Ogan Komering Ilir"
    assert army.places == ("16.02", "16.10")
    assert army.office is not None
    assert army.office["id"] == "Komandan Kodim 0402/Ogan Komering Ilir"
    mayor = by_key["REGENT", PlaceCode("16.71")]
    assert (mayor.level, mayor.short, mayor.places) == (Level.REGENCY, "Wali Kota", ("16.71",))
    assert mayor.office == {"id": "Wali Kota Palembang", "en": "Mayor of Palembang"}
    assert by_key["FORKOPIMDA", PlaceCode("16.02")].office is None
    assert ("ARMY", "16.10") not in by_key
    assert by_key["POLICE", PlaceCode("16.71")].name["id"] == "Polrestabes Palembang"
    assert by_key["KPU", PlaceCode("16.71")].name == {
        "id": "KPU Kota Palembang",
        "en": "Election Commission of Palembang City",
    }
    assert [p.kind for p in plan if p.seat == "16.02.14.2001"] == ["VILLAGE_HEAD", "PPS", "PKD"]


def test_roles_fit_only_their_kinds() -> None:
    roles, kinds = queries.roles(), queries.kinds().by_key
    assert rules.fits(roles["COMMISSION_OFFICER"], kinds["KPU"])
    assert not rules.fits(roles["COMMISSION_OFFICER"], kinds["GOVERNOR_DESK"])
    assert rules.fits(roles["SUPERVISOR_OFFICER"], kinds["PANWASCAM"])  # by its family
    assert not any(rules.fits(role, kinds["KPU"]) for key, role in roles.items() if "DESK" in key)


def test_nobody_but_the_commission_writes_stations() -> None:
    holders = {
        k for k, r in queries.roles().items() if "elections.IMPORT_STATIONS" in r.permissions
    }
    assert holders == {"COMMISSION_OFFICER"}


ROLE = {"label": {"id": "x", "en": "x"}, "may": {"id": "x", "en": "x"}, "kinds": ["KPU"]}


@pytest.mark.parametrize(
    ("sets", "role", "fault"),
    [
        ({"A": ["B"], "B": ["A"]}, {"sets": ["A"]}, "A is no set, or holds itself"),
        ({"A": []}, {"sets": ["B"]}, "B is no set, or holds itself"),
        ({"R": []}, {"sets": []}, "R is both a set and a role"),
        (
            {},
            {"sets": [], "kinds": ["GUILD"]},
            "roles: R: kinds: 1: 'GUILD' stands nowhere under kinds",
        ),
    ],
)
def test_roles_that_cannot_be_read_are_refused(sets, role, fault) -> None:
    data = {"sets": sets, "roles": {"R": ROLE | role}}
    with pytest.raises(ValueError, match=fault):
        rules.parse_roles(data, kinds=queries.kinds())


def _roles() -> rules.Roles:
    """Return a role R with the set A, which includes B; the set C is nobody's."""
    sets = {"A": ["B"], "B": [], "C": []}
    return rules.parse_roles(
        {"sets": sets, "roles": {"R": ROLE | {"sets": ["A"]}, "S": ROLE | {"sets": []}}},
        kinds=queries.kinds(),
    )


@pytest.mark.parametrize(
    ("by", "bearers"),
    [
        (["R"], {"R"}),
        (["A"], {"R"}),
        (["B"], {"R"}),
        (["C"], set()),
        (["S"], {"S"}),
        (["B", "S"], {"R", "S"}),
        ([], set()),
    ],
)
def test_a_role_holds_what_is_given_to_it_or_to_its_sets(by, bearers) -> None:
    roles, name = _roles(), "desk.PAINT"
    held = rules.parse_held({"permissions": {name: by}}, roles=roles, declared={name})
    found = rules.with_permissions(roles, [{}, held]).values()
    assert {role.key for role in found if name in role.permissions} == bearers


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"desk.PANIT": ["R"]}, "desk.PANIT: no permission is called so"),
        ({"desk.PAINT": ["READ", "R"]}, "desk.PAINT: READ is neither a set nor a role"),
    ],
)
def test_what_is_given_in_vain_is_refused(given, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        rules.parse_held({"permissions": given}, roles=_roles(), declared={"desk.PAINT"})


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (HolderStatus.DEFINITIVE, "Bupati Ogan Ilir"),
        (HolderStatus.PJ, "Pj. Bupati Ogan Ilir"),
        (HolderStatus.PJS, "Pjs. Bupati Ogan Ilir"),
        (HolderStatus.PLT, "Plt. Bupati Ogan Ilir"),
        (HolderStatus.PLH, "Plh. Bupati Ogan Ilir"),
    ],
)
def test_the_status_stands_before_the_office(status, title) -> None:
    assert rules.holder_title("Bupati Ogan Ilir", status) == title


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ((date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 1, 31), None), True),
        ((date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 2, 1), None), False),
        ((None, date(2024, 1, 31)), (None, date(2023, 1, 1)), True),
        ((None, None), (date(2024, 2, 1), date(2024, 2, 1)), True),
    ],
)
def test_periods_that_share_a_day_overlap(one, other, share) -> None:
    assert rules.periods_overlap(*one, *other) is share
    assert rules.periods_overlap(*other, *one) is share


@pytest.mark.parametrize(
    ("from_date", "to_date", "ended"),
    [
        (date(2024, 1, 2), date(2024, 1, 1), True),
        (date(2024, 1, 2), date(2024, 1, 2), False),
        (date(2024, 1, 2), date(2024, 1, 3), False),
        (date(2024, 1, 2), None, False),
        (None, date(2024, 1, 1), False),
        (None, None, False),
    ],
)
def test_a_period_of_one_day_is_one(from_date, to_date, ended) -> None:
    assert rules.ended_before_start(from_date, to_date) is ended


def test_what_lies_in_no_place_of_a_jurisdiction_is_outside() -> None:
    places = [PlaceCode(code) for code in ("16", "16.02", "16.07.19", "16.08", "17")]
    area = [PlaceCode("16.02"), PlaceCode("16.07")]
    assert rules.outside(places, area) == ["16", "16.08", "17"]
    assert rules.outside(places, []) == places
    assert rules.outside([], area) == []


def test_the_known_holders_tell_who_governed_on_the_day_of_the_scene() -> None:
    day = date(2024, 10, 28)
    today = [
        h
        for h in queries.known_holders()
        if (h.from_date or date.min) <= day <= (h.to_date or date.max)
    ]
    status = {h.place: h.status for h in today}
    assert len(status) == 17  # the governor and 16 of 17: who governed 16.12 was not found
    assert sorted(p for p, s in status.items() if s is HolderStatus.PJS) == [
        "16.05", "16.08", "16.10",
    ]  # fmt: skip
    assert [p for p, s in status.items() if s is HolderStatus.PLT] == ["16.13"]
    assert sum(s is HolderStatus.PJ for s in status.values()) == 12  # 11 and the governor


def test_known_holders_that_overlap_are_refused() -> None:
    row = {"place": "16.02", "person": "a", "status": "PJ", "source": "x", "confidence": "L"}
    data = {"holders": [row, {**row, "from": date(2024, 1, 1)}]}
    with pytest.raises(ValueError, match="overlaps another period"):
        rules.parse_holders(data)


PERIOD = {"place": "16.02", "person": "a", "status": "PJ", "source": "x", "confidence": "L"}


def test_a_known_holder_does_not_end_before_the_start() -> None:
    wrong = {**PERIOD, "from": date(2024, 2, 1), "to": date(2024, 1, 31)}
    with pytest.raises(
        ValueError, match=r"holders: 1: 16\.02: 2024-02-01 to 2024-01-31 ends before"
    ):
        rules.parse_holders({"holders": [wrong]})
    one_day = {**PERIOD, "from": date(2024, 2, 1), "to": date(2024, 2, 1)}
    assert len(rules.parse_holders({"holders": [one_day]})) == 1


@pytest.mark.parametrize("place", ["16.02", "16.07"])
def test_periods_after_one_another_or_elsewhere_do_not_overlap(place: str) -> None:
    first = {**PERIOD, "to": date(2024, 1, 31)}
    second = {**PERIOD, "place": place, "from": date(2024, 2, 1), "to": date(2024, 2, 29)}
    third = {**PERIOD, "place": place, "from": date(2024, 3, 1)}
    for known in ([first, second, third], [third, second, first], [second, third, first]):
        assert len(rules.parse_holders({"holders": known})) == 3


SEAT = {"kind": "ARMY", "seat": "16.02", "name": {"id": "Kodim", "en": "Command"}, "source": "x"}


@pytest.mark.parametrize(
    ("seats", "fault"),
    [
        ([{**SEAT, "places": ["16.02", "16"]}],
         "^institutions: 1: Kodim: its places must be of one level and hold its seat$"),
        ([{**SEAT, "places": ["16.07"]}], "must be of one level and hold its seat"),
        ([SEAT, SEAT], "^ARMY at 16.02 is named twice$"),
        ([{**SEAT, "places": ["16.02", "16.07"]}, {**SEAT, "seat": "16.07"}],
         "^ARMY at 16.07 is named twice$"),
        ([{**SEAT, "kind": "NAVY"}], "'NAVY' stands nowhere under kinds"),
    ],
)  # fmt: skip
def test_a_seat_that_cannot_be_is_refused(seats: list[dict], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        rules.parse_seats({"institutions": seats}, kinds=queries.kinds())


def test_seats_of_two_kinds_may_cover_one_place() -> None:
    found = rules.parse_seats(
        {"institutions": [SEAT, {**SEAT, "kind": "POLICE"}]}, kinds=queries.kinds()
    )
    assert [seat.places for seat in found] == [("16.02",), ("16.02",)]


def test_a_kind_stands_on_known_levels() -> None:
    text = {"id": "a", "en": "b"}
    kind = {
        "family": "X", "label": text, "source": "x", "confidence": "L",
        "levels": {"SHIRE": {"name": text, "short": "a"}},
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"^kinds: A: levels: SHIRE: is no level$"):
        read(rules.Kinds, {"families": {"X": text}, "regions": {}, "kinds": {"A": kind}})


def test_a_text_that_a_comma_cut_is_refused() -> None:
    data = {"families": {"X": {"id": "Satu", "dan dua": None, "en": "One"}}, "regions": {}}
    with pytest.raises(ValueError, match="a text with a comma needs quotes"):
        read(rules.Kinds, {**data, "kinds": {}})
