"""Briefings, records and lists: the same as the rules say, in a fixed number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.coordination import actions, public
from serentak.coordination.models import Action
from serentak.coordination.queries import briefing, follow_up, meetings
from serentak.coordination.queries.addressees import addressees
from serentak.coordination.queries.alerts import read_signed
from serentak.coordination.queries.follow_up import for_minister
from serentak.coordination.rules.promises import Standing
from serentak.coordination.rules.states import ActionState
from serentak.kernel.briefing import Alert, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast, Member

from .builders import done, give, institution_id, plan

DAY = timedelta(days=1)


def many(cast: Cast, number: int) -> None:
    """Make `number` open actions like a given one, spread over places, days and states."""
    model = give(cast)
    fields = {
        f.attname: getattr(model, f.attname)
        for f in Action._meta.concrete_fields
        if f.attname not in ("id", "client_key")
    }
    rows = []
    for i in range(number):
        row = Action(**fields)
        row.place_id = (OKI, BANYUASIN, PROVINCE)[i % 3]
        row.due_date = model.due_date + timedelta(days=i % 9 - 4)
        row.asked_at = AT - timedelta(hours=i % 60)
        row.acknowledge_by = row.asked_at + DAY
        if i % 4 == 0:
            row.state, row.acknowledged_at = ActionState.IN_PROGRESS.value, AT
        if i % 10 == 1:
            row.state, row.acknowledged_at = ActionState.DONE.value, AT
            row.done_at, row.done_date, row.done_note = AT, date(2024, 10, 28), "x"
            row.done_at -= timedelta(hours=i % 60)
            row.verify_by = row.done_at + DAY
        if i % 10 == 2:
            row.state, row.acknowledged_at, row.reason = ActionState.REFUSED.value, AT, "x"
        if i % 10 == 3:
            row.state, row.acknowledged_at = ActionState.VERIFIED.value, AT
            row.done_at, row.done_date, row.done_note = AT, date(2024, 10, 28), "x"
            row.verified_at, row.next_climb_at, row.verify_by = AT, None, AT + DAY
            row.first_due_date = model.due_date - timedelta(days=i % 7)
        rows.append(row)
    Action.objects.bulk_create(rows)


def test_meetings_up_to_a_day_are_those_of_the_place_and_above_that_one_may_see(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    old = plan(cast, starts_at=AT - 9 * DAY).pk
    today = plan(cast, starts_at=AT, invited=[institution_id("KPU")]).pk
    ahead = plan(cast, starts_at=AT + DAY).pk
    own = plan(cast, starts_at=AT - DAY, place=OKI, invited=[], actor=cast.regent_desk.viewer).pk

    def until(place: PlaceCode, member: Member) -> list[int]:
        found = public.meetings_until(place, viewer=member.viewer, day=date(2024, 10, 28))
        return [card.id for card in found]

    with django_assert_max_num_queries(4):
        assert until(OKI, cast.governor_desk) == [today, own, old]
    assert until(PROVINCE, cast.governor_desk) == [today, old]
    assert until(BANYUASIN, cast.neighbour) == []
    with django_assert_max_num_queries(4):
        assert until(OKI, cast.regent_desk) == [own, old]
    everything = [old, today, ahead, own]
    among = public.meetings_among
    assert set(among(everything, viewer=cast.governor_desk.viewer)) == set(everything)
    assert set(among(everything, viewer=cast.regent_desk.viewer)) == {old, ahead, own}
    assert among(everything, viewer=PUBLIC) == {}
    assert among([], viewer=SYSTEM) == {}


def test_a_place_where_nobody_was_asked_has_no_briefing(cast: Cast) -> None:
    assert public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT) == {}


def test_a_briefing_counts_parent_and_children(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    give(cast)
    overdue = give(cast, owner_id=institution_id("REGENT", BANYUASIN), place=BANYUASIN)
    kept = done(cast, give(cast))
    actions.verify_action(action_id=kept.pk, version=2, actor=desk, at=AT)
    cancelled = give(cast, place=PROVINCE, owner_id=institution_id("KPU"))
    actions.cancel_action(action_id=cancelled.pk, version=1, reason="x", actor=desk, at=AT)
    Action.objects.filter(pk=overdue.pk).update(due_date=date(2024, 10, 25))
    found = public.briefings(parent=PROVINCE, viewer=desk, at=AT)
    assert set(found) == {PROVINCE, OKI, BANYUASIN}
    whole = {f.code: (f.value, f.of) for f in found[PROVINCE].figures}
    assert whole == {
        "coordination.on_time": (1, 2),
        "coordination.overdue": (1, 3),
        "coordination.unacknowledged": (0, 3),
        "coordination.open": (2, 3),
    }
    assert found[PROVINCE].focus is Focus.COORDINATION
    assert (found[BANYUASIN].status, found[PROVINCE].status) == (Status.LATE, Status.LATE)
    (alert,) = found[BANYUASIN].alerts
    assert (alert.code, alert.severity) == ("coordination.OVERDUE", Status.LATE)
    assert alert.link == f"/coordination/actions/{overdue.pk}"
    assert alert.params["days"] == 3
    assert found[OKI].alerts == ()


def test_silence_is_no_report(cast: Cast) -> None:
    give(cast)
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT + DAY + timedelta(minutes=1))
    assert found[OKI].status is Status.NO_REPORT
    assert found[OKI].alerts[0].code == "coordination.UNACKNOWLEDGED"


def test_who_may_not_see_a_place_sees_nothing_of_it(cast: Cast) -> None:
    give(cast)
    found = public.briefings(parent=PROVINCE, viewer=cast.neighbour.viewer, at=AT)
    assert found == {}
    assert public.briefings(parent=PROVINCE, viewer=PUBLIC, at=AT) == {}
    own = public.briefings(parent=PROVINCE, viewer=cast.regent_desk.viewer, at=AT)
    assert set(own) == {OKI}


def test_sql_and_rules_agree_on_how_actions_stand(cast: Cast) -> None:
    many(cast, 120)
    lines = list(briefing.action_lines(PROVINCE, viewer=SYSTEM, at=AT))
    cards = {c.id: c.standing for c in follow_up.cards(Action.objects.all(), at=AT)}
    assert {row.pk: Standing(row.standing) for row in lines} == cards
    assert set(cards.values()) == set(Standing) - {Standing.CANCELLED}


def test_briefings_make_the_same_queries_however_much_was_asked(cast: Cast) -> None:
    counts = []
    for number in (3, 300):
        many(cast, number)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
        counts.append(len(caught))
    assert counts[0] == counts[1] == 4


def test_work_and_what_is_owed(cast: Cast) -> None:
    mine = give(cast)
    waits = done(cast, give(cast))
    desk, regent = cast.governor_desk.viewer, cast.regent_desk.viewer
    theirs = public.my_work(desk, at=AT)
    assert [c.id for c in theirs.owed_to_us] == [mine.pk]
    assert [c.id for c in theirs.to_verify] == [waits.pk]
    assert (theirs.to_do_count, theirs.owed_count) == (0, 1)
    ours = public.my_work(regent, at=AT)
    assert [c.id for c in ours.to_do] == [mine.pk]
    assert public.my_work(cast.neighbour.viewer, at=AT).to_do == []


def test_the_record_of_each_regency(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    kept = done(cast, give(cast))
    actions.verify_action(action_id=kept.pk, version=2, actor=desk, at=AT)
    late = give(cast)
    Action.objects.filter(pk=late.pk).update(due_date=date(2024, 10, 1))
    rows = {row.place: row for row in public.promises(PROVINCE, viewer=desk, at=AT)}
    assert (rows[OKI].record.kept, rows[OKI].record.late) == (1, 1)
    assert rows[OKI].record.on_time == 0.5
    assert rows[BANYUASIN].record.total == 0
    give(cast, owner_id=institution_id("REGENT", BANYUASIN), place=PROVINCE)
    give(cast, owner_id=institution_id("KPU", OKI))
    give(cast, owner_id=institution_id("REGENT", OKI), verb="REQUEST")
    rows = {row.place: row for row in public.promises(PROVINCE, viewer=desk, at=AT)}
    assert rows[BANYUASIN].record.total == 1, "wherever it is to be done"
    assert rows[OKI].record.total == 2, "what others were asked for is no promise of the regency"
    with pytest.raises(OutOfScope):
        meetings.meetings(PROVINCE, viewer=cast.neighbour.viewer)


def test_open_actions_are_found_by_the_alert_they_came_from(cast: Cast) -> None:
    link = "/16.02/readiness/route-plan"
    given = give(cast, alert_code="readiness.OVERDUE", alert_link=link)
    found = public.actions_from_alerts([link, "/x"], viewer=SYSTEM, at=AT)
    assert {k: [c.id for c in v] for k, v in found.items()} == {link: [given.pk]}
    assert public.actions_from_alerts([link], viewer=cast.neighbour.viewer, at=AT) == {}
    actions.cancel_action(
        action_id=given.pk, version=1, reason="x", actor=cast.governor_desk.viewer, at=AT
    )
    assert public.actions_from_alerts([link], viewer=SYSTEM, at=AT) == {}


def test_what_goes_to_the_minister(cast: Cast) -> None:
    given = give(cast)
    actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 8 * DAY)
    found = for_minister(PROVINCE, viewer=SYSTEM, at=given.due_at + 8 * DAY)
    assert [(c.id, c.for_minister) for c in found] == [(given.pk, True)]


def test_verbs_follow_from_who_speaks_to_whom(cast: Cast) -> None:
    meeting = plan(cast)
    card = meetings.meeting_card(meeting.pk, SYSTEM)
    table = meetings.table_of(card.host, PROVINCE)
    by_kind: dict[str, Any] = {
        c.kind: table.verbs[c.id] for c in table.addressees if c.place in (PROVINCE, OKI)
    }
    assert by_kind["KPU"] == ["REQUEST", "COORDINATION"]
    assert "DIRECTIVE" in by_kind["REGENT"]
    assert by_kind["DISHUB"][0] == "INSTRUCTION"
    assert "REPRIMAND" not in by_kind["REGENT"]
    assert any(c.kind == "POLICE" and c.place == OKI for c in addressees(PROVINCE))


def test_pasted_minutes_know_institutions_and_days(cast: Cast) -> None:
    meeting = plan(cast)
    card = meetings.meeting_card(meeting.pk, SYSTEM)
    table = meetings.table_of(card.host, PROVINCE)
    lines = meetings.readings(
        "Bupati OKI kontrak perahu 272 TPS paling lambat 30 Okt, cek desk 31 Okt\n"
        "KPU diminta kirim jadwal besok\n"
        "Bupati Banyuasin agar mengirim data 6 Nov\n"
        "Rakor berikut 4 Nov di Kayu Agung",
        card=card,
        table=table,
    )
    assert [line.institution_id for line in lines] == [
        institution_id("REGENT", OKI),
        institution_id("KPU"),
        institution_id("REGENT", BANYUASIN),
        None,
    ]
    assert lines[0].check_date == date(2024, 10, 31)
    assert lines[1].due_date == date(2024, 10, 29)


def test_an_alert_becomes_an_address(cast: Cast) -> None:
    alert = Alert(
        "readiness.OVERDUE", OKI, Status.LATE, None, "/16.02/readiness", Press(), params={"n": 1}
    )
    address, _, text = public.ask_url(alert).partition("?alert=")
    assert (address, read_signed(text)) == ("/16.02/coordination/ask", alert)
    assert public.agenda_url(alert, meeting_id=3).startswith("/coordination/meetings/3/agenda/add?")
    assert read_signed(text[:-1]) is None


def test_a_point_tells_how_its_action_stands_now(cast: Cast) -> None:
    meeting = plan(cast)
    row = give(cast, due_date=date(2024, 10, 29), check_date=date(2024, 10, 30))
    later = AT + timedelta(days=3)
    actions.set_agenda(
        meeting_id=meeting.pk,
        version=1,
        entries=[actions.AgendaEntry(action_id=row.pk)],
        actor=cast.governor_desk.viewer,
        at=later,
    )

    def told() -> Status:
        (point,) = meetings.agenda(meeting.pk, at=later)
        assert point.action
        assert point.severity is point.action.status
        return point.severity

    assert told() is Status.LATE
    done(cast, row, at=later)
    assert told() is not Status.LATE
