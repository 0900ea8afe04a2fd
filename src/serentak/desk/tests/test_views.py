"""The page of a place in a browser's eyes: who gets it, in which words, as which file."""

import gzip
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, BANYUASIN, OKI, PROVINCE, Cast, Member
from tests.markup import compact
from tests.room import room

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(domain_day) -> Cast:
    return room()


@pytest.fixture
def domain_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be H-30 for the views."""
    from serentak.platform import clock
    from tests.cast import AT

    monkeypatch.setattr(clock, "now", lambda: AT)


def as_member(client: Client, member: Member) -> Client:
    client.force_login(User.objects.get(id=member.user_id))
    return client


def test_home_leads_to_ones_own_place(client: Client, cast: Cast) -> None:
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))
    response = as_member(client, cast.regent_desk).get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/16.02/")


def test_the_page_speaks_indonesian_until_one_chooses(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    indonesian = client.get("/16/", headers={"Accept-Language": "en"}).content.decode()
    assert "Perlu tindakan Anda" in indonesian
    assert "Belum tersedia di Serentak" in indonesian
    client.cookies["serentak_language"] = "en"
    english = client.get("/16/").content.decode()
    assert "Needs you" in english
    assert "Not yet set up" in english


@pytest.mark.parametrize("place", [PROVINCE, BANYUASIN, "16.99", "17"])
def test_out_of_scope_is_not_found(client: Client, cast: Cast, place: str) -> None:
    assert as_member(client, cast.regent_desk).get(f"/{place}/").status_code == 404


def test_each_tier_has_the_same_shape(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    for place in (PROVINCE, OKI, AIR_SUGIHAN):
        text = client.get(f"/{place}/").content.decode()
        for part in ('id="five"', 'id="needs-you"', 'id="children"', 'id="silent"', 'id="feed"'):
            assert part in text, (place, part)


def test_the_table_of_children_leaves_as_shown(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    csv = client.get("/16/?export=csv")
    lines = csv.content.decode("utf-8-sig").splitlines()
    named = [line.partition(",")[0] for line in lines]
    assert {"Ogan Komering Ilir", "Banyuasin", "Ogan Ilir", "Kota Palembang"} <= set(named)
    xlsx = client.get("/16/?export=xlsx")
    assert io.BytesIO(xlsx.content).read(2) == b"PK"


def test_the_feed_of_a_district_has_labels_and_no_gaps(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    text = client.get(f"/{AIR_SUGIHAN}/").content.decode()
    feed = text[text.index('id="feed"') :]
    feed = feed[: feed.index("</section>")]
    assert "diberikan kepada seorang petugas" in feed
    assert "DISTRICT_COMMITTEE_OFFICER" not in feed
    assert "…" not in feed
    assert "Sumarni" not in feed


def test_tiles_show_the_area_asked_for(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    for asked, shown in (("", "all"), ("all", "all"), ("neutrality", "neutrality"), ("x", "all")):
        text = client.get(f"/16/?area={asked}").content.decode()
        assert f'href="?area={shown}#children" aria-current="true"' in text


def test_a_sentence_says_first_how_all_stand(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    for place, said in (
        (
            PROVINCE,
            "4 dari 4 belum melapor pada satu bidang atau lebih, terlama Ogan Komering Ilir (",
        ),
        (OKI, "Belum melapor: "),
        (AIR_SUGIHAN, "Belum melapor: Kesiapan"),
    ):
        found = sentence(client.get(f"/{place}/").content.decode())
        assert found.startswith(said), found
    client.cookies["serentak_language"] = "en"
    assert sentence(client.get("/16/").content.decode()).startswith(
        "No report from 4 of 4 in one area or more, "
    )


def sentence(text: str) -> str:
    said = text[text.index('<p class="say">') :]
    return " ".join(strip_tags(said[: said.index("</p>")]).split())


def test_each_area_says_what_is_not_in_order_and_opens_what_it_knows(
    client: Client, cast: Cast
) -> None:
    text = as_member(client, cast.governor_desk).get("/16/").content.decode()
    strip = text[text.index('class="areas"') : text.index('id="needs-you"')]
    readiness = strip[strip.index("Kesiapan") :]
    summary, _, told = readiness.partition("</summary>")
    assert "kegiatan terlambat" in strip_tags(summary)
    assert 'href="/16/readiness"' in told
    assert "kegiatan selesai" in told
    assert "Belum tersedia di Serentak" in strip


def test_the_first_needs_have_their_act_and_the_rest_is_one_line(
    client: Client, cast: Cast
) -> None:
    as_member(client, cast.governor_desk)
    text = client.get("/16/").content.decode()
    needs = text[text.index('id="needs-you"') :]
    needs = needs[: needs.index("</section>")]
    assert needs.count('<li class="alert">') == 3
    assert "Susun surat kepada " in needs
    assert "?all=1#needs-you" in needs
    everything = client.get("/16/?all=1").content.decode()
    assert everything.count('<li class="alert">') > 3


def test_each_phase_leads_with_its_own_sentence(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from serentak.platform import clock
    from tests.cast import AT

    as_member(client, cast.governor_desk)
    for days, first, then in ((0, "needs-you", "feed"), (30, "feed", "needs-you")):
        at = AT + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        text = client.get("/16/").content.decode()
        assert text.index(f'id="{first}"') < text.index(f'id="{then}"')
        assert ("Hari ini pemungutan suara" in text) == (days == 30)


def test_the_page_is_small(client: Client, cast: Cast) -> None:
    as_member(client, cast.governor_desk)
    assert len(gzip.compress(client.get("/16/").content)) < 15_000


def test_the_clock_is_read_once_a_request(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from serentak.platform import clock
    from tests.cast import AT

    monkeypatch.undo()
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=AT, scene="h-30")
    as_member(client, cast.governor_desk)
    with CaptureQueriesContext(connection) as made:
        assert client.get("/16/").status_code == 200
    assert sum("platform_domain_clock" in query["sql"] for query in made) == 1


def test_the_country_lays_provinces_side_by_side(client: Client, cast: Cast) -> None:
    as_member(client, cast.ministry)
    assert client.get("/").headers["Location"] == "/country"
    text = client.get("/country").content.decode()
    assert "Sumatera Selatan" in text
    assert 'href="/16/"' in text
    assert "Belum melapor: Sumatera Selatan." in text
    assert "<strong>1</strong> dari 1 provinsi tidak beres" in compact(text)
    assert 'href="/16/readiness"' in text
    assert client.get("/country?area=readiness").status_code == 200
    csv = client.get("/country?export=csv").content.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in csv[1:2]] == ["Sumatera Selatan"]


def test_the_country_is_for_those_alone_who_answer_for_all_of_it(
    client: Client, cast: Cast
) -> None:
    for member in (cast.governor_desk, cast.observer, cast.regent_desk):
        client.force_login(User.objects.get(id=member.user_id))
        assert client.get("/country").status_code == 404
        assert "/country" not in client.get("/", follow=True).content.decode()


def test_the_bar_of_the_ministry_leads_from_a_province_to_all(client: Client, cast: Cast) -> None:
    text = as_member(client, cast.ministry).get("/16/").content.decode()
    assert 'href="/country"' in text
