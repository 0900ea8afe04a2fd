"""How places stand by the real rules, against the known answers of `answers/statuses.yaml`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from serentak.coordination.queries.settings import policy
from serentak.coordination.queries.settings import thresholds as of_coordination
from serentak.coordination.rules import promises
from serentak.coordination.rules.states import ActionState
from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import day_of, parse_countdown
from serentak.kernel.status import Part, RollUp, Status, judge
from serentak.kernel.workdays import is_working_day
from serentak.neutrality.queries import catalogues as of_neutrality
from serentak.neutrality.rules import standing as neutrality
from serentak.platform.holidays import holidays
from serentak.reporting.queries.sources import rules as of_reporting
from serentak.reporting.rules.closing import report_status, rounds_of
from serentak.reporting.rules.states import ReportState
from serentak.security.queries import catalogues as of_security
from serentak.security.rules.preparation import Prepared, judgement_of, of_children, whole
from serentak.security.rules.standing import Counts, judged
from tests.answers.readiness import VOTE, board_of

ANSWERS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "answers" / "statuses.yaml").read_text("utf-8")
)
GREEN = (Status.DONE, Status.ON_TRACK)
CENGAL = PlaceCode("16.02.21")


def day(text: str) -> date:
    return day_of(parse_countdown(text), vote_date=VOTE)


def in_coordination(answer: Mapping[str, Any]) -> Status:
    today = day(answer["day"])
    at = datetime.combine(today, time(12))
    counts: dict[promises.Standing, int] = {}
    for number, state, due, more in answer["given"]:
        done = day(more["done"]) if "done" in more else None
        found = promises.standing(
            ActionState(state),
            due_date=day(due),
            first_due_date=day(more["first"]) if "first" in more else None,
            done_date=done,
            acknowledge_by=at + timedelta(hours=policy().acknowledge_hours - more.get("asked", 0)),
            verify_by=datetime.combine(done, time(12)) + timedelta(hours=policy().verify_hours)
            if done
            else None,
            today=today,
            at=at,
            due_soon_days=of_coordination().due_soon_days,
        )
        counts[found] = counts.get(found, 0) + number
    status, _, count = promises.status_of(promises.Record(counts), rule=of_coordination().roll_up)
    assert count, "what decides is counted"
    return status


def in_readiness(answer: Mapping[str, Any]) -> Status:
    others = [PlaceCode(f"16.{n:02}") for n in range(2, 17)]
    is_province = answer.get("place") == "province"
    regency = PlaceCode("16.01")
    given = {regency: answer["given"], **({place: {} for place in others} if is_province else {})}
    board = board_of(parse_countdown(answer["day"]), given, heard=answer.get("heard", 0))
    return board.judgement_at(PlaceCode("16") if is_province else regency).status


def in_neutrality(answer: Mapping[str, Any]) -> Status:
    given, today = answer["given"], day(answer["day"])
    services = neutrality.Services(**given.get("services", {}))
    if kinds := given.get("kinds"):
        stays_open = of_neutrality.rules().services
        services = neutrality.counted_services(
            [
                (neutrality.ServiceLevel(k), stays_open[kind].stays_open)
                for kind, k in kinds.items()
            ],
            is_working_day=is_working_day(today, holidays=holidays()),
        )
    pledged = given.get("pledged")
    standing = neutrality.Standing(
        cases=neutrality.Cases(**given.get("cases", {})),
        pledges=neutrality.Pledges(pledged, 100, 1) if pledged else neutrality.Pledges(),
        services=services,
        forbidden=given.get("forbidden", 0),
    )
    limits = of_neutrality.thresholds()
    sees_cases = answer.get("viewer") != "without"
    found = neutrality.judgement_of(
        standing, sees_cases=sees_cases, today=today, vote_date=VOTE, thresholds=limits
    )
    if answer.get("place") != "province":
        return found.status
    # The cases lie in many regencies, each of which shows nothing of its own.
    whole = neutrality.case_status(standing.cases, sees_cases=sees_cases, thresholds=limits)
    own = neutrality.Judgement(Status.NO_REPORT, neutrality.Ground.NOTHING_HEARD)
    return neutrality.parent_judgement(own, [Status.DONE] * 17, whole, thresholds=limits).status


def in_reporting(answer: Mapping[str, Any]) -> Status:
    given, today, rules = answer["given"], day(answer["day"]), of_reporting()
    if own := given.get("own_hour"):
        rules = replace(rules, own_hours={CENGAL: time.fromisoformat(own)})
    (first, *_) = rounds_of(
        CENGAL, today, vote_date=VOTE, zone=ZoneInfo("Asia/Jakarta"), rules=rules
    )
    due = given.get("due") or first.due_at.strftime("%H:%M")
    return report_status(
        ReportState(given["state"]) if "state" in given else None,
        due_at=datetime.combine(today, time.fromisoformat(due)),
        at=datetime.combine(today, time.fromisoformat(given["at"])),
        days_silent=given["days_silent"],
        rules=rules,
    )


def made_up(answer: Mapping[str, Any]) -> Status:
    rule = RollUp(late_share=0.25, risk_share=0.33, silent_share=0.5)
    parts = [
        Part(Status(status), 1, Status(veto[0]) if veto else None)
        for number, status, *veto in answer["given"]
        for _ in range(number)
    ]
    return judge(parts, rule=rule).status


def in_security(answer: Mapping[str, Any]) -> Status:
    given, today = Prepared(**answer["given"]), parse_countdown(answer["day"])
    days = of_security.days()
    owed = judgement_of(given, day=today, days=days)
    if mute := answer.get("others"):  # classes of these regencies are not given
        silent = judgement_of(replace(given, classed=0), day=today, days=days)
        told = [one.status for one in [owed] * (17 - mute) + [silent] * mute if one]
        owed = of_children(told, days=days)
    return whole(judged(Counts(**answer.get("incidents", {}))), owed)[0].status


JUDGED = {
    "coordination": in_coordination,
    "readiness": in_readiness,
    "neutrality": in_neutrality,
    "reporting": in_reporting,
    "logistics": made_up,
    "security": in_security,
}


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["id"] for answer in ANSWERS])
def test_a_place_stands_as_a_governor_would_be_blamed_for(answer: dict[str, Any]) -> None:
    found = JUDGED[answer["area"]](answer)
    if answer.get("never_green"):
        assert found not in GREEN, answer["why"]
    assert found.value in (answer["status"], answer.get("also")), answer["why"]


def test_no_known_answer_is_lost() -> None:
    known = {answer["id"] for answer in ANSWERS}
    asked = "01 02 04 05 07 08 10 11 12 13 15 16 17 18 19 21 22 23 25 26 28 29 30 32 33 34 36 37"
    asked += " 38 40 41 43 45 47 48 50"
    assert {f"S{number}" for number in asked.split()} <= known
