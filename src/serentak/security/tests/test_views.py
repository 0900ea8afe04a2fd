"""The pages: what they show and offer, a report by phone, and that what is restricted leaves none."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from serentak.contingency import actions as contingency
from serentak.kernel.area import Linked, Number
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.logistics import actions as logistics
from serentak.platform.models import User
from serentak.security import actions
from serentak.security.models import Incident, IncidentReport
from serentak.security.queries.incidents import at_hand, ref_of, referred
from serentak.security.rules.catalogue import Confided
from tests.cast import AIR_SUGIHAN, AT, NUSA_KARTA, OKI, PROVINCE, Cast, Member, seat

from .builders import MINUTE, election, fresh, police, reported, stepped, supervisor

PAGE = f"/{AIR_SUGIHAN}/security"
REPORT = f"{PAGE}/report"


@pytest.fixture(autouse=True)
def _scene(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    election()
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    body = answer.getvalue() if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def sent(**changes: object) -> dict[str, object]:
    return {
        "client_key": str(uuid4()),
        "place": AIR_SUGIHAN,
        "happened_at": "2024-10-28T08:50",
        "crowd": "MANY",
        "boxes_safe": "SAFE",
        "needs": ["POLICE"],
        "words": "Massa di kantor camat",
        **changes,
    }


def photo() -> SimpleUploadedFile:
    file = BytesIO()
    picture = Image.new("RGB", (40, 30), "navy")
    exif = picture.getexif()
    exif[0x010F] = "Nokia of the reporter"
    picture.save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("foto.jpg", file.getvalue(), "image/jpeg")


def test_the_page_of_a_place_shows_what_is_open(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    assert "Nobody has told anything of security here yet." in text(client)
    incident = reported()
    shown = text(client)
    for words in ("Siege by a crowd", "S3 grave", "Reported", str(incident.key)):
        assert words in shown, words
    assert f'href="{REPORT}"' in shown
    assert "Air Sugihan" in text(client, f"/{OKI}/security")


def test_each_number_leads_to_its_rows(cast: Cast) -> None:
    reported()
    shown = text(signed_in(cast.governor_desk), f"/{PROVINCE}/security")
    for place in (PROVINCE, OKI):
        assert f'<a href="/{place}/security/incidents?state=open">1 of 1</a>' in shown


def test_the_pages_speak_indonesian(cast: Cast) -> None:
    incident = reported()
    client = signed_in(cast.regent_desk, "id")
    assert "Kejadian terbuka" in text(client)
    assert "Diterima paling lambat" in text(client, f"/security/incidents/{incident.key}")


def test_the_desk_shows_card_and_alert(cast: Cast) -> None:
    incident = reported()
    shown = text(signed_in(cast.regent_desk), f"/{OKI}/")
    assert "Siege by a crowd" in shown
    assert f"/security/incidents/{incident.key}" in shown


def test_a_report_takes_a_kind_and_one_form(cast: Cast) -> None:
    client = signed_in(cast.district_committee)
    assert f'href="{REPORT}?kind=SIEGE"' in text(client, REPORT)
    form = text(client, f"{REPORT}?kind=SIEGE")
    assert form.count("<fieldset") == 4  # three questions and what is needed
    assert "Air Sugihan" in form
    given = sent(photo=photo())
    answer = client.post(f"{REPORT}?kind=SIEGE", given)
    incident = Incident.objects.get()
    assert answer["Location"] == f"/security/incidents/{incident.key}"
    assert (incident.severity, incident.needs) == ("S3", ["POLICE"])
    page = text(client, answer["Location"])
    assert "Sent. Call who answers for it too" in page
    assert "Massa di kantor camat" in page
    client.post(f"{REPORT}?kind=SIEGE", {**given, "photo": photo()})
    assert IncidentReport.objects.count() == 1


def test_a_photo_is_kept_without_device_and_shown_to_who_may_read(cast: Cast) -> None:
    client = signed_in(cast.district_committee)
    client.post(f"{REPORT}?kind=SIEGE", sent(photo=photo()))
    report = IncidentReport.objects.get()
    path = f"/security/incidents/{report.incident.key}/photos/{report.evidence_id}"
    answer = signed_in(cast.regent_desk).get(path)
    assert answer.status_code == 200
    assert b"Nokia" not in b"".join(answer)
    assert signed_in(cast.neighbour).get(path).status_code == 404
    assert signed_in(cast.observer).get(path).status_code == 404
    wrong = f"/security/incidents/{report.incident.key}/photos/{uuid4()}"
    assert signed_in(cast.regent_desk).get(wrong).status_code == 404


def test_a_photo_that_is_none_is_refused_and_nothing_written(cast: Cast) -> None:
    client = signed_in(cast.district_committee)
    file = SimpleUploadedFile("foto.jpg", b"MZ no picture at all", "image/jpeg")
    answer = client.post(f"{REPORT}?kind=SIEGE", sent(photo=file))
    assert answer.status_code == 422
    assert "photo" in answer.context["form"].errors
    damaged = SimpleUploadedFile("foto.jpg", photo().read()[:200], "image/jpeg")
    answer = client.post(f"{REPORT}?kind=SIEGE", sent(photo=damaged))
    assert answer.status_code == 422
    assert "photo" in answer.context["form"].errors
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"place": ""}, "place", "required"),
        ({"place": "16.07"}, "place", "outside your area"),
        ({"happened_at": "2024-10-28T10:50"}, "happened_at", "lies ahead"),
        ({"happened_at": "1024-10-28T10:50"}, "happened_at", "2000"),
        ({"happened_at": "2024-10-27"}, "happened_at", "2024-10-27"),
        ({"crowd": "HUGE"}, "crowd", "HUGE"),
        ({"needs": ["DRAGON"]}, "needs", "DRAGON"),
        ({"words": "x" * 1001}, "words", "1001"),
    ],
)
def test_bad_input_is_named_at_its_field(
    cast: Cast, changes: dict[str, object], field: str, says: str
) -> None:
    client = signed_in(cast.district_committee)
    answer = client.post(f"{REPORT}?kind=SIEGE", sent(**changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert says in answer.content.decode()
    assert not Incident.objects.exists()


def test_a_damaged_key_is_named_in_words_with_what_mends_it(cast: Cast) -> None:
    client = signed_in(cast.district_committee, "id")
    for key in ("", "x"):
        answer = client.post(f"{REPORT}?kind=SIEGE", sent(client_key=key))
        assert answer.status_code == 422
        assert "Kunci halaman ini" in answer.text
        assert "Buka ulang halaman ini" in answer.text


def test_a_village_committee_reports_from_its_own_village(cast: Cast) -> None:
    member = seat("pps", "Anggota PPS", "VILLAGE_COMMITTEE_OFFICER", "PPS", NUSA_KARTA)
    client = signed_in(member)
    page = f"/{NUSA_KARTA}/security"
    assert f'href="{page}/report"' in text(client, page)
    given = sent(place=NUSA_KARTA)
    assert client.post(f"{page}/report?kind=SIEGE", given).status_code == 302
    assert "Siege by a crowd" in text(client, page)


def test_who_reports_what_is_restricted_is_thanked_and_shown_nothing(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    given = sent(what="Amplop", persons_held="NO")
    answer = client.post(f"{REPORT}?kind=MONEY", given)
    assert answer["Location"] == PAGE
    shown = text(client)
    assert "Sent. Call who answers for it too" in shown
    assert "Suspected money politics" not in shown.replace("Received.", "")
    key = Incident.objects.get().key
    assert client.get(f"/security/incidents/{key}").status_code == 404


def test_steps_go_in_one_tap_or_with_words(cast: Cast) -> None:
    incident = reported()
    client = signed_in(police())
    page = f"/security/incidents/{incident.key}"
    assert f'action="{page}/triage"' in text(client, page)
    answer = client.post(f"{page}/triage", {"version": incident.version})
    assert answer["Location"] == page
    found = fresh(incident.key)
    assert found.state == "TRIAGED"
    client.post(f"{page}/triage", {"version": incident.version})
    assert fresh(incident.key).version == found.version
    assert client.get(f"{page}/contain").status_code == 200
    assert client.post(f"{page}/contain", {"version": found.version}).status_code == 422
    client.post(f"{page}/contain", {"version": found.version, "note": "Massa bubar"})
    assert fresh(incident.key).state == "CONTAINED"
    assert "Massa bubar" in text(client, page)


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("severity", {"severity": "S4", "note": "Api"}),
        ("kind", {"kind": "RIOT", "note": ""}),
        ("border", {"place": "16.07", "note": ""}),
        ("note", {"note": "Hujan"}),
        ("confide", {"confided": "YES", "note": "Rahasia"}),
        ("find-unfounded", {"note": "Polsek melihat sendiri"}),
        ("transfer", {"receiver": "Gakkumdu", "number": "1"}),
    ],
)
def test_every_form_of_an_incident_is_shown_and_taken(
    cast: Cast, step: str, given: dict[str, str]
) -> None:
    incident = reported()
    client = signed_in(police())
    path = f"/security/incidents/{incident.key}/{step}"
    assert client.get(path).status_code == 200
    answer = client.post(path, {"version": incident.version, **given})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert fresh(incident.key).version > incident.version


def test_a_plan_is_started_from_an_incident(cast: Cast) -> None:
    incident = reported()
    client = signed_in(police())
    found = re.search(
        r'href="(/[^"]*contingency/[^"]*)"', text(client, f"/security/incidents/{incident.key}")
    )
    assert found
    assert client.get(found[1]).status_code == 200


def test_a_duplicate_is_merged_by_a_person(cast: Cast) -> None:
    first = reported(actor=cast.district_committee.viewer)
    second = reported(kind="RIOT", answers={}, actor=cast.commission.viewer)
    client = signed_in(cast.regent_desk)
    page = f"/security/incidents/{second.key}"
    assert "Perhaps the same" in text(client, page)
    assert str(first.key) in text(client, f"{page}/merge")
    given = {"version": second.version, "original": str(first.key), "note": ""}
    assert client.post(f"{page}/merge", given).status_code == 302
    assert fresh(second.key).state == "DUPLICATE"


def test_out_of_scope_is_not_found(cast: Cast) -> None:
    incident = reported()
    client = signed_in(cast.neighbour)
    page = f"/security/incidents/{incident.key}"
    for path in (PAGE, f"{PAGE}/incidents", f"{PAGE}/duty", REPORT, page, f"{page}/note"):
        assert client.get(path).status_code == 404, path
    observer = signed_in(cast.observer)
    for path in (REPORT, f"{page}/note", f"{page}/triage", f"{page}/severity", f"{page}/dragon"):
        assert observer.get(path).status_code == 404, path
    for path in (page, PAGE, f"/{PROVINCE}/security", f"/{PROVINCE}/security/room"):
        assert observer.get(path).status_code == 404, "what is open is not public"
    assert Client().get(page).status_code == 302


def test_duty_is_planned_on_its_page(cast: Cast) -> None:
    officer = police()
    client = signed_in(officer)
    page = f"/{OKI}/security/duty"
    form = {
        "client_key": str(uuid4()), "institution": officer.institution_id,
        "office": "Piket Polres", "line": "0712-110", "from_at": "2024-10-28T08:00",
        "to_at": "2024-10-28T20:00",
    }  # fmt: skip
    assert client.get(f"{page}/plan").status_code == 200
    assert client.post(f"{page}/plan", form)["Location"] == page
    assert "Piket Polres" in text(client, page)
    assert "Piket Polres" in text(client, PAGE)
    assert client.get(f"/{PROVINCE}/security/duty/plan").status_code == 404
    duty = re.search(r"/security/duty/(\d+)/cancel", text(client, page))
    assert duty
    client.post(f"/security/duty/{duty[1]}/cancel")
    assert "Piket Polres" not in text(client, page)
    assert signed_in(cast.agency).post("/security/duty/999/cancel").status_code == 404


def test_the_list_is_filtered_and_exported(cast: Cast) -> None:
    reported()
    stepped(reported(kind="FLOOD", answers={}), "mark_unfounded")
    client = signed_in(cast.regent_desk)
    page = f"{PAGE}/incidents"
    assert "Flood or tide" in text(client, page)
    for query, siege, flood in (
        ("state=open", True, False),
        ("state=closed", False, True),
        ("state=UNFOUNDED", False, True),
        ("severity=S3", True, False),
        ("clock=past", False, False),
    ):
        table = text(client, f"{page}?{query}&export=csv")
        assert ("Siege by a crowd" in table, "Flood or tide" in table) == (siege, flood), query
    answer = client.get(page, {"export": "xlsx"})
    assert b"".join(answer)[:2] == b"PK"


def without_tokens(shown: str) -> str:
    """Return a page without what differs by request."""
    shown = re.sub(r"csrf[^>]*value=\"[^\"]*\"|\"X-CSRFToken\": \"[^\"]*\"", "", shown)
    shown = re.sub(r"nonce-?[^ \"]*|client_key\"[^>]*>", "", shown)
    shown = re.sub(r":[\w-]{6}:[\w-]{43}", "", shown)  # when something was signed
    shown = re.sub(r'class="mono">[0-9a-f]+<', "", shown)  # the number of a request
    shown = re.sub(r"\d\d:\d\d WIB", "", shown)  # when it was printed, in earnest
    return re.sub(r'data-now="[^"]*"', "", shown)


# --- crews and guards, who report and see no incident

VILLAGE = f"/{NUSA_KARTA}/security/report"


def crew() -> Member:
    return seat("kpps", "Anggota KPPS", "STATION_CREW", "PPS", NUSA_KARTA)


def guard() -> Member:
    return seat("linmas", "Petugas Linmas", "STATION_GUARD", "VILLAGE_HEAD", NUSA_KARTA)


@pytest.mark.parametrize("who", [crew, guard])
def test_a_crew_and_a_guard_land_on_the_form_and_see_their_reports(
    cast: Cast, who: Callable[[], Member]
) -> None:
    client = signed_in(who())
    assert client.get("/")["Location"] == VILLAGE
    assert "What you reported" not in text(client, VILLAGE)
    answer = client.post(f"{VILLAGE}?kind=SIEGE", sent(place=NUSA_KARTA))
    assert answer["Location"] == VILLAGE
    incident = Incident.objects.get()
    page = text(client, VILLAGE)
    assert "Sent. Call who answers for it too" in page
    assert "What you reported" in page
    assert incident.key.hex[:8].upper() in page
    assert str(incident.key) not in page
    other = signed_in(seat("lain", "Orang Lain", "STATION_CREW", "PPS", NUSA_KARTA))
    assert "What you reported" not in text(other, VILLAGE)


@pytest.mark.parametrize("who", [crew, guard])
def test_a_crew_and_a_guard_see_no_page_of_security_and_report_nowhere_else(
    cast: Cast, who: Callable[[], Member]
) -> None:
    incident = reported(place=NUSA_KARTA)
    client = signed_in(who())
    place = f"/{NUSA_KARTA}"
    shut = (
        "/security",
        "/security/incidents",
        "/security/duty",
        "/security/room",
        "/",
        "/readiness",
    )
    for path in (*(f"{place}{end}" for end in shut), f"/security/incidents/{incident.key}", REPORT):
        assert client.get(path).status_code == 404, path
    shown = text(client, VILLAGE)
    assert set(re.findall(r'href="(/[\d.]+/[^"?]*)', shown)) == {VILLAGE}
    answer = client.post(f"{VILLAGE}?kind=SIEGE", sent(place=OKI))
    assert answer.status_code == 422
    assert Incident.objects.count() == 1


def test_own_reports_look_alike_whatever_became_of_them(cast: Cast) -> None:
    member = crew()
    client = signed_in(member)
    client.post(f"{VILLAGE}?kind=SIEGE", sent(place=NUSA_KARTA))
    incident = Incident.objects.get()
    text(client, VILLAGE)
    before = without_tokens(text(client, VILLAGE))
    note = {"version": None, "note": "Saksi", "actor": SYSTEM, "at": AT}
    actions.restrict(key=incident.key, confided=Confided.YES, **note)
    assert without_tokens(text(client, VILLAGE)) == before
    stepped(fresh(incident.key), "triage", "contain", "resolve", "close")
    assert without_tokens(text(client, VILLAGE)) == before


# --- what an incident hangs on


def load() -> int:
    """Pack a load from OKI's store to its district's."""
    keeper = seat("gudang", "Petugas Gudang", "COMMISSION_LOGISTICS", "KPU", OKI)
    logistics.receive(
        client_key=uuid4(), place=OKI, lines=[logistics.Received(logistics.Thing("booth"), 40)],
        reference="SJ-1", actor=keeper.viewer, at=AT,
    )  # fmt: skip
    return logistics.pack(
        client_key=uuid4(), place=OKI, destination=AIR_SUGIHAN,
        lines=[logistics.Packed(logistics.Thing("booth"), 8)], seals=("A1",),
        due_at=AT + timedelta(days=2), actor=keeper.viewer, at=AT,
    )  # fmt: skip


def test_a_report_hangs_on_a_load_and_its_page_leads_there_who_may_see_it(cast: Cast) -> None:
    subject = f"load:{load()}"
    client = signed_in(cast.district_committee)
    assert f'value="{subject}"' in text(client, f"{REPORT}?kind=SIEGE")
    client.post(f"{REPORT}?kind=SIEGE", sent(subjects=subject))
    incident = Incident.objects.get()
    assert incident.subjects == [subject]
    page = f"/security/incidents/{incident.key}"
    link = f'href="/logistics/loads/{subject[5:]}"'
    assert link in text(signed_in(cast.regent_desk), page)
    assert signed_in(cast.observer).get(page).status_code == 404


def test_what_is_at_hand_is_read_only_where_it_is_shown_or_chosen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = f"load:{load()}"
    asked: list[PlaceCode] = []

    def counted(place: PlaceCode, viewer: Viewer, at: datetime) -> list[Linked]:
        asked.append(place)
        return at_hand(place, viewer, at)

    monkeypatch.setattr("serentak.security.views.report.at_hand", counted)
    client = signed_in(cast.district_committee)
    page = f"{REPORT}?kind=SIEGE"
    assert client.post(page, sent()).status_code == 302
    assert asked == []
    refused = client.post(page, sent(place="16.07"))
    assert (refused.status_code, f'value="{subject}"' in refused.text) == (422, True)
    names = list(refused.context["form"].fields)
    assert names.index("needs") < names.index("subjects") < names.index("words")
    assert client.post(page, sent(subjects="load:999999")).status_code == 422
    assert len(asked) == 2


def test_who_reported_reads_whom_to_call(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(crew())
    answer = client.post(f"{VILLAGE}?kind=SIEGE", sent(place=NUSA_KARTA), follow=True)
    assert "Serentak does not know their number" in answer.text
    owner = Incident.objects.get().owner
    calls = {owner.pk: [Number("Piket", "0712 321", "tel:0712321")]}
    monkeypatch.setattr("serentak.platform.areas.numbers", lambda *_, **__: calls)
    answer = client.post(f"{VILLAGE}?kind=SIEGE", sent(place=NUSA_KARTA), follow=True)
    assert "Police Sector of Air Sugihan, 0712 321 (Piket)." in answer.text


def test_a_crew_is_offered_no_load(cast: Cast) -> None:
    load()
    assert "What it hangs on" not in text(signed_in(crew()), f"{VILLAGE}?kind=SIEGE")


def test_links_are_set_on_the_page_of_the_incident(cast: Cast) -> None:
    subject = f"load:{load()}"
    stage = apps.get_model("elections.Stage").objects.get(key="campaign")
    incident = reported()
    client = signed_in(cast.regent_desk)
    step = f"/security/incidents/{incident.key}/link"
    form = text(client, step)
    assert f'value="{subject}"' in form
    assert f'value="stage:{stage.pk}"' in form
    chosen = {"version": incident.version, "subjects": [subject, f"stage:{stage.pk}"]}
    assert client.post(step, chosen).status_code == 302
    assert fresh(incident.key).subjects == chosen["subjects"]
    page = text(client, f"/security/incidents/{incident.key}")
    assert f'href="/{AIR_SUGIHAN}/election#stages"' in page
    assert "Links set" in page


# --- what is restricted leaves no trace


@contextmanager
def at_moment(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Iterator[None]:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: moment)
    monkeypatch.setattr("serentak.platform.clock.running", lambda: moment)
    yield


def pages_of(client: Client) -> dict[str, str]:
    """Return every page on which incidents could show, without what differs by request."""
    found = {}
    for place in (PROVINCE, OKI, AIR_SUGIHAN):
        for path in (
            f"/{place}/",
            f"/{place}/security",
            f"/{place}/security/incidents",
            f"/{place}/security/incidents?export=csv",
            f"/{place}/security/incidents?state=closed",
            f"/{place}/security/duty",
            "/country",
        ):
            answer = client.get(path)
            body = answer.getvalue() if answer.streaming else answer.content
            shown = body.decode("utf-8", "replace")
            found[path] = f"{answer.status_code} {without_tokens(shown)}"
    return found


OTHERS = (
    *("governor_desk", "regent_desk", "agency", "commission", "district_committee"),
    *("neighbour", "observer", "administrator", "ministry", "province_commission"),
)


def test_pages_are_the_same_with_and_without_what_is_restricted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, officer = supervisor(), police()
    reported()
    actions.climb(actor=SYSTEM, at=AT + timedelta(hours=9))
    members = {name: getattr(cast, name) for name in OTHERS} | {"police": officer}
    with at_moment(monkeypatch, AT + 3 * MINUTE):
        before = {name: pages_of(signed_in(member)) for name, member in members.items()}
    hidden = reported(kind="MONEY", answers={"what": "Amplop"}, at=AT + MINUTE)
    closed = reported(kind="PARTIAL_OFFICIAL", answers={}, at=AT + MINUTE)
    stepped(closed, "mark_unfounded", at=AT + 2 * MINUTE)
    actions.climb(actor=SYSTEM, at=AT + timedelta(hours=9))
    stepped(hidden, "triage", actor=handler.viewer, at=AT + 2 * MINUTE)
    with at_moment(monkeypatch, AT + 3 * MINUTE):
        after = {name: pages_of(signed_in(member)) for name, member in members.items()}
    for name in members:
        for path, shown in before[name].items():
            assert after[name][path] == shown, (name, path)
    assert "Suspected money politics" in text(signed_in(handler), f"{PAGE}/incidents")


def test_what_becomes_restricted_leaves_every_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = reported(kind="FLOOD", answers={})
    client = signed_in(cast.regent_desk)
    assert "Flood or tide" in text(client, f"{PAGE}/incidents")
    actions.restrict(key=incident.key, confided=Confided.YES, version=None, note="x",
                     actor=SYSTEM, at=AT)  # fmt: skip
    for path in (f"/{OKI}/", PAGE, f"{PAGE}/incidents"):
        assert str(incident.key) not in text(client, path), path
    assert client.get(f"/security/incidents/{incident.key}").status_code == 404
    shown = client.get("/notifications").content.decode()
    assert str(incident.key) not in shown


def test_its_queries_do_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    client = signed_in(cast.regent_desk)
    for _ in range(3):
        reported()
    client.get(PAGE)
    with django_assert_max_num_queries(40):
        client.get(PAGE)
    for _ in range(20):
        reported()
    with django_assert_max_num_queries(40):
        client.get(PAGE)


def test_the_police_send_the_reserve_from_the_page_of_what_they_may_know(cast: Cast) -> None:
    officer, incident = police(), reported()
    page, ref = f"/security/incidents/{incident.key}", ref_of(incident.key)
    link = f"/{OKI}/posting/reserve?incident_ref={ref}&amp;to={AIR_SUGIHAN}#send"
    assert f'href="{link}"' in text(signed_in(officer), page)
    assert "/posting/reserve" not in text(signed_in(cast.regent_desk), page)
    actions.restrict(
        key=incident.key, confided=Confided.YES, version=None, note="x", actor=officer.viewer, at=AT
    )
    assert f'href="{link}"' in text(signed_in(officer), page), (
        "by whom it does not exist, see below"
    )
    known = referred([ref, "FFFFFFFF", "x"], viewer=officer.viewer)
    assert [one.link for one in known.values()] == [page]
    for viewer in (cast.regent_desk.viewer, cast.governor_desk.viewer, cast.observer.viewer):
        assert referred([ref], viewer=viewer) == {}, "its number is nobody's for them"


def test_who_closes_reads_first_which_plan_is_open(cast: Cast) -> None:
    officer, incident = police(), reported()
    page = f"/security/incidents/{incident.key}"
    start = f"/{AIR_SUGIHAN}/contingency/riot-district-office?about="
    assert start in text(signed_in(officer), page)
    run = contingency.start_plan(
        client_key=uuid4(), plan="riot-district-office", place=AIR_SUGIHAN,
        subject=f"incident:{incident.key}", actor=cast.regent_desk.viewer, at=AT,
    )  # fmt: skip
    stepped(incident, "triage", "contain", "resolve", actor=officer.viewer)
    shown = text(signed_in(officer), page)
    assert f'href="/contingency/runs/{run}"' in shown
    assert start not in shown  # it runs already
    shown = text(signed_in(officer), f"{page}/close")
    assert f'href="/contingency/runs/{run}"' in shown
    assert "Open steps: 8, past the clock: 0" in shown
    assert "Open steps" not in text(signed_in(officer), f"{page}/note")


def test_the_place_is_looked_for_in_one_s_own_area(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    path = f"/{OKI}/security/report?kind=SIEGE"
    asks = "/places/options?field=place&amp;within=16.02"
    assert f'hx-get="{asks}"' in text(client, path)
    given = {**sent(), "place_q": "sungsang"}
    del given["place"]
    answer = client.post(path, given)
    assert (answer.status_code, "16.07" in answer.text) == (422, False)
    assert client.post(path, {**given, "place_q": "nusa karta"}).status_code == 302


def test_nobody_reports_a_whole_regency(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    path = f"/{OKI}/security/report?kind=SIEGE"
    assert "where it is not known, the district" not in text(client, path)
    answer = client.post(path, sent(place=OKI))
    assert answer.status_code == 422
    assert "where it is not known, the district" in answer.content.decode()
    assert not Incident.objects.exists()


def test_an_incident_says_whom_to_call_and_what_is_open_is_not_opened(cast: Cast) -> None:
    incident = reported()
    client = signed_in(cast.regent_desk)
    shown = text(client, f"/security/incidents/{incident.key}")
    assert "Must act now" in shown
    reopening = client.get(f"/security/incidents/{incident.key}/reopen")
    assert reopening.status_code == 302
