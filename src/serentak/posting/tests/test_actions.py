"""What is written about posts, strength, plans and reserves; what is refused leaves nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.posting import actions
from serentak.posting.actions import Presence
from serentak.posting.models import (
    Force,
    OwnPattern,
    Placing,
    Plan,
    PlanRow,
    Post,
    Reinforcement,
    ReserveMove,
    RollCall,
)
from serentak.posting.queries.need import lines, strengths
from serentak.posting.queries.plans import inputs_under, is_outdated, uncovered_by
from serentak.posting.queries.posts import waiting
from serentak.posting.rules import Posted, PostKind, SentEvent, StationClass, Unit
from serentak.vulnerability.public import StationClass as Given
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast

from .builders import (
    HIGHLY,
    KAYU_AGUNG,
    STATIONS,
    adopted,
    army,
    classify,
    know_of,
    plan,
    police,
    polres,
    polsek,
    set_up_stations,
    tell,
)


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_stations()


def events(name: str = "") -> list[tuple[str, dict[str, Any]]]:
    rows = apps.get_model("platform.AuditEvent").objects.filter(name__startswith="posting.")
    found = [(row.name.partition(".")[2], row.facts) for row in rows.order_by("id")]
    return [one for one in found if name in ("", one[0])]


# --- posts


def test_posts_are_told_and_told_anew_by_name(cast: Cast) -> None:
    rows = tell(polsek(), polres())
    assert [(row.name, row.officers, row.version) for row in rows] == [
        ("Polsek Air Sugihan", 6, 1),
        ("Polres OKI", 4, 1),
    ]
    rows = tell(polsek(name="POLSEK AIR  SUGIHAN", officers=9, serves=(AIR_SUGIHAN, KAYU_AGUNG)))
    assert [(row.officers, row.version) for row in rows] == [(9, 2), (4, 1)]
    served = [row.place_id for row in rows[0].regions.order_by("place")]
    assert served == [KAYU_AGUNG, AIR_SUGIHAN]
    assert [facts["posts"] for _, facts in events("PostsTold")] == [2, 1]
    assert strengths(OKI)[OKI].own == 13


@pytest.mark.parametrize(
    ("posts", "code", "field"),
    [
        ([], "no_post_is_named", None),
        ([polsek(officers=-1)], "number_is_below_zero", "officers"),
        ([polsek(boats=-2)], "number_is_below_zero", "boats"),
        ([polsek(officers=20_001)], "number_is_absurd", "officers"),
        ([polsek(shifts=0)], "shifts_are_one_to_three", "shifts"),
        ([polsek(shifts=4)], "shifts_are_one_to_three", "shifts"),
        ([polsek(name=" ")], "post_needs_a_name", "name"),
        ([polsek(lat=-3.0)], "point_lies_nowhere", "lat"),
        ([polsek(lat=-300.0, lon=1.0)], "point_lies_nowhere", "lat"),
        ([polsek(place=PROVINCE)], "post_stands_in_a_regency_or_district", "place"),
        ([polsek(place=PlaceCode("16.02.99"))], "place_is_unknown", "place"),
        ([polsek(serves=(PALEMBANG,))], "region_lies_elsewhere", "serves"),
        ([polsek(serves=(PlaceCode("16.02.98"),))], "place_is_unknown", "serves"),
        ([polsek(), polsek(place=KAYU_AGUNG)], "post_is_counted_twice", "name"),
    ],
)
def test_a_post_that_does_not_hold_is_refused_and_nothing_is_told(
    cast: Cast, posts: list[Posted], code: str, field: str | None
) -> None:
    fine = [polres()] if posts else []
    if posts and posts[0].place == PROVINCE:
        posts = [replace(posts[0], serves=())]
    with pytest.raises(Refused) as caught:
        actions.import_posts(posts=[*fine, *posts], actor=SYSTEM, at=AT)
    assert (caught.value.code, caught.value.field) == (f"posting.{code}", field)
    assert not Post.objects.exists()
    assert not events()


def test_each_force_keeps_its_own_posts_and_its_own_area(cast: Cast) -> None:
    kodim = Posted(place=OKI, kind=PostKind.KODIM, name="Kodim 0402", officers=40)
    andi, bagus = police().viewer, army().viewer
    actions.import_posts(posts=[polsek()], actor=andi, at=AT)
    actions.import_posts(posts=[kodim], actor=bagus, at=AT)
    for post, viewer in ((kodim, andi), (polsek(), bagus)):
        with pytest.raises(Refused, match="post_is_of_another"):
            actions.import_posts(posts=[post], actor=viewer, at=AT)
    elsewhere = Posted(place=PALEMBANG, kind=PostKind.POLRES, name="Polrestabes", officers=9)
    for viewer, post in (
        (andi, elsewhere),
        (cast.governor_desk.viewer, polsek()),
        (cast.supervisor.viewer, polsek()),
        (cast.observer.viewer, polsek()),
    ):
        with pytest.raises(OutOfScope):
            actions.import_posts(posts=[post], actor=viewer, at=AT)
    assert strengths(OKI)[OKI].own == 6, "the army does not stand at stations"


def test_one_post_is_changed_by_who_saw_it_and_never_into_another(cast: Cast) -> None:
    first, second = tell(polsek(), polsek(KAYU_AGUNG, "Polsek Kayu Agung"))
    save: Callable[..., int] = actions.save_post
    given: dict[str, Any] = {"post_id": first.pk, "actor": police().viewer, "at": AT}
    save(**given, version=1, posted=polsek(officers=8, shifts=2))
    assert strengths(OKI)[OKI].own == 4 + 6
    with pytest.raises(Conflict):
        save(**given, version=1, posted=polsek())
    with pytest.raises(Refused, match="post_is_counted_twice"):
        save(**given, version=2, posted=polsek(name=second.name))
    with pytest.raises(Refused, match="post_is_counted_twice"):
        save(posted=polsek(), actor=SYSTEM, at=AT)
    actions.close_post(post_id=first.pk, version=2, actor=SYSTEM, at=AT)
    with pytest.raises(Conflict):
        actions.close_post(post_id=first.pk, version=3, actor=SYSTEM, at=AT)
    with pytest.raises(Conflict):
        save(**given, version=3, posted=polsek())
    assert strengths(OKI)[OKI].own == 6
    save(posted=polsek(), actor=SYSTEM, at=AT)
    assert Post.objects.filter(is_closed=False).count() == 2


def test_the_roll_is_called_again_and_the_last_word_of_the_day_counts(cast: Cast) -> None:
    post, other = tell(polsek(), polres())
    andi = police().viewer
    actions.call_roll(calls=[Presence(post.pk, 6)], actor=andi, at=AT)
    actions.call_roll(calls=[Presence(post.pk, 4, 2, "Sakit")], actor=andi, at=AT)
    row = RollCall.objects.get()
    assert (row.present, row.absent, row.remark, row.on_date) == (4, 2, "Sakit", AT.date())
    late = AT + timedelta(hours=16)
    actions.call_roll(calls=[Presence(other.pk, 4)], actor=andi, at=late)
    assert RollCall.objects.get(post=other).on_date == AT.date() + timedelta(days=1)
    for present, absent, field in ((-1, 0, "present"), (1, -1, "absent")):
        with pytest.raises(Refused) as caught:
            actions.call_roll(calls=[Presence(post.pk, present, absent)], actor=andi, at=AT)
        assert caught.value.field == field
    for viewer in (cast.regent_desk.viewer, police(BANYUASIN).viewer):
        with pytest.raises(OutOfScope):
            actions.call_roll(calls=[Presence(post.pk, 6)], actor=viewer, at=AT)
    with pytest.raises(Refused):
        actions.call_roll(calls=[], actor=andi, at=AT)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": "😀"}, "name_cannot_be_printed", "name"),
        ({"name": "<script>alert(1)</script>"}, "name_cannot_be_printed", "name"),
        ({"name": "---"}, "name_cannot_be_printed", "name"),
        ({"lat": 3.4, "lon": 105.2}, "point_lies_elsewhere", "lat"),
        ({"as_of": date(2099, 1, 1)}, "day_is_far_off", "as_of"),
        ({"as_of": date(2001, 1, 1)}, "day_is_far_off", "as_of"),
    ],
)
def test_what_no_post_can_be_is_refused(
    cast: Cast, given: dict[str, Any], code: str, field: str
) -> None:
    for write in (
        lambda: actions.save_post(posted=polsek(**given), actor=SYSTEM, at=AT),
        lambda: actions.import_posts(posts=[polsek(**given)], actor=SYSTEM, at=AT),
    ):
        with pytest.raises(Refused, match=code) as refused:
            write()
        assert refused.value.faults[0].field == field
    assert not Post.objects.exists()


def test_a_name_turns_no_row_around(cast: Cast) -> None:
    (row,) = tell(polsek(name="Polsek \u202eAir\u0007 Sugihan (Pos 2)"))
    assert row.name == "Polsek Air Sugihan (Pos 2)"


def test_a_roll_call_counts_no_more_than_the_post_has(cast: Cast) -> None:
    post, *_ = tell(polsek(officers=10))
    with pytest.raises(Refused, match="more_than_the_post_has"):
        actions.call_roll(calls=[Presence(post.pk, 5, 5000)], actor=SYSTEM, at=AT)
    actions.call_roll(calls=[Presence(post.pk, 5, 5)], actor=SYSTEM, at=AT)
    assert RollCall.objects.count() == 1


@pytest.mark.parametrize("day", [date(2001, 1, 1), date(2024, 10, 1), date(2099, 1, 1)])
def test_reinforcements_come_around_the_vote(cast: Cast, day: date) -> None:
    with pytest.raises(Refused, match="day_of_arrival_is_far_off"):
        actions.reinforce(
            client_key=uuid4(), origin=PROVINCE, place=OKI, officers=5, day=day, actor=SYSTEM, at=AT
        )
    assert not Reinforcement.objects.exists()


def test_the_sum_holds_until_the_posts_are_complete(cast: Cast) -> None:
    actions.tell_force(place=OKI, officers=388, actor=SYSTEM, at=AT)
    tell(polsek(officers=60))
    line = lines(OKI)[OKI]
    assert (line.strength, line.is_named, line.named) == (388, False, 60)
    row = plan(reserve=0)
    assert row.strength == 388
    tell(polres(328))
    line = lines(OKI)[OKI]
    assert (line.strength, line.is_named) == (388, True)
    first = Post.objects.earliest("pk")
    actions.close_post(post_id=first.pk, version=first.version, actor=SYSTEM, at=AT)
    assert lines(OKI)[OKI].strength == 388
    actions.tell_force(place=OKI, officers=None, version=1, actor=SYSTEM, at=AT)
    assert lines(OKI)[OKI].strength == 328, "the police say that the posts are complete"


# --- patterns and strength


def pattern(**more: Any) -> None:
    given: dict[str, Any] = {
        "place": OKI, "station_class": StationClass.LESS, "unit": Unit.STATIONS, "officers": 2,
        "stations": 4, "reason": "TPS berjauhan", "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    actions.set_pattern(**given | more)


def test_a_regency_sets_a_pattern_of_its_own_and_goes_back(cast: Cast) -> None:
    # 12 less vulnerable in Kayu Agung, 4 in Air Sugihan: 2-8-16.
    assert lines(OKI)[OKI].need.officers[StationClass.LESS] == 4 + 2
    andi = police().viewer
    pattern(actor=andi)
    assert lines(OKI)[OKI].need.officers[StationClass.LESS] == 6 + 2
    with pytest.raises(Conflict):
        pattern(actor=andi)
    pattern(actor=andi, version=1, unit=Unit.DISTRICT, stations=0, officers=3)
    assert lines(OKI)[OKI].need.officers[StationClass.LESS] == 3 + 3
    actions.drop_pattern(place=OKI, station_class=StationClass.LESS, version=2, actor=andi, at=AT)
    assert lines(OKI)[OKI].need.officers[StationClass.LESS] == 6
    assert [facts["is_own"] for _, facts in events("PatternSet")] == [True, True, False]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"officers": 0}, "pattern_has_no_officers", "officers"),
        ({"officers": -3}, "pattern_has_no_officers", "officers"),
        ({"stations": 0}, "pattern_has_no_stations", "stations"),
        ({"unit": Unit.DISTRICT}, "pattern_of_a_district_counts_no_stations", "stations"),
        ({"station_class": StationClass.HIGHLY},
         "highly_vulnerable_stations_share_no_officers", "stations"),
        ({"reason": " "}, "who_sets_a_pattern_says_why", "reason"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_met_is_refused(
    cast: Cast, more: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        pattern(**more)
    assert (caught.value.code, caught.value.field) == (f"posting.{code}", field)
    assert not OwnPattern.objects.exists()
    assert not events()


def test_only_the_police_of_the_regency_set_a_pattern(cast: Cast) -> None:
    for viewer in (army().viewer, police(BANYUASIN).viewer, cast.regent_desk.viewer):
        with pytest.raises(OutOfScope):
            pattern(actor=viewer)
    with pytest.raises(OutOfScope):
        pattern(place=AIR_SUGIHAN)


def test_strength_in_sum_counts_where_no_post_is_named(cast: Cast) -> None:
    andi = police().viewer
    assert lines(OKI)[OKI].short is None, "nobody told anything"
    actions.tell_force(place=OKI, officers=7, source="Renops", actor=andi, at=AT)
    assert (lines(OKI)[OKI].strength, Force.objects.get().as_of) == (7, AT.date())
    tell(polsek(officers=8))
    assert lines(OKI)[OKI].strength == 8, "never both"
    for officers, code in ((-1, "number_is_below_zero"), (99_999, "number_is_absurd")):
        with pytest.raises(Refused, match=code):
            actions.tell_force(place=OKI, officers=officers, version=1, actor=andi, at=AT)
    with pytest.raises(Conflict):
        actions.tell_force(place=OKI, officers=9, version=0, actor=andi, at=AT)
    with pytest.raises(OutOfScope):
        actions.tell_force(place=BANYUASIN, officers=9, actor=andi, at=AT)
    actions.share_posts(place=OKI, is_shared=True, version=1, actor=andi, at=AT)
    assert Force.objects.get().is_shared
    with pytest.raises(OutOfScope):
        actions.share_posts(place=OKI, is_shared=False, version=2, actor=army().viewer, at=AT)


def test_the_catalogue_tells_a_strength_where_nobody_did(cast: Cast) -> None:
    tell(polres(11))
    assert actions.take_over_catalogue(province=PROVINCE, actor=SYSTEM, at=AT) == 3
    assert strengths(PROVINCE)[BANYUASIN].total == 465 + 80
    assert Force.objects.get(place=BANYUASIN).figure_class == "ASSUMED"
    assert strengths(PROVINCE)[OKI].total == 11
    assert actions.take_over_catalogue(province=PROVINCE, actor=SYSTEM, at=AT) == 0


# --- reinforcements


def reinforced(officers: int = 5, origin: PlaceCode = PROVINCE, **more: Any) -> int:
    given: dict[str, Any] = {
        "client_key": uuid4(), "origin": origin, "place": OKI, "officers": officers,
        "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.reinforce(**given | more)


def step(sent: int, event: SentEvent, version: int, actor: Any = SYSTEM) -> None:
    actions.step_reinforcement(
        reinforcement_id=sent, version=version, event=event, actor=actor, at=AT
    )


def test_reinforcements_count_from_their_promise_on(cast: Cast) -> None:
    tell(polres(4), Posted(place=BANYUASIN, kind=PostKind.POLRES, name="Polres", officers=6))
    andi, other = police().viewer, police(BANYUASIN).viewer
    sent = reinforced(5, BANYUASIN, actor=andi)
    assert strengths(PROVINCE)[OKI].total == 4
    with pytest.raises(OutOfScope):
        step(sent, SentEvent.PROMISE, 1, andi)
    step(sent, SentEvent.PROMISE, 1, other)
    assert {code: one.total for code, one in strengths(PROVINCE).items()} == {OKI: 9, BANYUASIN: 1}
    with pytest.raises(Conflict):
        step(sent, SentEvent.ARRIVE, 1, andi)
    with pytest.raises(OutOfScope):
        step(sent, SentEvent.ARRIVE, 2, other)
    step(sent, SentEvent.ARRIVE, 2, andi)
    with pytest.raises(Refused, match="reinforcement_is_elsewhere"):
        step(sent, SentEvent.PROMISE, 3, other)
    too_many = reinforced(2, BANYUASIN, actor=andi)
    with pytest.raises(Refused, match="origin_has_too_few"):
        step(too_many, SentEvent.PROMISE, 1, other)
    step(too_many, SentEvent.DROP, 1, andi)
    assert Reinforcement.objects.get(pk=too_many).state == "DROPPED"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"officers": -4}, "number_is_below_zero", "officers"),
        ({"officers": 0}, "number_is_absurd", "officers"),
        ({"origin": OKI}, "reinforcements_come_from_elsewhere", "origin"),
        ({"origin": AIR_SUGIHAN}, "reinforcements_come_from_elsewhere", "origin"),
        ({"origin": PlaceCode("16.99")}, "reinforcements_come_from_elsewhere", "origin"),
    ],
)
def test_reinforcements_that_cannot_be_are_refused(
    cast: Cast, more: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        reinforced(**more)
    assert (caught.value.code, caught.value.field) == (f"posting.{code}", field)
    assert not Reinforcement.objects.exists()


def test_what_is_sent_twice_is_proposed_once(cast: Cast) -> None:
    key = uuid4()
    assert reinforced(client_key=key) == reinforced(client_key=key)
    with pytest.raises(Conflict):
        reinforced(client_key=key, officers=6)
    assert Reinforcement.objects.count() == 1


def test_what_is_over_moves_to_where_it_lacks(cast: Cast) -> None:
    with pytest.raises(Refused, match="nothing_can_be_moved"):
        actions.propose_moves(place=PROVINCE, actor=SYSTEM, at=AT)
    # OKI needs 10, Banyuasin and Palembang 2 each.
    tell(
        polres(4),
        Posted(place=BANYUASIN, kind=PostKind.POLRES, name="Polres", officers=6),
        Posted(place=PALEMBANG, kind=PostKind.POLRES, name="Polrestabes", officers=30),
    )
    assert lines(PROVINCE)[PROVINCE].short.officers == 6  # type: ignore[union-attr]  # told
    polda = police(PROVINCE).viewer
    for _again in range(2):
        actions.propose_moves(place=PROVINCE, actor=polda, at=AT)
    rows = Reinforcement.objects.exclude(state="DROPPED")
    assert sum(row.officers for row in rows) == 6
    assert {row.place_id for row in rows} == {OKI}
    for viewer, place in ((police().viewer, PROVINCE), (polda, OKI)):
        with pytest.raises(OutOfScope):
            actions.propose_moves(place=place, actor=viewer, at=AT)


# --- plans


def test_a_plan_covers_every_station_by_its_pattern(cast: Cast) -> None:
    tell(polsek(officers=6), polres(4))
    row = plan(reserve=0)
    assert (row.need, row.strength, row.posted, row.stations) == (10, 10, 10, 18)
    assert (row.uncovered, row.more, row.gap, row.unclassed) == ({}, {}, 0, 16)
    in_oki = {code for code in STATIONS if code.startswith(OKI)}
    assert set(Placing.objects.values_list("place", flat=True)) == in_oki
    groups = {
        (one.district_id, one.station_class, one.post.name if one.post else "", one.stations)
        for one in PlanRow.objects.select_related("post")
    }
    assert groups == {
        (AIR_SUGIHAN, "HIGHLY", "Polsek Air Sugihan", 1),
        (AIR_SUGIHAN, "VULNERABLE", "Polsek Air Sugihan", 1),
        (AIR_SUGIHAN, "LESS", "Polsek Air Sugihan", 4),
        (KAYU_AGUNG, "LESS", "Polres OKI", 8),
        (KAYU_AGUNG, "LESS", "Polres OKI", 4),
    }
    assert all(
        one.place_id.startswith(one.row.district_id)
        for one in Placing.objects.select_related("row")
    )


def test_with_too_few_the_gravest_are_covered_and_more_is_solved_anew(cast: Cast) -> None:
    tell(polres(4))
    row = plan(reserve=0)
    assert row.uncovered == {"LESS": 16}
    assert row.more == {"10": [0, 0, 0], "20": [0, 0, 0], "50": [0, 0, 0]}
    kept = plan(reserve=3)
    assert (kept.posted, kept.reserve) == (0, 3)
    assert [(one.post.name if one.post else "", one.officers) for one in kept.reserves.all()] == [
        ("Polres OKI", 3)
    ]
    assert kept.uncovered == {"HIGHLY": 1, "VULNERABLE": 1, "LESS": 16}


def test_a_post_sends_nobody_out_of_its_region(cast: Cast) -> None:
    tell(polsek(officers=20))
    row = plan(reserve=0)
    assert row.posted == 6
    assert row.uncovered == {"LESS": 12}, "Kayu Agung is in no post's region"


def test_officers_of_no_named_post_go_anywhere(cast: Cast) -> None:
    actions.tell_force(place=OKI, officers=4, actor=SYSTEM, at=AT)
    sent = reinforced(6)
    step(sent, SentEvent.PROMISE, 1)
    row = plan(reserve=0)
    assert (row.posted, row.uncovered) == (10, {})
    assert not row.rows.filter(post__isnull=False).exists()


@pytest.mark.parametrize(
    ("officers", "reserve", "code"),
    [
        (None, 0, "nobody_told_the_strength"),
        (4, -1, "number_is_below_zero"),
        (4, 5, "reserve_is_more_than_there_are"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    cast: Cast, officers: int | None, reserve: int, code: str
) -> None:
    if officers is not None:
        tell(polres(officers))
    with pytest.raises(Refused, match=code):
        plan(reserve=reserve)
    with pytest.raises(Refused, match="there_are_no_stations"):
        plan(place=PlaceCode("16.10"))
    assert not Plan.objects.exists()


def test_a_plan_is_proposed_and_adopted_by_the_police_alone(cast: Cast) -> None:
    tell(polres(4))
    andi, bagus = (officer := police()).viewer, army().viewer
    police_id = officer.user_id
    row = plan(reserve=0, actor=bagus)
    given: dict[str, Any] = {"plan_id": row.pk, "at": AT}
    with pytest.raises(Refused, match="plan_is_elsewhere"):
        actions.adopt_plan(**given, version=1, actor=andi)
    actions.propose_plan(**given, version=1, actor=bagus)
    told_of = apps.get_model("notices.Notification").objects.get(user=police_id)
    assert told_of.code == "posting.plan_was_proposed"
    with pytest.raises(OutOfScope):
        actions.adopt_plan(**given, version=2, actor=bagus)
    for viewer in (police(BANYUASIN).viewer, cast.governor_desk.viewer):
        with pytest.raises(OutOfScope):
            actions.propose_plan(**given, version=2, actor=viewer)
    with pytest.raises(Refused, match="stations_stay_uncovered"):
        actions.adopt_plan(**given, version=2, actor=andi)
    actions.return_plan(**given, version=2, actor=andi)
    actions.propose_plan(**given, version=3, actor=andi)
    with pytest.raises(Conflict):
        actions.adopt_plan(**given, version=3, reason="BKO menyusul", actor=andi)
    actions.adopt_plan(**given, version=4, reason="BKO menyusul", actor=andi)
    assert uncovered_by(OKI, 5)[OKI] == {StationClass.LESS: 16}  # type: ignore[arg-type]  # a level
    with pytest.raises(Refused, match="plan_is_elsewhere"):
        actions.drop_plan(**given, version=5, actor=andi)
    newer = adopted(reserve=0)
    row.refresh_from_db()
    assert (row.state, newer.state, newer.number) == ("REPLACED", "ADOPTED", 2)
    told = [facts["event"] for _, facts in events("PlanChanged") if facts["number"] == 1]
    assert told == ["COMPUTE", "PROPOSE", "RETURN", "PROPOSE", "ADOPT", "REPLACE"]


def test_a_plan_of_a_post_that_is_gone_is_not_adopted(cast: Cast) -> None:
    (post,) = tell(polres(10))
    row = plan(reserve=0)
    actions.propose_plan(plan_id=row.pk, version=1, actor=SYSTEM, at=AT)
    actions.close_post(post_id=post.pk, version=1, actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="a_post_was_closed_meanwhile"):
        actions.adopt_plan(plan_id=row.pk, version=2, actor=SYSTEM, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda: classify({PlaceCode(f"{KAYU_AGUNG}.2010.001"): Given.HIGHLY}),
        lambda: pattern(),
        lambda: tell(polres(12)),
        lambda: step(reinforced(3), SentEvent.PROMISE, 1),
    ],
)
def test_a_plan_that_rests_on_what_changed_is_not_adopted(
    cast: Cast, change: Callable[[], object]
) -> None:
    tell(polres(10))
    row = plan(reserve=0)
    actions.propose_plan(plan_id=row.pk, version=1, actor=SYSTEM, at=AT)
    assert not is_outdated(row, inputs_under(OKI))
    change()
    assert is_outdated(row, inputs_under(OKI))
    with pytest.raises(Refused, match="plan_is_outdated"):
        actions.adopt_plan(plan_id=row.pk, version=2, reason="Menyusul", actor=SYSTEM, at=AT)
    row.refresh_from_db()
    assert row.state == "PROPOSED"
    assert adopted(reserve=0).state == "ADOPTED"


def test_the_army_tells_no_strength_of_the_police_and_answers_no_roll_of_theirs(
    cast: Cast,
) -> None:
    kodim = Posted(place=OKI, kind=PostKind.KODIM, name="Kodim 0402", officers=40)
    post, own = tell(polres(40), kodim)
    adopted(reserve=10)
    by: dict[str, Any] = {"actor": army().viewer, "at": AT}
    sent = reinforced(2, BANYUASIN)
    refused: list[Callable[[], object]] = [
        lambda: actions.tell_force(place=OKI, officers=7, **by),
        lambda: actions.call_roll(calls=[Presence(own.pk, 1), Presence(post.pk, 1)], **by),
        lambda: reinforced(5, **by),
        lambda: step(sent, SentEvent.DROP, 1, by["actor"]),
        lambda: actions.move_reserve(
            client_key=uuid4(), post_id=post.pk, to=KAYU_AGUNG, officers=1, **by
        ),
    ]
    before = len(events())
    for one in refused:
        with pytest.raises(Refused, match="post_is_of_another"):
            one()
    assert len(events()) == before
    actions.call_roll(calls=[Presence(own.pk, 1)], **by)


def test_one_post_is_counted_once_with_its_kind_before_its_name_or_without(cast: Cast) -> None:
    tell(polsek(name="Polsek Air Sugihan"))
    (row,) = tell(polsek(name="Air Sugihan", officers=9))
    assert row.officers == 9
    with pytest.raises(Refused, match="post_is_counted_twice"):
        tell(polsek(name="Air Sugihan"), polsek(name="POLSEK Air Sugihan"))


def test_the_catalogue_is_taken_over_where_posts_were_shared_before(cast: Cast) -> None:
    actions.share_posts(place=BANYUASIN, is_shared=True, actor=SYSTEM, at=AT)
    actions.take_over_catalogue(province=PROVINCE, actor=SYSTEM, at=AT)
    row = Force.objects.get(place=BANYUASIN)
    assert (row.officers, row.is_shared, row.version) == (465, True, 2)


def test_all_of_a_reserve_asked_for_waits_somewhere(cast: Cast) -> None:
    tell(polsek(officers=40), polres(40))
    row = plan(reserve=37)
    assert row.reserve == sum(one.officers for one in row.reserves.all()) == 37


def test_a_plan_asked_for_twice_is_computed_once_and_a_newer_draft_replaces_it(
    cast: Cast,
) -> None:
    tell(polres(10))
    key = uuid4()
    first = plan(client_key=key)
    assert plan(client_key=key).pk == first.pk
    second = plan()
    actions.drop_plan(plan_id=second.pk, version=1, actor=SYSTEM, at=AT)
    states = dict(Plan.objects.values_list("number", "state"))
    assert states == {1: "REPLACED", 2: "REPLACED"}


# --- the reserve


def test_a_reserve_is_placed_moved_and_comes_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_of(monkeypatch, "D077CFE0")
    tell(polsek(officers=40), polres(40))
    row = adopted()
    assert row.reserve == 10, "one station is highly vulnerable: no two incidents fall there"
    (wait,) = waiting(OKI)
    assert wait.name == "Polsek Air Sugihan"
    assert (row.unreached, row.short) == (0, 0)
    andi = police().viewer
    given: dict[str, Any] = {
        "post_id": wait.post_id, "to": KAYU_AGUNG, "incident_ref": "d077cfe0", "actor": andi, "at": AT,
    }  # fmt: skip
    key = uuid4()
    sent = actions.move_reserve(client_key=key, officers=wait.officers, **given)
    assert actions.move_reserve(client_key=key, officers=wait.officers, **given) == sent
    assert waiting(OKI)[0].here == 0
    for officers, code in ((1, "fewer_wait_there"), (-1, "number_is_below_zero")):
        with pytest.raises(Refused, match=code):
            actions.move_reserve(client_key=uuid4(), officers=officers, **given)
    with pytest.raises(Refused, match="place_is_unknown"):
        actions.move_reserve(client_key=uuid4(), officers=1, **given | {"to": PALEMBANG})
    with pytest.raises(OutOfScope):
        actions.move_reserve(
            client_key=uuid4(), officers=1, **given | {"actor": cast.regent_desk.viewer}
        )
    actions.return_reserve(move_id=sent, actor=andi, at=AT)
    for ref in ("FFFFFFFF", "<script>alert(1)</script>", "ab"):
        with pytest.raises(Refused, match="incident_is_unknown"):
            actions.move_reserve(client_key=uuid4(), officers=1, **given | {"incident_ref": ref})
    with pytest.raises(Conflict):
        actions.return_reserve(move_id=sent, actor=andi, at=AT)
    assert waiting(OKI)[0].here == wait.officers
    assert ReserveMove.objects.count() == 1


def test_what_the_reserve_cannot_reach_is_counted(cast: Cast) -> None:
    far = polres(80, lat=-4.6, lon=105.0)
    tell(far)
    classify({PlaceCode(f"{KAYU_AGUNG}.2010.001"): Given.HIGHLY})
    row = plan()
    assert row.unreached == 2
    assert HIGHLY in set(Placing.objects.values_list("place", flat=True))


def test_a_post_is_one_however_an_office_writes_it(cast: Cast) -> None:
    def told(name: str, officers: int) -> Posted:
        return Posted(place=AIR_SUGIHAN, kind=PostKind.POLSEK, name=name, officers=officers)

    names = ("Polsek Tj. Lubuk", "POLSEK TANJUNG LUBUK")
    with pytest.raises(Refused) as refused:
        actions.import_posts(posts=[told(name, 30) for name in names], actor=SYSTEM, at=AT)
    assert [fault.code for fault in refused.value.faults] == ["posting.post_is_counted_twice"]
    for name in names:
        actions.import_posts(posts=[told(name, 30)], actor=SYSTEM, at=AT)
    assert [row.name for row in Post.objects.all()] == ["POLSEK TANJUNG LUBUK"]
    with pytest.raises(Refused):
        actions.save_post(posted=told("Tj Lubuk", 9), actor=SYSTEM, at=AT)
