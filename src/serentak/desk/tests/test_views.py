"""The page of a place in a browser's eyes: who gets it, in which words, as which file."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse

from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, BANYUASIN, OKI, PROVINCE, Cast, Member
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
    assert "Belum disiapkan" in indonesian
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
    assert len([line for line in lines if "Kabupaten" in line or "Kota" in line]) == 4
    xlsx = client.get("/16/?export=xlsx")
    assert io.BytesIO(xlsx.content).read(2) == b"PK"
