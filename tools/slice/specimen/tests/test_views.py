"""The pages of checks: who sees and may do what, in both languages, and what bad input gets."""

import pytest
from django.test import Client

from serentak.platform.models import User
from serentak.specimen.models import Check
from tests.cast import AT, Cast, Member

from .builders import check

PAGE = "/16.02/specimen"
FORM = f"{PAGE}/record"
GIVEN = {"looked_at": "10", "in_order": "8", "checked_date": "2024-10-28", "source": "Officer"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def test_the_page_shows_status_figure_and_checks(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    assert "Nothing has been checked here yet." in text(client)
    check()
    shown = text(client)
    for words in ("Specimens in Ogan Komering Ilir", "8 of 10", "Officer on duty"):
        assert words in shown, words
    assert f'href="{FORM}"' in shown


def test_the_page_speaks_indonesian(cast: Cast) -> None:
    check()
    shown = text(signed_in(cast.regent_desk, "id"))
    for words in ("Contoh di Kabupaten Ogan Komering Ilir", "beres, dari yang diperiksa"):
        assert words in shown, words


def test_the_desk_shows_card_alert_and_way(cast: Cast) -> None:
    check()
    client = signed_in(cast.regent_desk)
    shown = text(client, "/16.02/")
    for words in ("in order, of what was looked at", "2 of 10 not in order", f'href="{PAGE}"'):
        assert words in shown, words


def test_a_check_is_recorded_and_seen(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    assert client.get(FORM).status_code == 200
    answer = client.post(FORM, GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "The check was recorded." in text(client)
    assert Check.objects.get().in_order == 8


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("looked_at", "", "required"),
        ("looked_at", "0", "a number from 1 to"),
        ("in_order", "many", "whole number"),
        ("in_order", "11", "0 to 10 can be in order"),
        ("checked_date", "2024-10-29", "a day to come"),
        ("source", "", "required"),
    ],
)
def test_bad_input_is_named_at_its_field(cast: Cast, field: str, value: str, says: str) -> None:
    answer = signed_in(cast.regent_desk).post(FORM, {**GIVEN, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert says in answer.content.decode()
    assert not Check.objects.exists()


def test_who_only_looks_is_offered_nothing(cast: Cast) -> None:
    for member in (cast.agency, cast.observer):
        client = signed_in(member)
        assert f'href="{FORM}"' not in text(client)
        assert client.get(FORM).status_code == 404
        assert client.post(FORM, GIVEN).status_code == 404
    assert not Check.objects.exists()


@pytest.mark.parametrize("path", ["/16.07/specimen", "/16.07/specimen/record", "/16.55/specimen"])
def test_out_of_scope_is_not_found(cast: Cast, path: str) -> None:
    assert signed_in(cast.regent_desk).get(path).status_code == 404


@pytest.mark.parametrize("path", [PAGE, FORM])
def test_without_an_account_one_is_led_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in")


def test_the_table_is_exported(cast: Cast) -> None:
    check()
    answer = signed_in(cast.regent_desk).get(PAGE, {"export": "csv"})
    assert b"Officer on duty" in b"".join(answer)


def test_its_queries_do_not_grow_with_the_checks(cast: Cast, django_assert_max_num_queries) -> None:
    for place in ("16.02", "16.02.05", "16.02.14", "16.02.14.2001"):
        check(place=place)
    client = signed_in(cast.regent_desk)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
