"""The pages of coordination: what each role sees and may do, and what bad input gets."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from serentak.coordination import actions, public
from serentak.coordination.models import Action, AgendaItem, Letter, Meeting
from serentak.coordination.queries import asking
from serentak.coordination.queries.alerts import signed
from serentak.coordination.rules.states import ActionState
from serentak.coordination.views import meeting as meeting_views
from serentak.kernel.briefing import Alert
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.platform.clock import local_date
from serentak.platform.models import User
from tests.cast import AT, OKI, PROVINCE, Cast, Member, seat

from .builders import give, institution_id, plan
from .builders import row as outcome

NOW = timezone.now()
TODAY = local_date(NOW)
SOON = TODAY + timedelta(days=3)
LATER = TODAY + timedelta(days=4)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def given_now(cast: Cast, **changed: object) -> Action:
    return give(cast, at=NOW, **{"due_date": SOON, "check_date": LATER, **changed})


@pytest.fixture
def head(cast: Cast) -> Client:
    return signed_in(cast.governor_desk)


@pytest.fixture
def officer(cast: Cast) -> Client:
    return signed_in(cast.regent_desk)


def test_the_overview_shows_what_is_owed_on_both_sides(
    cast: Cast, head: Client, officer: Client
) -> None:
    given_now(cast)
    plan(cast, starts_at=NOW)
    text = head.get("/16/coordination").content.decode()
    assert "What we are owed" in text
    assert "Kontrak perahu untuk 272 TPS" in text
    assert "Rakor kesiapan H-30" in text
    assert "Record of each place" in text
    assert "Kabupaten Ogan Komering Ilir" in text or "Ogan Komering Ilir" in text
    mine = officer.get("/16.02/coordination").content.decode()
    assert "Kontrak perahu untuk 272 TPS" in mine


def test_the_page_speaks_indonesian_by_itself(cast: Cast) -> None:
    text = signed_in(cast.governor_desk, "id").get("/16/coordination").content.decode()
    assert "Rapat dan arahan" in text
    assert "Tugas lembaga ini" in text


def test_strangers_see_nothing(cast: Cast) -> None:
    row = given_now(cast)
    meeting = plan(cast, starts_at=NOW)
    paths = (
        "/16/coordination",
        f"/coordination/actions/{row.pk}",
        f"/coordination/meetings/{meeting.pk}",
        "/16/coordination/ask",
    )
    for member in (cast.neighbour, cast.observer, cast.administrator):
        client = signed_in(member)
        assert {client.get(path).status_code for path in paths} == {404}
    assert Client().get(paths[0]).status_code == 302


def boat_alert() -> Alert:
    return Alert(
        code="coordination.OVERDUE",
        place=OKI,
        severity=Status.LATE,
        due_date=None,
        link="/16.02/readiness/route-plan",
        params={"owner": "Dishub", "task": "perahu"},
        press=Press(),
    )


def test_an_alert_becomes_an_action_with_its_link(cast: Cast, head: Client) -> None:
    alert = boat_alert()
    page = head.get(public.ask_url(alert)).content.decode()
    assert "Dishub: perahu" in page
    key = uuid4()
    sent = {
        "client_key": key,
        "owner": institution_id("REGENT", OKI),
        "kind": "",
        "text": "Kontrak perahu",
        "due_date": SOON.isoformat(),
        "alert": signed(alert),
        "do": "send",
    }
    answer = head.post("/16.02/coordination/ask", sent)
    row = Action.objects.get()
    assert answer.headers["Location"] == f"/coordination/actions/{row.pk}"
    assert (row.alert_code, row.alert_params) == (alert.code, alert.params)
    assert head.post("/16.02/coordination/ask", sent).status_code == 302
    assert Action.objects.count() == 1
    shown = head.get(f"/coordination/actions/{row.pk}").content.decode()
    assert 'href="/16.02/readiness/route-plan"' in shown


def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(cast: Cast, head: Client) -> None:
    answer = head.post(
        "/16/coordination/ask",
        {
            "client_key": uuid4(),
            "owner": institution_id("KPU"),
            "kind": "DIRECTIVE",
            "text": "Kirim jadwal segera",
            "due_date": SOON.isoformat(),
            "do": "send",
        },
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "may not say this to" in text
    assert "Between the two is allowed: Request, Coordination." in text
    assert "Kirim jadwal segera" in text
    assert not Action.objects.exists()


def test_nobody_writes_an_alert_by_hand(cast: Cast, head: Client) -> None:
    """One of a restricted kind would hide what is asked from all who may not hear of cases."""
    forged = signed(boat_alert()).replace(":", "x:", 1)
    page = head.get("/16.02/coordination/ask", {"alert": forged})
    assert (page.status_code, forged in page.content.decode()) == (200, False)
    sent = {
        "client_key": uuid4(),
        "owner": institution_id("REGENT", OKI),
        "text": "Kontrak perahu",
        "due_date": SOON.isoformat(),
        "do": "send",
    }
    assert head.post("/16.02/coordination/ask", {**sent, "alert": forged}).status_code == 422
    by_hand = {"alert_code": "neutrality.CASE", "code": "neutrality.CASE", "alert_link": "/16/x"}
    assert head.post("/16.02/coordination/ask", {**sent, **by_hand}).status_code == 302
    assert Action.objects.get().alert_code == ""


def test_no_draft_about_what_is_confided_is_kept_on_a_device(cast: Cast) -> None:
    client = signed_in(seat("kepala.desk", "Aminah", "REGENT_DESK_HEAD", "REGENT_DESK", OKI))
    for code, is_confided in (("neutrality.CASE", True), (boat_alert().code, False)):
        row = give(cast, alert_code=code, alert_link="/16.02/neutrality")
        page = client.get(f"/coordination/actions/{row.pk}").content.decode()
        assert ("data-no-drafts" in page) is is_confided
        asked = {"alert": signed(replace(boat_alert(), code=code))}
        page = client.get("/16.02/coordination/ask", asked).content.decode()
        assert ("data-no-drafts" in page) is is_confided


def test_steps_are_one_click_and_evidence_is_uploaded(
    cast: Cast, head: Client, officer: Client
) -> None:
    row = given_now(cast)
    page = f"/coordination/actions/{row.pk}"
    assert "Acknowledge" in officer.get(page).content.decode()
    assert officer.post(f"{page}/acknowledge", {"version": 1}).status_code == 302
    bad = officer.post(f"{page}/complete", {"version": 2, "note": " "})
    assert bad.status_code == 422
    assert "Done needs evidence" in bad.content.decode()
    file = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4\n%EOF\n")
    assert (
        officer.post(
            f"{page}/complete", {"version": 2, "note": "Selesai", "evidence": file}
        ).status_code
        == 302
    )
    assert "Verify" in head.get(page).content.decode()
    assert "Verify" not in officer.get(page).content.decode()
    assert head.post(f"{page}/verify", {"version": 3}).status_code == 302
    row.refresh_from_db()
    assert row.state == ActionState.VERIFIED
    assert f'href="{page}/evidence"' in head.get(page).content.decode()
    sent = head.get(f"{page}/evidence")
    assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
    assert b"".join(sent.streaming_content).startswith(b"%PDF")


def test_a_stale_or_foreign_step_is_refused_in_words(
    cast: Cast, head: Client, officer: Client
) -> None:
    row = given_now(cast)
    page = f"/coordination/actions/{row.pk}"
    officer.post(f"{page}/acknowledge", {"version": 1})
    stale = officer.post(f"{page}/refuse", {"version": 1, "reason": "Tidak sempat"})
    assert stale.status_code == 422
    assert "Somebody else changed this since" in stale.content.decode()
    assert "Tidak sempat" in stale.content.decode()
    foreign = head.post(f"{page}/start", {"version": 2})
    assert foreign.status_code == 422
    assert "Only Bupati" in foreign.content.decode() or "Only Regent" in foreign.content.decode()
    assert officer.post(f"{page}/explode", {"version": 2}).status_code == 404
    assert officer.get(f"{page}/start").status_code == 405


@pytest.mark.parametrize("digits", ["²", "٣", "9" * 5000, "-1", ""])
def test_what_only_looks_like_a_number_is_none(cast: Cast, head: Client, digits: str) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    stale = head.post(f"{page}/close", {"version": digits}, follow=True)
    assert "Somebody else changed this since" in stale.content.decode()
    rows = {
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-text": "Kontrak perahu",
        "rows-0-owner": digits,
        "rows-0-kind": "DIRECTIVE",
    }
    sent = head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows))
    assert sent.status_code == 422
    assert not Action.objects.exists()


def test_rows_that_were_announced_and_did_not_come_are_asked_for(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    rows = {
        "rows-TOTAL_FORMS": 2,
        "rows-INITIAL_FORMS": 1,
        "rows-0-text": "Rapat dibuka",
        "rows-0-kind": "INFORMATION",
    }
    path = f"/coordination/meetings/{meeting.pk}/outcomes"
    assert head.post(path, _minutes(meeting, do="record", **rows)).status_code == 422
    assert not meeting.outcomes.exists()


def _minutes(meeting: Meeting, **more: object) -> dict[str, object]:
    return {"version": meeting.version, "minutes": "", **more}


def test_pasted_minutes_become_rows_and_rows_become_actions(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    day = f"{SOON.day} {['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'][SOON.month - 1]}"
    answer = head.post(
        f"{page}/outcomes",
        _minutes(
            meeting,
            minutes=f"Bupati OKI kontrak perahu {day}\nKPU diminta kirim jadwal besok",
            do="read",
        ),
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{SOON.isoformat()}"' in text
    assert 'name="rows-TOTAL_FORMS" value="2"' in text
    regent, kpu = institution_id("REGENT", OKI), institution_id("KPU")
    rows = {
        "rows-TOTAL_FORMS": 2,
        "rows-INITIAL_FORMS": 2,
        "rows-0-text": "Kontrak perahu",
        "rows-0-owner": regent,
        "rows-0-kind": "DIRECTIVE",
        "rows-0-due_date": SOON.isoformat(),
        "rows-0-check_date": LATER.isoformat(),
        "rows-1-text": "Kirim jadwal",
        "rows-1-owner": kpu,
        "rows-1-kind": "REQUEST",
    }
    refused = head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows))
    assert refused.status_code == 422
    assert "By when? Whoever is asked needs a day." in refused.content.decode()
    assert "Kontrak perahu" in refused.content.decode()
    assert not Action.objects.exists()
    rows["rows-1-due_date"] = SOON.isoformat()
    assert head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows)).status_code == 302
    assert set(Action.objects.values_list("owner_id", "verb")) == {
        (regent, "DIRECTIVE"),
        (kpu, "REQUEST"),
    }
    shown = head.get(page).content.decode()
    assert "Outcomes" in shown
    assert "Kirim jadwal" in shown
    left_open = Action.objects.get(owner_id=kpu)
    assert left_open.check_date is not None
    assert left_open.check_date >= left_open.due_date


def test_after_reading_and_after_an_error_the_page_stands_at_the_rows(
    cast: Cast, head: Client
) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}/outcomes"
    lines = "Gudang bocor, diperbaiki besok\nKadishub siapkan perahu besok"
    read = head.post(page, _minutes(meeting, do="read", minutes=lines)).content.decode()
    (told,) = re.findall(r"<[^>]* autofocus>(.*?)</p>", read, re.S)
    assert "2 outcomes were read." in told
    assert "1 still lacks something" in told
    rows: dict[str, object] = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 1}
    rows |= {"rows-0-text": "Siapkan perahu", "rows-0-owner": institution_id("DISHUB")}
    rows |= {"rows-0-kind": "INSTRUCTION", "rows-0-due_date": ""}
    refused = head.post(page, _minutes(meeting, do="record", **rows)).content.decode()
    (told,) = re.findall(r"<[^>]* autofocus>(.*?)</div>", refused, re.S)
    assert 'href="#id_rows-0-due_date"' in told
    assert "By when?" in told


@pytest.fixture
def vote(monkeypatch: pytest.MonkeyPatch) -> date:
    """A vote that lies a week ahead."""
    ahead = TODAY + timedelta(days=7)
    monkeypatch.setattr(asking, "vote_of", lambda _place: ahead)
    monkeypatch.setattr(meeting_views, "vote_of", lambda _place: ahead)
    return ahead


def test_a_day_after_the_vote_is_asked_back_and_shown_as_such(
    cast: Cast, head: Client, vote: date
) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    late = vote + timedelta(days=39)
    lines = f"Kadishub siapkan perahu {late:%d/%m/%Y}"
    read = head.post(f"{page}/outcomes", _minutes(meeting, do="read", minutes=lines))
    assert "39 days after the vote" in read.content.decode()
    rows: dict[str, object] = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 1}
    first = read.context["rows"].forms[0].initial
    rows |= {f"rows-0-{key}": value or "" for key, value in first.items()}
    refused = head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows))
    assert refused.status_code == 422
    assert 'type="checkbox" name="rows-0-after_vote"' in refused.content.decode()
    assert not Action.objects.exists()
    rows |= {"rows-0-after_vote": "on"}
    told = head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows), follow=True)
    assert Action.objects.get().due_date == late
    assert "after the vote" in told.content.decode()


def test_who_asks_by_a_day_after_the_vote_says_that_it_is_meant(
    cast: Cast, head: Client, vote: date
) -> None:
    sent = {
        "client_key": uuid4(),
        "owner": institution_id("REGENT", OKI),
        "text": "Mengembalikan kotak suara",
        "due_date": (vote + timedelta(days=1)).isoformat(),
        "do": "send",
    }
    refused = head.post("/16/coordination/ask", sent)
    assert refused.status_code == 422
    assert "1 day after the vote" in refused.content.decode()
    assert head.post("/16/coordination/ask", sent | {"after_vote": "on"}).status_code == 302


def test_a_next_meeting_keeps_its_day_and_is_offered_for_planning(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    read = head.post(
        f"{page}/outcomes", _minutes(meeting, do="read", minutes="Rapat berikutnya lusa")
    )
    first = read.context["rows"].forms[0].initial
    rows: dict[str, object] = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 1}
    rows |= {f"rows-0-{key}": value or "" for key, value in first.items()}
    told = head.post(f"{page}/outcomes", _minutes(meeting, do="record", **rows), follow=True)
    day = local_date(meeting.starts_at) + timedelta(days=2)
    assert meeting.outcomes.get().check_date == day
    ((named, url),) = told.context["to_plan"]
    assert named == day
    assert "A meeting is named for" in told.content.decode()
    form = head.get(url)
    assert f'value="{day}T' in form.content.decode()
    assert f'value="{meeting.venue}"' in form.content.decode()
    plan(cast, starts_at=meeting.starts_at + timedelta(days=2), at=NOW)
    assert not head.get(page).context["to_plan"]


def test_a_row_without_a_day_says_so_before_it_is_sent(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    lines = "Kapolda diminta menambah pengamanan gudang\nKadiskominfo: cek sinyal, lusa\nPosko buka"
    page = f"/coordination/meetings/{meeting.pk}/outcomes"
    read = head.post(page, _minutes(meeting, do="read", minutes=lines))
    first, second, third = read.context["rows"].forms
    assert first.fields["due_date"].required
    assert not third.fields["due_date"].required
    assert second.initial["due_date"] == local_date(meeting.starts_at) + timedelta(days=2)
    assert read.content.decode().count("By when? Whoever is asked needs a day.") == 1


def test_another_recipient_is_offered_other_kinds(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    rows = {
        "rows-TOTAL_FORMS": 1,
        "rows-INITIAL_FORMS": 1,
        "rows-0-text": "Kirim jadwal",
        "rows-0-owner": institution_id("KPU"),
        "rows-0-kind": "DIRECTIVE",
    }
    answer = head.post(
        f"/coordination/meetings/{meeting.pk}/outcomes",
        _minutes(meeting, do="offer", **rows),
        headers={"HX-Target": "rows", "HX-Request": "true"},
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert '<option value="REQUEST" selected>' in text
    assert 'value="DIRECTIVE"' not in text


def test_agenda_and_attendance_are_set_on_the_page(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    overdue = give(cast)
    page = f"/coordination/meetings/{meeting.pk}"
    assert "Kontrak perahu" in head.get(page).content.decode()
    head.post(
        f"{page}/agenda",
        {"version": 1, "take": f"/coordination/actions/{overdue.pk}", "own": "Lain-lain"},
    )
    assert list(meeting.agenda.order_by("position").values_list("action_id", "text")) == [
        (overdue.pk, ""),
        (None, "Lain-lain"),
    ]
    kpu = institution_id("KPU")
    head.post(
        f"{page}/attendance", {"version": 2, f"attendance-{kpu}": "PRESENT", f"by-{kpu}": "Ketua"}
    )
    assert meeting.invitations.get(institution=kpu).representative == "Ketua"
    address = public.agenda_url(boat_alert(), meeting_id=meeting.pk)
    assert f'action="{address}"' in head.get(address).content.decode()
    head.post(address)
    assert meeting.agenda.count() == 3
    points = [str(point.pk) for point in meeting.agenda.all()]
    head.post(f"{page}/agenda", {"version": Meeting.objects.get().version, "keep": points})
    assert OKI in meeting.agenda.values_list("place", flat=True)
    assert head.get(f"{page}/agenda/add?alert=x").status_code == 404
    assert head.get(page).status_code == 200


def test_what_was_not_reached_is_put_off_with_one_tap_and_offered_again(
    cast: Cast, head: Client
) -> None:
    meeting = plan(cast, starts_at=NOW)
    page = f"/coordination/meetings/{meeting.pk}"
    for text in ("Perahu", "Hibah", "Sinyal"):
        entry = actions.AgendaEntry(text=text)
        actions.add_to_agenda(
            meeting_id=meeting.pk, entry=entry, actor=cast.governor_desk.viewer, at=NOW
        )
    points = {point.text: point.pk for point in meeting.agenda.all()}

    def send(to: str, **given: object) -> str:
        version = Meeting.objects.get(pk=meeting.pk).version
        answer = head.post(f"{page}/{to}", {"version": version, **given}, follow=True)
        return answer.content.decode()

    assert "Put off all 3" in head.get(page).content.decode()
    note = {f"said-{points['Sinyal']}": "Menunggu Diskominfo"}
    text = send("put-off", point=points["Hibah"], **note)
    assert "offered when one is planned" in text
    assert "Said of it: “Menunggu Diskominfo”" in text
    assert "Put off all" not in text
    assert "2 points wait for the next meeting" in head.get("/16/coordination").content.decode()
    assert (
        "Said there: “Menunggu Diskominfo”"
        in head.get("/16/coordination/meetings/new").content.decode()
    )
    assert "It is this meeting&#x27;s again." in send("take-back", point=points["Sinyal"])
    following = plan(cast, starts_at=NOW + timedelta(days=7))
    ahead = head.get(f"/coordination/meetings/{following.pk}").content.decode()
    assert "Earlier meetings did not reach" in ahead
    head.post(
        f"/coordination/meetings/{following.pk}/agenda",
        {"version": following.version, "taken_up": points["Hibah"]},
    )
    ahead = head.get(f"/coordination/meetings/{following.pk}").content.decode()
    assert "Put off once, at Rakor kesiapan H-30" in ahead
    assert "Earlier meetings did not reach" not in ahead
    assert "It stands on the agenda of Rakor kesiapan H-30" in send("put-off", point="all")


def test_planning_offers_what_waits_and_takes_it_up(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW)
    entry = actions.AgendaEntry(text="Hibah")
    desk = cast.governor_desk.viewer
    actions.add_to_agenda(meeting_id=meeting.pk, entry=entry, actor=desk, at=NOW)
    point = meeting.agenda.get()
    actions.put_off_points(
        meeting_id=meeting.pk, version=2, said={point.pk: ""}, actor=desk, at=NOW
    )
    form = head.get("/16/coordination/meetings/new")
    field = form.context["form"]["taken_up"]
    assert field.initial == [point.pk]
    given = {
        "client_key": str(uuid4()),
        "theme": "Rakor H-20",
        "starts_at": (NOW + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"),
        "taken_up": [point.pk],
    }
    head.post("/16/coordination/meetings/new", given)
    following = Meeting.objects.get(theme="Rakor H-20")
    assert following.agenda.get().text == "Hibah"
    assert "taken_up" not in head.get("/16/coordination/meetings/new").content.decode()


def test_an_alert_is_put_on_the_agenda_with_one_tap_and_once(
    cast: Cast, head: Client, officer: Client
) -> None:
    meeting = plan(cast)
    alert = boat_alert()
    url = public.agenda_url(alert, meeting_id=meeting.pk)
    assert officer.post(url).status_code in (302, 404)
    assert not AgendaItem.objects.exists()
    assert head.get(url).status_code == 200
    assert not AgendaItem.objects.exists()
    for _again in range(2):
        assert head.post(url).headers["Location"] == f"/coordination/meetings/{meeting.pk}"
    assert AgendaItem.objects.get().link == alert.link
    stranger = public.agenda_url(replace(alert, link="https://elsewhere"), meeting_id=meeting.pk)
    assert "must be a page of this site" in head.post(stranger, follow=True).content.decode()
    assert AgendaItem.objects.count() == 1


def test_a_reprimand_without_ground_or_reminder_is_refused_in_words(
    cast: Cast, head: Client, officer: Client
) -> None:
    page = f"/coordination/actions/{given_now(cast).pk}"
    sent = {"verb": "REPRIMAND", "level": 1, "ground": ""}
    told = head.post(f"{page}/letter", sent, follow=True).content.decode()
    assert 'data-s="late"' in told or "reminder" in told
    assert not Letter.objects.exists()
    told = officer.post(f"{page}/letter", sent, follow=True).content.decode()
    assert "Only who asked drafts letters on this." in told
    assert not Letter.objects.exists()
    request = given_now(cast, owner_id=institution_id("KPU"), place=PROVINCE)
    page = f"/coordination/actions/{request.pk}"
    told = head.post(f"{page}/letter", sent | {"ground": "UU"}, follow=True).content.decode()
    assert "may not say this to" in told
    assert not Letter.objects.exists()


def test_a_meeting_is_planned_and_seen_by_who_is_invited(
    cast: Cast, head: Client, officer: Client
) -> None:
    answer = head.post(
        "/16/coordination/meetings/new",
        {
            "client_key": uuid4(),
            "theme": "Rakor H-23",
            "starts_at": (NOW + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"),
            "invited": [institution_id("KPU"), institution_id("REGENT", OKI)],
        },
    )
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == f"/coordination/meetings/{meeting.pk}"
    assert head.get(answer.headers["Location"]).status_code == 200
    commission = signed_in(cast.province_commission)
    assert commission.get(answer.headers["Location"]).status_code == 200
    assert "Set the agenda" not in commission.get(answer.headers["Location"]).content.decode()
    assert "Rakor H-23" in officer.get("/coordination/notifications").content.decode()
    head.get("/16/coordination/meetings/new")


def test_minutes_sent_after_others_changed_the_meeting_are_told_once(
    head: Client, cast: Cast
) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    assert head.post(f"{page}/attendance", {"version": meeting.version}).status_code == 302
    sent = {
        "version": meeting.version,
        "minutes": "Logistik tiba.",
        "do": "record",
        "rows-TOTAL_FORMS": 1,
        "rows-INITIAL_FORMS": 0,
        "rows-0-text": "Logistik tiba.",
        "rows-0-kind": "INFORMATION",
    }
    refused = head.post(f"{page}/outcomes", sent)
    assert refused.status_code == 422
    assert "Somebody else changed this" in refused.content.decode()
    assert "Logistik tiba." in refused.content.decode()
    shown = refused.context["version"]
    assert head.post(f"{page}/outcomes", {**sent, "version": shown}).status_code == 302


@pytest.mark.parametrize(
    ("minutes", "said"),
    [("Satu.\n" * 130, "have 130 lines"), ("x" * 20_001, "20,001 characters")],
)
def test_long_minutes_are_refused_in_words_and_not_cut(
    head: Client, cast: Cast, minutes: str, said: str
) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}/outcomes"
    refused = head.post(page, {"version": meeting.version, "minutes": minutes, "do": "read"})
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert refused.context["minutes"] == minutes
    rows = {"rows-TOTAL_FORMS": 130, "rows-INITIAL_FORMS": 0, "do": "record", "minutes": "Satu"}
    told = head.post(page, {"version": meeting.version, **rows}).content.decode()
    assert "At most 100 outcomes are recorded at once." in told
    lost = head.post(page, {"version": meeting.version, "do": "record", "minutes": "Satu"})
    assert "The rows did not arrive whole." in lost.content.decode()


def test_a_meeting_without_outcomes_is_closed_from_its_page(head: Client, cast: Cast) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}"
    assert "Close the record" in head.get(page).content.decode()
    head.post(f"{page}/close", {"version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.state == "CLOSED"


def test_a_page_sent_again_with_other_words_says_so_and_keeps_them(
    head: Client, cast: Cast
) -> None:
    page, key = "/16/coordination/meetings/new", str(uuid4())
    starts = (NOW + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    sent = {"client_key": key, "theme": "Rakor H-23", "starts_at": starts}
    assert head.post(page, sent).status_code == head.post(page, sent).status_code == 302
    refused = head.post(page, sent | {"theme": "Rakor logistik"})
    told = refused.content.decode()
    assert refused.status_code == 422
    assert "This form was sent before with other content" in told
    assert 'value="Rakor logistik"' in told
    assert key not in told
    again = str(refused.context["form"]["client_key"].value())
    renewed = head.post(page, sent | {"theme": "Rakor logistik", "client_key": again})
    assert renewed.status_code == 302
    assert set(Meeting.objects.values_list("theme", flat=True)) == {"Rakor H-23", "Rakor logistik"}


@pytest.mark.parametrize("starts_at", ["0001-01-01T00:00", "1999-12-30T09:00", "9999-12-31T23:59"])
def test_a_meeting_beyond_all_calendars_is_refused(
    head: Client, cast: Cast, starts_at: str
) -> None:
    sent = {"client_key": uuid4(), "theme": "Rakor", "starts_at": starts_at}
    refused = head.post("/16/coordination/meetings/new", sent)
    assert refused.status_code == 422
    assert "A day lies outside of the years 2000 to 2100." in refused.content.decode()
    assert not Meeting.objects.exists()
    assert head.get("/16/coordination").status_code == 200


def test_a_letter_from_draft_to_sent(cast: Cast, head: Client, officer: Client) -> None:
    row = given_now(cast)
    answer = head.post(f"/coordination/actions/{row.pk}/letter", {"verb": "DIRECTIVE"})
    letter = Letter.objects.get()
    page = f"/coordination/letters/{letter.pk}"
    assert answer.headers["Location"] == page
    text = head.get(page).content.decode()
    assert "Arahan mengenai Kontrak perahu untuk 272 TPS" in text
    pdf = head.get(f"{page}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"].startswith("attachment; filename=")
    assert head.get(f"{page}.docx").content.startswith(b"PK")
    assert officer.post(page, {"version": 1}).status_code in (404, 422)
    saved = head.post(
        page,
        {
            "version": 1,
            "nature": "Segera",
            "enclosures": "–",
            "subject": "Arahan perahu",
            "opening": "Pembuka",
            "points": "Satu\nDua",
        },
    )
    assert saved.status_code == 302
    bad = head.post(f"{page}/sent", {"version": 2, "number": "", "letter_date": TODAY.isoformat()})
    assert bad.status_code == 422
    assert (
        head.post(
            f"{page}/sent", {"version": 2, "number": "200.2/7", "letter_date": TODAY.isoformat()}
        ).status_code
        == 302
    )
    assert "200.2/7" in head.get(page).content.decode()
    refused = head.post(
        f"/coordination/actions/{row.pk}/letter",
        {"verb": "REPRIMAND", "level": 1, "ground": "PP 12/2017"},
        follow=True,
    )
    assert "Before a reprimand comes a reminder" in refused.content.decode()


def test_a_draft_is_not_for_its_addressee(cast: Cast, head: Client, officer: Client) -> None:
    row = given_now(cast)
    Action.objects.update(
        asked_at=row.asked_at - timedelta(days=2), acknowledge_by=row.asked_at - timedelta(days=1)
    )
    head.post(f"/coordination/actions/{row.pk}/letter", {"verb": "REMINDER"})
    letter = Letter.objects.get()
    page, item = f"/coordination/letters/{letter.pk}", f"/coordination/actions/{row.pk}"
    for path in (page, f"{page}.pdf", f"{page}.docx"):
        assert officer.get(path).status_code == 404
    assert page not in officer.get(item).content.decode()
    assert "letter" not in officer.get(item).content.decode().lower().split("<main")[1]
    assert page in head.get(item).content.decode()
    head.post(f"{page}/sent", {"version": 1, "number": "200.2/8", "letter_date": TODAY.isoformat()})
    assert officer.get(page).status_code == 200
    assert "200.2/8" in officer.get(item).content.decode()


def test_a_desk_sees_what_is_asked_of_its_head_elsewhere(
    cast: Cast, head: Client, officer: Client
) -> None:
    row = given_now(cast, place=PROVINCE)
    assert officer.get(f"/coordination/actions/{row.pk}").status_code == 200
    stranger = signed_in(cast.neighbour)
    assert stranger.get(f"/coordination/actions/{row.pk}").status_code == 404
    meeting = plan(cast)
    assert officer.get(f"/coordination/meetings/{meeting.pk}").status_code == 200
    assert stranger.get(f"/coordination/meetings/{meeting.pk}").status_code == 404


def test_an_action_of_a_meeting_to_which_its_owner_was_not_invited_is_shown(
    cast: Cast, officer: Client
) -> None:
    meeting = plan(cast, invited=[])
    (action_id,) = actions.record_outcomes(
        meeting_id=meeting.pk,
        version=1,
        minutes="",
        rows=[outcome()],
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    answer = officer.get(f"/coordination/actions/{action_id}")
    assert answer.status_code == 200
    assert meeting.theme not in answer.content.decode()


def test_a_visit_leads_to_what_follows(cast: Cast, head: Client, officer: Client) -> None:
    answer = head.post(
        "/16.02/coordination/visits/new",
        {"client_key": uuid4(), "visit_date": TODAY.isoformat(), "findings": "Gudang bocor"},
    )
    assert answer.headers["Location"].startswith("/16.02/coordination/ask?guidance=")
    assert head.get(answer.headers["Location"]).status_code == 200
    assert "Gudang bocor" in head.get("/16/coordination").content.decode()
    assert officer.get("/16.02/coordination/visits/new").status_code == 404
    assert head.get("/16/coordination/visits/new").status_code == 404


def test_the_table_of_actions_is_filtered_and_exported(cast: Cast, head: Client) -> None:
    given_now(cast)
    assert head.get("/16/coordination?standing=OVERDUE").status_code == 200
    sheet = head.get("/16/coordination?export=csv")
    assert "Kontrak perahu untuk 272 TPS" in sheet.content.decode("utf-8-sig")
    assert head.get("/16/coordination?r_export=xlsx").content.startswith(b"PK")


def test_the_overview_makes_the_same_queries_however_many_actions(cast: Cast, head: Client) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            given_now(cast)
        with CaptureQueriesContext(connection) as caught:
            head.get("/16/coordination")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_line_that_asks_of_nobody_stops_and_only_who_was_told_is_said(
    cast: Cast, head: Client
) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}/outcomes"
    lines = "Gudang bocor, diperbaiki besok\nKadishub siapkan perahu besok"
    read = head.post(page, _minutes(meeting, do="read", minutes=lines))
    first, second = (form.initial for form in read.context["rows"].forms)
    assert (first["owner"], first["kind"]) == (None, "")
    assert (second["owner"], second["kind"]) == (institution_id("DISHUB"), "INSTRUCTION")
    assert second["check_date"] > second["due_date"]
    text = read.content.decode()
    assert "names nobody who can be addressed" in text
    assert "“kadishub” without a place" in text
    rows: dict[str, object] = {"rows-TOTAL_FORMS": 2, "rows-INITIAL_FORMS": 2}
    for number, row in enumerate((first, second)):
        rows |= {f"rows-{number}-{key}": value or "" for key, value in row.items()}
    refused = head.post(page, _minutes(meeting, do="record", **rows))
    assert refused.status_code == 422
    assert "nobody answers for it" in refused.content.decode()
    assert not Action.objects.exists()
    rows |= {"rows-0-kind": "INFORMATION"}
    told = head.post(page, _minutes(meeting, do="record", **rows), follow=True).content.decode()
    assert "tell them yourself: Transport Office" in told or "Told: Transport Office" in told
    assert Action.objects.get().owner_id == institution_id("DISHUB")


def test_a_case_is_kept_out_of_minutes(cast: Cast, head: Client) -> None:
    meeting = plan(cast, starts_at=NOW - timedelta(hours=1))
    page = f"/coordination/meetings/{meeting.pk}/outcomes"
    rows = {
        "rows-TOTAL_FORMS": 1,
        "rows-INITIAL_FORMS": 1,
        "rows-0-text": "Kasus ASN di OI: Bupati putuskan",
        "rows-0-kind": "INFORMATION",
    }
    refused = head.post(page, _minutes(meeting, do="record", **rows))
    assert refused.status_code == 422
    assert "This speaks of a case" in refused.content.decode()
    rows["rows-0-text"] = "Logistik tiba"
    whole = _minutes(meeting, do="record", **rows) | {"minutes": "Oknum ASN di OI"}
    assert head.post(page, whole).status_code == 422
    assert not meeting.outcomes.exists()
