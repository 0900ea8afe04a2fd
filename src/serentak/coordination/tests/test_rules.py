"""States, climbing, promises, minutes and letters, without a database."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from serentak.coordination.queries import settings
from serentak.coordination.rules import escalation, letters, minutes, promises, states
from serentak.coordination.rules.escalation import Asked, Chain, Climb, When
from serentak.coordination.rules.letters import LetterForm, LetterPattern, ReprimandFault
from serentak.coordination.rules.minutes import Addressee, OutcomeKind, ReadLine
from serentak.coordination.rules.promises import Ground, Record, Standing
from serentak.coordination.rules.states import ActionEvent, ActionState, LetterState, MeetingState
from serentak.institutions.public import Verb
from serentak.kernel import entries
from serentak.kernel.acts import deed
from serentak.kernel.entries import Settings
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status

TODAY = date(2024, 10, 28)
AT = datetime(2024, 10, 28, 9, tzinfo=UTC)


# --- states


def test_every_pair_of_state_and_event_has_an_answer() -> None:
    possible = {
        (s, e)
        for s in ActionState
        for e in ActionEvent
        if states.ACTION_TRANSITIONS.after(s, e) is not None
    }
    assert possible == set(states.ACTION_TRANSITIONS)
    assert states.ACTION_TRANSITIONS.after(ActionState.CANCELLED, ActionEvent.REOPEN) is None
    assert states.MEETING_TRANSITIONS.after(MeetingState.PLANNED, states.MeetingEvent.CLOSE) is None
    assert states.LETTER_TRANSITIONS.after(LetterState.SENT, states.LetterEvent.REVISE) is None


@pytest.mark.parametrize("state", ActionState)
def test_who_answers_and_who_asks_share_no_step(state: ActionState) -> None:
    answers = states.events_of(state, answers=True, asks=False)
    asks = states.events_of(state, answers=False, asks=True)
    assert not set(answers) & set(asks)
    assert states.events_of(state, answers=False, asks=False) == []
    assert set(answers) | set(asks) == {e for s, e in states.ACTION_TRANSITIONS if s is state}


@pytest.mark.parametrize(
    ("state", "answers", "asks"),
    [
        (ActionState.OPEN, "ACKNOWLEDGE START COMPLETE REFUSE", "CANCEL"),
        (ActionState.IN_PROGRESS, "COMPLETE REFUSE", "CANCEL"),
        (ActionState.DONE, "", "VERIFY REJECT"),
        (ActionState.REFUSED, "", "CANCEL REOPEN"),
        (ActionState.CANCELLED, "", ""),
    ],
)
def test_who_answers_does_and_who_asks_judges(state: ActionState, answers: str, asks: str) -> None:
    assert states.events_of(state, answers=True, asks=False) == answers.split()
    assert states.events_of(state, answers=False, asks=True) == asks.split()
    assert states.events_of(state, answers=True, asks=True) == [*answers.split(), *asks.split()]


def test_a_meeting_is_held_then_closed_and_a_letter_sent_or_discarded() -> None:
    meeting, letter = states.MeetingEvent, states.LetterEvent
    assert {
        (s, e): states.MEETING_TRANSITIONS.after(s, e) for s in MeetingState for e in meeting
    } == {(s, e): None for s in MeetingState for e in meeting} | {
        (MeetingState.PLANNED, meeting.HOLD): MeetingState.HELD,
        (MeetingState.HELD, meeting.RECORD): MeetingState.HELD,
        (MeetingState.HELD, meeting.CLOSE): MeetingState.CLOSED,
    }
    assert {(s, e): states.LETTER_TRANSITIONS.after(s, e) for s in LetterState for e in letter} == {
        (s, e): None for s in LetterState for e in letter
    } | {
        (LetterState.DRAFT, letter.REVISE): LetterState.DRAFT,
        (LetterState.DRAFT, letter.SEND): LetterState.SENT,
        (LetterState.DRAFT, letter.DISCARD): LetterState.DISCARDED,
    }


def test_only_what_needs_nobody_any_more_is_settled() -> None:
    assert set(ActionState) - set(states.UNSETTLED) == {ActionState.VERIFIED, ActionState.CANCELLED}


# --- climbing


def asked(**changed: Any) -> Asked:
    given: dict[str, Any] = {
        "verb": "DIRECTIVE",
        "state": ActionState.OPEN,
        "asked_at": AT,
        "due_at": AT + timedelta(days=10),
        "zone": UTC,
        "off": (),
    }
    return Asked(**(given | changed))


@pytest.mark.parametrize(
    ("hours", "climbed_to", "expected"),
    [
        (23, "", []),
        (24, "", [Climb.TELL_OWNER]),
        (48, "", [Climb.TELL_OWNER, Climb.AGENDA]),
        (48, "unanswered", [Climb.AGENDA]),
        (240, "unanswered_agenda", [Climb.TELL_OWNER]),
        (240 + 72, "overdue_agenda", [Climb.PROPOSE_REMINDER]),
        (240 + 120, "reminder", [Climb.REPORT_TO_MINISTER]),
        (10_000, "minister", []),
    ],
)
def test_steps_fall_due_one_after_another(
    hours: int, climbed_to: str, expected: list[Climb]
) -> None:
    steps = escalation.due_steps(
        asked(climbed_to=climbed_to), settings.policy(), at=AT + timedelta(hours=hours)
    )
    assert [s.does for s in steps] == expected


def test_an_acknowledged_action_climbs_only_when_overdue() -> None:
    known = asked(state=ActionState.ACKNOWLEDGED)
    assert escalation.next_moment(known, settings.policy()) == AT + timedelta(days=10)


@pytest.mark.parametrize(
    ("asked_at", "answer_by"),
    [
        ("2024-10-31T10:00", "2024-11-01T10:00"),
        # A weekend stands between, or is what it was asked on.
        ("2024-11-01T10:00", "2024-11-04T10:00"),
        ("2024-11-02T10:00", "2024-11-05T00:00"),
        # From H-7 on every day counts, the voting day as well; from H+2 on no longer.
        ("2024-11-22T10:00", "2024-11-23T10:00"),
        ("2024-11-26T10:00", "2024-11-27T10:00"),
        ("2024-11-29T10:00", "2024-12-02T10:00"),
    ],
)
def test_clocks_stand_still_on_days_off_but_not_around_the_vote(
    asked_at: str, answer_by: str
) -> None:
    off = escalation.days_off(settings.policy(), date(2024, 11, 27), holidays={date(2024, 11, 27)})
    given = asked(asked_at=datetime.fromisoformat(asked_at).replace(tzinfo=UTC), off=off)
    told = datetime.fromisoformat(answer_by).replace(tzinfo=UTC)
    first, _ = escalation.remaining(given, settings.policy())[0]
    assert first == told


def test_clocks_may_run_on_all_days() -> None:
    every = replace(settings.policy(), days=escalation.Days.ALL)
    assert escalation.days_off(every, date(2024, 11, 27), holidays={date(2024, 11, 27)}) == ()


def test_without_a_vote_only_working_days_count() -> None:
    off = escalation.days_off(settings.policy(), None, holidays={date(2024, 12, 25)})
    assert [day for day in range(22, 29) if date(2024, 12, day) in off] == [22, 25, 28]


@pytest.mark.parametrize("state", states.SETTLED)
def test_what_is_settled_does_not_climb(state: ActionState) -> None:
    assert escalation.next_moment(asked(state=state), settings.policy()) is None


def test_a_deed_that_was_reported_waits_for_who_asked() -> None:
    done = AT + timedelta(days=3)
    reported = asked(state=ActionState.DONE, done_at=done, climbed_to="minister")
    assert escalation.next_moment(reported, settings.policy()) == done + timedelta(hours=24)
    steps = escalation.due_steps(reported, settings.policy(), at=done + timedelta(days=2))
    assert [s.does for s in steps] == [Climb.TELL_SENDER, Climb.AGENDA]
    somewhen = asked(state=ActionState.DONE)
    assert escalation.next_moment(somewhen, settings.policy()) == AT + timedelta(hours=24)


@pytest.mark.parametrize("verb", ["DIRECTIVE", "REQUEST"])
def test_who_refused_is_not_told_again_that_it_is_overdue(verb: str) -> None:
    refused = asked(verb=verb, state=ActionState.REFUSED)
    steps = escalation.due_steps(refused, settings.policy(), at=AT + timedelta(days=365))
    assert Climb.TELL_OWNER not in {s.does for s in steps}
    assert steps[-1].does is Climb.REPORT_TO_MINISTER


def test_a_request_never_climbs_into_a_reminder() -> None:
    request = asked(verb="REQUEST")
    steps = escalation.due_steps(request, settings.policy(), at=AT + timedelta(days=365))
    assert Climb.PROPOSE_REMINDER not in {s.does for s in steps}
    assert steps[-1].does is Climb.REPORT_TO_MINISTER


@pytest.mark.parametrize(
    ("due_in", "climbed_to", "expected"),
    [
        (240, "unanswered", False),
        (240, "unanswered_agenda", True),
        (240, "overdue", True),
        (15, "overdue", False),
        (15, "overdue_agenda", True),
    ],
)
def test_an_agenda_takes_up_only_what_climbed_to_one(
    due_in: int, climbed_to: str, expected: bool
) -> None:
    """Due within the day it is overdue first, and the agenda of the unanswered is passed over."""
    given = asked(due_at=AT + timedelta(hours=due_in), climbed_to=climbed_to)
    later = AT + timedelta(days=30)
    assert escalation.has_reached_agenda(given, settings.policy(), at=later) is expected


@pytest.mark.parametrize(
    ("state", "climbed_to", "after_hours", "expected"),
    [
        (ActionState.OPEN, "", 400, False),
        (ActionState.OPEN, "of-an-older-catalogue", 400, False),
        (ActionState.OPEN, "unanswered_agenda", 72, True),
        (ActionState.ACKNOWLEDGED, "unanswered_agenda", 72, False),
        (ActionState.ACKNOWLEDGED, "overdue_agenda", 239, False),
        (ActionState.ACKNOWLEDGED, "overdue_agenda", 240, True),
        (ActionState.DONE, "unverified", 400, False),
        (ActionState.DONE, "unverified_agenda", 1, True),
        (ActionState.VERIFIED, "overdue_agenda", 400, False),
    ],
)
def test_an_agenda_drops_what_no_longer_holds(
    state: ActionState, climbed_to: str, after_hours: int, expected: bool
) -> None:
    given = asked(state=state, climbed_to=climbed_to, done_at=AT)
    at = AT + timedelta(hours=after_hours)
    assert escalation.has_reached_agenda(given, settings.policy(), at=at) is expected


def test_a_step_that_is_still_ahead_puts_nothing_on_an_agenda() -> None:
    told = escalation.Step("told", When.OVERDUE, 5, Climb.TELL_OWNER, "agenda")
    agenda = escalation.Step("agenda", When.OVERDUE, 5, Climb.AGENDA, None)
    policy = replace(
        settings.policy(), chains={**settings.policy().chains, Chain.STEERING: (told, agenda)}
    )
    later = AT + timedelta(days=30)
    for climbed_to, expected in (("told", False), ("agenda", True)):
        given = asked(climbed_to=climbed_to)
        assert escalation.has_reached_agenda(given, policy, at=later) is expected


@pytest.mark.parametrize(
    ("climbed_to", "did"),
    [
        ("", None),
        ("of-an-older-catalogue", None),
        ("unanswered", Climb.TELL_OWNER),
        ("reminder", Climb.PROPOSE_REMINDER),
        ("unverified_agenda", Climb.AGENDA),
    ],
)
def test_how_far_an_action_has_climbed(climbed_to: str, did: Climb | None) -> None:
    assert escalation.furthest(climbed_to, settings.policy()) is did


def _policy() -> dict[str, Any]:
    step = {"when": "OVERDUE", "hours": 1, "does": "TELL_OWNER"}
    told_who_asked = {"when": "UNVERIFIED", "hours": 1, "does": "TELL_SENDER"}
    return {
        "class": "ASSUMED",
        "source": "test",
        "date": TODAY,
        "acknowledge_hours": 24,
        "verify_hours": 24,
        "days": "WORKING",
        "all_days_from": 7,
        "all_days_until": 1,
        "chains": {
            Chain.STEERING: {"first": "a", "steps": {"a": dict(step)}},
            Chain.REQUEST: {"first": "a", "steps": {"a": dict(step)}},
            Chain.VERIFICATION: {"first": "a", "steps": {"a": told_who_asked}},
        },
    }


@pytest.mark.parametrize(
    ("chain", "fault", "says"),
    [
        (Chain.REQUEST, {"then": "a"}, "leads back"),
        (Chain.REQUEST, {"then": "b"}, "no step b"),
        (Chain.REQUEST, {"does": "PROPOSE_REMINDER"}, "^REQUEST: a request never climbs into a reminder$"),
        (Chain.REQUEST, {"hours": -1}, "REQUEST: steps: a: hours: must be at least 0"),
        (Chain.REQUEST, {"when": "UNVERIFIED"}, "REQUEST: a counts from UNVERIFIED"),
        (Chain.VERIFICATION, {"when": "OVERDUE"}, "VERIFICATION: a counts from OVERDUE"),
        (Chain.VERIFICATION, {"does": "TELL_OWNER"},
         "^VERIFICATION: only who asked is told, and a meeting$"),
    ],
)  # fmt: skip
def test_a_broken_policy_is_refused(chain: Chain, fault: dict[str, Any], says: str) -> None:
    data = _policy()
    data["chains"][chain]["steps"]["a"] |= fault
    with pytest.raises(ValueError, match=says):
        entries.read(escalation.Policy, data)


def test_a_longer_circle_and_a_lost_step_are_refused() -> None:
    data = _policy()
    steps = data["chains"]["STEERING"]["steps"]
    steps["b"] = deepcopy(steps["a"]) | {"then": "a"}
    with pytest.raises(ValueError, match="b is never reached"):
        entries.read(escalation.Policy, data)
    steps["a"]["then"] = "b"
    with pytest.raises(ValueError, match="a leads back to itself"):
        entries.read(escalation.Policy, data)


def test_a_policy_without_class_is_refused() -> None:
    with pytest.raises(ValueError, match="class: 'LAW' is none of"):
        entries.read(escalation.Policy, _policy() | {"class": "LAW"})
    invented = r"^class: is ASSUMED or SOURCED; nobody climbs by an invented rule$"
    with pytest.raises(ValueError, match=invented):
        entries.read(escalation.Policy, _policy() | {"class": "SYNTHETIC"})


# --- promises


@pytest.mark.parametrize(
    ("state", "due", "done", "asked_before", "expected"),
    [
        (ActionState.OPEN, 10, None, 1, Standing.RUNNING),
        (ActionState.OPEN, 10, None, 24, Standing.RUNNING),
        (ActionState.OPEN, 10, None, 30, Standing.UNACKNOWLEDGED),
        (ActionState.OPEN, -1, None, 30, Standing.OVERDUE),
        (ActionState.ACKNOWLEDGED, 0, None, 30, Standing.DUE_SOON),
        (ActionState.IN_PROGRESS, 1, None, 30, Standing.DUE_SOON),
        (ActionState.IN_PROGRESS, 2, None, 30, Standing.RUNNING),
        (ActionState.IN_PROGRESS, -3, None, 30, Standing.OVERDUE),
        (ActionState.DONE, -3, None, 30, Standing.TO_VERIFY),
        (ActionState.VERIFIED, -3, None, 30, Standing.KEPT),
        (ActionState.ACKNOWLEDGED, 10, None, 30, Standing.RUNNING),
        (ActionState.DONE, -3, 0, 30, Standing.TO_VERIFY),
        (ActionState.DONE, -3, -1, 30, Standing.TO_VERIFY),
        (ActionState.DONE, -3, -4, 30, Standing.UNVERIFIED),
        (ActionState.VERIFIED, -3, -3, 30, Standing.KEPT),
        (ActionState.VERIFIED, -3, -2, 30, Standing.KEPT_LATE),
        (ActionState.REFUSED, 0, None, 30, Standing.REFUSED),
        (ActionState.REFUSED, -3, None, 30, Standing.OVERDUE),
        (ActionState.CANCELLED, -3, None, 30, Standing.CANCELLED),
    ],
)
def test_standing(
    state: ActionState, due: int, done: int | None, asked_before: int, expected: Standing
) -> None:
    found = promises.standing(
        state,
        due_date=TODAY + timedelta(days=due),
        first_due_date=None,
        done_date=None if done is None else TODAY + timedelta(days=done),
        verify_by=None if done is None else AT + timedelta(days=done + 1),
        acknowledge_by=AT - timedelta(hours=asked_before) + timedelta(hours=24),
        today=TODAY,
        at=AT,
        due_soon_days=1,
    )
    assert found is expected
    assert found is Standing.CANCELLED or isinstance(promises.STATUS_OF[found], Status)


@pytest.mark.parametrize(
    ("first", "due", "done", "expected"),
    [
        (0, 5, 1, Standing.KEPT_LATE),
        (0, 5, 0, Standing.KEPT),
        (5, 0, 1, Standing.KEPT_LATE),
        (None, 5, 1, Standing.KEPT),
    ],
)
def test_a_later_day_does_not_make_a_late_promise_kept(
    first: int | None, due: int, done: int, expected: Standing
) -> None:
    found = promises.standing(
        ActionState.VERIFIED,
        due_date=TODAY + timedelta(days=due),
        first_due_date=None if first is None else TODAY + timedelta(days=first),
        done_date=TODAY + timedelta(days=done),
        acknowledge_by=AT,
        verify_by=AT,
        today=TODAY,
        at=AT,
        due_soon_days=1,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("state", "due", "days"),
    [
        (ActionState.OPEN, 1, 0),
        (ActionState.OPEN, 0, 0),
        (ActionState.OPEN, -1, 1),
        (ActionState.IN_PROGRESS, -5, 5),
        (ActionState.REFUSED, -5, 5),
        (ActionState.DONE, -5, 0),
        (ActionState.VERIFIED, -5, 0),
        (ActionState.CANCELLED, -5, 0),
    ],
)
def test_only_a_deed_that_is_missing_is_overdue(state: ActionState, due: int, days: int) -> None:
    found = promises.days_overdue(TODAY + timedelta(days=due), state=state, today=TODAY)
    assert found == days


def test_a_record_divides_by_what_was_due() -> None:
    record = Record(
        {
            Standing.KEPT: 3,
            Standing.KEPT_LATE: 1,
            Standing.OVERDUE: 2,
            Standing.RUNNING: 5,
            Standing.CANCELLED: 9,
        }
    )
    assert (record.kept, record.late, record.due, record.open, record.total) == (3, 3, 6, 7, 11)
    assert record.on_time == 0.5
    assert Record({}).on_time is None


def test_how_late_a_promise_is_presses_nobody() -> None:
    rules = settings.thresholds()

    def press(standing: Standing, days: int) -> Press:
        due = TODAY + timedelta(days=days)
        return promises.press_of(standing, due_date=due, today=TODAY, thresholds=rules)

    assert press(Standing.OVERDUE, -1) == press(Standing.OVERDUE, -500) == Press(Harm.TIMETABLE)
    assert press(Standing.UNACKNOWLEDGED, 5) == Press(Harm.TIMETABLE, days_left=5)
    assert press(Standing.TO_VERIFY, 5).harm is press(Standing.KEPT, 5).harm is Harm.PAPER


@pytest.mark.parametrize(
    ("counts", "status", "ground", "count"),
    [
        ({Standing.KEPT: 8, Standing.KEPT_LATE: 1}, Status.DONE, Ground.ALL_VERIFIED, 9),
        ({Standing.KEPT: 12, Standing.RUNNING: 2}, Status.ON_TRACK, Ground.RUNNING, 2),
        ({Standing.RUNNING: 99, Standing.OVERDUE: 1}, Status.AT_RISK, Ground.OVERDUE, 1),
        ({Standing.RUNNING: 99, Standing.UNACKNOWLEDGED: 1}, Status.AT_RISK, Ground.UNANSWERED, 1),
        ({Standing.RUNNING: 99, Standing.UNVERIFIED: 1}, Status.AT_RISK, Ground.UNVERIFIED, 1),
        ({Standing.RUNNING: 99, Standing.REFUSED: 1}, Status.ON_TRACK, Ground.RUNNING, 100),
        ({Standing.RUNNING: 2, Standing.DUE_SOON: 1}, Status.AT_RISK, Ground.TIGHT, 1),
        ({Standing.RUNNING: 5, Standing.OVERDUE: 2}, Status.LATE, Ground.OVERDUE, 2),
        ({Standing.RUNNING: 1, Standing.UNACKNOWLEDGED: 5}, Status.NO_REPORT, Ground.UNANSWERED, 5),
        ({Standing.CANCELLED: 5, Standing.KEPT: 1}, Status.DONE, Ground.ALL_VERIFIED, 1),
    ],
)  # fmt: skip
def test_a_place_says_what_decides_its_status(
    counts: dict[Standing, int], status: Status, ground: Ground, count: int
) -> None:
    found = promises.status_of(Record(counts), rule=settings.thresholds().roll_up)
    assert found == (status, ground, count)


@pytest.mark.parametrize(
    ("first", "due", "expected"),
    [(-12, 7, Standing.OVERDUE), (0, 7, Standing.RUNNING), (7, -1, Standing.OVERDUE)],
)
def test_who_owes_does_not_move_a_promise(first: int, due: int, expected: Standing) -> None:
    found = promises.standing(
        ActionState.IN_PROGRESS,
        due_date=TODAY + timedelta(days=due),
        first_due_date=TODAY + timedelta(days=first),
        done_date=None,
        acknowledge_by=AT,
        verify_by=None,
        today=TODAY,
        at=AT,
        due_soon_days=1,
    )
    assert found is expected


def test_thresholds_without_a_source_are_refused() -> None:
    with pytest.raises(ValueError, match="due_soon_days: class: is missing"):
        entries.read(
            Settings[promises.Thresholds],
            {
                "roll_up": {"value": {"late_share": 2}, "class": "", "source": "", "date": ""},
                "due_soon_days": {"value": 1},
                "half_life_days": {"value": 5, "class": "", "source": "", "date": ""},
            },
        )


# --- minutes

NAMES = [
    Addressee(1, ("Biro Pemerintahan",)),
    Addressee(2, ("Bupati Ogan Komering Ilir", "bupati oki", "oki")),
    Addressee(3, ("KPU Provinsi Sumatera Selatan", "KPU")),
    Addressee(4, ("KPU Kabupaten Ogan Komering Ilir", "KPU oki")),
    Addressee(5, ("Polda",)),
]


def read(line: str) -> ReadLine:
    found = minutes.read_minutes(
        line,
        words=settings.minutes_words(),
        addressees=NAMES,
        today=TODAY,
        vote_date=date(2024, 11, 27),
        holidays=(),
    )
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("line", "kind", "institution", "due", "check"),
    [
        ("1. Biro Pemerintahan data 9 desa, 6 Nov", None, 1, date(2024, 11, 6), None),
        (
            "Bupati OKI kontrak perahu 272 TPS paling lambat 30 Okt, cek desk 31 Okt",
            None, 2, date(2024, 10, 30), date(2024, 10, 31),
        ),
        ("- KPU diminta kirim jadwal besok", OutcomeKind.REQUEST, 3, date(2024, 10, 29), None),
        ("KPU OKI diminta melapor H-21", OutcomeKind.REQUEST, 4, date(2024, 11, 6), None),
        ("Disepakati batas H-28 bagi Polda", OutcomeKind.DECISION, 5, date(2024, 10, 30), None),
        ("Biro Pemerintahan ditugaskan ...", OutcomeKind.INSTRUCTION, 1, None, None),
        ("Agar Bupati OKI segera", OutcomeKind.DIRECTIVE, 2, None, None),
        ("Dilaporkan 2 Jan 2025 selesai", OutcomeKind.INFORMATION, None, date(2025, 1, 2), None),
        ("Rapat 5/11 dan cek 7/11/2024", None, None, date(2024, 11, 5), date(2024, 11, 7)),
        ("Polda siaga 3 Jan", None, 5, date(2025, 1, 3), None),
        ("Tanggal 31 Feb tidak ada", None, None, None, None),
        ("Polda siaga 5/11/2026", None, 5, date(2026, 11, 5), None),
        ("Polda siaga 2 Januari 2027", None, 5, date(2027, 1, 2), None),
        ("Polda siaga 2 Jan. 2027", None, 5, date(2027, 1, 2), None),
        ("Besok Polda siaga", None, 5, date(2024, 10, 29), None),
        ("Polda siaga 29 Feb", None, 5, date(2024, 2, 29), None),
        ("Polda dicek 31 Okt, selesai 2 Nov", None, 5, date(2024, 11, 2), date(2024, 10, 31)),
        ("Polda 5/11, 7/11, 9/11", None, 5, date(2024, 11, 5), date(2024, 11, 7)),
        ("Polda 3 TPS cek 3 desa, 5 Nov", None, 5, date(2024, 11, 5), None),
        ("Dilaporkan paling lambat 5 Nov", None, None, date(2024, 11, 5), None),
        ("Dilaporkan 5 Nov, cek 7 Nov", None, None, date(2024, 11, 5), date(2024, 11, 7)),
        ("Agar Polda siap paling lambat 5 Nov", OutcomeKind.DIRECTIVE, 5, date(2024, 11, 5), None),
    ],
)  # fmt: skip
def test_a_line_of_minutes(
    line: str,
    kind: OutcomeKind | None,
    institution: int | None,
    due: date | None,
    check: date | None,
) -> None:
    found = read(line)
    assert (found.kind, found.institution_id) == (kind, institution)
    assert (found.due_date, found.check_date) == (due, check)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2025, 1, 3), date(2024, 12, 30)),
        (date(2024, 12, 3), date(2024, 12, 30)),
        (date(2025, 8, 1), date(2025, 12, 30)),
    ],
)
def test_a_day_without_a_year_is_the_nearest(today: date, due: date) -> None:
    (found,) = minutes.read_minutes(
        "Polda siaga 30 Des",
        words=settings.minutes_words(),
        addressees=NAMES,
        today=today,
        holidays=(),
    )
    assert found.due_date == due


def test_empty_lines_and_bullets_are_no_outcomes() -> None:
    found = minutes.read_minutes(
        "\n  1) satu\n\n• dua\n   \n",
        words=settings.minutes_words(),
        addressees=[],
        today=TODAY,
        holidays=(),
    )
    assert [line.text for line in found] == ["satu", "dua"]


def test_every_verb_belongs_to_a_kind() -> None:
    assert set(minutes.KIND_OF_VERB) == {verb.value for verb in Verb}
    assert minutes.usual_verb({"REQUEST", "REMINDER"}) == "REQUEST"
    assert minutes.usual_verb({"REPORT"}) is None


# --- letters


def test_a_point_without_its_value_is_left_out_and_words_stay_words() -> None:
    pattern = settings.letter_patterns().by_verb["DIRECTIVE"]
    draft = letters.drafted(pattern, {"about": "untuk {due} x", "act": "{due} x"}, ())
    assert draft.subject == "Arahan untuk {due} x"
    assert draft.points == ("Saudara diarahkan untuk {due} x.",)


def test_a_draft_has_every_part_of_its_pattern() -> None:
    pattern = LetterPattern(
        LetterForm.CORRESPONDENCE, "On {task}", "From {origin}:", ("by {due}",), "{days} days."
    )
    given = {"task": "boats", "days": "3"}
    assert letters.drafted(pattern, given, ("archive",)) == letters.Draft(
        "On boats", "From :", (), "3 days.", ("archive",)
    )


def test_every_verb_has_a_pattern_and_titles_stand_where_they_belong() -> None:
    patterns = settings.letter_patterns().by_verb
    assert set(patterns) == {verb.value for verb in Verb}
    titled = {verb for verb, p in patterns.items() if p.title}
    assert titled == {"INSTRUCTION", "CIRCULAR"}
    for verb in ("REQUEST", "COORDINATION"):
        text = " ".join((patterns[verb].opening, *patterns[verb].points))
        assert "perintah" not in text.lower()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"subject": "{who}"}, "'who' is no placeholder"),
        ({"points": ["by {due}", "for {who}"]}, "'who' is no placeholder"),
        ({"points": ["{due} for {who}"]}, "'who' is no placeholder"),
        (
            {"title": "INSTRUKSI"},
            "title: an order, a circular and a note, and nothing else, have one",
        ),
        (
            {"form": "CIRCULAR"},
            "title: an order, a circular and a note, and nothing else, have one",
        ),
        ({"form": "ORDER", "title": "INSTRUKSI"}, "basis: an order, and nothing else, has one"),
        ({"form": "ORDER", "title": "INSTRUKSI", "basis": ["UU"]}, None),
    ],
)
def test_a_pattern_that_could_not_be_filled_is_refused(
    changes: dict[str, Any], fault: str | None
) -> None:
    raw = {"form": "CORRESPONDENCE", "subject": "{task}", "opening": "x", "points": [],
           "closing": "y"}  # fmt: skip
    data = {"patterns": {"REQUEST": raw | changes}, "copies": [], "capitals": {}}
    if fault is None:
        assert entries.read(letters.LetterPatterns, data).by_verb["REQUEST"].title == "INSTRUKSI"
        return
    with pytest.raises(ValueError, match=f"^patterns: REQUEST: {fault}$"):
        entries.read(letters.LetterPatterns, data)


@pytest.mark.parametrize(
    ("text", "said", "subject"),
    [
        (
            "Mengirim surat suara Kabupaten Banyuasin (5 dari 9 lembar)",
            "mengirim surat suara Kabupaten Banyuasin (5 dari 9 lembar) paling lambat 1 Mei 2024",
            "mengirim surat suara Kabupaten Banyuasin",
        ),
        (
            "membuka TPS pada 27 November 2024",
            "membuka TPS pada 27 November 2024 paling lambat 1 Mei 2024",
            "membuka TPS",
        ),
        (
            "Membuka TPS pada 1 Mei 2024.",
            "membuka TPS pada 1 Mei 2024",
            "membuka TPS",
        ),
        (
            "Kontrak perahu",
            "melaksanakan hal berikut: Kontrak perahu paling lambat 1 Mei 2024",
            "melaksanakan hal berikut: Kontrak perahu",
        ),
    ],
)
def test_what_is_asked_becomes_a_clause(text: str, said: str, subject: str) -> None:
    assert letters.by_day(letters.clause(text), "1 Mei 2024") == said
    assert deed(letters.clause(text)) == subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Membuka TPS X", "untuk membuka TPS X"),
        ("Kontrak perahu", "mengenai Kontrak perahu"),
        ("Perahu, melaksanakan hal berikut: ", "mengenai Perahu, melaksanakan hal berikut:"),
    ],
)
def test_a_subject_line_goes_on_after_a_noun(text: str, subject: str) -> None:
    assert letters.about(letters.clause(text)) == subject


@pytest.mark.parametrize(
    ("verb", "kind", "family", "fits"),
    [
        ("REQUEST", "KPU", "COMMISSION", True),  # by its family
        ("REQUEST", "POLDA", "", True),  # by its kind
        ("REQUEST", "DISHUB", "OWN_AGENCY", False),
        ("DIRECTIVE", "POLDA", "COMMISSION", False),
    ],
)
def test_a_copy_goes_by_the_verb_and_who_is_written_to(
    verb: str, kind: str, family: str, fits: bool
) -> None:
    rule = letters.CopyRule(verbs=("REQUEST", "COORDINATION"), to=("POLDA", "COMMISSION"))
    assert rule.fits(verb, kind, family) is fits


@pytest.mark.parametrize(
    ("level", "ground", "reminded", "sent", "expected"),
    [
        (1, " ", 9, {}, ReprimandFault.NO_GROUND),
        (1, "PP 12/2017", None, {}, ReprimandFault.NO_REMINDER),
        (1, "PP 12/2017", 2, {}, ReprimandFault.TOO_SOON),
        (2, "PP 12/2017", 9, {}, ReprimandFault.NO_LEVEL_BEFORE),
        (1, "PP 12/2017", 3, {}, None),
        (2, "PP 12/2017", 9, {1: 2}, ReprimandFault.LEVEL_TOO_SOON),
        (2, "PP 12/2017", 9, {1: 3}, None),
        (3, "PP 12/2017", 9, {1: 9}, ReprimandFault.NO_LEVEL_BEFORE),
        (3, "PP 12/2017", 9, {1: 9, 2: 2}, ReprimandFault.LEVEL_TOO_SOON),
        (3, "PP 12/2017", 9, {1: 2, 2: 9}, None),
        (1, "PP 12/2017", 9, {1: 2}, None),
    ],
)
def test_what_stands_against_a_reprimand(
    level: int,
    ground: str,
    reminded: int | None,
    sent: dict[int, int],
    expected: ReprimandFault | None,
) -> None:
    found = letters.reprimand_fault(
        level=level,
        ground=ground,
        reminded_on=None if reminded is None else TODAY - timedelta(days=reminded),
        levels_sent={level: TODAY - timedelta(days=ago) for level, ago in sent.items()},
        today=TODAY,
        after_days=3,
        between_days=3,
    )
    assert found is expected


def test_what_the_minister_hears_of_keeps_a_place_late_however_much_is_asked() -> None:
    rule = settings.thresholds().roll_up
    many = {Standing.OVERDUE: 2, Standing.RUNNING: 98}
    assert promises.status_of(Record(many), rule=rule)[0] is Status.AT_RISK
    assert promises.status_of(Record(many, 1), rule=rule) == (Status.LATE, Ground.OVERDUE, 2)
