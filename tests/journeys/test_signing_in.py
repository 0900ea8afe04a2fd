"""Somebody signs in, with a password or with one click, and out."""

import re

from playwright.sync_api import expect

from .people import PASSWORD, Meet


def test_a_name_and_a_password_open_the_door(meet: Meet) -> None:
    person = meet()
    page = person.go("/sign-in")
    page.get_by_label("Nama pengguna").fill("desk.sumsel")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.locator("form.form button[type=submit]").click()
    person.look()
    expect(page.get_by_role("link", name="Ratna Puspita")).to_be_visible()


def test_a_wrong_password_is_refused_with_a_sentence(meet: Meet) -> None:
    person = meet(phone=True)
    page = person.go("/sign-in")
    page.get_by_label("Nama pengguna").fill("desk.sumsel")
    page.get_by_label("Kata sandi").fill("salah-sekali-2024")
    page.locator("form.form button[type=submit]").click()
    person.look()
    expect(page.get_by_text(re.compile("tidak cocok"))).to_be_visible()
    expect(page.get_by_role("link", name="Ratna Puspita")).to_have_count(0)


def test_one_click_opens_a_demonstration_account_and_another_closes_it(meet: Meet) -> None:
    person = meet("dishub.oki")
    expect(person.page.get_by_role("link", name="Yusuf Marzuki")).to_be_visible()
    person.press("button", "Keluar")
    expect(person.page.get_by_role("link", name="Yusuf Marzuki")).to_have_count(0)


def test_the_accounts_say_what_each_may_do(meet: Meet) -> None:
    page = meet(phone=True).go("/sign-in")
    for role in ("Ketua Desk Pilkada Provinsi", "Petugas logistik KPU", "Pemantau"):
        expect(page.get_by_role("row").filter(has_text=role)).to_be_visible()
