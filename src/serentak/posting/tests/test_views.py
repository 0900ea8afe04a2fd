"""Pages of posting: who sees what, forms that refuse, sheets in and out, duty sheets."""

import html
import io
import re
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.models import User
from serentak.posting import actions
from serentak.posting.models import OwnPattern, Plan, Post, Reinforcement, ReserveMove, RollCall
from serentak.posting.public import alerts, posts_under, reserve_under, send_url, standing
from serentak.posting.queries.measures import MEASURES
from serentak.posting.queries.need import lines
from serentak.posting.queries.posts import unserved
from serentak.posting.rules import Posted, PostKind, StationClass
from serentak.vulnerability.public import StationClass as Given
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast, Member, seat

from .builders import (
    HIGHLY,
    KAYU_AGUNG,
    VULNERABLE,
    adopted,
    army,
    classify,
    know_of,
    plan,
    police,
    polres,
    polsek,
    set_up_stations,
    tell,
)

PLACE = f"/{OKI}/posting"


@pytest.fixture(autouse=True)
def _world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    set_up_stations()


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


# --- need, strength, shortage


def test_a_regency_shows_need_strength_and_shortage(cast: Cast) -> None:
    actions.tell_force(place=OKI, officers=7, source="Renops", actor=SYSTEM, at=AT)
    page = text(signed_in(cast.regent_desk).get(PLACE))
    assert "<dt>Officers needed</dt><dd>10</dd>" in page
    assert "<dt>Officers lacking</dt><dd>3</dd>" in page
    assert "16 of 18 stations have no class from the police yet" in page
    assert "Ask the police for reinforcements: Ogan Komering Ilir lacks 3" in page
    assert "/coordination/ask?alert=" in page
    link = re.search(r'href="(/[^"]+/coordination/ask\?alert=[^"]+)"', page)
    assert link
    asked = signed_in(cast.governor_desk).get(html.unescape(link[1])).content.decode()
    headquarters = institutions.institution_by("POLICE", PROVINCE)
    assert headquarters
    assert f'value="{headquarters.id}" selected' in asked, "who lacks officers cannot send them"
    assert "Plans" not in page, "plans are for police and army"
    assert "Compute a plan" not in page
    province = text(signed_in(cast.supervisor).get(f"/{PROVINCE}/posting"))
    assert "Regencies whose strength nobody told: 2" in province
    assert "Ask the police" in province
    district = text(signed_in(cast.regent_desk).get(f"/{AIR_SUGIHAN}/posting"))
    assert "Posting in Ogan Komering Ilir" in district


def test_who_may_see_posting_at_all(cast: Cast) -> None:
    for member in (cast.observer, cast.agency, cast.district_committee, cast.neighbour):
        assert signed_in(member).get(PLACE).status_code == 404
    for member in (cast.commission, cast.supervisor, cast.ministry, cast.governor_desk):
        assert signed_in(member).get(PLACE).status_code == 200


def test_posts_and_plans_are_seen_by_police_and_army_and_by_desks_that_share_them(
    cast: Cast,
) -> None:
    post, *_ = tell(polsek(), polres())
    row = plan()
    pages = [f"{PLACE}/posts", f"/posting/posts/{post.pk}", f"/posting/plans/{row.pk}"]
    pages.append(f"{PLACE}/reserve")
    desk, supervisor = signed_in(cast.regent_desk), signed_in(cast.supervisor)
    for member in (police(), army()):
        client = signed_in(member)
        assert [client.get(page).status_code for page in pages] == [200] * 4
    assert [desk.get(page).status_code for page in pages] == [404] * 4
    actions.share_posts(place=OKI, is_shared=True, actor=SYSTEM, at=AT)
    assert [desk.get(page).status_code for page in pages] == [200] * 4
    assert [supervisor.get(page).status_code for page in pages] == [404] * 4
    assert desk.get(f"/posting/plans/{row.pk}/sheets.pdf").status_code == 404
    assert desk.get(f"{PLACE}/roll").status_code == 404
    for path in ("solve", "posts/new", "posts/import", "strength", "reinforce", "patterns/LESS"):
        assert desk.get(f"{PLACE}/{path}").status_code == 404, path
    stranger = signed_in(police(BANYUASIN))
    assert [stranger.get(page).status_code for page in pages] == [404] * 4


def test_a_district_in_no_posts_region_is_told(cast: Cast) -> None:
    assert unserved(OKI) == ()
    tell(polsek())
    assert [card.code for card in unserved(OKI)] == [KAYU_AGUNG]
    assert "Districts in no post's region" in text(signed_in(police()).get(PLACE))
    tell(polres())
    assert unserved(OKI) == []


def test_the_number_of_statements_does_not_grow(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    tell(polsek(), polres())
    adopted()
    with django_assert_max_num_queries(16):
        found = standing(PROVINCE, AT)
    assert set(found) == {PROVINCE, OKI, BANYUASIN, PALEMBANG}
    with django_assert_max_num_queries(13):
        found_too = alerts(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert [one.code for one in found_too] == ["posting.reserve_cannot_reach"], "none is kept"


# --- patterns, strength, reinforcements


def test_the_police_set_a_pattern_and_are_told_what_cannot_be(cast: Cast) -> None:
    client = signed_in(police())
    page = f"{PLACE}/patterns/LESS"
    assert "officers 2, stations 8, guards 16" in text(client.get(page))
    sent = {"unit": "STATIONS", "officers": 2, "stations": 0, "reason": "Jauh", "version": 0}
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "from 1 to 50" in text(answer)
    assert not OwnPattern.objects.exists()
    assert client.post(page, sent | {"stations": 4}).status_code == 302
    assert lines(OKI)[OKI].need.officers[StationClass.LESS] == 8
    assert client.post(f"{page}/drop", {"version": 1}).status_code == 302
    assert not OwnPattern.objects.exists()
    assert client.get(f"{PLACE}/patterns/ROCKET").status_code == 404
    assert client.get(f"/{AIR_SUGIHAN}/posting/patterns/LESS").status_code == 404


def test_strength_in_sum_is_told_and_shared(cast: Cast) -> None:
    client = signed_in(police())
    page = f"{PLACE}/strength"
    answer = client.post(page, {"officers": -4, "version": 0})
    assert (answer.status_code, "below zero" in text(answer)) == (422, True)
    assert client.post(page, {"officers": 9, "source": "Renops", "version": 0}).status_code == 302
    assert lines(OKI)[OKI].strength == 9
    assert client.post(f"{PLACE}/share", {"version": 1}).status_code == 302
    assert "Show posts to police and army alone" in text(client.get(PLACE))


def test_reinforcements_are_proposed_promised_and_arrive(cast: Cast) -> None:
    client, polda = signed_in(police()), signed_in(police(PROVINCE))
    sent = {"client_key": uuid4(), "origin": PROVINCE, "officers": 6}
    assert client.post(f"{PLACE}/reinforce", sent).status_code == 302
    row = Reinforcement.objects.get()
    step = f"/posting/reinforcements/{row.pk}"
    page = text(polda.get(PLACE))
    assert "6 officers from Headquarters to Ogan Komering Ilir" in page
    assert f"{step}/promise" in page
    assert polda.post(f"{step}/promise", {"version": 1}).status_code == 302
    assert f"{step}/arrive" in text(client.get(PLACE))
    client.post(f"{step}/arrive", {"version": 2})
    row.refresh_from_db()
    assert row.state == "ARRIVED"
    assert client.post(f"{step}/rocket", {"version": 3}).status_code == 404
    assert signed_in(cast.regent_desk).post(f"{step}/drop", {"version": 3}).status_code == 404


def test_moves_are_proposed_for_a_province(cast: Cast) -> None:
    other = Posted(place=PALEMBANG, kind=PostKind.POLRES, name="Polrestabes", officers=30)
    tell(polres(4), other)
    client = signed_in(police(PROVINCE))
    page = text(client.get(f"/{PROVINCE}/posting"))
    assert "Propose moves from where officers are over" in page
    assert client.post(f"/{PROVINCE}/posting/moves").status_code == 302
    assert Reinforcement.objects.get().officers == 6
    assert "6 officers from Palembang" in text(client.get(f"/{PROVINCE}/posting"))


# --- posts


def test_a_post_is_told_changed_and_closed(cast: Cast) -> None:
    client = signed_in(police())
    sent = {
        "kind": "POLSEK", "name": "Polsek Air Sugihan", "place": AIR_SUGIHAN, "officers": 12,
        "shifts": 1, "vehicles": 1, "boats": 2, "version": 0, "serves": [AIR_SUGIHAN, KAYU_AGUNG],
    }  # fmt: skip
    answer = client.post(f"{PLACE}/posts/new", sent | {"officers": -1})
    assert (answer.status_code, "below zero" in text(answer)) == (422, True)
    assert client.post(f"{PLACE}/posts/new", sent).status_code == 302
    row = Post.objects.get()
    page = f"/posting/posts/{row.pk}"
    assert "counted already" in text(client.post(f"{PLACE}/posts/new", sent))
    assert client.post(page, sent | {"officers": 15, "version": 1}).status_code == 302
    assert client.post(page, sent | {"officers": 16, "version": 1}).status_code == 422
    row.refresh_from_db()
    assert (row.officers, row.regions.count()) == (15, 2)
    assert "Only who keeps the post changes it" in text(signed_in(army()).get(page))
    assert client.post(f"{page}/close", {"version": 2}).status_code == 302
    assert "This post is closed" in text(client.get(page))
    assert "Polsek Air Sugihan" not in text(client.get(f"{PLACE}/posts"))


def sheet(*rows: list[Any], merged: int = 0) -> SimpleUploadedFile:
    """Return a workbook; with `merged` its first row is one cell over so many columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            if merged and not number:
                page.merge_range(0, 0, 0, merged - 1, row[0])
            else:
                page.write_row(number, 0, row)
    return SimpleUploadedFile("pos.xlsx", out.getvalue())


HEADING = ["No", "Kesatuan", "Kecamatan", "Wilayah hukum", "Jumlah personel", "Perahu", "Telepon"]


def imported(client: Client, file: SimpleUploadedFile) -> tuple[Any, str]:
    """Send a sheet and save it where nothing stands against it; return both answers."""
    shown = client.post(f"{PLACE}/posts/import", {"file": file})
    page = text(shown)
    token = re.search(r'name="token" value="([^"]+)"', page)
    if shown.status_code != 200 or token is None:
        return shown, page
    given = dict(re.findall(r'name="(column-\w+|sheet|sheet_read|mark)"[^>]*value="([^"]*)"', page))
    chosen = {
        name: value
        for name, options in re.findall(r'<select[^>]*name="(column-\w+)".*?>(.*?)</select>', page)
        for value in re.findall(r'value="([^"]*)" selected', options)
    }
    sent = {**given, **chosen, "token": token[1], "step": "commit"}
    return client.post(f"{PLACE}/posts/import", sent, follow=True), page


def test_posts_come_in_a_sheet_as_offices_write_it(cast: Cast) -> None:
    client = signed_in(police())
    file = sheet(
        ["DATA KEKUATAN POLRES OGAN KOMERING ILIR"],
        HEADING,
        [1, "Polsek Air Sugihan", "Air Sugihan", "Air Sugihan, Kec. Kayu Agung", "12", 2, "-"],
        [2, "POLRES OKI", "", "", "1.030", "", "0712-321"],
        ["", "JUMLAH", "", "", 1042, 2, ""],
        merged=7,
    )
    answer, _ = imported(client, file)
    assert answer.status_code == 200, text(answer)
    rows = {row.name: row for row in Post.objects.all()}
    assert {name: (row.place_id, row.officers) for name, row in rows.items()} == {
        "Polsek Air Sugihan": (AIR_SUGIHAN, 12),
        "POLRES OKI": (OKI, 1030),
    }
    assert rows["Polsek Air Sugihan"].regions.count() == 2
    out = client.get(f"{PLACE}/posts?export=xlsx")
    assert out.status_code == 200
    template = client.get(f"{PLACE}/posts/import?template")
    assert template.status_code == 200


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([1, "Polsek Air Sugihan", "", "", "-5", "", ""], "below zero"),
        ([1, "Polsek Air Sugihan", "", "", "12,5", "", ""], "fraction"),
        ([1, "Polsek Air Sugihan", "", "", "", 1, ""], "how many officers"),
        ([1, "Polsek Air Sugihan", "Mars", "", 5, "", ""], "no such place"),
        ([1, "Polsek Air Sugihan", "", "Pluto", 5, "", ""], "no such place"),
        ([1, "Polsek Antah Berantah", "", "", 5, "", ""], "no such place"),
        ([1, "Warung Bu Sri", "", "", 5, "", ""], "kind of post is not known"),
        ([1, "Kodim 0402", "", "", 5, "", ""], "each tell of their own posts"),
    ],
)
def test_a_row_that_does_not_hold_is_named_and_nothing_is_told(
    cast: Cast, row: list[Any], said: str
) -> None:
    answer, page = imported(
        signed_in(police()), sheet(HEADING, row, [2, "Polres OKI", *[""] * 2, 9])
    )
    assert answer.status_code == 422
    assert said in page
    assert not Post.objects.exists()


def test_a_post_that_stands_twice_in_a_sheet_is_refused(cast: Cast) -> None:
    rows = [[n, "Polsek Air Sugihan", "", "", 5, "", ""] for n in (1, 2)]
    answer, page = imported(signed_in(police()), sheet(HEADING, *rows))
    assert answer.status_code == 422
    assert "Polsek Air Sugihan is counted already" in page


# --- plans


def test_a_plan_is_computed_proposed_adopted_and_printed(cast: Cast) -> None:
    tell(polsek(), polres(2))
    client, soldier = signed_in(police()), signed_in(army())
    answer = soldier.post(f"{PLACE}/solve", {"client_key": uuid4(), "reserve": 0}, follow=True)
    row = Plan.objects.get()
    page = text(answer)
    assert "Every station has its officers" not in page
    assert "Less vulnerable: 8" in page or "Less vulnerable: 4" in page
    assert "Stations covered in addition" in page
    of = f"/posting/plans/{row.pk}"
    assert soldier.post(f"{of}/propose", {"version": 1}).status_code == 302
    assert "Adopt the plan" not in text(soldier.get(of))
    assert soldier.post(f"{of}/adopt", {"version": 2}).status_code == 404
    refused = client.post(f"{of}/adopt", {"version": 2})
    assert (refused.status_code, "Say why it is adopted all the same" in text(refused)) == (
        422,
        True,
    )
    client.post(f"{of}/return", {"version": 2})
    client.post(f"{of}/propose", {"version": 3})
    assert client.post(f"{of}/adopt", {"version": 4, "reason": "BKO"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "ADOPTED"
    sheets = client.get(f"{of}/sheets.pdf")
    assert sheets["Content-Type"] == "application/pdf"
    for language, hours in (("en", "07:00 to 13:00 WIB"), ("id", "07.00–13.00 WIB")):
        client.cookies["serentak_language"] = language
        printed = client.get(f"{of}/sheets.pdf").content
        told = PdfReader(io.BytesIO(printed)).pages[0].extract_text()
        assert f"27 November 2024, {hours}" in told
    assert MEASURES["stations-posted"](parent=PROVINCE)[OKI].quantity == 18 - sum(
        row.uncovered.values()
    )


def test_a_plan_without_strength_is_refused_on_the_page(cast: Cast) -> None:
    client = signed_in(police())
    answer = client.post(f"{PLACE}/solve", {"client_key": uuid4()})
    assert (answer.status_code, "Nobody has told the strength" in text(answer)) == (422, True)
    tell(polres())
    row = plan()
    assert client.post(f"/posting/plans/{row.pk}/drop", {"version": 1}).status_code == 302
    assert Plan.objects.get().state == "REPLACED"


# --- the roll and the reserve


def test_the_roll_is_called_by_one_tap_or_with_numbers(cast: Cast) -> None:
    first, second = tell(polsek(), polres())
    client = signed_in(police())
    page = text(client.get(f"{PLACE}/roll"))
    assert "0 of 2 posts have called the roll today" in page
    assert client.post(f"/posting/posts/{first.pk}/roll", {"do": "all"}).status_code == 302
    refused = client.post(f"/posting/posts/{second.pk}/roll", {"present": -1, "absent": 0})
    assert (refused.status_code, "below zero" in text(refused)) == (422, True)
    sent = {"present": 3, "absent": 1, "remark": "Sakit"}
    assert client.post(f"/posting/posts/{second.pk}/roll", sent).status_code == 302
    assert set(RollCall.objects.values_list("present", "absent")) == {(6, 0), (3, 1)}
    assert "3 present, 1 absent" in text(client.get(f"{PLACE}/roll"))
    stranger = signed_in(police(BANYUASIN))
    assert stranger.post(f"/posting/posts/{first.pk}/roll", {"do": "all"}).status_code == 404
    assert standing(OKI, AT)[OKI].manned == 2
    assert standing(PROVINCE, AT)[OKI].posts == 2


def test_the_reserve_is_sent_and_comes_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    andi = police()
    know_of(monkeypatch, "D077CFE0", lambda viewer: viewer.user_id == andi.user_id)
    post, _ = tell(polsek(officers=40), polres(40))
    adopted()
    client = signed_in(andi)
    page = f"{PLACE}/reserve"
    assert "Polsek Air Sugihan" in text(client.get(page))
    link = send_url(KAYU_AGUNG, andi.viewer, incident_ref="D077CFE0")
    asked = client.get(link).content.decode()
    assert f'<option value="{KAYU_AGUNG}" selected>' in asked
    assert 'name="incident_ref" value="D077CFE0"' in asked
    assert send_url(PROVINCE, andi.viewer, incident_ref="D077CFE0") == ""
    assert send_url(KAYU_AGUNG, cast.regent_desk.viewer, incident_ref="D077CFE0") == ""
    sent = {"client_key": uuid4(), "post_id": post.pk, "to": KAYU_AGUNG, "incident_ref": "D077CFE0"}
    refused = client.post(f"{page}/send", sent | {"officers": 99})
    assert (refused.status_code, "Only 10 officers" in text(refused)) == (422, True)
    assert client.post(f"{page}/send", sent | {"officers": 10}).status_code == 302
    move = ReserveMove.objects.get()
    assert "They are back" in text(client.get(page))
    assert "D077CFE0" in text(client.get(page))
    actions.share_posts(place=OKI, is_shared=True, actor=SYSTEM, at=AT)
    desk = signed_in(cast.regent_desk)
    seen = text(desk.get(page))
    assert "Polsek Air Sugihan" in seen
    assert "D077CFE0" not in seen
    assert "Kayu Agung" not in seen, "it tells not where, nor when"
    assert "Nobody was sent yet." in seen
    assert "D077CFE0" not in desk.get(f"{page}?m-format=csv").content.decode()
    other = signed_in(seat("polda", "Eko Wirawan", "POLICE_OPERATIONS", "POLICE", PROVINCE))
    assert other.post(f"/posting/moves/{move.pk}/back").status_code == 404
    assert desk.post(f"{page}/send", sent | {"officers": 1}).status_code == 404
    assert desk.post(f"/posting/moves/{move.pk}/back").status_code == 404
    assert client.post(f"/posting/moves/{move.pk}/back").status_code == 302
    (wait,) = reserve_under(OKI, andi.viewer)
    assert (wait.here, wait.name) == (10, "Polsek Air Sugihan")
    assert reserve_under(OKI, cast.supervisor.viewer) == ()
    assert len(posts_under(OKI, cast.regent_desk.viewer, AT)) == 2
    assert posts_under(OKI, cast.supervisor.viewer, AT) == ()


def police_viewer() -> Any:
    user = User.objects.get(username=f"police-{OKI}")
    return institutions.viewer_for(user_id=user.pk, at=AT)


# --- alerts


def told(at: Any = AT) -> dict[str, Any]:
    return {one.code: one for one in alerts(parent=PROVINCE, viewer=SYSTEM, at=at)}


def test_alerts_say_who_lacks_how_many_and_from_which_class_on(cast: Cast) -> None:
    assert told() == {}, "a regency that told no strength is not said to be short"
    tell(polres(3))
    short = told()["posting.regency_is_short"]
    assert (short.place, short.severity, short.due_date.isoformat()) == (
        OKI, Status.AT_RISK, "2024-11-24",
    )  # fmt: skip
    assert (short.params["count"], short.params["of"]) == ("7", "Rawan")
    seventh, third = AT.replace(month=11, day=20), AT.replace(month=11, day=24)
    assert told(seventh)["posting.plan_is_not_adopted"].severity is Status.AT_RISK
    assert told(third)["posting.plan_is_not_adopted"].severity is Status.LATE
    assert told(third.replace(day=28)) == {}, "after the vote nothing of it helps"


def test_alerts_of_an_adopted_plan(cast: Cast) -> None:
    far = polres(1, lat=-4.6, lon=105.0)
    tell(far)
    adopted(reserve=0)
    found = told()
    assert found["posting.highly_vulnerable_are_uncovered"].params["count"] == "1"
    assert found["posting.reserve_cannot_reach"].params["count"] == "1"
    assert "posting.plan_is_not_adopted" not in told(AT.replace(month=11, day=24))


def test_an_adopted_plan_that_rests_on_what_changed_is_told(cast: Cast) -> None:
    tell(polres(30))
    row = adopted()
    client = signed_in(police())
    hint = "changed since the plan was computed"
    assert "posting.plan_is_outdated" not in told()
    assert hint not in text(client.get(f"/posting/plans/{row.pk}"))
    classify({PlaceCode(f"{KAYU_AGUNG}.2010.001"): Given.SPECIAL})
    assert told()["posting.plan_is_outdated"].severity is Status.AT_RISK
    assert hint in text(client.get(f"/posting/plans/{row.pk}"))
    adopted()
    assert "posting.plan_is_outdated" not in told()
    assert client.get(f"/posting/plans/{row.pk}/sheets.pdf").status_code == 404


def test_two_changes_that_cancel_out_are_told_too(cast: Cast) -> None:
    tell(polres(30), polsek(officers=6))
    row = adopted()
    rested_on = lines(OKI)[OKI]
    assert "posting.plan_is_outdated" not in told()
    tell(polres(28), polsek(officers=8))
    assert lines(OKI)[OKI] == rested_on, "in sum nothing has changed"
    assert "posting.plan_is_outdated" in told()
    page = f"/posting/plans/{row.pk}"
    assert "changed since the plan was computed" in text(signed_in(police()).get(page))
    adopted()
    assert "posting.plan_is_outdated" not in told()
    classify({HIGHLY: Given.VULNERABLE, VULNERABLE: Given.HIGHLY})
    assert lines(OKI)[OKI] == rested_on, "in one district two stations changed their classes"
    assert "posting.plan_is_outdated" in told()


def test_special_stations_without_officers_count_with_the_gravest(cast: Cast) -> None:
    classify({PlaceCode(f"{KAYU_AGUNG}.2010.001"): Given.SPECIAL})
    tell(polres(1))
    adopted(reserve=0)
    assert told()["posting.highly_vulnerable_are_uncovered"].params["count"] == "2"
    assert standing(PROVINCE, AT)[OKI].highly_uncovered == 2


def test_the_army_is_shown_no_button_of_the_police(cast: Cast) -> None:
    (post,) = tell(polres(40))
    adopted(reserve=10)
    client = signed_in(army())
    page = text(client.get(PLACE))
    assert "Compute a plan" in page
    assert "Tell the strength in sum" not in page
    assert f"{PLACE}/reinforce" not in page
    assert f"/posting/posts/{post.pk}/roll" not in text(client.get(f"{PLACE}/roll"))
    assert 'name="officers"' not in text(client.get(f"{PLACE}/reserve"))
    officer = signed_in(police())
    for page in ("strength", "reinforce"):
        assert client.get(f"{PLACE}/{page}").status_code == 404, "as refused as its action"
        sent = client.post(f"{PLACE}/{page}", {"officers": 9, "version": 0})
        assert sent.status_code == 404
        assert officer.get(f"{PLACE}/{page}").status_code == 200


def test_a_reserve_that_is_too_small_is_told(cast: Cast) -> None:
    classify({PlaceCode(f"{KAYU_AGUNG}.2010.001"): Given.HIGHLY})
    tell(polsek(officers=30), polres(30))
    adopted(reserve=10)
    found = told()
    assert {"posting.reserve_is_too_small", "posting.reserve_cannot_reach"} & set(found)


def test_pages_speak_indonesian(cast: Cast) -> None:
    tell(polsek(), polres())
    page = text(signed_in(police(), "id").get(PLACE))
    assert "Kebutuhan, kekuatan, dan kekurangan" in page
    assert "Kekuatan" in page
