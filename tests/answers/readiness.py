"""A province's board made of plain rows, so that known answers meet the real rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from serentak.elections import public as elections
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.readiness.queries.board import Board, Row, Shelf, catalogue
from serentak.readiness.rules.states import ActivityState, TargetState

VOTE = date(2024, 11, 27)
PROVINCE = PlaceCode("16")
STEP = 1000
"""How much of a work a day of it is worth."""

Given = Mapping[str, Mapping[str, Any]]
"""By activity: `done` (the share) or `days_left`, `heard` (days ago), `moved_to`, `dropped`."""


def board_of(day: int, given: Mapping[PlaceCode, Given], *, heard: int = 0) -> Board:
    """Return the board of a day counted from the vote.

    At each place of `given` stands the whole catalogue. What is not given keeps its dates: done
    where its target has passed, as far as it must be where it runs, and last reported `heard` days
    ago.
    """
    shelves = {}
    for place in (PROVINCE, *given):
        level = level_of(place)
        keys = [k for k, d in catalogue().activities.items() if level in d.levels]
        own = given.get(place, {})
        rows = tuple(
            _row(number, key, place, day, {"heard": heard, **own.get(key, {})})
            for number, key in enumerate(keys, len(shelves) * 1000)
            if level is Level.REGENCY
        )
        shelves[place] = Shelf(rows)
    sizes = {place: elections.VoterCounts(stations=800) for place in given}
    return Board(
        election=_election(),
        today=VOTE + timedelta(days=day),
        zone="Asia/Jakarta",
        shelves=shelves,
        sizes=sizes,
    )


def _election() -> elections.ElectionCard:
    return elections.ElectionCard(
        id=1,
        name="",
        vote_date=VOTE,
        place=PROVINCE,
        zone=ZoneInfo("Asia/Jakarta"),
        opens=time(7),
        closes=time(13),
        source="",
    )


def _row(number: int, key: str, place: PlaceCode, day: int, given: Mapping[str, Any]) -> Row:
    definition = catalogue().activities[key]
    likely = definition.durations.likely
    target = given.get("moved_to", definition.target)
    whole = likely * STEP
    seen_on = day - given["heard"]
    left = min(likely, max(0, target - seen_on + 1)) if target > seen_on else 0
    done = whole - left * STEP
    if "days_left" in given:
        done = whole - given["days_left"] * STEP
    if "done" in given:
        done = int(whole * given["done"])
    has_word = done > 0 or "done" in given
    heard_at = datetime.combine(VOTE, datetime.min.time(), UTC) + timedelta(days=seen_on, hours=5)
    return Row(
        id=number,
        election_id=1,
        key=key,
        place=place,
        owner_id=1,
        target_quantity=whole,
        done_quantity=done if has_word else None,
        figure_class=FigureClass.SYNTHETIC,
        state=ActivityState.DROPPED if given.get("dropped") else ActivityState.OPEN,
        drop_reason="",
        target_state=TargetState.AGREED,
        target_date=VOTE + timedelta(days=target),
        baseline_date=VOTE + timedelta(days=definition.target),
        last_report_at=heard_at if has_word else None,
        heard_at=heard_at if has_word else None,
    )
