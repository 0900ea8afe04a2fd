"""Pages of neutrality: what each role sees and may do, what bad input gets, what never shows."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from serentak.coordination import actions as coordination
from serentak.coordination.actions import AgendaEntry, Ask
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Grant, Viewer
from serentak.neutrality import actions
from serentak.neutrality.actions import cases
from serentak.neutrality.models import Case, PledgeCoverage, Replacement, ServiceReport
from serentak.neutrality.permissions import VIEW_CASES, VIEW_NEUTRALITY
from serentak.neutrality.queries.briefing import briefings
from serentak.neutrality.queries.cases import REFUSALS, case_page
from serentak.neutrality.queries.catalogues import procedure
from serentak.neutrality.rules.cases import CaseEvent, CaseState, ReplyKind
from serentak.neutrality.rules.standing import ServiceLevel
from serentak.neutrality.words import ALERTS
from serentak.platform import catalogue, clock
from serentak.platform.audit import activity_under, history
from serentak.platform.models import AuditEvent, User
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast, Member, seat

from .builders import (
    NAME,
    election,
    handler,
    id_of,
    many,
    names_of,
    referred,
    regent_desk_head,
    sanctioned,
    step,
)
from .test_actions import circular, pledge, replacement, services

Action = apps.get_model("coordination", "Action")
Letter = apps.get_model("coordination", "Letter")
Notification = apps.get_model("notices", "Notification")


@pytest.fixture(autouse=True)
def _set_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(timezone, "now", lambda: AT)  # pages say the moment
    election()


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.governor_desk)


@pytest.fixture
def officer(cast: Cast) -> Client:
    return signed_in(cast.regent_desk)


# --- overview


def test_the_overview_lays_everything_side_by_side(desk: Client) -> None:
    pledge(("DISHUB", 120, 90))
    services(("DISHUB", ServiceLevel.CLOSED, "Dermaga banjir"))
    circular()
    replacement()
    referred()
    page = text(desk.get("/16.02/neutrality"))
    for words in ("Dermaga banjir", "800/903/BKPSDM/2024", "Kepala Bidang Lalu Lintas", "80%",
                  "75%", "1,005", "Cases"):  # fmt: skip
        assert words in page
    assert "form for anonymous reports" in page
    assert desk.get("/16/neutrality").status_code == 200
    assert desk.get("/16.02.14/neutrality").status_code == 200
    assert desk.get("/16.02.14.2001/neutrality").status_code == 404


def test_it_speaks_indonesian_by_itself(cast: Cast) -> None:
    page = text(signed_in(cast.governor_desk, "id").get("/16.02/neutrality"))
    assert "Ikrar netralitas" in page
    assert "Pelayanan publik" in page


def test_a_case_shows_nowhere_to_those_who_may_not_see_it(cast: Cast, officer: Client) -> None:
    case = referred()
    step(case, CaseEvent.STUDY)
    before = text(officer.get("/16.02/neutrality"))
    assert case.reference not in before
    assert "/neutrality/cases" not in before
    assert officer.get("/16.02/neutrality/cases").status_code == 404
    assert officer.get("/16.02/neutrality/cases?export=csv").status_code == 404
    assert officer.get("/16.02/neutrality/follow-up").status_code == 404
    assert case.reference not in text(officer.get("/16.02"))
    for name in ("p-export", "s-export", "r-export"):
        answer = officer.get("/16.02/neutrality", {name: "csv"})
        assert case.reference not in text(answer)
    Case.objects.all().delete()
    assert strip(text(officer.get("/16.02/neutrality"))) == strip(before)


def strip(page: str) -> str:
    """Leave out what differs between two answers anyway."""
    return re.sub(r"[A-Za-z0-9]{64}|<p class=\"print-only\">.*?</p>", "", page)


def test_the_overviews_queries_do_not_grow(desk: Client, django_assert_max_num_queries) -> None:
    many(6, state=CaseState.AT_AUTHORITY)
    pledge(("DISHUB", 120, 90), ("BKD", 40, 40))
    circular()
    with django_assert_max_num_queries(40):
        desk.get("/16/neutrality")


# --- cases


def test_the_desk_sees_number_agency_step_and_clock_and_never_a_name(desk: Client) -> None:
    case = referred()
    listed = text(desk.get("/16/neutrality/cases"))
    shown = text(desk.get(f"/neutrality/cases/{case.key}"))
    for page in (listed, shown):
        assert case.reference in page
        assert "Task force examines" in page
        assert "Dinas Perhubungan" in page
        assert NAME not in page
    assert "Names are shown to those who handle the case" in shown
    assert NAME not in text(desk.get("/16/neutrality/cases", {"export": "csv"}))
    assert case.reference not in text(desk.get("/16/neutrality/cases", {"q": "Mansyur"}))
    assert case.reference in text(desk.get("/16/neutrality/cases", {"q": "REKOM"}))


def test_a_clock_in_a_year_without_a_decree_on_holidays_says_so(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/neutrality/cases/{referred().key}"
    assert "is not decreed yet" not in text(desk.get(page))
    monkeypatch.setattr("serentak.neutrality.queries.cases.is_decreed", lambda _year: False)
    assert "collective leave of 2024 is not decreed yet" in text(desk.get(page))


# --- what never shows


def paths_of_a_place(place: str) -> list[str]:
    exports = [f"/{place}/neutrality?{name}-export=csv" for name in "psr"]
    return [f"/{place}/", f"/{place}/neutrality", f"/{place}/coordination", *exports]


def test_no_page_export_or_message_differs_by_a_case(cast: Cast, officer: Client) -> None:
    """Somebody without VIEW_CASES sees the same bytes, whether a case is there or not."""
    pledge(("DISHUB", 120, 90))
    paths = [path for place in (OKI, AIR_SUGIHAN) for path in paths_of_a_place(place)]
    assert [officer.get(path).status_code for path in paths] == [200] * len(paths)
    before = [strip(text(officer.get(path))) for path in paths]
    told = Notification.objects.filter(user=cast.regent_desk.user_id).count()
    case = referred(state=CaseState.AT_AUTHORITY)
    actions.write_to_authority(key=case.key, version=None, actor=cast.governor_desk.viewer, at=AT)
    actions.expire_clocks(actor=SYSTEM, at=AT + timedelta(days=40))
    coordination.escalate_overdue(actor=SYSTEM, at=AT + timedelta(days=40))
    for path, was in zip(paths, before, strict=True):
        now = strip(text(officer.get(path)))
        assert now == was, path
        assert case.reference not in now
    assert Notification.objects.filter(user=cast.regent_desk.user_id).count() == told
    assert "/neutrality/cases" not in text(officer.get("/coordination/notifications"))


def test_a_search_for_its_number_finds_nothing(cast: Cast, officer: Client) -> None:
    case = referred()
    for name in ("p-q", "s-q", "r-q"):
        assert case.reference not in text(officer.get("/16.02/neutrality", {"q": "x", name: "x"}))
        page = text(officer.get("/16.02/neutrality", {name: case.reference}))
        assert f"/neutrality/cases/{case.key}" not in page


def test_the_daily_report_holds_what_a_plain_reader_may_see() -> None:
    """It is drafted for a reader with the areas' plain permissions, whoever drafts it."""
    many(3, received_date=AT.date() - timedelta(days=20), deed_date=AT.date() - timedelta(days=20))
    reader = Viewer(grants=(Grant(None, "READER", frozenset({VIEW_NEUTRALITY}), (PROVINCE,)),))
    found = briefings(parent=PROVINCE, viewer=reader, at=AT)
    figures = {f.code for b in found.values() for f in b.figures}
    assert not {"neutrality.past_clock", "neutrality.followed_up"} & figures
    assert [a for b in found.values() for a in b.alerts if "CASE" in a.code] == []


def test_lists_are_narrowed_by_clock(desk: Client) -> None:
    past = referred(received_date=AT.date() - timedelta(days=20),
                    deed_date=AT.date() - timedelta(days=20))  # fmt: skip
    fresh = referred(reference="new/1")
    closed = sanctioned(referred(reference="end/1", state=CaseState.AT_AUTHORITY))
    wanted = {"past": past, "closed": closed}
    for name, case in wanted.items():
        page = text(desk.get("/16/neutrality/cases", {"clock": name}))
        assert [c for c in (past, fresh, closed) if c.reference in page] == [case]
    page = text(desk.get("/16/neutrality/cases", {"clock": "open"}))
    assert [c for c in (past, fresh, closed) if c.reference in page] == [past, fresh]
    page = text(desk.get("/16/neutrality/cases", {"clock": "race"}))
    assert fresh.reference not in page


def test_hundreds_of_refused_looks_hide_no_reading_of_a_name(cast: Cast) -> None:
    case = referred()
    reader = handler("INSPECTORATE")
    actions.open_names(key=case.key, actor=reader.viewer, at=AT)
    stranger = seat("orang.lain", "Orang Lain", "OBSERVER", "ACCREDITED_OBSERVER", PROVINCE).viewer
    for minute in range(1, 506):
        moment = AT + timedelta(minutes=minute)
        actions.note_refused_view(case_id=case.pk, actor=stranger, at=moment)
    head = seat("kepala", "Kepala", "CASE_HANDLING_HEAD", "INSPECTORATE", OKI)
    readings = case_page(case.key, head.viewer, AT + timedelta(days=1)).readings
    assert readings is not None
    assert [r.actor for r in readings if not r.is_refused] == ["Penangan INSPECTORATE"]
    assert sum(r.is_refused for r in readings) == REFUSALS


def test_no_draft_of_what_names_a_case_is_kept_on_a_device(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    page = f"/neutrality/cases/{case.key}"
    steps = re.findall(rf'href="({page}/[a-z-]+)"', client.get(page).content.decode())
    assert steps
    for path in (page, *steps):
        assert "<main" in (shown := client.get(path).content.decode())
        assert "data-no-drafts" in shown, path
    supervisor = signed_in(seat("pengawas", "Pengawas", "SUPERVISOR_OFFICER", "BAWASLU", OKI))
    assert "data-no-drafts" in supervisor.get("/16.02/neutrality/refer").content.decode()


def test_a_handler_opens_the_name_which_is_noted_and_cached_nowhere(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    closed = client.get(f"/neutrality/cases/{case.key}")
    assert NAME not in text(closed)
    assert "Show names and words" in text(closed)
    assert not AuditEvent.objects.filter(name="neutrality.NamesRead").exists()
    answer = client.post(f"/neutrality/cases/{case.key}/names")
    assert NAME in text(answer)
    assert answer["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(name="neutrality.NamesRead")
    assert (event.subjects, event.place, event.institution_id) == (
        [f"case:{case.pk}"], COUNTRY, id_of("INSPECTORATE"))  # fmt: skip
    assert client.get(f"/neutrality/cases/{case.key}/names").status_code == 302


def test_who_sees_cases_opens_no_name(desk: Client) -> None:
    case = referred()
    assert desk.post(f"/neutrality/cases/{case.key}/names").status_code == 404
    assert not AuditEvent.objects.filter(name="neutrality.NamesRead").exists()


def test_the_head_of_the_inspectorate_sees_who_opened_the_names(cast: Cast, desk: Client) -> None:
    case = referred()
    names_of(case, signed_in(handler("INSPECTORATE")))
    signed_in(handler("BKD", BANYUASIN)).get(f"/neutrality/cases/{case.key}")
    head = seat("kepala", "Kepala Inspektorat", "CASE_HANDLING_HEAD", "INSPECTORATE", OKI)
    page = text(signed_in(head).get(f"/neutrality/cases/{case.key}"))
    assert "Who opened the names" in page
    assert "Penangan INSPECTORATE" in page
    assert "Penangan BKD" in page
    assert NAME not in page
    assert "Who opened the names" not in text(desk.get(f"/neutrality/cases/{case.key}"))
    other = seat("lain", "Kepala BKPSDM", "CASE_HANDLING_HEAD", "BKD", OKI)
    assert "Who opened the names" not in text(
        signed_in(other).get(f"/neutrality/cases/{case.key}"))  # fmt: skip


# --- letters and notifications


def test_the_desk_writes_to_the_authority_without_a_name(cast: Cast, desk: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    answer = desk.post(f"/neutrality/cases/{case.key}/letter")
    letter = Letter.objects.get()
    assert answer.url == f"/coordination/letters/{letter.pk}"
    page = text(desk.get(answer.url))
    assert case.reference in page
    assert "Dinas Perhubungan" in " ".join(letter.points), letter.points
    assert NAME not in page
    assert (letter.verb, letter.recipient_id) == ("DIRECTIVE", id_of("REGENT"))
    desk.post(f"/neutrality/cases/{case.key}/letter")
    assert Letter.objects.count() == Action.objects.count() == 1
    assert "Letters to the appointing authority" in text(desk.get(f"/neutrality/cases/{case.key}"))
    for kind in ("docx", "pdf"):
        assert desk.get(f"/coordination/letters/{letter.pk}.{kind}").status_code == 200


def test_what_coordination_holds_back_is_what_speaks_of_cases() -> None:
    """Every alert about cases is in coordination's list, with the permission to see cases."""
    all_listed = catalogue.load("coordination", "restricted", dict[str, str])
    listed = {code: needs for code, needs in all_listed.items() if code.startswith("neutrality.")}
    alerts = {code for code in ALERTS if not code.endswith((".so", ".helps"))}
    about_cases = {code for code in alerts if "CASE" in code or "AUTHORITY" in code}
    assert set(listed) == about_cases
    assert set(listed.values()) == {VIEW_CASES}


def test_an_alert_about_cases_is_asked_and_discussed_by_those_alone_who_see_them(
    cast: Cast, desk: Client, officer: Client
) -> None:
    """The desk's own button makes the same kind of action; an agenda is read by everybody."""
    many(2, received_date=AT.date() - timedelta(days=20), deed_date=AT.date() - timedelta(days=20))
    alert = next(a for a in briefings(parent=PROVINCE, viewer=cast.governor_desk.viewer, at=AT)[OKI]
                 .alerts if a.code == "neutrality.CASES_PAST_CLOCK")  # fmt: skip
    asked = Ask(id_of("REGENT"), "Selesaikan", AT.date(), OKI, alert_code=alert.code,
                alert_params=alert.params, alert_link=alert.link)  # fmt: skip
    with pytest.raises(OutOfScope):
        coordination.create_action(
            client_key=uuid4(), ask=asked, actor=cast.regent_desk.viewer, at=AT
        )
    number = coordination.create_action(
        client_key=uuid4(), ask=asked, actor=cast.governor_desk.viewer, at=AT
    )
    assert officer.get(f"/coordination/actions/{number}").status_code == 404
    shown = [*history(f"institution:{id_of('REGENT')}"), *activity_under(PROVINCE, limit=200)]
    assert "coordination.ActionGiven" not in {entry.name for entry in shown}
    assert desk.get(f"/coordination/actions/{number}").status_code == 200
    meeting = coordination.plan_meeting(
        client_key=uuid4(), place=PROVINCE, theme="Rapat koordinasi", starts_at=AT,
        venue="", invited=[id_of("REGENT")], actor=cast.governor_desk.viewer, at=AT,
    )  # fmt: skip
    for entry in (
        AgendaEntry(alert_code=alert.code, alert_params=alert.params, link=alert.link),
        AgendaEntry(action_id=number),
    ):
        with pytest.raises(Refused, match="not_for_an_agenda"):
            coordination.add_to_agenda(
                meeting_id=meeting, entry=entry, actor=cast.governor_desk.viewer, at=AT
            )


def test_an_agency_writes_a_note_to_the_head_of_its_own_region(cast: Cast) -> None:
    case = referred(state=CaseState.AT_AUTHORITY, received_date=AT.date() - timedelta(days=18),
                    deed_date=AT.date() - timedelta(days=20))  # fmt: skip
    actions.expire_clocks(actor=SYSTEM, at=AT)
    agency = seat("bkpsdm.oki", "Retno Wulansari", "CASE_HANDLER", "BKD", OKI)
    writer = signed_in(agency)
    answer = writer.post(f"/neutrality/cases/{case.key}/letter")
    letter = Letter.objects.get()
    assert (letter.verb, answer.headers["Location"]) == (
        "REQUEST",
        f"/coordination/letters/{letter.pk}",
    )
    shown = writer.get(answer.headers["Location"]).content.decode()
    assert "NOTA DINAS" in shown
    assert "Kami mohon perkenan dan arahan untuk" in shown
    assert writer.get(f"/coordination/letters/{letter.pk}.pdf").status_code == 200
    assert writer.get(f"/coordination/letters/{letter.pk}.docx").status_code == 200


def test_an_authority_whose_clock_ran_out_is_reminded(desk: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY, received_date=AT.date() - timedelta(days=18),
                    deed_date=AT.date() - timedelta(days=20))  # fmt: skip
    actions.expire_clocks(actor=SYSTEM, at=AT)
    desk.post(f"/neutrality/cases/{case.key}/letter")
    assert Letter.objects.get().verb == "REMINDER"


def test_the_letter_shows_to_those_alone_who_may_see_the_case(cast: Cast, officer: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    desk, head = signed_in(cast.governor_desk), signed_in(regent_desk_head())
    letter = desk.post(f"/neutrality/cases/{case.key}/letter").url
    task = f"/coordination/actions/{Action.objects.get().pk}"
    assert desk.get(letter).status_code == 200
    assert head.get(letter).status_code == 404, "a draft is its sender's"
    coordination.mark_letter_sent(
        letter_id=int(letter.rpartition("/")[2]), version=1, number="800/7",
        letter_date=AT.date(), actor=cast.governor_desk.viewer, at=AT,
    )  # fmt: skip
    for path in (letter, task, f"{letter}.docx"):
        assert head.get(path).status_code == 200
        assert officer.get(path).status_code == 404
    assert case.reference in text(head.get("/16.02/coordination"))
    assert case.reference not in text(officer.get("/16.02/coordination"))
    assert case.reference not in text(officer.get("/16.02/coordination?q=Arahan"))


def test_nobody_writes_who_has_nothing_to_say(cast: Cast, desk: Client) -> None:
    waiting = referred(state=CaseState.AT_AUTHORITY)
    early = referred(reference="b")
    assert desk.post(f"/neutrality/cases/{early.key}/letter").status_code == 404
    regent = signed_in(regent_desk_head())
    assert regent.post(f"/neutrality/cases/{waiting.key}/letter").status_code == 404
    observer = signed_in(cast.observer)
    assert observer.post(f"/neutrality/cases/{waiting.key}/letter").status_code == 404
    assert Action.objects.count() == 0


def test_a_case_of_the_provinces_own_agency_is_put_before_the_governor(cast: Cast) -> None:
    case = referred(
        agency_id=id_of("DISHUB", PROVINCE), state=CaseState.AT_AUTHORITY,
        by=id_of("BAWASLU", PROVINCE),
    )  # fmt: skip
    assert case.authority_id == id_of("GOVERNOR", PROVINCE)
    keeper = seat("bkd", "Penangan BKD", "CASE_HANDLER", "BKD", PROVINCE)
    second = seat("bkd2", "Penangan BKD", "CASE_HANDLER", "BKD", PROVINCE)
    path = f"/neutrality/cases/{case.key}/letter"
    letters = {signed_in(member).post(path).url for member in (keeper, second)}
    assert len(letters) == 1
    assert Action.objects.count() == 1


def test_the_desks_letter_is_written_once_whoever_asks(cast: Cast) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    second = seat("desk2", "Petugas", "GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE)
    path = f"/neutrality/cases/{case.key}/letter"
    letters = {signed_in(member).post(path).url for member in (cast.governor_desk, second)}
    assert len(letters) == 1
    assert Action.objects.count() == 1


def test_a_letter_asks_by_the_day_of_the_clock_whatever_a_reminder_would_give(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = procedure()
    steps = dict(way.steps)
    steps[CaseState.NOT_FOLLOWED_UP] = replace(
        steps[CaseState.NOT_FOLLOWED_UP], days=None, kind=None, climbs=()
    )
    monkeypatch.setattr(cases, "procedure", lambda: replace(way, steps=steps))
    case = referred(state=CaseState.AT_AUTHORITY)
    actions.write_to_authority(key=case.key, version=None, actor=cast.governor_desk.viewer, at=AT)
    assert case.due_date > AT.date()
    assert Action.objects.get().due_date == case.due_date


def test_the_task_reads_as_one_sentence(cast: Cast, desk: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    desk.post(f"/neutrality/cases/{case.key}/letter")
    assert Action.objects.get().text.count("menindaklanjuti rekomendasi") == 1


def test_who_must_act_next_is_told_when_a_clock_ran_out(cast: Cast) -> None:
    keeper, head = handler("BKD"), regent_desk_head()
    bkn = seat("bkn", "Penangan BKN", "CASE_HANDLER", "BKN", PROVINCE)
    case = referred(state=CaseState.AT_AUTHORITY, received_date=AT.date() - timedelta(days=18),
                    deed_date=AT.date() - timedelta(days=20))  # fmt: skip
    actions.expire_clocks(actor=SYSTEM, at=AT)
    actions.expire_clocks(actor=SYSTEM, at=AT)
    told = {n.user_id: n for n in Notification.objects.all()}
    assert set(told) == {keeper.user_id, bkn.user_id, cast.governor_desk.user_id}
    assert head.user_id not in told
    assert all(n.link == f"/neutrality/cases/{case.key}" and n.is_urgent for n in told.values())
    assert Notification.objects.count() == 3
    for member in (keeper, bkn, cast.governor_desk):
        page = text(signed_in(member).get("/coordination/notifications"))
        assert case.reference in page
        assert NAME not in page


def test_a_case_that_nobody_may_open_is_told_to_who_names_handlers(cast: Cast) -> None:
    head = regent_desk_head()
    case = referred()
    message = Notification.objects.get()
    assert (message.user_id, message.is_urgent) == (head.user_id, True)
    assert message.link == f"/institutions/{case.handler_id}/role"
    inbox = text(signed_in(head).get("/coordination/notifications"))
    assert "Inspektorat" in inbox
    assert case.reference not in inbox
    assert NAME not in inbox
    page = f"/neutrality/cases/{case.key}"
    assert "may open this case" in text(signed_in(cast.governor_desk).get(page))
    overview = text(signed_in(head).get("/16.02/neutrality"))
    assert "nobody there may open them" in overview
    assert case.reference not in overview
    handler("INSPECTORATE")
    assert "may open this case" not in text(signed_in(cast.governor_desk).get(page))
    assert "nobody there may open them" not in text(signed_in(head).get("/16.02/neutrality"))
    referred(reference="2/BWS/2024")
    assert Notification.objects.count() == 1


def test_the_province_is_told_where_a_region_has_nobody_and_an_independent_body_itself(
    cast: Cast,
) -> None:
    """The cast has no head of OKI's desk; a supervisor's people are named by the supervisor."""
    referred()
    assert {n.user_id for n in Notification.objects.all()} == {cast.governor_desk.user_id}
    Notification.objects.all().delete()
    chief = seat("bawaslu.head", "Ketua Bawaslu", "SUPERVISOR_HEAD", "BAWASLU", PROVINCE)
    referred(reference="3/BWS/2024", state=CaseState.AT_SUPERVISOR, by=id_of("BAWASLU"))
    assert {n.user_id for n in Notification.objects.all()} == {chief.user_id}


def test_many_clocks_make_one_message(cast: Cast) -> None:
    keeper = handler("INSPECTORATE")
    many(3, received_date=AT.date() - timedelta(days=20), deed_date=AT.date() - timedelta(days=20))
    actions.expire_clocks(actor=SYSTEM, at=AT)
    message = Notification.objects.get(user=keeper.user_id)
    assert message.link == "/16.02/neutrality/cases?clock=past"
    page = text(signed_in(keeper).get("/coordination/notifications"))
    assert "The clocks of 3 cases with you ran out" in page


def test_a_handler_of_another_region_gets_404_and_is_noted(cast: Cast) -> None:
    case = referred()
    stranger = handler("INSPECTORATE", BANYUASIN)
    client = signed_in(stranger)
    for path in ("", "/study", "/reply"):
        assert client.get(f"/neutrality/cases/{case.key}{path}").status_code == 404
    noted = AuditEvent.objects.filter(name="neutrality.CaseRefusedToViewer")
    assert [(e.actor_id, e.place, e.subjects) for e in noted] == [
        (stranger.user_id, COUNTRY, [f"case:{case.pk}"])] * 3  # fmt: skip
    assert client.get(f"/neutrality/cases/{uuid4()}").status_code == 404
    assert noted.count() == 3


def test_a_case_is_walked_on_its_page(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    form = f"/neutrality/cases/{case.key}/study"
    assert 'name="version" value="0"' in text(client.get(form))
    answer = client.post(form, {"version": 0, "note": "Bukti cukup."})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "AT_SUPERVISOR"
    assert "Bukti cukup." not in text(client.get(f"/neutrality/cases/{case.key}"))
    assert "Bukti cukup." in names_of(case, client)
    assert client.get(form).status_code == 404
    assert client.get(f"/neutrality/cases/{case.key}/nonsense").status_code == 404


def test_who_decides_on_an_old_page_is_told(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    actions.record_reply(
        key=case.key, kind=ReplyKind.DECLINED, replied_date=AT.date(), actor=SYSTEM, at=AT
    )
    answer = client.post(f"/neutrality/cases/{case.key}/study", {"version": 0})
    assert answer.status_code == 422
    assert "Somebody else changed this since" in text(answer)


def test_reply_and_sanction(cast: Cast) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    client = signed_in(handler("BKD"))
    path = f"/neutrality/cases/{case.key}"
    decision = {"version": 0, "sanction": "DEMOTION", "letter_number": "800/1",
                "decided_date": "2024-10-28"}  # fmt: skip
    early = client.post(f"{path}/sanction", decision)
    assert early.status_code == 422
    assert "First record the reply" in text(early)
    reply = {"kind": "GIVEN", "replied_date": "2024-10-27", "text": "Saya khilaf.", "version": 0}
    assert client.post(f"{path}/reply", reply).status_code == 302
    assert client.post(f"{path}/sanction", {**decision, "version": 1}).status_code == 302
    assert "Saya khilaf." not in text(client.get(path))
    page = names_of(case, client)
    assert "Saya khilaf." in page
    assert "One level down for 12 months" in page
    assert client.get(f"{path}/reply").status_code == 404


def test_the_desk_hands_a_case_over(desk: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    path = f"/neutrality/cases/{case.key}/hand-over"
    assert desk.post(path, {"version": 0, "stake": "RELATED", "note": ""}).status_code == 422
    answer = desk.post(path, {"version": 0, "stake": "RELATED", "note": "Ipar calon."})
    assert answer.status_code == 302
    page = text(desk.get(f"/neutrality/cases/{case.key}"))
    assert "related to somebody in the race" in page
    assert "Ipar calon." not in page


def test_a_case_is_closed_as_not_proven(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    path = f"/neutrality/cases/{case.key}/find-not-proven"
    sent = {"version": 0, "decided_date": "2024-10-28", "note": "Akun tiruan."}
    assert client.post(path, sent).status_code == 302
    case.refresh_from_db()
    assert case.state == "NOT_PROVEN"


# --- referring


def refer_form(**changes: object) -> dict[str, object]:
    return {
        "client_key": str(uuid4()),
        "referred_by": id_of("INSPECTORATE"),
        "reference": "77/ITDA/2024",
        "agency": id_of("DISHUB"),
        "track": "CIVIL_SERVANT",
        "violation": "photo",
        "deed_date": "2024-10-20",
        "received_date": "2024-10-25",
        "state": "AT_TASK_FORCE",
        "full_name": NAME,
        **changes,
    }


def test_a_case_is_referred_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    client = signed_in(handler("INSPECTORATE"))
    assert client.get("/16.02/neutrality/refer").status_code == 200
    form = refer_form()
    answers = [client.post("/16.02/neutrality/refer", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Case.objects.count() == 1
    assert answers[0]["Location"] == f"/neutrality/cases/{form['client_key']}"


def test_a_wrong_referral_comes_back_with_its_field(cast: Cast) -> None:
    client = signed_in(handler("INSPECTORATE"))
    answer = client.post("/16.02/neutrality/refer", refer_form(deed_date="2024-10-27"))
    assert answer.status_code == 422
    assert "cannot be later than the day on which the case was received" in text(answer)
    assert (
        client.post("/16.02/neutrality/refer", refer_form(agency=id_of("POLICE"))).status_code
        == 422
    )
    assert not Case.objects.exists()


def test_a_village_heads_case_is_referred_at_the_district(cast: Cast) -> None:
    client = signed_in(cast.supervisor)
    path = f"/{AIR_SUGIHAN}/neutrality/refer"
    assert "Nusa Karta" in text(client.get(path))
    form = refer_form(
        agency=id_of("VILLAGE_HEAD", "16.02.14.2001"),
        track="VILLAGE_HEAD",
        state="AT_SUPERVISOR",
        referred_by=cast.supervisor.institution_id,
    )
    assert client.post(path, form).status_code == 302
    assert Case.objects.get().violation_class == "VILLAGE"


def test_who_may_not_refer_finds_no_form(desk: Client, officer: Client) -> None:
    assert desk.get("/16.02/neutrality/refer").status_code == 404
    assert officer.get("/16.02/neutrality/refer").status_code == 404


def test_records_are_blocked_by_the_civil_service_agency_alone(cast: Cast, desk: Client) -> None:
    case = referred(state=CaseState.AT_AUTHORITY, received_date=AT.date() - timedelta(days=18),
                    deed_date=AT.date() - timedelta(days=20))  # fmt: skip
    actions.expire_clocks(actor=SYSTEM, at=AT)
    path = f"/neutrality/cases/{case.key}/block"
    case.refresh_from_db()
    given = {"version": case.version, "note": ""}
    for client in (desk, signed_in(handler("INSPECTORATE"))):
        assert client.post(path, given).status_code == 404
    bkn = signed_in(seat("bkn", "Penangan BKN", "CASE_HANDLER", "BKN", PROVINCE))
    assert "Block the records" in text(bkn.get(f"/neutrality/cases/{case.key}"))
    assert bkn.post(path, given).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.BLOCKED
    page = text(desk.get(f"/neutrality/cases/{case.key}"))
    assert "Records blocked" in page
    assert "ran out on" in page


def test_who_comes_second_is_told_even_when_the_case_is_closed(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    seen = {"version": case.version, "note": ""}
    actions.close_not_proven(
        key=case.key, decided_date=AT.date(), version=None, note="Bukti kurang", actor=SYSTEM, at=AT
    )
    answer = client.post(f"/neutrality/cases/{case.key}/study", seen, follow=True)
    assert "Somebody else changed this since" in text(answer)
    assert Case.objects.get().state == CaseState.NOT_PROVEN


def test_a_reply_is_recorded_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    case = referred()
    client = signed_in(handler("INSPECTORATE"))
    given = {"kind": "DECLINED", "replied_date": "2024-10-28", "text": "", "version": case.version}
    path = f"/neutrality/cases/{case.key}/reply"
    assert client.post(path, given).status_code == 302
    assert "Somebody else changed this since" in text(client.post(path, given))
    assert case.replies.count() == 1


def test_follow_up_stands_beside_2020(desk: Client) -> None:
    sanctioned(referred(state=CaseState.AT_AUTHORITY))
    page = text(desk.get("/16/neutrality/follow-up"))
    assert "1 of 1 recommended cases" in page
    assert "80%" in page
    assert "text/csv" in desk.get("/16/neutrality/follow-up", {"p-export": "csv"})["Content-Type"]


# --- circulars, pledges, services, replacements


def test_a_circular_is_sent_and_acknowledged(cast: Cast) -> None:
    desk = signed_in(regent_desk_head())
    above = signed_in(cast.governor_desk)
    assert above.get("/16.02/neutrality/circulars/issue").status_code == 404
    assert above.get("/16.02/neutrality/pledges/import").status_code == 404
    assert above.get("/16/neutrality/circulars/issue").status_code == 200
    key = uuid4()
    form = {"client_key": str(key), "number": "800/1/2024", "title": "Netralitas ASN",
            "issued_date": "2024-10-28", "due_date": "2024-11-01"}  # fmt: skip
    assert desk.get("/16.02/neutrality/circulars/issue").status_code == 200
    assert desk.post("/16.02/neutrality/circulars/issue", form).status_code == 302
    agency = signed_in(cast.agency)
    page = text(agency.get(f"/neutrality/circulars/{key}"))
    assert "Acknowledge for" in page
    path = f"/neutrality/circulars/{key}/acknowledge/{id_of('DISHUB')}"
    assert agency.get(path).status_code == 405
    assert "was acknowledged" in text(agency.post(path, follow=True))
    assert "acknowledged before" in text(agency.post(path, follow=True))
    other = f"/neutrality/circulars/{key}/acknowledge/{id_of('BKD')}"
    assert agency.post(other).status_code == 404
    assert signed_in(cast.neighbour).get(f"/neutrality/circulars/{key}").status_code == 404
    assert agency.get("/16.02/neutrality/circulars/issue").status_code == 404


def sheet(rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("ikrar.csv", rows.encode(), content_type="text/csv")


def test_pledges_come_from_a_sheet(officer: Client) -> None:
    path = "/16.02/neutrality/pledges/import"
    assert officer.get(path).status_code == 200
    content = "Perangkat daerah,Jumlah pegawai,Menandatangani\nDishub,120,90\nBKPSDM,1.040,1.000\n"
    shown = officer.post(path, {"file": sheet(content)})
    assert shown.status_code == 200, text(shown)
    token = shown.context["held"].token
    answer = officer.post(path, {"step": "commit", "token": token, "source": "BKPSDM OKI",
                                 "as_of": "2024-10-20"})  # fmt: skip
    assert answer.status_code == 302, text(answer)
    rows = PledgeCoverage.objects.order_by("staff").values_list("staff", "signed", "source")
    assert list(rows) == [(120, 90, "BKPSDM OKI"), (1040, 1000, "BKPSDM OKI")]


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", "kemarin"])
def test_pledges_of_no_day_are_refused(officer: Client, as_of: str) -> None:
    path = "/16.02/neutrality/pledges/import"
    shown = officer.post(path, {"file": sheet("OPD,Pegawai,Ikrar\nDishub,120,90\n")})
    sent = {"step": "commit", "token": shown.context["held"].token, "as_of": as_of}
    refused = officer.post(path, sent)
    assert refused.status_code == 422
    assert "Enter the day on which it was counted" in text(refused)
    assert f'value="{as_of}"' in text(refused)
    assert not PledgeCoverage.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_table_of_pledges_and_the_template_can_be_sent_back(officer: Client, kind: str) -> None:
    page = "/16.02/neutrality/pledges/import"
    template = officer.get(f"{page}?template=1").content
    shown = officer.post(page, {"file": SimpleUploadedFile("ikrar.xlsx", template)})
    assert [p.code for p in shown.context["checked"].problems] == ["neutrality.list_is_empty"]
    assert shown.context["checked"].aside["empty"] > 1
    name = book_of(template).get_sheet_by_index(0).to_python()[1][0]
    sent = officer.post(page, {"file": sheet(f'agency,staff,signed\n"{name}",120,"1,19"\n')})
    assert [p.code for p in sent.context["checked"].problems] == ["platform.number_is_a_fraction"]
    sent = officer.post(
        page, {"file": sheet(f'agency;staff;signed\n{name};1.240;"1,190"\nJUMLAH;1240;1190\n')}
    )
    assert sent.status_code == 200
    officer.post(page, {"token": sent.context["held"].token, "step": "commit"})
    table = officer.get(f"/16.02/neutrality?p-export={kind}").content
    back = officer.post(page, {"file": SimpleUploadedFile(f"ikrar.{kind}", table)})
    assert (back.context["checked"].rows, back.context["checked"].errors) == (1, 0)


def book_of(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_a_sheet_with_more_signed_than_staff_names_row_and_rule(officer: Client) -> None:
    content = "agency,staff,signed\nDishub,120,121\nDinas Kebun,5,5\nDinkes,banyak,1\nDishub,1,1\n"
    shown = officer.post("/16.02/neutrality/pledges/import", {"file": sheet(content)})
    assert shown.status_code == 422
    found = [(p.row, p.column, p.code) for p in shown.context["checked"].problems]
    assert found == [
        (2, "signed", "neutrality.more_signed_than_staff"),
        (3, "agency", "neutrality.agency_is_unknown"),
        (4, "staff", "neutrality.number_is_not_whole"),
        (5, "agency", "neutrality.agency_stands_twice"),
    ]
    assert "Dinas Kebun" in text(shown)
    assert not PledgeCoverage.objects.exists()


def test_one_tap_reports_all_services_as_open(officer: Client) -> None:
    path = "/16.02/neutrality/services"
    assert "All are open as usual" in text(officer.get(path))
    assert officer.post(path, {"send": "all_open"}).status_code == 302
    assert set(ServiceReport.objects.values_list("level", flat=True)) == {"OPEN"}
    assert ServiceReport.objects.count() == 8
    officer.post(path, {"send": "all_open"})
    assert ServiceReport.objects.count() == 8


def test_a_reduced_service_without_reason_comes_back(cast: Cast) -> None:
    client = signed_in(cast.agency)
    path, mine = "/16.02/neutrality/services", id_of("DISHUB")
    page = text(client.get(path))
    assert f"level_{mine}" in page
    assert f"level_{id_of('DUKCAPIL')}" not in page
    answer = client.post(path, {"send": "answered", f"level_{mine}": "REDUCED"})
    assert answer.status_code == 422
    assert "say why the service is reduced" in text(answer)
    assert f'href="#reason_{mine}"' in text(answer)
    sent = {"send": "answered", f"level_{mine}": "REDUCED", f"reason_{mine}": "Banjir " * 40}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "At most 200 letters are kept; these are 279" in text(answer)
    assert sent[f"reason_{mine}"].strip() in text(answer)
    sent = {"send": "answered", f"level_{mine}": "REDUCED", f"reason_{mine}": "Banjir"}
    assert client.post(path, sent).status_code == 302
    row = ServiceReport.objects.get()
    assert (row.level, row.reason, row.agency_id) == ("REDUCED", "Banjir", mine)
    assert client.post(path, {"send": "answered"}).status_code == 422


def test_a_replacement_is_recorded(cast: Cast, desk: Client) -> None:
    record = "neutrality/replacements/record"
    assert f"/16.02/{record}" not in text(desk.get("/16.02/neutrality"))
    assert desk.get(f"/16.02/{record}").status_code == 404
    desk = signed_in(cast.regent_desk)
    path = "/16.02/neutrality/replacements/record"
    assert desk.get(path).status_code == 200
    form = {"client_key": str(uuid4()), "agency": id_of("DISHUB"), "post": "Sekretaris",
            "decree_number": "821/1", "replaced_date": "2024-10-01", "consent": ""}  # fmt: skip
    answer = desk.post(path, form, follow=True)
    assert "lies in the forbidden window" in text(answer)
    assert Replacement.objects.get().post == "Sekretaris"
    assert desk.post(path, {**form, "replaced_date": "2024-11-20", "client_key": str(uuid4()),
                            "decree_number": "2"}).status_code == 422  # fmt: skip


def test_nobody_gets_in_without_an_account() -> None:
    case = referred()
    for path in ("/16.02/neutrality", f"/neutrality/cases/{case.key}", "/16.02/neutrality/cases"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")
    assert not AuditEvent.objects.filter(name="neutrality.CaseRefusedToViewer").exists()


def test_exports_open(desk: Client) -> None:
    referred()
    answer = desk.get("/16/neutrality/cases", {"export": "xlsx"})
    assert io.BytesIO(b"".join(answer) if answer.streaming else answer.content).read(2) == b"PK"
    assert PROVINCE
    assert OKI
