"""The picker of places answers who is signed in."""

from django.test import Client

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.places import public
from serentak.platform.accounts import create_account
from serentak.platform.models import User
from serentak.platform.web.pickers import Option

from .builders import AT, small_tree


def test_a_picker_of_places_answers_by_name_and_code(db: None) -> None:
    small_tree()
    create_account(username="rini", full_name="Rini", password=None, actor=SYSTEM, at=AT)
    client = Client()
    assert client.get("/places/options").status_code == 302
    client.force_login(User.objects.get())
    answer = client.get("/places/options", {"field": "place", "place_q": "banyuasin"})
    assert answer.status_code == 200
    assert "16.07.02" in answer.content.decode()
    assert client.get("/places/options", {"field": "no field"}).status_code == 404


def test_options_are_places_with_their_codes(db: None) -> None:
    small_tree()
    assert public.place_option("1607") == Option("16.07", "Kabupaten Banyuasin", "16.07")
    assert public.place_option("16.55") is None
    assert public.place_option("Banyuasin") is None
    assert [option.value for option in public.place_options("oki")] == ["16.02"]


def test_a_picker_looks_inside_one_s_area_and_says_what_lies_above(db: None) -> None:
    small_tree()
    found = public.place_options("banyuasin", within=[PlaceCode("16.07")])
    assert [option.value for option in found] == ["16.07", "16.07.01", "16.07.02"]
    assert found[1].hint == "Kabupaten Banyuasin · 16.07.01"
    assert public.place_options("banyuasin", within=[PlaceCode("16.02")]) == []
    assert public.place_options("banyuasin", within=[]) == []
    create_account(username="rini", full_name="Rini", password=None, actor=SYSTEM, at=AT)
    client = Client()
    client.force_login(User.objects.get())
    asked = {"field": "place", "place_q": "banyuasin"}
    inside = client.get("/places/options", {**asked, "within": ["16.02", "16.07.02"]})
    assert 'value="16.07.02"' in inside.text
    assert 'value="16.07"' not in inside.text
    for bad in ("x", "16.", "16.07\n", "1" * 5000, ["16"] * 51):
        assert client.get("/places/options", {**asked, "within": bad}).status_code == 404
