"""Which order a page follows: phases, the one order of alerts, each thing once, what moved."""

from datetime import date

import pytest

from serentak.desk import rules
from serentak.desk.rules import LAYOUTS, Change, layout_of
from serentak.kernel.area import Phase
from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status

VOTE = date(2024, 11, 27)
TODAY = date(2024, 10, 28)
VOTES, DATES, PAPERS = (Press(h) for h in (Harm.VOTE, Harm.TIMETABLE, Harm.PAPER))


def alert(
    code: str, press: Press, *, due: date | None = None, link: str = "", place: str = "16"
) -> Alert:
    return Alert(code, PlaceCode(place), Status.LATE, due, link or f"/{code}", press)


@pytest.mark.parametrize(
    ("today", "vote", "phase"),
    [
        (TODAY, None, Phase.BEFORE),
        (TODAY, VOTE, Phase.BEFORE),
        (date(2024, 11, 26), VOTE, Phase.BEFORE),
        (VOTE, VOTE, Phase.ON_THE_DAY),
        (date(2024, 11, 28), VOTE, Phase.AFTER),
    ],
)
def test_the_phase_follows_the_day_of_the_vote(
    today: date, vote: date | None, phase: Phase
) -> None:
    assert rules.phase_of(today, vote_date=vote) is phase


@pytest.mark.parametrize(
    ("phase", "wide", "narrow"),
    [
        (Phase.BEFORE, "alerts", "children"),
        (Phase.ON_THE_DAY, "feed", "silent"),
        (Phase.AFTER, "promises", "discrepancies"),
    ],
)
def test_each_phase_has_its_first_things(phase: Phase, wide: str, narrow: str) -> None:
    layout = LAYOUTS[phase]
    assert (layout.first.wide[0], layout.first.narrow[0]) == (wide, narrow)
    assert {"alerts", "children"} <= {*layout.first.wide, *layout.first.narrow}
    told = [*layout.first.wide, *layout.first.narrow, *layout.then.wide, *layout.then.narrow]
    parts = {"alerts", "feed", "children", "silent", "discrepancies", "work"}
    assert sorted({*told} - {"promises"}) == sorted(parts)
    assert len(told) == len({*told})


def test_a_slice_speaks_before_the_first_dot() -> None:
    assert [rules.slice_of(code) for code in ("desk", "readiness.OVERDUE.so")] == [
        "desk", "readiness"]  # fmt: skip


def in_order(
    *alerts: Alert, made: dict[str, list[str]] | None = None, answered: tuple[str, ...] = ()
) -> list[tuple[str, Harm]]:
    found = rules.in_order(alerts, made=made or {}, answered=answered, today=TODAY)
    return [(a.link, a.press.harm) for a in found]


def test_the_most_pressing_comes_first_whatever_the_slice() -> None:
    found = in_order(alert("a.A", PAPERS), alert("b.A", DATES), alert("c.A", VOTES))
    assert [link for link, _ in found] == ["/c.A", "/b.A", "/a.A"]


def test_ties_go_by_date_place_and_link() -> None:
    early, late = date(2024, 10, 1), date(2024, 11, 1)
    found = in_order(
        alert("heavy.A", VOTES, due=late, link="/c"),
        alert("heavy.B", VOTES, due=early, link="/d", place="16.02"),
        alert("heavy.C", VOTES, due=early, link="/b"),
        alert("heavy.D", VOTES, due=early, link="/a"),
    )
    assert [link for link, _ in found] == ["/a", "/b", "/d", "/c"]


def test_the_same_alert_stands_once_as_it_presses_most() -> None:
    twice = alert("heavy.A", DATES), alert("heavy.A", VOTES)
    assert in_order(*twice) == in_order(*reversed(twice)) == [("/heavy.A", Harm.VOTE)]


def test_an_action_is_told_with_the_alert_that_it_was_made_from() -> None:
    boats, deed = alert("a.BOATS", DATES, link="/boats"), alert("b.LATE", VOTES, link="/deed/1")
    assert in_order(boats, deed) == [("/deed/1", Harm.VOTE), ("/boats", Harm.TIMETABLE)]
    assert in_order(boats, deed, made={"/boats": ["/deed/1"]}) == [("/boats", Harm.VOTE)]
    assert in_order(deed, made={"/boats": ["/deed/1"]}) == [("/deed/1", Harm.VOTE)]


def test_of_several_alerts_about_an_action_the_most_pressing_lifts_its_source() -> None:
    boats = alert("a.BOATS", PAPERS, link="/boats")
    heavy, light = alert("b.LATE", VOTES, link="/deed/1"), alert("b.SOON", PAPERS, link="/deed/1")
    other = alert("b.LATE", DATES, link="/deed/2")
    made = {"/boats": ["/deed/1", "/deed/2"]}
    for alerts in ((boats, heavy, light, other), (other, light, heavy, boats)):
        assert in_order(*alerts, made=made) == [("/boats", Harm.VOTE)]
    assert in_order(boats, other, made=made) == [("/boats", Harm.TIMETABLE)]
    assert in_order(boats, light, made=made) == [("/boats", Harm.PAPER)]


def test_an_alert_is_not_told_with_itself_nor_with_an_action_that_nobody_warns_of() -> None:
    boats = alert("a.BOATS", VOTES, link="/boats")
    assert in_order(boats, made={"/boats": ["/boats", "/deed/9"]}) == [("/boats", Harm.VOTE)]


def test_what_is_promised_for_a_day_ahead_comes_after_what_nobody_answered() -> None:
    boats, kits = alert("a.B", VOTES, link="/boats"), alert("a.K", VOTES, link="/kits")
    deed = alert("b.LATE", DATES, link="/deed/1")
    made = {"/boats": ["/deed/1"]}

    def links(*alerts: Alert, answered: tuple[str, ...] = ()) -> list[str]:
        return [link for link, _ in in_order(*alerts, made=made, answered=answered)]

    assert links(boats, kits) == ["/boats", "/kits"]
    assert links(boats, kits, answered=("/boats",)) == ["/kits", "/boats"]
    assert links(boats, kits, deed, answered=("/boats",)) == ["/boats", "/kits"]


def briefing(*values: float | None) -> Briefing:
    figures = tuple(Figure(f"f.{n}", value) for n, value in enumerate(values))
    return Briefing(Focus.READINESS, PlaceCode("16"), Status.LATE, None, figures)


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ((1, 2), (1, 2), None),
        ((1, 2), (1, 5), ("f.1", 3)),
        ((4, 2), (1, 5), ("f.0", -3)),
        ((None, 2), (1, 2), None),
        ((1,), (None, 5), None),
    ],
)
def test_the_first_figure_that_moved_is_told(
    before: tuple[float, ...], now: tuple[float, ...], moved: tuple[str, float] | None
) -> None:
    found = rules.change_since(briefing(*now), briefing(*before).figures)
    assert found == (
        None
        if moved is None
        else Change(next(f for f in briefing(*now).figures if f.code == moved[0]), moved[1])
    )


DONE, OK, RISK, LATE, MUTE = Status


@pytest.mark.parametrize(
    ("statuses", "overall"),
    [
        ((), None),
        ((DONE,), DONE),
        ((DONE, OK), OK),
        ((OK, RISK), RISK),
        ((RISK, LATE, DONE), LATE),
        ((DONE, MUTE), MUTE),
        ((OK, OK, MUTE), MUTE),
        ((MUTE, RISK), RISK),
        ((MUTE, LATE), LATE),
    ],
)
def test_over_all_areas_a_place_is_as_its_worst_and_silence_is_never_green(
    statuses: tuple[Status, ...], overall: Status | None
) -> None:
    assert rules.overall(statuses) is overall
    assert rules.overall(reversed(statuses)) is overall


def counted(*groups: tuple[Status, int, str]) -> dict[Status, rules.Group]:
    return {status: rules.Group(n, tuple(names.split())) for status, n, names in groups}


@pytest.mark.parametrize(
    ("found", "groups", "silent", "unset"),
    [
        ({}, {}, "", 0),
        ({"A": [OK], "B": [OK, DONE]}, counted((OK, 2, "")), "", 0),
        (
            {"A": [OK], "B": [LATE, OK], "C": [RISK], "D": [DONE]},
            counted((LATE, 1, "B"), (RISK, 1, ""), (OK, 1, ""), (DONE, 1, "")),
            "",
            0,
        ),
        ({"A": [MUTE], "B": [OK], "C": []}, counted((OK, 1, "")), "A", 1),
        ({"A": [MUTE, LATE], "B": [OK]}, counted((LATE, 1, "A"), (OK, 1, "")), "A", 0),
        ({n: [LATE] for n in "ABCD"}, counted((LATE, 4, "")), "", 0),
    ],
)
def test_standings_count_each_place_once_worst_first(
    found: dict[str, list[Status]], groups: dict[Status, rules.Group], silent: str, unset: int
) -> None:
    told = rules.standings(found, silent_days={})
    assert list(told.groups.items()) == list(groups.items())
    assert (told.silent.named, told.unset, told.of) == (tuple(silent.split()), unset, len(found))


def test_the_silent_stand_longest_first_and_many_are_counted() -> None:
    days = {"B": 10, "C": 3}
    few = rules.standings({n: [MUTE] for n in "ABC"}, silent_days=days)
    assert (few.silent, few.longest) == (rules.Group(3, ("B", "C", "A")), "B")
    many = rules.standings({n: [MUTE] for n in "ABCD"}, silent_days=days)
    assert (many.silent, many.longest, many.groups) == (rules.Group(4), "B", {})


@pytest.mark.parametrize(
    ("before", "now", "by"), [(4, 6, 2), (6, 4, -2), (4, 4, 0), (None, 4, None), (4, None, None)]
)
def test_a_figure_moved_by_what_is_known(
    before: float | None, now: float | None, by: float | None
) -> None:
    assert rules.moved_by(Figure("x.late", now), [Figure("x.late", before)]) == by
    assert rules.moved_by(Figure("x.late", now), [Figure("x.other", before)]) is None


def test_the_first_figure_that_one_is_told_decides() -> None:
    cases, services = Figure("x.cases", None, of=5), Figure("x.services", 2, of=9)
    codes = ("x.cases", "x.services")
    assert rules.deciding((services, cases), codes) is services
    known = Figure("x.cases", 0, of=5)
    assert rules.deciding((services, known), codes) is known
    assert rules.deciding((), codes) is None


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ([], None),
        ([Status.LATE, Status.ON_TRACK], (28, False)),
        ([Status.ON_TRACK, Status.AT_RISK, Status.AT_RISK], (26, False)),
        ([Status.AT_RISK, Status.AT_RISK], (26, True)),
        ([Status.AT_RISK, Status.LATE, Status.AT_RISK], (27, False)),
    ],
)
def test_since_when_something_stands_so_is_the_first_day_without_a_break(
    stored: list[Status], expected: tuple[int, bool] | None
) -> None:
    days = [(date(2024, 10, 28 - len(stored) + n), status) for n, status in enumerate(stored)]
    found = rules.since(Status.AT_RISK, days, today=TODAY)
    assert (found and (found.day.day, found.is_longer)) == expected


def test_what_is_urgent_by_the_minute_stands_above_activities() -> None:
    for phase in Phase:
        assert layout_of(phase, is_urgent=True).first.wide[0] == "alerts"
        assert layout_of(phase, is_urgent=False) == LAYOUTS[phase]
