"""Sign-in: passwords, limits that count over all processes, no sign-up, demonstration accounts."""

import logging

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.accounts import create_account
from serentak.platform.audit import history
from serentak.platform.models import AuditEvent, User
from serentak.platform.tests.conftest import PASSWORD
from serentak.platform.web import attempts

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = PASSWORD, username: str = "rini", **more: str) -> int:
    answer = client.post("/sign-in", {"login": username, "password": password, **more})
    return answer.status_code


def test_name_and_password_open_the_door_and_lead_on(client: Client, person: User) -> None:
    answer = client.post("/sign-in", {"login": "rini", "password": PASSWORD, "next": "/account"})
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(client: Client, person: User, target: str) -> None:
    answer = client.post("/sign-in", {"login": "rini", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    client: Client, person: User
) -> None:
    pages = [
        client.post("/sign-in", {"login": name, "password": "salah sekali 123"})
        for name in ("rini", "tiada")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    errors = [page.context["form"].errors.as_text() for page in pages]
    assert errors[0] == errors[1]


def test_five_wrong_passwords_close_the_account_for_a_while(client: Client, person: User) -> None:
    for _ in range(5):
        assert sign_in(client, "salah sekali 123") == 422
    assert sign_in(Client()) == 422, "the right password waits too, whichever process counts"


def test_strangers_lock_nobody_out_of_a_device_that_signed_in(client: Client, person: User) -> None:
    assert sign_in(client) == 302
    client.post("/sign-out")
    for address in ("198.51.100.7", "203.0.113.9"):
        for _ in range(6):
            assert sign_in(Client(REMOTE_ADDR=address), "salah sekali 123") == 422
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7")) == 422
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1")) == 302, "another address is not theirs"
    assert sign_in(client) == 302
    client.post("/sign-out")
    for _ in range(10):
        assert sign_in(client, "salah sekali 123") == 422
    assert sign_in(client) == 422, "a device guesses no longer than a stranger"


def test_many_addresses_together_guess_no_more_than_fifty_times(person: User) -> None:
    for number in range(50):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), "salah sekali 123")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1")) == 422


def test_a_forged_device_is_a_stranger(client: Client, person: User) -> None:
    client.cookies[attempts.COOKIE] = signing.dumps(["x", [person.pk]], key="another")
    for _ in range(5):
        sign_in(client, "salah sekali 123")
    assert sign_in(client) == 422


def test_five_hundred_people_come_in_from_one_address(person: User) -> None:
    assert {sign_in(Client()) for _ in range(500)} == {302}


def test_networks_of_one_subscriber_count_as_one() -> None:
    request = RequestFactory().post("/sign-in")
    addresses = ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")
    one, same, other = (
        attempts.limits_of(request, username=" Rini", address=address) for address in addresses
    )
    assert one == same != other


def test_a_sign_in_is_recorded_with_its_address_apart(client: Client, person: User) -> None:
    sign_in(client)
    [entry] = history(f"user:{person.pk}")
    assert (entry.name, entry.facts) == ("platform.SignedIn", {"address": "127.0.0.1"})
    assert AuditEvent.objects.get(id=entry.id).facts == {}


HASHERS = [
    "serentak.platform.accounts.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


def test_old_passwords_get_the_new_hash_at_sign_in(
    client: Client, person: User, settings: Settings
) -> None:
    old, new = "pbkdf2_sha256", "argon2"
    settings.PASSWORD_HASHERS = HASHERS[::-1]
    person.set_password(PASSWORD)
    person.save()
    assert person.password.startswith(old)
    settings.PASSWORD_HASHERS = HASHERS
    assert sign_in(client) == 302
    person.refresh_from_db()
    assert person.password.startswith(f"{new}$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_counts_lie_in_the_database(settings: Settings) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    cache.set("probe", 1)
    assert cache.get("probe") == 1


def test_capitals_make_no_other_account(client: Client, person: User) -> None:
    with pytest.raises(Refused) as refused:
        create_account(
            username="RINI", full_name="Rini", password=None, actor=SYSTEM, at=timezone.now()
        )
    assert refused.value.code == "platform.username_is_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Rini", full_name="Rini")
    assert sign_in(client) == 302


def test_a_closed_account_stays_outside(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = client.post("/sign-in", {"login": "rini", "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 422)


def test_signing_out_needs_a_post(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get("/sign-out").status_code == 200
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_there_is_no_sign_up_and_no_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def change(client: Client, new: str, old: str = PASSWORD) -> int:
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account", data).status_code


def test_a_password_is_changed_by_an_action_and_recorded(client: Client, person: User) -> None:
    client.force_login(person)
    other = Client()
    other.force_login(person)
    assert change(client, "sungai-musi-pasang") == 302
    person.refresh_from_db()
    assert person.check_password("sungai-musi-pasang")
    assert [entry.name for entry in history(f"user:{person.pk}")] == ["platform.PasswordChanged"]
    assert client.get("/account").status_code == 200, "one stays signed in here"
    assert other.get("/account").status_code == 302, "and is signed out elsewhere"


@pytest.mark.parametrize(
    ("new", "old"),
    [("pendek", PASSWORD), ("123456789012", PASSWORD), ("sungai-musi-pasang", "salah")],
)
def test_a_weak_password_or_a_wrong_present_one_is_refused(
    client: Client, person: User, new: str, old: str
) -> None:
    client.force_login(person)
    assert change(client, new, old) == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert history(f"user:{person.pk}") == []


def test_demonstration_accounts_exist_in_a_demonstration_only(
    client: Client, person: User, settings: Settings
) -> None:
    assert "Petugas Kesbangpol" not in client.get("/sign-in").content.decode()
    assert client.post("/sign-in/demo", {"username": "rini"}).status_code == 404
    settings.SERENTAK_DEMO = True
    page = client.get("/sign-in").content.decode()
    assert "Petugas Kesbangpol" in page
    assert "Kabupaten 16.02" in page
    answer = client.post("/sign-in/demo", {"username": "rini"})
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("username", ["tiada", "root", ""])
def test_only_listed_accounts_that_exist_are_entered(
    client: Client, person: User, settings: Settings, username: str
) -> None:
    settings.SERENTAK_DEMO = True
    User.objects.create(username="root", full_name="Tidak terdaftar")
    assert client.post("/sign-in/demo", {"username": username}).status_code == 404
    assert client.get("/sign-in/demo").status_code == 405


def test_lines_about_sign_in_name_nobody(
    client: Client, person: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serentak.signin")
    sign_in(client, "salah sekali 123")
    sign_in(client)
    lines = [r for r in caplog.records if r.name == "serentak.signin"]
    assert [(r.getMessage(), r.__dict__.get("user_id")) for r in lines] == [
        ("sign-in failed", None),
        ("signed in", person.pk),
    ]
