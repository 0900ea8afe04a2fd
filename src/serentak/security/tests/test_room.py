"""The situation room: order by the clock; what is confided shows and moves nothing; one page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from serentak.contingency import actions as contingency
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock, live
from serentak.platform.models import User
from serentak.posting import public as posting
from serentak.security.actions import plan_duty
from serentak.security.models import Incident
from serentak.security.queries.briefing import briefings
from serentak.security.queries.room import Room, room_of, room_stamp
from serentak.security.rules.room import by_clock, chosen, minutes_between
from serentak.security.rules.states import Severity
from serentak.security.words import span
from serentak.vulnerability import public as vulnerability
from tests.cast import (
    AIR_SUGIHAN,
    AT,
    BANYUASIN,
    OGAN_ILIR,
    OKI,
    PALEMBANG,
    PROVINCE,
    Cast,
    Member,
)

from .builders import MINUTE, election, id_of, police, reported, stepped, supervisor

NIGHT = datetime(2024, 11, 27, 13, tzinfo=AT.tzinfo)
"""The day of the vote, 20:00 in Palembang."""


@dataclass(frozen=True)
class Row:
    """As much of an incident as the rules look at."""

    name: str
    severity: Severity
    due: int | None
    since: datetime = AT

    @property
    def due_at(self) -> datetime | None:
        return None if self.due is None else AT + self.due * MINUTE

    @property
    def is_past(self) -> bool:
        return self.due is not None and self.due < 0


ROWS = [
    Row("later", Severity.S2, 30),
    Row("no clock", Severity.S2, None),
    Row("grave, no clock", Severity.S3, None),
    Row("most overdue", Severity.S1, -90),
    Row("grave", Severity.S4, 5),
    Row("overdue", Severity.S3, -10),
]


def names(rows: list[Row]) -> list[str]:
    return [row.name for row in rows]


def test_the_late_stand_first_and_then_the_grave() -> None:
    assert names(by_clock(ROWS)) == [
        *("overdue", "most overdue", "grave", "grave, no clock", "later", "no clock"),
    ]


def test_an_emergency_is_never_left_out_and_the_late_not_for_what_has_time() -> None:
    assert names(chosen(ROWS, 3)) == ["overdue", "most overdue", "grave"]
    assert names(chosen(ROWS, 2)) == ["overdue", "grave"]
    assert chosen(ROWS, 9) == by_clock(ROWS)


def test_minutes_are_written_as_one_says_them() -> None:
    with translation.override("en"):
        told = [span(minutes) for minutes in (0, 12, 65, 47 * 60, 51 * 60)]
    assert told == ["0 min", "12 min", "1 h 05 min", "47 h 00 min", "2 d 3 h"]
    assert minutes_between(AT, AT + 119 * MINUTE / 60) == 1
    assert minutes_between(AT, AT - MINUTE) == 0


@pytest.fixture(autouse=True)
def _night(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        election()


def room(who: Member, *, at: datetime = NIGHT, most: int = 40) -> Room:
    return room_of(PROVINCE, who.viewer, at, most=most)


def stamp(who: Member) -> object:
    return room_stamp(place=PROVINCE, viewer=who.viewer)


def test_the_room_says_what_is_open_where_and_since_when(cast: Cast) -> None:
    old = reported(kind="POWER_CUT", place=BANYUASIN, answers={}, at=NIGHT - timedelta(hours=5),
                   happened_at=NIGHT - timedelta(hours=5))  # fmt: skip
    new = reported(at=NIGHT - 5 * MINUTE, happened_at=NIGHT - 6 * MINUTE)
    found = room(cast.governor_desk)
    assert [row.id for row in found.rows] == [old.pk, new.pk]
    assert (found.open, found.past, [row.id for row in found.grave]) == (2, 1, [new.pk])
    assert [row.id for row in found.started] == [new.pk]
    below = {one.card.code: one for one in found.below}
    assert (below[OKI].status, below[OKI].gravest, below[OKI].open) == (
        *(Status.AT_RISK, Severity.S3, 1),
    )
    assert below[PALEMBANG].status is Status.NO_REPORT
    assert found.silent is not None
    assert OKI not in {one.card.code for one in found.silent}
    assert found.silent[-1].card.code == BANYUASIN  # five hours are less than never
    assert room(cast.governor_desk, at=NIGHT - timedelta(days=40)).silent is None


@pytest.mark.parametrize("days_before", [0, 5, 40])
@pytest.mark.parametrize("place", [PROVINCE, OKI, AIR_SUGIHAN])
def test_a_tile_stands_as_the_briefing_of_its_place_does(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, place: PlaceCode, days_before: int
) -> None:
    """The room and the page of security may not differ, whatever lacks: incidents or officers."""
    at = NIGHT - timedelta(days=days_before)
    for kind, where, answers, ago in (
        ("POWER_CUT", BANYUASIN, {}, 300),
        ("POWER_CUT", PALEMBANG, {}, 1),
        ("SIEGE", AIR_SUGIHAN, {"crowd": "MANY", "boxes_safe": "SAFE"}, 90),
    ):
        then = at - ago * MINUTE
        reported(kind=kind, place=where, answers=answers, at=then, happened_at=then)
    full = vulnerability.SurveyStanding(stations=9, surveyed=9, less=9)
    short = posting.PostingStanding(need=90, strength=70, shortage=20)
    monkeypatch.setattr(
        vulnerability, "standing", lambda place, at: dict.fromkeys((PALEMBANG, OGAN_ILIR), full)
    )
    monkeypatch.setattr(posting, "standing", lambda place, at: {OGAN_ILIR: short})
    viewer = cast.governor_desk.viewer
    tiles = {one.card.code: one.status for one in room_of(place, viewer, at, most=9).below}
    told = briefings(parent=place, viewer=viewer, at=at)
    assert tiles
    assert {code: told[code].status for code in tiles if code in told} == {
        code: status for code, status in tiles.items() if code in told
    }
    assert {status for code, status in tiles.items() if code not in told} <= {Status.NO_REPORT}
    if place == PROVINCE:
        assert tiles[OGAN_ILIR] in (
            Status.AT_RISK,
            Status.LATE,
        )  # what lacks there no incident tells


def test_what_the_list_leaves_out_is_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, place in enumerate((OKI, OKI, BANYUASIN)):
        reported(kind="POWER_CUT", place=place, answers={}, at=NIGHT - number * MINUTE,
                 happened_at=NIGHT - number * MINUTE)  # fmt: skip
    monkeypatch.setattr("serentak.security.queries.incidents.SHOWN", 1)
    found = room(cast.governor_desk)
    assert (len(found.rows), found.open, sum(found.by_severity.values())) == (1, 3, 3)
    below = {one.card.code: one for one in found.below}
    assert (below[OKI].open, below[BANYUASIN].open) == (2, 1)
    assert below[BANYUASIN].status is not Status.NO_REPORT


def test_who_is_on_duty_now_stands_there_and_changes_the_stamp(cast: Cast) -> None:
    before = stamp(cast.governor_desk)
    plan_duty(
        client_key=uuid4(),
        institution_id=id_of("GOVERNOR_DESK", PROVINCE),
        office="Posko",
        from_at=NIGHT - MINUTE,
        to_at=NIGHT + 60 * MINUTE,
        actor=SYSTEM,
        at=NIGHT - MINUTE,
    )
    assert [row.office for row in room(cast.governor_desk).on_duty] == ["Posko"]
    assert stamp(cast.governor_desk) != before


def test_each_step_of_what_one_sees_changes_the_stamp(cast: Cast) -> None:
    seen = [stamp(cast.governor_desk)]
    incident = reported(at=NIGHT - 5 * MINUTE, happened_at=NIGHT - 6 * MINUTE)
    seen.append(stamp(cast.governor_desk))
    for step in ("triage", "contain", "resolve"):
        stepped(incident, step, at=NIGHT)
        seen.append(stamp(cast.governor_desk))
    assert len(set(seen)) == len(seen)


@pytest.fixture
def whisper(cast: Cast) -> Callable[[], Incident]:
    """Report a restricted matter."""

    def report() -> Incident:
        found = reported(kind="MONEY", answers={"persons_held": True}, at=NIGHT - 5 * MINUTE,
                         happened_at=NIGHT - 6 * MINUTE)  # fmt: skip
        assert (found.confided, found.severity) == ("YES", "S3")
        return found

    return report


@contextmanager
def seen_alike(*who: Member) -> Iterator[None]:
    """Nothing that these see or hear of may differ in the end, down to the last letter."""

    def all_of(one: Member) -> tuple[object, ...]:
        client = Client()
        client.force_login(User.objects.get(pk=one.user_id))
        found: list[object] = [stamp(one), room(one)]
        for query in ("", "?wall=1"):
            part = client.get(f"/{PROVINCE}/security/room{query}", headers={"HX-Request": "true"})
            assert part.status_code == 200
            found += [part.content, part["ETag"], part["Live-Stamp"]]
        shown = live.screen(f"/{PROVINCE}/security/room", one.viewer)
        assert shown is not None
        return *found, shown.stamp

    before = [all_of(one) for one in who]
    yield
    assert [all_of(one) for one in who] == before


def test_a_restricted_matter_moves_nothing_for_who_may_not_see_it(
    cast: Cast, whisper: Callable[[], Incident]
) -> None:
    reported(at=NIGHT - 9 * MINUTE, happened_at=NIGHT - 9 * MINUTE)
    with seen_alike(cast.governor_desk, cast.province_commission):
        incident = whisper()
        stepped(incident, "triage", at=NIGHT)


def test_its_handlers_see_it_and_are_told(cast: Cast, whisper: Callable[[], Incident]) -> None:
    handler = supervisor()
    before = room_stamp(place=OKI, viewer=handler.viewer)
    incident = whisper()
    found = room_of(OKI, handler.viewer, NIGHT, most=9)
    assert [(row.id, row.is_restricted) for row in found.rows] == [(incident.pk, True)]
    assert room_stamp(place=OKI, viewer=handler.viewer) != before


def test_there_are_as_many_queries_whatever_there_is(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            room(cast.governor_desk)
            stamp(cast.governor_desk)
        return len(asked)

    reported(at=NIGHT - 5 * MINUTE, happened_at=NIGHT - 6 * MINUTE)
    few = queries()
    for place in (OKI, BANYUASIN, PALEMBANG, AIR_SUGIHAN):
        reported(kind="POWER_CUT", place=place, answers={}, at=NIGHT, happened_at=NIGHT)
    assert queries() == few
    assert few <= 40  # of what was prepared some fifteen are kept


def test_a_row_says_how_much_of_its_plan_is_left(cast: Cast, desk: Client) -> None:
    desk.cookies["serentak_language"] = "en"
    incident = reported(at=NIGHT - 5 * MINUTE, happened_at=NIGHT - 6 * MINUTE)
    page = f"/{PROVINCE}/security/room?wall=1"
    assert "to go" not in desk.get(page).text
    before = stamp(cast.governor_desk)

    def start(*, is_rehearsal: bool) -> int:
        return contingency.start_plan(
            client_key=uuid4(), plan="riot-district-office", place=AIR_SUGIHAN,
            is_rehearsal=is_rehearsal, subject=f"incident:{incident.key}",
            actor=cast.governor_desk.viewer, at=NIGHT,
        )  # fmt: skip

    start(is_rehearsal=True)
    assert (stamp(cast.governor_desk), "to go" in desk.get(page).text) == (before, False)
    run = start(is_rehearsal=False)
    began = stamp(cast.governor_desk)
    assert (began != before, "8 steps to go" in desk.get(page).text) == (True, True)
    contingency.finish_step(run_id=run, n=2, actor=cast.governor_desk.viewer, at=NIGHT)
    assert stamp(cast.governor_desk) != began
    assert "7 steps to go" in desk.get(page).text


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What posting tells: its own tests say how it comes to that."""
    stands = posting.PostingStanding(need=90, strength=70, manned=3, posts=4, plans=1)
    waits = posting.Waiting(7, "Polsek Ilir", PALEMBANG, "0711-1", 30, 25, 10)
    monkeypatch.setattr(posting, "standing", lambda place, at: {place: stands})
    monkeypatch.setattr(posting, "waiting", lambda place: [waits])


def test_posts_and_reserve_are_for_who_may_know_them(cast: Cast, posted: None) -> None:
    found = room(cast.governor_desk)  # a desk sees sums
    assert (found.posts.posts if found.posts else 0, list(found.reserve)) == (4, [])
    officer = police(PALEMBANG)
    seen = room_of(PALEMBANG, officer.viewer, NIGHT, most=9)
    assert (seen.posts is not None, [one.here for one in seen.reserve]) == (True, [20])
    assert (7, 20) in room_stamp(place=PALEMBANG, viewer=officer.viewer)[3]  # type: ignore[operator]  # parts of a stamp are only told apart
    watcher = room_of(PROVINCE, cast.observer.viewer, NIGHT, most=9)
    assert (watcher.posts, list(watcher.reserve)) == (None, [])


def test_the_page_says_what_was_posted_or_that_nobody_was(
    desk: Client, request: pytest.FixtureRequest
) -> None:
    assert "Belum ada yang menempatkan petugas" in desk.get(f"/{PROVINCE}/security/room").text
    request.getfixturevalue("posted")
    text = desk.get(f"/{PROVINCE}/security/room?wall=1").text
    assert "Belum ada yang menempatkan petugas" not in text
    assert "<b>3</b> dari 4 pos terisi hari ini" in text


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(User.objects.get(pk=cast.governor_desk.user_id))
    return client


def test_the_page_and_its_part_are_one(desk: Client) -> None:
    reported(at=NIGHT - 5 * MINUTE, happened_at=NIGHT - 6 * MINUTE)
    page = desk.get(f"/{PROVINCE}/security/room").content.decode()
    part = desk.get(f"/{PROVINCE}/security/room", headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.strip() in page
    assert f'data-live-stamp="{part["Live-Stamp"]}"' in page
    assert "<html" not in text
    assert "csrf" not in text
    assert re.search(r'data-live-alarms="[0-9A-F]{8}-S3"', text)


def test_the_wall_shows_less_and_larger(desk: Client) -> None:
    for number in range(9):
        reported(kind="POWER_CUT", answers={}, at=NIGHT - number * MINUTE,
                 happened_at=NIGHT - number * MINUTE)  # fmt: skip
    wall = desk.get(f"/{PROVINCE}/security/room?wall=1").content.decode()
    assert wall.count('class="alert"') == 7
    assert 'data-theme="dark"' in wall
    assert "on-the-wall" in wall
    assert desk.get(f"/{PROVINCE}/security/room").content.decode().count('class="alert"') == 9


def test_the_room_is_for_who_sees_security_down_to_districts(desk: Client, cast: Cast) -> None:
    assert desk.get(f"/{AIR_SUGIHAN}/security/room").status_code == 200
    assert desk.get(f"/{AIR_SUGIHAN}.2001/security/room").status_code == 404
    assert Client().get(f"/{PROVINCE}/security/room").status_code == 302
    neighbour = Client()
    neighbour.force_login(User.objects.get(pk=police(BANYUASIN).user_id))
    assert neighbour.get(f"/{OKI}/security/room").status_code == 404
    assert neighbour.get(f"/live?of=/{OKI}/security/room").status_code == 404
    assert neighbour.get(f"/live?of=/{BANYUASIN}/security/room").status_code == 200
