"""The catalogue's known answers, states, clocks against a minute-by-minute oracle, the climb."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.kernel.status import Status
from serentak.platform.catalogue import load
from serentak.security.rules.answers import faults_of
from serentak.security.rules.catalogue import Access, Days, Incidents
from serentak.security.rules.climbing import climb, first_back
from serentak.security.rules.clocks import Calendar, climbs_at, due_at, later, next_climb
from serentak.security.rules.standing import Counts, Decides, judged
from serentak.security.rules.states import (
    CLOSED_STATES,
    INCIDENT_TRANSITIONS,
    OPEN_STATES,
    IncidentEvent,
    IncidentState,
    Severity,
)

KNOWN = load("security", "incidents", Incidents)
ZONE = ZoneInfo("Asia/Jakarta")
VOTE = date(2024, 11, 27)
HOLIDAY = date(2024, 11, 20)
"""A Wednesday that the tests call a holiday."""
CALENDAR = Calendar(KNOWN.calendars, VOTE, ZONE, frozenset({HOLIDAY}))

# Injects of a rehearsed night (synthetic): kind, local hour of the vote, answers, severity.
NIGHT: tuple[tuple[str, str, Mapping[str, Any], str], ...] = (
    ("DEATH", "06:45", {"cause": "ILLNESS", "crew_left": 6}, "S3"),
    ("LATE_OPENING", "06:52", {"voters_wait": 18}, "S1"),
    ("FLOOD", "06:55", {"water": "THIGH", "stations_hit": 2, "way": "OPEN"}, "S3"),
    ("GOODS_LATE", "07:10", {"voters_wait": 40}, "S3"),
    ("BALLOTS_SWAPPED", "07:25", {"stations_hit": 6, "already_used": True}, "S3"),
    ("ASSAULT", "07:25", {"weapon": "SHARP", "hurt": 0}, "S3"),
    ("SIGNAL_LOST", "08:40", {"stations_hit": 4}, "S1"),
    ("MONEY", "08:55", {"persons_held": False}, "S2"),
    ("OTHER", "09:05", {"what": "katanya"}, "S1"),
    ("BOAT", "09:20", {"missing": 3, "cargo": 0}, "S4"),
    ("BALLOTS_SHORT", "09:35", {"how_many": 34, "spare_near": "YES"}, "S2"),
    ("VOTE_WRONG", "10:05", {"persons": 9}, "S3"),
    ("REFUSAL", "10:20", {"stations_hit": 2}, "S3"),
    ("OTHER", "10:40", {"danger": "PEOPLE"}, "S3"),
    ("ASSAULT", "11:15", {"weapon": "SHARP", "hurt": 1}, "S3"),
    ("SIEGE", "11:40", {"crowd": "MANY", "boxes_safe": "SAFE"}, "S3"),
    ("IT_FAILURE", "12:10", {"effect": "SLOW"}, "S2"),
    ("CROWD_LATE", "13:20", {"crowd": "MANY"}, "S3"),
    ("RUMOUR", "13:45", {"spread": "MANY"}, "S2"),
    ("POWER_CUT", "17:35", {"counting": "COUNT", "light": "DARK", "stations_hit": 14}, "S3"),
    ("ROAD_BLOCK", "17:35", {"way": "CUT", "boxes_safe": "SAFE"}, "S3"),
    ("ROAD_BLOCK", "18:25", {"way": "CUT", "boxes_safe": "UNKNOWN"}, "S4"),
    ("CONVOY", "19:10", {"cargo": 68, "hurt": 0, "seal": "INTACT"}, "S2"),
    ("OBJECTION", "20:30", {"vote_goes_on": "GOES_ON"}, "S1"),
    ("THREAT", "20:40", {"weapon": "NONE", "vote_goes_on": "GOES_ON"}, "S2"),
    ("RIOT", "21:35", {"hurt": 2, "boxes_safe": "SAFE"}, "S4"),
    ("SIEGE", "21:38", {"boxes_safe": "UNSAFE"}, "S4"),
    ("OTHER", "22:05", {"danger": "VOTE"}, "S2"),
    ("MONEY", "23:30", {"persons_held": True}, "S3"),
)


@pytest.mark.parametrize(("kind", "hour", "answers", "severity"), NIGHT)
def test_severity_follows_from_the_answers_as_the_rehearsal_has_it(
    kind: str, hour: str, answers: Mapping[str, Any], severity: str
) -> None:
    found = KNOWN.kinds[kind]
    assert not list(faults_of(found, answers, KNOWN))
    happened = datetime.combine(VOTE, time.fromisoformat(hour), ZONE)
    assert found.proposed(answers, happened=happened, vote_date=VOTE) == severity


def test_every_kind_stays_in_its_range_and_asks_three_at_most() -> None:
    assert len(KNOWN.kinds) == 31
    for kind in KNOWN.kinds.values():
        group = KNOWN.groups[kind.group]
        assert len(kind.ask) <= 3
        assert kind.first
        for severity in Severity:
            if kind.allows(severity) and severity > Severity.S1:
                assert group.tell.get(severity) or kind.restricted == "YES", (kind.key, severity)
    assert {k.key for k in KNOWN.kinds.values() if k.restricted == "YES"} == {
        *("MONEY", "PARTIAL_OFFICIAL"),
    }


@given(st.data())
def test_no_answers_raise_above_or_below_the_range(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KNOWN.kinds.values())))
    answers: dict[str, Any] = {}
    for name in kind.ask:
        field = KNOWN.fields[name]
        choices: dict[str, st.SearchStrategy[Any]] = {
            "NUMBER": st.integers(0, 1000),
            "YES_NO": st.booleans(),
            "CHOICE": st.sampled_from(list(field.choices or {"": ""})),
            "TIME": st.just("07:20"),
            "TEXT": st.text(max_size=20),
        }
        if data.draw(st.booleans()):
            answers[name] = data.draw(choices[field.kind.value])
    days = data.draw(st.integers(0, 30))
    happened = datetime(2024, 11, 1, 9, tzinfo=ZONE) + timedelta(days=days)
    found = kind.proposed(answers, happened=happened, vote_date=VOTE)
    assert kind.allows(found)
    assert found >= kind.proposed({}, happened=datetime(2024, 11, 1, tzinfo=ZONE), vote_date=VOTE)


def test_states_are_open_until_somebody_says_how_it_ended() -> None:
    assert set(IncidentState) == OPEN_STATES | CLOSED_STATES
    assert IncidentState.TRANSFERRED in OPEN_STATES
    for state in IncidentState:
        events = INCIDENT_TRANSITIONS.events_at(state)
        assert events
        if state in CLOSED_STATES:
            assert events == (IncidentEvent.REOPEN,)


# --- clocks against an oracle that knows nothing of days: it walks minute by minute


def runs(moment: datetime) -> bool:
    """Tell whether a lesser clock counts the minute that begins, written from the requirement."""
    local = moment.astimezone(ZONE)
    if local.date() >= VOTE - timedelta(days=3):
        return True
    if local.weekday() >= 5 or local.date() == HOLIDAY:
        return False
    return time(7, 30) <= local.time() < time(16)


def walked(start: datetime, minutes: int, severity: Severity) -> datetime:
    moment = start
    while minutes:
        minutes -= severity in (Severity.S3, Severity.S4) or runs(moment)
        moment += timedelta(minutes=1)
    return moment


EDGES = (
    datetime(2024, 11, 15, 15, 50, tzinfo=ZONE),  # a Friday's end
    datetime(2024, 11, 16, 12, tzinfo=ZONE),  # a Saturday
    datetime(2024, 11, 19, 15, 59, tzinfo=ZONE),  # the eve of a holiday
    datetime(2024, 11, 20, 8, tzinfo=ZONE),  # the holiday
    datetime(2024, 11, 22, 15, 30, tzinfo=ZONE),  # the last hours before nothing pauses
    datetime(2024, 11, 23, 23, 59, tzinfo=ZONE),  # the midnight before H-3
    datetime(2024, 11, 26, 23, 30, tzinfo=ZONE),  # the night before the vote
    datetime(2024, 11, 18, 16, 0, tzinfo=ZONE),
    datetime(2024, 11, 18, 7, 30, tzinfo=ZONE),
    datetime(2024, 11, 17, 17, 0, tzinfo=UTC),  # midnight in the province, another day in UTC
)


@pytest.mark.parametrize("start", EDGES)
@pytest.mark.parametrize("minutes", [1, 10, 60, 510, 511, 1440])
def test_clocks_agree_with_the_oracle_at_the_edges(start: datetime, minutes: int) -> None:
    for severity in Severity:
        assert later(start, minutes, severity, CALENDAR) == walked(start, minutes, severity)


def test_clocks_agree_with_the_oracle_on_random_walks() -> None:
    chance = Random(20241127)  # a walk for a test, no secret
    for _ in range(150):
        start = datetime(2024, 11, 14, tzinfo=ZONE) + timedelta(minutes=chance.randrange(14 * 1440))
        minutes, severity = chance.randrange(1, 1500), chance.choice(list(Severity))
        found = later(start, minutes, severity, CALENDAR)
        assert found == walked(start, minutes, severity), (start, minutes, severity)


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 20 * 1440))
@settings(deadline=None)
def test_a_clock_of_two_parts_is_the_clock_of_both(one: int, other: int, offset: int) -> None:
    start = datetime(2024, 11, 8, tzinfo=ZONE) + timedelta(minutes=offset)
    assert CALENDAR.after(CALENDAR.after(start, one), other) == CALENDAR.after(start, one + other)


def test_without_a_vote_office_hours_hold() -> None:
    calendar = Calendar(KNOWN.calendars, None, ZONE, frozenset())
    assert calendar.entry_on(VOTE).days is Days.WORKING


def test_an_incident_walked_through_agrees_with_an_oracle_of_its_clocks() -> None:
    """Random ways from report to end: which clock runs, until when, and when it climbs first."""
    chance = Random(7)  # a walk for a test, no secret
    for _ in range(120):
        severity, access = chance.choice(list(Severity)), chance.choice(list(Access))
        begun = datetime(2024, 11, 14, tzinfo=ZONE) + timedelta(minutes=chance.randrange(12 * 1440))
        minutes, held = KNOWN.clocks[access][severity], None
        state, at = IncidentState.REPORTED, begun
        for _step in range(6):
            due = due_at(state, severity, access, counted_from=begun, held_at=held,
                         calendar=CALENDAR, catalogue=KNOWN)  # fmt: skip
            expected = {
                IncidentState.REPORTED: minutes.acknowledge,
                IncidentState.TRIAGED: minutes.on_scene or minutes.controlled,
                IncidentState.DISPATCHED: minutes.on_scene or minutes.controlled,
                IncidentState.ON_SCENE: minutes.controlled,
            }.get(state)
            if expected:
                assert due == walked(begun, expected, severity)
            elif state in (IncidentState.CONTAINED, IncidentState.RESOLVED):
                assert held is not None
                assert due == walked(held, KNOWN.close_within[severity], severity)
            else:
                assert due is None
            first = climbs_at(state, severity, access, counted_from=begun, due=due,
                              calendar=CALENDAR, catalogue=KNOWN)  # fmt: skip
            if state is IncidentState.REPORTED:
                assert first == walked(begun, minutes.escalate, severity)
                second = next_climb(first, severity, access, calendar=CALENDAR, catalogue=KNOWN)
                assert second == walked(first, minutes.escalate, severity)
            else:
                assert first == due
            onward = [
                event for event in INCIDENT_TRANSITIONS.events_at(state)
                if event is not IncidentEvent.REOPEN
            ]  # fmt: skip
            if not onward:
                break
            event = chance.choice(onward)
            at += timedelta(minutes=chance.randrange(1, 300))
            state = INCIDENT_TRANSITIONS[state, event]
            if event is IncidentEvent.CONTAIN:
                held = at


# --- the climb, and how a place stands


def test_a_climb_passes_over_those_who_are_not_there() -> None:
    chain = ["polsek", "polres", "desk", "polda"]
    there = {"polres", "polda"}
    first = climb(chain, 0, is_there=there.__contains__)
    assert (first.to, first.passed, first.climbs) == ("polres", ("polsek",), 2)
    second = climb(chain, first.climbs, is_there=there.__contains__)
    assert (second.to, second.passed, second.climbs) == ("polda", ("desk",), 4)
    assert climb(chain, 4, is_there=there.__contains__).to is None
    assert climb(chain, 0, is_there=lambda _one: False).to == "polda"
    assert first_back({"a": date(2024, 11, 2), "b": date(2024, 11, 1)}) == "b"
    assert first_back({}) is None


@pytest.mark.parametrize(
    ("counts", "status", "decides"),
    [
        (Counts(), Status.NO_REPORT, Decides.NOTHING_TOLD),
        (Counts(told=3, closed=3), Status.ON_TRACK, Decides.NOTHING_OPEN),
        (Counts(told=1, open=1), Status.ON_TRACK, Decides.IN_TIME),
        (Counts(told=1, open=1, past=1), Status.AT_RISK, Decides.PAST_CLOCK),
        (Counts(told=1, open=1, grave=1), Status.AT_RISK, Decides.GRAVE_OPEN),
        (Counts(told=1, open=1, past=1, grave=1, grave_past=1), Status.LATE, Decides.GRAVE_PAST),
    ],
)
def test_an_open_grave_incident_is_never_green(
    counts: Counts, status: Status, decides: Decides
) -> None:
    found = judged(counts)
    assert (found.status, found.decides) == (status, decides)
