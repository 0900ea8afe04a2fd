"""Pages of facilities: coverage of a place, a checklist, the form of a check, a defect."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from serentak.facilities.area import AREA
from serentak.facilities.models import Check, Defect, Standing
from serentak.facilities.public import alerts
from serentak.facilities.queries.coverage import counting_it, coverage
from serentak.facilities.queries.measures import MEASURES
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.status import Status
from serentak.logistics import public as logistics
from serentak.platform import clock
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, NUSA_KARTA, OKI, PROVINCE, Cast, Member, seat

from .builders import FIRST, SECOND, STATIONS, check, fine, set_up_stations, standing, the_defect

IN_OKI = [code for code in STATIONS if code.startswith(OKI)]
IN_AIR_SUGIHAN = [code for code in STATIONS if code.startswith(AIR_SUGIHAN)]


@pytest.fixture(autouse=True)
def _world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    set_up_stations()


@pytest.fixture
def committee(cast: Cast) -> Client:
    return signed_in(cast.district_committee)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


def cells(page: str, heading: str) -> list[str]:
    """Return the cells of the row that a heading begins."""
    row = re.search(
        rf'<th scope="row">(?:<a [^>]*>)?{re.escape(heading)}(?:</a>)?</th>(.*?)</tr>', page
    )
    assert row, heading
    return [re.sub("<[^>]+>", "", c).strip() for c in re.findall(r"<td[^>]*>(.*?)</td>", row[1])]


# --- a place, a checklist


def test_a_place_shows_how_far_it_is_checked(cast: Cast) -> None:
    check("venue", FIRST)
    check("venue", SECOND, but={"flood": "no"})
    page = text(signed_in(cast.governor_desk).get(f"/{OKI}/facilities"))
    # To check, checked, ready, nearly, not ready, incomplete, unchecked, past the day (H-42).
    assert cells(page, "Station: site and building") == ["5", "2", "1", "0", "1", "0", "3", "3"]
    assert cells(page, "Air Sugihan")[:3] == ["9", "2", "1"], "3 stations twice, store, IT, hall"
    assert cells(page, "Air Sugihan")[-1] == "1"
    assert "Free of flood" in page
    assert "Station 002, Nusa Karta" in page


def test_what_an_older_version_said_counts_as_unchecked(cast: Cast) -> None:
    check("venue", *IN_AIR_SUGIHAN)
    Standing.objects.filter(place=FIRST).update(version=0)
    line = coverage(AIR_SUGIHAN, AT.date())[AIR_SUGIHAN]["venue"]
    assert (line.places, line.checked, line.ready, line.outdated, line.late) == (3, 2, 2, 1, 1)
    client = signed_in(cast.district_committee)
    assert "1 were checked by an older version" in text(
        client.get(f"/{AIR_SUGIHAN}/facilities/venue")
    )
    page = text(client.get(f"/{FIRST}/facilities/venue"))
    assert "The last check answered version 0 of the checklist" in page


def test_a_page_tells_what_roll_ups_count_and_says_where_it_rests_on_something_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logistics, "boxes_at", lambda *_: {OKI: 2_000})
    check("warehouse", OKI)
    client = signed_in(cast.commission)
    page = text(client.get(f"/{OKI}/facilities/warehouse"))
    assert "What the rules rest on has changed" not in page
    monkeypatch.setattr(logistics, "boxes_at", lambda *_: {OKI: 3_000})
    page = text(client.get(f"/{OKI}/facilities/warehouse"))
    assert "What the rules rest on has changed since this check" in page
    assert coverage(OKI, AT.date())[OKI]["warehouse"].ready == 1
    assert "Ready" in page
    monkeypatch.setattr(logistics, "boxes_at", lambda *_: {})
    page = text(client.get(f"/{OKI}/facilities/warehouse"))
    assert "Pallets: cannot be judged, since nobody knows ballot boxes needed." in page


def test_a_committee_sees_its_stations_without_a_check(committee: Client) -> None:
    check("venue", FIRST)
    page = text(committee.get(f"/{AIR_SUGIHAN}/facilities/venue"))
    assert "Still without a check" in page
    waiting = re.findall(r'href="/([\d.]{17})/facilities/venue"', page.split("By place")[0])
    assert sorted(waiting) == [code for code in IN_AIR_SUGIHAN if code != FIRST]
    village = text(committee.get(f"/{NUSA_KARTA}/facilities/it-station"))
    assert f"/{FIRST}/facilities/it-station" in village
    assert "Still without a check" not in text(committee.get(f"/{OKI}/facilities/venue"))


def test_a_page_says_how_counting_it_stands(cast: Cast) -> None:
    check("it-station", FIRST)
    check("it-station", SECOND, but={"accounts": 1, "signal": 30})
    check("it-station", IN_AIR_SUGIHAN[2], but={"signal": 30, "offline": "no"})
    found = counting_it(AIR_SUGIHAN, AT.date())
    assert found
    assert (found.stations, found.with_accounts, found.offline, found.stuck) == (3, 2, 1, 1)
    page = text(signed_in(cast.regent_desk).get(f"/{AIR_SUGIHAN}/facilities"))
    said = "2 of 3 stations are known to have two active accounts; 1 without signal use the offline"
    assert said in page
    assert "1 without signal have no route yet" in page


def test_a_sheet_of_what_was_checked(committee: Client) -> None:
    check("venue", FIRST, but={"size": 64})
    sheet = text(committee.get(f"/{AIR_SUGIHAN}/facilities/venue?s-export=csv"))
    assert "64 m²" in sheet
    assert "Safe from slides" in sheet
    questions = text(committee.get(f"/{AIR_SUGIHAN}/facilities/venue?q-export=csv"))
    assert "10 x 8" in questions


def test_pages_ask_as_much_whatever_there_is(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        coverage(PROVINCE, AT.date())
    check("venue", *STATIONS, but={"flood": "no"})
    with django_assert_max_num_queries(4):
        coverage(PROVINCE, AT.date())
    with django_assert_max_num_queries(4):
        coverage(COUNTRY, AT.date())


def test_a_page_with_many_defects_asks_no_more(
    committee: Client, django_assert_max_num_queries: Any
) -> None:
    check("venue", *IN_AIR_SUGIHAN, but={"flood": "no", "roof": "no", "light": 0})
    with django_assert_max_num_queries(24):
        committee.get(f"/{AIR_SUGIHAN}/facilities")
    with django_assert_max_num_queries(28):
        committee.get(f"/{AIR_SUGIHAN}/facilities/venue")


# --- the form


def test_a_check_is_recorded_on_its_page(committee: Client) -> None:
    path = f"/{FIRST}/facilities/venue"
    assert f"{path}/check" in text(committee.get(path))
    key = str(uuid4())
    sent = {**fine("venue", flood="no"), "client_key": key, "seats": ""}
    for _twice in range(2):
        answer = committee.post(f"{path}/check", sent, follow=True)
        assert "The answers were recorded." in text(answer)
    assert Check.objects.count() == 1
    assert standing(FIRST).unanswered == ["seats"]
    page = text(committee.get(path))
    assert "Not ready" in page
    assert cells(page, "Has the site been free of flood since October?")[:2] == ["No", "Fails"]
    form = text(committee.get(f"{path}/check"))
    assert "Last time: No." in form
    assert "Grave: while it fails the place is not ready." in form


def test_what_does_not_hold_stands_at_its_question(committee: Client) -> None:
    path = f"/{FIRST}/facilities/venue/check"
    answer = committee.post(path, {"client_key": str(uuid4()), "size": "999999999"})
    assert answer.status_code == 422
    assert "Enter a whole number from 0 to 100,000." in text(answer)
    empty = committee.post(path, {"client_key": str(uuid4())})
    assert "Answer at least one question." in text(empty)
    assert not Check.objects.exists()


def test_who_may_not_check_finds_no_form(cast: Cast, committee: Client) -> None:
    for who in (cast.governor_desk, cast.regent_desk, cast.agency, cast.observer):
        client = signed_in(who)
        assert client.get(f"/{FIRST}/facilities/venue/check").status_code == 404
        assert client.get(f"/{AIR_SUGIHAN}/facilities/venue/import").status_code == 404
        assert "/check" not in text(client.get(f"/{FIRST}/facilities/venue"))
    for path in (
        f"/{OKI}/facilities/warehouse/check",
        f"/{FIRST}/facilities/warehouse/check",
        f"/{AIR_SUGIHAN}/facilities/venue/check",
        f"/{FIRST}/facilities/rocket/check",
        f"/{FIRST}/facilities/warehouse",
    ):
        assert committee.get(path).status_code == 404, path
    assert signed_in(cast.neighbour).get(f"/{FIRST}/facilities").status_code == 404


# --- a defect


def test_a_defect_names_place_owner_and_day_and_its_owner_answers(cast: Cast) -> None:
    check("venue", FIRST, but={"flood": "no"})
    path = f"/facilities/defects/{the_defect().pk}"
    owner, desk = signed_in(cast.commission), signed_in(cast.governor_desk)
    page = text(desk.get(path))
    assert "Election Commission of Ogan Komering Ilir" in page
    assert "1 stations, 555 voters" in page
    assert f"{path}/mend" not in page
    assert desk.post(f"{path}/mend", {"version": 1, "remark": "x"}).status_code == 404
    answer = owner.post(
        f"{path}/promise",
        {"version": 1, "promised_date": "2024-11-02", "remark": "Ditimbun"},
        follow=True,
    )
    assert "The day was noted." in text(answer)
    refused = owner.post(f"{path}/mend", {"version": 1, "remark": "Ditimbun"})
    assert refused.status_code == 422, "somebody promised meanwhile"
    answer = owner.post(f"{path}/mend", {"version": 2, "remark": "Ditimbun"}, follow=True)
    assert "Mended, waits for a check" in text(answer)
    assert "said to be mended" in text(desk.get(path))
    assert owner.get("/facilities/defects/999999").status_code == 404
    assert signed_in(cast.neighbour).get(path).status_code == 404


def test_a_venue_asks_for_another_site_from_its_page(committee: Client) -> None:
    check("venue", FIRST, but={"flood": "no"})
    path = f"/facilities/defects/{the_defect().pk}"
    assert "it can be asked until 20 Nov 2024" in text(committee.get(path)) or "20 Nov" in text(
        committee.get(path)
    )
    answer = committee.post(f"{path}/move", {"version": 1, "remark": "Balai desa"}, follow=True)
    assert "Another site is asked for" in text(answer)


# --- alerts, measures


def test_alerts_come_one_for_each_place_and_kind(cast: Cast) -> None:
    check("venue", *IN_AIR_SUGIHAN, but={"neutral": "no", "secret": "no"})
    desk = cast.governor_desk.viewer
    (alert,) = alerts(parent=PROVINCE, viewer=desk, at=AT)
    assert (alert.code, alert.place, alert.severity) == (
        "facilities.hard_defects_are_late", OKI, Status.LATE,
    )  # fmt: skip
    assert alert.params == {"defects": "3", "stations": "3", "voters": "1.254"}
    (alert,) = alerts(parent=OKI, viewer=desk, at=AT)
    assert alert.place == AIR_SUGIHAN
    assert alerts(parent=NUSA_KARTA, viewer=desk, at=AT) == ()
    assert alerts(parent=BANYUASIN, viewer=desk, at=AT) == ()
    assert alerts(parent=PROVINCE, viewer=cast.regent_desk.viewer, at=AT) == ()
    near = AT + timedelta(days=17)
    (alert,) = alerts(parent=PROVINCE, viewer=desk, at=near)
    assert alert.code == "facilities.venues_may_have_to_move"
    assert alert.params["stations"] == "3", "however much fails at one of them"
    assert alert.params["defects"] == "6"
    assert alert.press.days_left == 6
    Defect.objects.update(state="MENDED", remark="x", answered_at=AT)
    assert alerts(parent=PROVINCE, viewer=desk, at=near) == ()


def test_counting_it_that_lacks_accounts_presses_after_its_day(cast: Cast) -> None:
    check("it-station", *IN_OKI, but={"accounts": 1, "offline": "no"})
    desk = cast.governor_desk.viewer
    assert alerts(parent=OKI, viewer=desk, at=AT) == ()
    found = alerts(parent=OKI, viewer=desk, at=AT + timedelta(days=18))
    assert [(a.code, a.place, a.press.reach) for a in found] == [
        ("facilities.counting_it_lacks", PlaceCode("16.02.05"), 2),
        ("facilities.counting_it_lacks", AIR_SUGIHAN, 3),
    ]


def measured(name: str) -> dict[str, int]:
    return {code: m.quantity for code, m in MEASURES[name](parent=PROVINCE).items()}


def test_checks_are_the_progress_of_a_regency_that_keeps_them(cast: Cast) -> None:
    assert AREA.measures == MEASURES
    check("venue", FIRST, SECOND)
    assert measured("sites-chosen") == {}, "two of five are not half"
    check("venue", IN_AIR_SUGIHAN[2], but={"power": "nothing"})
    assert measured("sites-chosen") == {OKI: 2, AIR_SUGIHAN: 2, "16.02.05": 0}
    Standing.objects.update(version=0)
    assert measured("sites-chosen") == {}


def test_what_is_summed_is_capped_and_store_criteria_are_counted(cast: Cast) -> None:
    check("it-station", *IN_OKI, but={"accounts": 5})
    assert measured("accounts-active") == {}, "districts' accounts count too"
    check("it-district", AIR_SUGIHAN, but={"accounts": 1})
    assert measured("accounts-active") == {OKI: 11, AIR_SUGIHAN: 7, "16.02.05": 4}
    check("warehouse", OKI, but={"dry": "no", "pests": "no"})
    assert measured("criteria-met") == {OKI: 7}, "two fail, pallets hang on an unknown need"


# --- a sheet


def send(client: Client, path: str, sheet: str) -> Any:
    file = SimpleUploadedFile("periksa.csv", sheet.encode(), content_type="text/csv")
    return client.post(path, {"step": "send", "file": file})


def commit(client: Client, path: str, answer: Any) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', text(answer))
    assert token, text(answer)[-2000:]
    return client.post(path, {"step": "commit", "token": token[1]}, follow=True)


def test_a_sheet_as_it_goes_round_is_recorded_whole(committee: Client) -> None:
    path = f"/{AIR_SUGIHAN}/facilities/it-station/import"
    sheet = (
        "No;Kecamatan;Desa/Kelurahan;TPS;Akun aktif;Ponsel Android 7+;Ponsel cadangan;Jalur luring\n"
        "1;AIR SUGIHAN;Nusa Karta;TPS 001;2 akun;1;sudah;Ada\n"
        "2;AIR SUGIHAN;NUSA KARTA;2;1;-;belum;tidak\n"
        "3;Air Sugihan;Kerta Mukti;001;;;;-\n"
    )
    answer = send(committee, path, sheet)
    assert "Rows without an answer, left out" in text(answer)
    assert "2 places were checked." in text(commit(committee, path, answer))
    assert standing(FIRST, "it-station").answers == {
        "accounts": 2, "system": 1, "second": "yes", "offline": "yes",
    }  # fmt: skip
    assert standing(SECOND, "it-station").answers == {
        "accounts": 1, "second": "no", "offline": "no",
    }  # fmt: skip
    again = send(committee, path, sheet)
    commit(committee, path, again)
    assert Check.objects.count() == 2, "the same file is the same check"


def test_a_sheet_half_right_writes_nothing(committee: Client) -> None:
    path = f"/{AIR_SUGIHAN}/facilities/it-station/import"
    sheet = (
        "kode;Akun aktif;Jalur luring\n"
        f"{FIRST};2;ya\n"
        f"{FIRST};2;ya\n"
        "16.02.05.1001.001;2;ya\n"
        f"{SECOND};dua;kadang\n"
        "16021420020 01;99999;ya\n"
    )
    page = text(send(committee, path, sheet))
    assert "This place stands above already" in page
    assert "This place is not known here" in page
    assert "“kadang” is no answer to this question" in page
    assert "Enter a whole number from 0 to 20." in page
    assert not Check.objects.exists()
    template = committee.get(f"{path}?template")
    assert template.status_code == 200


def test_a_village_committee_finds_its_stations_and_checks_them(cast: Cast) -> None:
    officer = seat("pps.nusakarta", "Sri", "VILLAGE_COMMITTEE_OFFICER", "PPS", NUSA_KARTA)
    client = signed_in(officer)
    page = text(client.get(f"/{NUSA_KARTA}/facilities/venue"))
    assert f"/{FIRST}/facilities/venue" in page
    assert client.get(f"/{NUSA_KARTA}/facilities").status_code == 200
    path = f"/{FIRST}/facilities/venue/check"
    answer = client.post(path, {"client_key": str(uuid4()), "flood": "yes"}, follow=True)
    assert "The answers were recorded." in text(answer)
