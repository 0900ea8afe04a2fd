"""Schedule: known answers, and random networks against an oracle that walks every path."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import Level, PlaceCode
from serentak.readiness.rules.activities import Catalogue
from serentak.readiness.rules.network import Network, build_network
from serentak.readiness.rules.schedule import (
    Schedule,
    Slot,
    Work,
    compute_schedule,
    critical_path,
    line_slot,
    remaining_days,
)

from .builders import (
    OKI,
    PROVINCE,
    catalogue_of,
    network_of,
    raw_activity,
    shipped_activities,
    shipped_thresholds,
)

THRESHOLDS = shipped_thresholds()
FINISHED = 100


def province_network(catalogue: Catalogue) -> Network:
    regencies = [PlaceCode(f"16.{n:02d}") for n in (*range(1, 14), 71, 72, 73, 74)]
    return build_network(
        catalogue,
        [
            (place, key)
            for level, places in ((Level.PROVINCE, [PROVINCE]), (Level.REGENCY, regencies))
            for place in places
            for key, activity in catalogue.activities.items()
            if level in activity.levels
        ],
    )


def test_who_waits_for_whom_across_the_levels_of_a_province() -> None:
    known = catalogue_of(
        raw_activity("d", levels=["province"], after=["b"]),
        raw_activity("a", levels=["province", "regency"]),
        raw_activity("b", after=["a", "nowhere"]),
        raw_activity("c", after=[{"key": "a", "place": "OWN_AND_PROVINCE"}]),
        raw_activity("nowhere"),
    )
    beside, elsewhere = PlaceCode("16.07"), PlaceCode("17.01")
    nodes = [
        (OKI, "c"), (OKI, "b"), (OKI, "a"), (beside, "b"), (beside, "c"), (elsewhere, "b"),
        (PROVINCE, "a"), (PROVINCE, "d"),
    ]  # fmt: skip
    found = build_network(known, nodes)
    assert found.nodes == (
        (PROVINCE, "d"), (PROVINCE, "a"), (OKI, "a"), (OKI, "b"), (OKI, "c"), (beside, "b"),
        (beside, "c"), (elsewhere, "b"),
    )  # fmt: skip
    assert [found.index[node] for node in found.nodes] == list(range(8))
    assert [one.key for one in found.definitions] == [key for _, key in found.nodes]
    # Each waits where it is, or above; the province for all its regencies, and for no other's.
    assert found.before == ((3, 5), (), (), (2,), (1, 2), (1,), (1,), ())
    assert found.after == ((), (4, 5, 6), (3, 4), (0,), (), (0,), (), ())
    place = {number: at for at, number in enumerate(found.order)}
    assert sorted(found.order) == list(range(8))
    assert all(place[one] < place[n] for n, ones in enumerate(found.before) for one in ones)


def untouched(network: Network) -> list[Work]:
    return [Work(100, None, d.target) for d in network.definitions]


def slot_at(schedule: Schedule, network: Network, place: PlaceCode, key: str) -> Slot:
    slot = schedule.slots[network.index[place, key]]
    assert slot is not None
    return slot


def test_longest_chain_of_the_shipped_catalogue_is_212_likely_days() -> None:
    network = province_network(shipped_activities())
    works = untouched(network)
    schedule = compute_schedule(network, works, today=-600, thresholds=THRESHOLDS)
    assert schedule.work_before[network.index[PROVINCE, "recap-p"]] == 212
    path = critical_path(
        network, schedule, PROVINCE, thresholds=replace(THRESHOLDS, goals=("recap-p",))
    )
    assert path is not None
    assert path.days == 212
    assert [network.nodes[i][1] for i in path.steps] == [
        "grant-sign",
        "grant-40",
        "pps-form",
        "station-map",
        "coklit-staff",
        "coklit",
        "voters-prov",
        "voters-final",
        "ballot-order",
        "ballot-print",
        "ballot-arrive",
        "ballot-sort",
        "ballot-refill",
        "box-pack",
        "ship-d",
        "ship-v",
        "ship-t",
        "opening",
        "count",
        "box-back",
        "recap-d",
        "recap-r",
        "recap-p",
    ]


def test_final_list_to_the_stations_takes_42_days_and_leaves_22() -> None:
    network = province_network(shipped_activities())
    still_open = {"ballot-order", "ballot-print", "ballot-arrive", "ballot-sort", "ballot-refill"}
    still_open |= {"box-pack", "ship-d", "ship-v", "ship-t", "opening"}
    works = [
        Work(100, None if key in still_open else FINISHED, d.target)
        for (_, key), d in zip(network.nodes, network.definitions, strict=True)
    ]
    schedule = compute_schedule(network, works, today=-64, thresholds=THRESHOLDS)
    slot = slot_at(schedule, network, OKI, "ship-t")
    assert slot.finish == -65 + 42
    assert slot.slack_to_deadline == 22
    path = critical_path(network, schedule, OKI, thresholds=THRESHOLDS)
    assert path is not None
    assert (path.days, path.margin) == (43, 22)


def on_plan(network: Network, today: int) -> list[Work]:
    """Return works as they stand in the morning of `today` if all goes by the targets."""
    works = []
    for definition in network.definitions:
        likely = definition.durations.likely
        elapsed = min(likely, max(0, today - 1 - (definition.target - likely)))
        works.append(Work(100, -(-100 * elapsed // likely), definition.target))
    return works


def test_on_plan_nothing_misses_its_target_on_any_day() -> None:
    network = province_network(shipped_activities())
    for today in range(-410, 20, 5):
        works = on_plan(network, today)
        schedule = compute_schedule(network, works, today=today, thresholds=THRESHOLDS)
        missed = [
            network.nodes[i]
            for i, slot in enumerate(schedule.slots)
            if slot and (slot.slack_to_target < 0 or slot.slack_to_deadline < 0)
        ]
        assert missed == [], today


def test_remaining_days_follow_the_open_share_rounded_up() -> None:
    assert remaining_days(10, Work(100, None, 0)) == 10
    assert remaining_days(10, Work(100, 0, 0)) == 10
    assert remaining_days(10, Work(100, 1, 0)) == 10
    assert remaining_days(10, Work(100, 50, 0)) == 5
    assert remaining_days(10, Work(100, 99, 0)) == 1
    assert remaining_days(10, Work(100, 100, 0)) == 0
    assert remaining_days(10, Work(100, 120, 0)) == 0
    assert remaining_days(10, Work(100, 50, 0, dropped=True)) == 0
    assert remaining_days(10, Work(0, None, 0)) == 0


def chain() -> Network:
    catalogue = catalogue_of(
        raw_activity("a", target="H-20"),
        raw_activity("b", target="H-10", after=["a"], drop="fully"),
        raw_activity("c", target="H-5", after=["b"], deadline={"kind": "LEGAL", "at": "H-4"}),
    )
    return network_of(catalogue)


def test_a_chain_runs_from_today_and_slack_is_counted_against_both() -> None:
    works = [Work(10, None, -20), Work(10, None, -10), Work(10, None, -5)]
    schedule = compute_schedule(chain(), works, today=-14, thresholds=THRESHOLDS)
    a, b, c = schedule.slots
    assert a
    assert b
    assert c
    assert (a.ready, a.finish, b.finish, c.finish) == (-15, -11, -7, -3)
    assert (a.latest, b.latest, c.latest) == (-12, -8, -4)
    assert (a.remaining, b.remaining, c.remaining) == (4, 4, 4)
    assert (a.slack_to_target, c.slack_to_target) == (-9, -2)
    assert [s.slack_to_deadline for s in (a, b, c)] == [-1, -1, -1]
    assert (a.startable, b.startable) == (True, False)
    assert (b.waits_for, c.waits_for) == ((0,), (1,))
    assert (a.dependents, c.dependents) == (frozenset({"b", "c"}), frozenset())


def test_a_finished_activity_binds_nobody() -> None:
    works = [Work(10, None, -20), Work(10, 10, -10), Work(10, None, -5)]
    schedule = compute_schedule(chain(), works, today=-14, thresholds=THRESHOLDS)
    a, b, c = schedule.slots
    assert b is None
    assert a
    assert c
    assert (c.ready, c.startable, c.waits_for) == (-15, True, ())
    assert a.dependents == frozenset()
    assert a.latest == THRESHOLDS.last_day_before_vote


def test_work_after_the_vote_that_nothing_bounds_any_more_has_until_its_target() -> None:
    catalogue = catalogue_of(
        raw_activity("a", target="H+2"),
        raw_activity("b", target="H+6", after=["a"], deadline={"kind": "LEGAL", "at": "H+8"}),
    )
    for done, latest in ((None, 4), (10, 2)):
        works = [Work(10, None, 2), Work(10, done, 6)]
        schedule = compute_schedule(network_of(catalogue), works, today=1, thresholds=THRESHOLDS)
        slot = schedule.slots[0]
        assert slot
        assert slot.latest == latest


def test_a_dropped_activity_takes_no_time_but_hands_on_what_it_waited_for() -> None:
    works = [Work(10, None, -20), Work(10, None, -10, dropped=True), Work(10, None, -5)]
    schedule = compute_schedule(chain(), works, today=-14, thresholds=THRESHOLDS)
    a, b, c = schedule.slots
    assert b is None
    assert a
    assert c
    assert (c.ready, c.finish) == (a.finish, a.finish + 4)
    assert c.waits_for == (0,)
    assert a.dependents == frozenset({"c"})


def test_a_fixed_date_cannot_come_earlier_yet_waiting_for_it_is_no_lack_of_time() -> None:
    catalogue = catalogue_of(
        raw_activity("a", target="H-7", fixed=True, deadline={"kind": "LEGAL", "at": "H-7"}),
        raw_activity("b", target="H-2", after=["a"]),
    )
    works = [Work(10, None, -7), Work(10, None, -2)]
    schedule = compute_schedule(network_of(catalogue), works, today=-30, thresholds=THRESHOLDS)
    a, b = schedule.slots
    assert a
    assert b
    assert (a.finish, a.slack_to_deadline, a.slack_to_target) == (-7, 20, 20)
    assert (b.ready, b.finish, b.slack_to_deadline) == (-7, -3, 2)


def test_a_share_of_an_activity_is_done() -> None:
    assert Work(8, None, 0).done_share == 0
    assert Work(8, 2, 0).done_share == 0.25
    assert Work(8, 8, 0).done_share == Work(8, 9, 0).done_share == 1
    assert Work(0, None, 0).done_share == 1
    assert [Work(8, done, 0).open for done in (None, 7, 8, 9)] == [True, True, False, False]
    assert not Work(8, 7, 0, dropped=True).open


WHOLE = Slot(
    ready=-20, remaining=4, finish=-16, latest=-9, slack_to_target=9, slack_to_deadline=7,
    startable=False, waits_for=(3,), dependents=frozenset({"b"}),
)  # fmt: skip


def test_a_districts_line_begins_with_the_whole_and_lasts_by_its_own_share() -> None:
    (definition,) = chain().definitions[:1]
    half = Work(10, 5, -12)
    found = line_slot(WHOLE, half, definition, latest=-11, today=-30)
    assert found == Slot(
        ready=-20, remaining=2, finish=-18, latest=-11, slack_to_target=6, slack_to_deadline=7,
        startable=False, waits_for=(3,), dependents=frozenset({"b"}),
    )  # fmt: skip
    begun = line_slot(WHOLE, half, definition, latest=-11, today=-20)
    assert begun
    assert not begun.startable
    later = line_slot(WHOLE, half, definition, latest=-11, today=-19)
    assert later
    assert later.startable


def test_a_line_that_is_open_though_the_whole_is_finished_stands_from_today() -> None:
    definition = chain().definitions[0]
    assert line_slot(None, Work(10, None, -12), definition, latest=-11, today=-30) == Slot(
        ready=-31, remaining=4, finish=-27, latest=-11, slack_to_target=15, slack_to_deadline=16,
        startable=True, waits_for=(), dependents=frozenset(),
    )  # fmt: skip
    for settled in (Work(10, 10, -12), Work(10, 5, -12, dropped=True)):
        assert line_slot(WHOLE, settled, definition, latest=-11, today=-30) is None


def test_a_line_ends_no_earlier_than_a_date_that_the_law_fixes() -> None:
    definition = replace(chain().definitions[0], fixed=True)
    found = line_slot(WHOLE, Work(10, 5, -12), definition, latest=-11, today=-30)
    assert found
    assert (definition.target, found.finish, found.slack_to_target) == (-20, -18, 6)
    earlier = replace(WHOLE, ready=-25)
    found = line_slot(earlier, Work(10, 5, -12), definition, latest=-11, today=-30)
    assert found
    assert (found.finish, found.slack_to_target, found.slack_to_deadline) == (-20, 11, 12)


def test_a_place_that_stands_alone_waits_for_nobody_elsewhere() -> None:
    network = chain()
    assert network.before == ((), (0,), (1,))
    assert network.after == ((1,), (2,), ())
    assert network.order == (0, 1, 2)
    assert network.index == {(OKI, "a"): 0, (OKI, "b"): 1, (OKI, "c"): 2}
    assert [d.key for d in network.definitions] == ["a", "b", "c"]


def test_a_path_leaves_out_what_is_dropped_and_goes_on_before_it() -> None:
    works = [Work(10, None, -20), Work(10, None, -10, dropped=True), Work(10, 5, -5)]
    schedule = compute_schedule(chain(), works, today=-14, thresholds=THRESHOLDS)
    goal = replace(THRESHOLDS, goals=("nowhere", "c"))
    path = critical_path(chain(), schedule, OKI, thresholds=goal)
    assert path is not None
    assert (path.steps, path.days) == ((0, 2), 6)
    assert path.margin == schedule.latest[2] - (-15 + 6)
    assert critical_path(chain(), schedule, PlaceCode("16.07"), thresholds=goal) is None


def test_of_chains_of_the_same_length_that_of_the_earlier_activity_is_told() -> None:
    catalogue = catalogue_of(
        raw_activity("a", target="H-9"),
        raw_activity("b", target="H-9"),
        raw_activity("c", target="H-5", after=["b", "a"]),
    )
    network = network_of(catalogue)
    goal = replace(THRESHOLDS, goals=("c",))
    for done, steps in ((None, (0, 2)), (5, (1, 2))):
        works = [Work(10, done, -9), Work(10, None, -9), Work(10, None, -5)]
        schedule = compute_schedule(network, works, today=-14, thresholds=THRESHOLDS)
        path = critical_path(network, schedule, OKI, thresholds=goal)
        assert path is not None
        assert path.steps == steps


def test_a_regency_waits_for_its_province_and_the_province_for_all_regencies() -> None:
    network = province_network(shipped_activities())

    def before(place: PlaceCode, key: str) -> set[tuple[str, str]]:
        return {network.nodes[i] for i in network.before[network.index[place, key]]}

    assert before(OKI, "ballot-arrive") == {
        (OKI, "ballot-print"),
        (PROVINCE, "ballot-print"),
        (OKI, "store-ready"),
    }
    assert before(OKI, "grant-40") == {(OKI, "grant-sign")}
    assert before(OKI, "grant-report") == {(PROVINCE, "recap-p")}
    assert len(before(PROVINCE, "recap-p")) == 17
    assert len(before(PROVINCE, "ballot-order")) == 18


def test_a_province_answers_with_its_tightest_regency() -> None:
    network = province_network(shipped_activities())
    works = on_plan(network, -30)
    late = network.index[OKI, "kpps-form"]
    works[late] = Work(100, None, -20)
    schedule = compute_schedule(network, works, today=-30, thresholds=THRESHOLDS)
    province = critical_path(network, schedule, PROVINCE, thresholds=THRESHOLDS)
    own = critical_path(network, schedule, OKI, thresholds=THRESHOLDS)
    other = critical_path(network, schedule, PlaceCode("16.01"), thresholds=THRESHOLDS)
    assert province == own
    assert own
    assert other
    assert own.margin < other.margin


def test_a_path_ends_when_every_goal_is_reached() -> None:
    network = province_network(shipped_activities())
    works = [Work(100, FINISHED, d.target) for d in network.definitions]
    schedule = compute_schedule(network, works, today=20, thresholds=THRESHOLDS)
    assert critical_path(network, schedule, OKI, thresholds=THRESHOLDS) is None
    assert not any(schedule.slots)
    goal = network.index[PROVINCE, "recap-p"]
    works[goal] = Work(100, 50, 12)
    schedule = compute_schedule(network, works, today=10, thresholds=THRESHOLDS)
    path = critical_path(network, schedule, OKI, thresholds=THRESHOLDS)
    assert path is not None
    assert (path.steps, path.days, path.margin) == ((goal,), 1, 2)


# --- an independent oracle


@st.composite
def random_cases(draw: st.DrawFn) -> tuple[Network, list[Work], int]:
    size = draw(st.integers(min_value=1, max_value=7))
    days = st.integers(min_value=-30, max_value=-1)
    entries = []
    for j in range(size):
        before = [f"a{i}" for i in range(j) if draw(st.booleans())]
        target = draw(days)
        own = draw(st.one_of(st.none(), st.integers(min_value=target, max_value=-1)))
        deadline = {"kind": "LEGAL"} | ({"at": f"H{own}"} if own is not None else {})
        likely = draw(st.integers(min_value=1, max_value=9))
        entries.append(
            raw_activity(
                f"a{j}",
                after=before,
                target=f"H{target}",
                deadline=deadline,
                durations={"optimistic": 1, "likely": likely, "pessimistic": 9},
            )
        )
    network = network_of(catalogue_of(*entries))
    works = [
        Work(
            draw(st.integers(min_value=1, max_value=5)),
            draw(st.one_of(st.none(), st.integers(min_value=0, max_value=5))),
            draw(days),
            draw(st.booleans()),
        )
        for _ in entries
    ]
    return network, works, draw(days)


def chains_before(network: Network, works: list[Work], i: int) -> list[list[int]]:
    """Return every chain of unfinished activities that ends with `i`."""
    earlier = [p for p in network.before[i] if not works[p].finished]
    return [[i]] + [[*chain, i] for p in earlier for chain in chains_before(network, works, p)]


def chains_after(network: Network, works: list[Work], i: int) -> list[list[int]]:
    """Return every chain of unfinished activities that begins with `i`."""
    later = [s for s in network.after[i] if not works[s].finished]
    return [[i]] + [[i, *chain] for s in later for chain in chains_after(network, works, s)]


@given(random_cases())
def test_any_network_agrees_with_an_oracle_that_walks_every_chain(
    case: tuple[Network, list[Work], int],
) -> None:
    network, works, today = case
    schedule = compute_schedule(network, works, today=today, thresholds=THRESHOLDS)
    last = THRESHOLDS.last_day_before_vote
    days = [
        remaining_days(d.durations.likely, w)
        for d, w in zip(network.definitions, works, strict=True)
    ]
    for i, work in enumerate(works):
        slot = schedule.slots[i]
        assert (slot is not None) == work.open
        if slot is None:
            continue
        longest = max(sum(days[j] for j in chain) for chain in chains_before(network, works, i))
        assert slot.finish == today - 1 + longest
        limits = []
        for chain in chains_after(network, works, i):
            own = network.definitions[chain[-1]].deadline
            limits.append(min(last, last if own is None else own) - sum(days[j] for j in chain[1:]))
        assert slot.latest == min(limits)
        assert slot.slack_to_target == work.target_day - slot.finish
        assert slot.slack_to_deadline == slot.latest - slot.finish
        behind = {j for chain in chains_after(network, works, i) for j in chain[1:]}
        assert slot.dependents == {network.nodes[j][1] for j in behind if works[j].open}
        ahead = {j for chain in chains_before(network, works, i) for j in chain[:-1]}
        assert slot.startable == (not any(works[j].open for j in ahead))
        assert all(works[j].open for j in slot.waits_for)


@given(random_cases(), st.data())
def test_finishing_something_never_delays_anything(
    case: tuple[Network, list[Work], int], data: st.DataObject
) -> None:
    network, works, today = case
    before = compute_schedule(network, works, today=today, thresholds=THRESHOLDS)
    i = data.draw(st.integers(min_value=0, max_value=len(works) - 1))
    finished = [replace(w, done=w.target) if n == i else w for n, w in enumerate(works)]
    after = compute_schedule(network, finished, today=today, thresholds=THRESHOLDS)
    for old, new in zip(before.slots, after.slots, strict=True):
        if old and new:
            assert new.finish <= old.finish
            assert new.slack_to_deadline >= old.slack_to_deadline
